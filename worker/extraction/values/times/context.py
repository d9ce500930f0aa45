"""The context that a time is resolved in: the day of publication, the tense of its verb, and the times before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from worker.extraction.known_texts import PublicationDay
from worker.extraction.lexicon.word_lists import any_of
from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.extraction.values.times.calendar import Grain, Value
from worker.extraction.values.times.date_order import writes_day_first
from worker.extraction.values.times.direction import direction
from worker.extraction.values.word_classes import Hit

__all__ = ["Context", "Found", "UndatedError"]

_OF_A_MATCH = re.compile(rf"\b(?:{any_of('match_words')})\b", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥]|\b(?:revenue|earnings|profit|shares)\b", re.IGNORECASE)
_WORDS_OF_A_MATCH = 2


class UndatedError(Exception):
    """A time needs the day of publication, and the article has none."""


@dataclass(frozen=True, slots=True)
class Found:
    span: Span
    value: Value


@dataclass(slots=True)
class Context:
    """`found` has the times read so far, which later ones may refer to: "the next day"."""

    doc: Doc
    text: str
    publication: PublicationDay
    found: list[Found] = field(default_factory=list)
    _day_first: tuple[bool | None] | None = None
    _of_a_match: bool | None = None

    @property
    def published(self) -> date | None:
        """The day of publication; who asks makes the times of the text depend on it."""
        return self.publication.day

    @property
    def day_first(self) -> bool | None:
        """Whether the article writes the day before the month; None where it does neither or both."""
        if self._day_first is None:
            self._day_first = (writes_day_first(self.text),)
        return self._day_first[0]

    @property
    def is_about_a_match(self) -> bool:
        """Whether the article has several words of a match in quarters and speaks of no money."""
        if self._of_a_match is None:
            words_of = {match[0].casefold() for match in _OF_A_MATCH.finditer(self.text)}
            self._of_a_match = len(words_of) >= _WORDS_OF_A_MATCH and _MONEY.search(self.text) is None
        return self._of_a_match

    @property
    def now(self) -> date:
        """The day of publication. Raises UndatedError."""
        published = self.published
        if published is None:
            raise UndatedError
        return published

    def direction(self, hit: Hit, part: str | None = None) -> int:
        """-1 for the past, 1 for the future, 0 for unknown, by the verb that governs the words."""
        span = (hit.part_span(part) if part else None) or hit.part_span("core") or hit.span
        return direction(self.doc, span, min(span[0], (hit.part_span("core") or hit.span)[0]))

    def before(self, hit: Hit, *, finest: Grain = Grain.DAY, same_sentence: bool = False) -> Value | None:
        """The last time named before in the same paragraph (or sentence) that is on the calendar.

        It is at least as coarse as `finest`, or a part of a day.
        """
        at = hit.span[0]
        for earlier in reversed(self.found):
            if earlier.span[1] > at:
                continue
            between = self.text[earlier.span[1] : at]
            if "\n" in between or (same_sentence and ". " in between):
                return None
            value = earlier.value
            if value.start is not None and (value.grain >= finest or value.grain is Grain.PART):
                return value
        return None
