"""Whether two claims have one source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from worker.contract.claim import Claim, Source
from worker.link.relations.stems import STOP_WORDS, listed, stem, stems_of_list, tokens_of

__all__ = ["Speaker", "same_speaker", "speaker_of"]

_FOR_OTHERS = stems_of_list("speak_for_others")
_FORMS_OF_FIRMS = listed("forms_of_firms")

_POSSESSIVE = re.compile(r"['’]s? \S")
_OF_WHAT = re.compile(r"\s(?:of|at|in|for|from|on|with)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source as it is compared. `words` are the stems of its name in their order, `role` those of its office.

    `head` is the last word before "of", "at" and the like: institute, of "the institute for peace". `possessive` is
    somebody of another ("Berg's lawyer"), who is not that other.

    `entity_id` is None where the extraction knows none. For what an article says itself the name is its publisher, and
    the id that of the group of copies the article is in, if it is in one.
    """

    name: str
    entity_id: str | None
    words: tuple[str, ...]
    head: str
    possessive: bool
    role: frozenset[str]
    affiliation: frozenset[str]
    kind: str | None


def speaker_of(claim: Claim) -> Speaker:
    if claim.attribution:
        return _of_source(claim.attribution[-1].source)
    name = claim.article.publisher or claim.article.uri
    entity_id = f"article:{claim.article.group or name}"
    return Speaker(
        name, entity_id, (), "", possessive=False, role=frozenset(), affiliation=frozenset(), kind="publisher"
    )


def _of_source(source: Source) -> Speaker:
    name = source.name or (source.span.exact if source.span else "")
    role, affiliation = _stems(source.role), _stems(source.affiliation)
    if source.affiliation and (_FOR_OTHERS & (set(role) | set(_stems(name)))):
        return _speaker(source.affiliation, None, affiliation, (), (), "organisation")
    words = _stems(name)
    has_own_name = not name.lower().startswith(("a ", "an ", "the ")) and not _POSSESSIVE.search(name)
    if source.kind == "person" and has_own_name:
        words = tuple(word for word in words if word not in role) or words
    return _speaker(name, source.entity_id, words, role, affiliation, source.kind)


def _speaker(
    name: str,
    entity_id: str | None,
    words: tuple[str, ...],
    role: tuple[str, ...],
    affiliation: tuple[str, ...],
    kind: str | None,
) -> Speaker:
    before = _stems(_OF_WHAT.split(name)[0])
    return Speaker(
        name=name,
        entity_id=entity_id,
        words=words,
        head=before[-1] if before else "",
        possessive=_POSSESSIVE.search(name) is not None,
        role=frozenset(role),
        affiliation=frozenset(affiliation),
        kind=kind,
    )


@lru_cache(maxsize=16384)
def _stems(text: str | None) -> tuple[str, ...]:
    return tuple(stem(w) for w in tokens_of(text or "") if w not in STOP_WORDS and w not in _FORMS_OF_FIRMS)


def same_speaker(a: Speaker, b: Speaker) -> bool:
    """By id, by name, by the surname alone, by the office alone ("the governor"), by the last word of a body's name.

    The short forms count only because both claims are about one matter already: that is for the caller to see to. Two
    groups of people without names are one where the words for them are the same, so that a second one of them is no
    second witness.
    """
    if a.entity_id is not None and a.entity_id == b.entity_id:
        return True
    if "publisher" in (a.kind, b.kind) or not a.words or not b.words:
        return False
    if set(a.words) == set(b.words):
        return True
    short, long = (a, b) if len(a.words) <= len(b.words) else (b, a)
    if set(short.words) < set(long.words) and short.words[-1] in (long.words[-1], long.head):
        return not long.possessive
    return _is_office_of(a, b) or _is_office_of(b, a)


def _is_office_of(short: Speaker, full: Speaker) -> bool:
    """ "The governor" and Milan Dorr, governor."""
    return (
        full.kind == "person"
        and bool(full.role)
        and set(short.words) <= full.role | full.affiliation
        and bool(set(short.words) & full.role)
    )
