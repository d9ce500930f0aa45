"""Whom a source's words name: pronouns, roles and surnames lead back to who was introduced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.extraction.descriptions import Introduced, Kind, described, head_of, introduced, kind_of
from worker.extraction.entities import Entities
from worker.extraction.types import Span

__all__ = ["Speaker", "resolve"]

_ONE = {"he": "m", "she": "f"}
_FEMALE = frozenset(
    "spokeswoman chairwoman woman mother queen princess mrs ms lady wife daughter sister actress".split()
)
_MALE = frozenset("spokesman chairman man father king prince mr sir lord husband son brother".split())
_TITLES = frozenset(
    "mr mrs ms dr sir lady lord president minister senator judge professor governor chancellor king queen prince "
    "princess pope general captain chairman mayor the a".split()
)
_RESOLVED, _OPEN = 0.8, 0.5
"""Confidence of one who was led back to a name, and of the likeliest of several; unmeasured, the order is what counts."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """`kind` is an entity type or None; `open_names` are those it may be where the text leaves it open, the likeliest
    first; `confidence` is that of the name, 1 where it is spelt out.
    """

    name: str
    kind: str | None
    open_names: tuple[str, ...] = ()
    confidence: float = 1.0


def resolve(
    doc: Any, text: str, sources: Sequence[Span | None], holders: Sequence[int | None], entities: Entities
) -> list[Speaker | None]:
    """One speaker for each source, in their order; None where nobody is named.

    `holders`: for each the index of the one in whose content it speaks, which is who "I" and "we" are. A pronoun is
    who spoke last and can be it: one who was "she" before is not "he" now. Where another person has come in between,
    both are named as open.
    """
    return _Reader(doc, text, sources, holders, entities).all()


class _Reader:
    """Goes through the sources in the order of the text and remembers who spoke."""

    def __init__(
        self, doc: Any, text: str, sources: Sequence[Span | None], holders: Sequence[int | None], entities: Entities
    ) -> None:
        self._doc, self._text, self._sources, self._holders = doc, text, sources, holders
        self._entities = entities
        self._known: list[Introduced] = introduced(doc, entities.within(((0, len(text)),)))
        self._full = _full_names(text, sources)
        self._gender: dict[str, str] = {}
        self._spoke: list[tuple[Span, Speaker, Kind]] = []
        self._found: dict[int, Speaker] = {}

    def all(self) -> list[Speaker | None]:
        order = sorted((i for i, s in enumerate(self._sources) if s), key=lambda i: self._sources[i] or (0, 0))
        inner = [i for i in order if self._text[slice(*(self._sources[i] or (0, 0)))].casefold() in ("i", "we")]
        # who says "we" is known only when the one who is quoted is, and the name may stand behind the quote
        for index in [i for i in order if i not in inner] + inner:
            span = self._sources[index]
            if span is not None:
                self._found[index] = self._one(index, span)
        return [self._found.get(index) for index in range(len(self._sources))]

    def _one(self, index: int, span: Span) -> Speaker:
        words = self._text[slice(*span)]
        plain = words.casefold()
        if plain in _ONE:
            speaker = self._person(span, _ONE[plain]) or Speaker(words, None, confidence=_OPEN)
            self._gender[speaker.name] = _ONE[plain]
            kind = Kind.PERSON
        elif plain in ("i", "we"):
            return self._first_person(index, plain) or Speaker(words, None, confidence=_OPEN)
        elif plain in ("it", "they"):
            speaker = self._thing(plain) or Speaker(words, None, confidence=_OPEN)
            kind = Kind.GROUP
        else:
            speaker = self._named(words, span)
            head = head_of(self._doc, span)
            kind = Kind.PERSON if speaker.kind == "PERSON" else kind_of(head)
            if speaker.name == words and speaker.kind is None:
                speaker = self._described(words, span, kind) or speaker
            self._note_gender(speaker.name, plain)
        self._spoke.append((span, speaker, kind))
        return speaker

    def _note_gender(self, name: str, words: str) -> None:
        sign = set(re.findall(r"\w+", words))
        if sign & _FEMALE:
            self._gender[name] = "f"
        elif sign & _MALE:
            self._gender[name] = "m"

    def _named(self, words: str, span: Span) -> Speaker:
        for surname, name in self._full.items():
            if words == surname or name in words:
                return Speaker(name, "PERSON")
        if (person := self._entities.person_in(span)) is not None:
            return Speaker(person, "PERSON")
        if (whole := self._entities.all_of(span)) is not None:
            return Speaker(*whole)
        return Speaker(words, None)

    def _fits(self, name: str, wanted: str) -> bool:
        return self._gender.get(name, wanted) == wanted

    def _person(self, span: Span, wanted: str) -> Speaker | None:
        """Who "he" or "she" is."""
        last = next(
            ((at, s) for at, s, k in reversed(self._spoke) if k is Kind.PERSON and self._fits(s.name, wanted)), None
        )
        since = last[0][1] if last else 0
        came = [
            each.name
            for each in self._known
            if each.kind == "PERSON"
            and self._fits(each.name, wanted)
            and (last is None or each.name != last[1].name)
            and any(since <= s < span[0] and subject for s, subject in each.mentions)
        ]
        back = last is not None and any(
            since < s < span[0] for each in self._known if each.name == last[1].name for s, _ in each.mentions
        )
        if last is not None:
            if came and not back and self._text.count("\n", since, span[0]) == 0:
                return Speaker(last[1].name, last[1].kind, (last[1].name, *came[:2]), _OPEN)
            return Speaker(last[1].name, last[1].kind, last[1].open_names, _RESOLVED)
        names = [n for n in reversed(self._entities.persons_before(span[0])) if self._fits(n, wanted)]
        if not names:
            return None
        others = tuple(dict.fromkeys(names))[:3]
        return Speaker(names[0], "PERSON", others if len(others) > 1 else (), _OPEN if len(others) > 1 else _RESOLVED)

    def _thing(self, pronoun: str) -> Speaker | None:
        """Who "it" (an organisation, a document) or "they" (several, a group) is: what spoke last and can be it."""
        for _, speaker, kind in reversed(self._spoke):
            if kind is Kind.SEVERAL or (kind is Kind.GROUP and pronoun == "it"):
                if pronoun == "they" or kind is Kind.GROUP:
                    return Speaker(speaker.name, speaker.kind, speaker.open_names, _RESOLVED)
            elif kind is Kind.GROUP or (kind is Kind.DOCUMENT and pronoun == "it"):
                return Speaker(speaker.name, speaker.kind, speaker.open_names, _OPEN)
        return None

    def _first_person(self, index: int, pronoun: str) -> Speaker | None:
        """Who is quoted for "I"; for "we" those whom the quoted one speaks for, where his introduction names them."""
        holder = self._holders[index]
        span = self._sources[holder] if holder is not None else None
        speaker = self._found.get(holder) if holder is not None else None
        if speaker is None or span is None:
            return None
        if pronoun == "we":
            for each in self._known:
                if each.name == speaker.name and each.side is not None:
                    return Speaker(*each.side, confidence=_RESOLVED)
        return Speaker(speaker.name, speaker.kind, speaker.open_names, _RESOLVED)

    def _described(self, words: str, span: Span, kind: Kind) -> Speaker | None:
        """Whom "the minister", "the company" or "the statement" is, among those introduced before."""
        head = head_of(self._doc, span)
        if head is None or not words.casefold().startswith(("the ", "this ", "that ")):
            return None
        if kind is Kind.DOCUMENT:
            if any(c.dep_ in ("prep", "agent") for c in head.children):
                return None  # "the statement by the ministry" says itself whose it is
            for _, speaker, spoken in reversed(self._spoke):
                if spoken is not Kind.DOCUMENT:
                    return Speaker(speaker.name, speaker.kind, speaker.open_names, _RESOLVED)
            return None
        names = described(head, span, self._known)
        if not names:
            return None
        kinds = {each.name: each.kind for each in self._known}
        if len(names) == 1:
            return Speaker(names[0], kinds[names[0]], (), _RESOLVED)
        return Speaker(words, None, tuple(names[:3]), _OPEN)


def _full_names(text: str, sources: Sequence[Span | None]) -> dict[str, str]:
    """Surnames that speak alone, with the full name that introduced them, also where the recogniser missed it."""
    found = {}
    for span in sources:
        words = text[slice(*span)] if span else ""
        if span is None or not re.fullmatch(r"[A-ZÀ-Þ][\w'’-]+", words) or words.casefold() in _ONE:
            continue
        for match in re.finditer(rf"\b([A-ZÀ-Þ][\w'’-]+) {re.escape(words)}\b", text[: span[0]]):
            if match[1].casefold() not in _TITLES and not match[1].isupper():
                found[words] = match[0]
                break
    return found
