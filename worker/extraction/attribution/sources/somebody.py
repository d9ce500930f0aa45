"""Whether words name somebody who can have said a thing, or a document that says it."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import FINITE_TAGS

__all__ = ["DOCUMENTS", "can_speak", "names_somebody"]

DOCUMENTS = (
    words("documents_as_sources") | words("documents_in_a_name") | words("documents_that_describe") | {"data", "datum"}
)
_SAYINGS = words("opinions") | words("what_somebody_says")
_NOBODY = words("nobodies_before_a_saying")
_NEVER_FIRST = frozenset(("ADP", "CCONJ", "SCONJ", "PUNCT", "VERB", "AUX", "INTJ"))
_NOUNS = frozenset(("NOUN", "PROPN"))
_COUNTED = frozenset("head person household capita cent day".split())
_PEOPLE = frozenset(
    "he she they him her them some many others everyone everybody most those several few both who".split()
)


def names_somebody(who: Sequence[Token], kind: str) -> bool:
    """`kind`: "any" noun phrase that is not an "it" or a "luck"; a "speaker", person, body or document; a "document" or
    what somebody said; "named": a speaker or document with an article, a name or in the plural, as behind "per".
    """
    relative = next((n for n, t in enumerate(who) if n and t.lower_ in ("who", "which", "that", "whose")), len(who))
    who = who[:relative]
    head = _head(who)
    if head is None or head.lower_ in _NOBODY:
        return False
    if any(t.tag_ in FINITE_TAGS and not t.is_title for t in who) or (
        who[0].pos_ in _NEVER_FIRST and not who[0].is_title
    ):
        return False
    match kind:
        case "document":
            return _lemma(head) in DOCUMENTS or _lemma(head) in _SAYINGS or any(t.lemma_ in DOCUMENTS for t in who)
        case "named":
            is_told = (
                who[0].tag_ in ("DT", "PRP$") or head.tag_ in ("NNS", "NNPS") or any(t.pos_ == "PROPN" for t in who)
            )
            return is_told and head.lower_ not in _COUNTED and names_somebody(who, "speaker")
        case "speaker":
            return can_speak(head) or _lemma(head) in DOCUMENTS or any(t.ent_type_ in ("PERSON", "ORG") for t in who)
        case _:
            return True


def can_speak(noun: Token) -> bool:
    """True for somebody by his name, his pronoun, his office, his trade or his body."""
    lemma = _lemma(noun)
    return (
        noun.ent_type_ in ("PERSON", "ORG", "NORP", "GPE")
        or lemma in SOMEBODY
        or noun.lower_ in _PEOPLE
        or is_trade(lemma)
    )


def _head(who: Sequence[Token]) -> Token | None:
    """The last noun before what it is of or from, else the last pronoun or number."""
    nouns: list[Token] = []
    for token in who:
        if nouns and (token.pos_ == "ADP" or token.lower_ in ("who", "which", "that")):
            break
        if token.pos_ in _NOUNS or token.pos_ == "PRON" or token.like_num or token.tag_ in ("JJ", "JJS"):
            nouns.append(token)
    named = [t for t in nouns if t.pos_ in _NOUNS] or [t for t in nouns if t.pos_ == "PRON"] or nouns
    return named[-1] if named else None


def _lemma(token: Token) -> str:
    return token.lemma_.casefold()
