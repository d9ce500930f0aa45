"""Forms of English verbs: the simple past, the third person, the full form of what is cut short ("'ve")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from worker.extraction.lexicon.tables import read_table
from worker.extraction.parse import Token

__all__ = ["are", "full_form", "is_past_form", "past", "present"]

_VOWELS = "aeiou"
_ENDS_SHORT = re.compile(r"[^aeiou]?[^aeiou]*[aeiou][bdgklmnprtvz]")
"""One syllable with one vowel and one consonant at its end: "stop"; its last letter is doubled before "ed"."""


class _Irregular(NamedTuple):
    past: Mapping[str, str]
    doubling: frozenset[str]


@cache
def _irregular() -> _Irregular:
    tables = read_table("inflection")
    return _Irregular(
        {str(k): str(v) for k, v in tables["past"].items()}, frozenset(tables["doubling"]["verbs"].split())
    )


def are(*, plural: bool, was: bool = False) -> str:
    """The form of "be" for the third person."""
    if was:
        return "were" if plural else "was"
    return "are" if plural else "is"


def past(lemma: str, *, plural: bool = False) -> str:
    """The simple past of a verb: "hide" to "hid", "stop" to "stopped", "be" to "was" or "were"."""
    if lemma == "be":
        return are(plural=plural, was=True)
    known = _irregular()
    if lemma in known.past:
        return known.past[lemma]
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ied"
    if lemma in known.doubling or _ENDS_SHORT.fullmatch(lemma):
        return lemma + lemma[-1] + "ed"
    return lemma + "ed"


def present(lemma: str, *, plural: bool = False) -> str:
    """The present of a verb in the third person: "hide" to "hides", or "hide" for several."""
    if lemma == "be":
        return are(plural=plural)
    if plural:
        return lemma
    if lemma == "have":
        return "has"
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + "s"


def is_past_form(verb: Token) -> bool:
    """Whether a verb behind "'d" is a participle, which the tagger may take for a past: "I'd told", not "I'd cut"."""
    return verb.tag_ == "VBN" or (verb.tag_ == "VBD" and verb.lower_ != verb.lemma_)


def full_form(verb: Token) -> str | None:
    """The full form of a verb that is cut short: "'s", "'re", "'ve", "'ll", "'d"; None for anything else."""
    word = verb.lower_.replace("’", "'")
    has_object = any(c.dep_ in ("dobj", "xcomp", "ccomp", "npadvmod") for c in verb.head.children)
    is_before_participle = verb.i + 1 < len(verb.doc) and verb.nbor().lower_ in ("been", "got", "had")
    perfect = is_before_participle or (verb.head.tag_ == "VBN" and (verb.dep_ == "aux" or has_object))
    match word:
        case "'s":
            return "has" if perfect else "is"
        case "'d":
            is_past = verb.head.tag_ == "VBD" and is_past_form(verb.head)
            return "had" if perfect or is_past else "would"
        case "'re":
            return "are"
        case "'ve":
            return "have"
        case "'ll":
            return "will"
    return None
