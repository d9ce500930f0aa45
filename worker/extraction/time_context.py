"""What a time is resolved against: the day of publication, the verb's tense, the times before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from worker.extraction.calendar_values import Grain, Value
from worker.extraction.lexing import Hit
from worker.extraction.tense import direction
from worker.extraction.types import Span

__all__ = ["Context", "Found", "UndatedError"]


class UndatedError(Exception):
    """A time needs the day of publication, and the article has none."""


@dataclass(frozen=True, slots=True)
class Found:
    span: Span
    value: Value


@dataclass(slots=True)
class Context:
    """`found` grows while the text is read: later times are told from earlier ones ("the next day")."""

    doc: Any
    text: str
    published: date | None
    found: list[Found] = field(default_factory=list)

    @property
    def now(self) -> date:
        """The day of publication. Raises UndatedError."""
        if self.published is None:
            raise UndatedError
        return self.published

    def direction(self, hit: Hit, part: str | None = None) -> int:
        """-1 back, 1 ahead, 0 unknown: by the verb that governs the words."""
        span = (hit.part_span(part) if part else None) or hit.part_span("core") or hit.span
        return direction(self.doc, span, min(span[0], (hit.part_span("core") or hit.span)[0]))

    def before(self, hit: Hit, *, finest: Grain = Grain.DAY, same_sentence: bool = False) -> Value | None:
        """The last time named before in the same paragraph that is a place on the calendar at least as coarse as a day."""
        at = hit.span[0]
        for each in reversed(self.found):
            if each.span[1] > at:
                continue
            between = self.text[each.span[1] : at]
            if "\n" in between or (same_sentence and ". " in between):
                return None
            if each.value.start is not None and (each.value.grain >= finest or each.value.grain is Grain.PART):
                return each.value
        return None
