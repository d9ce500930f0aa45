"""What a quantity is read in: the parse, the times that are none of its business, the quantities before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.extraction.types import Span
from worker.extraction.units import MEASURES

__all__ = ["Amount", "QuantityContext", "bounds", "is_about", "rounded"]

_LEAST = ("at least", "no fewer", "no less", "not fewer", "not less", "more than", "over", "above", "upward", "north of",
          "minimum", "exceed", "as few", "as little")  # fmt: skip
_MOST = ("up to", "as many", "as much", "at most", "no more", "not more", "less than", "fewer than", "under", "below",
         "maximum")  # fmt: skip
_ABOUT = ("about", "around", "approx", "roughly", "circa", "nearly", "almost", "close to", "some", "estimated")
_LEADING = re.compile(r"^(?:an?|well|only|just|at(?= (?:about|around|approx|roughly)))\s")
_NO_NOUNS = frozenset(("times", "percent", "percentage points", "basis points"))


@dataclass(frozen=True, slots=True)
class Amount:
    """`least` and `most` are equal for an exact number and null where open."""

    span: Span
    least: float | None
    most: float | None
    approximate: bool
    unit: str | None


class QuantityContext:
    """`found` grows in the order of the text."""

    def __init__(self, doc: Any, text: str, times: Sequence[Span]) -> None:
        self.doc, self.text = doc, text
        self.found: list[Amount] = []
        self._times = sorted(times)
        self._starts = [start for start, _ in self._times]

    def free(self, span: Span) -> bool:
        """Whether no time is named there."""
        place = bisect.bisect_left(self._starts, span[1])
        return not any(s < span[1] and span[0] < e for s, e in self._times[max(0, place - 2) : place])

    def add(self, amount: Amount) -> None:
        if self.free(amount.span) and (not self.found or self.found[-1].span[1] <= amount.span[0]):
            self.found.append(amount)

    def tokens(self, span: Span) -> Any:
        """The parse's tokens that a span touches, None outside of the text."""
        return self.doc.char_span(*span, alignment_mode="expand")

    def following(self, span: Span) -> Any:
        """The token after a span, None at the end."""
        tokens = self.tokens(span)
        return self.doc[tokens[-1].i + 1] if tokens is not None and tokens[-1].i + 1 < len(self.doc) else None

    def counted_before(self, at: int) -> str | None:
        """The noun counted last in the same paragraph: what "only 200,000 were left" leaves out."""
        for amount in reversed(self.found[-4:]):
            if "\n" in self.text[amount.span[1] : at]:
                return None
            unit = amount.unit
            if unit and unit[-1] == "s" and amount.most != 0 and unit not in _NO_NOUNS and unit not in MEASURES:
                return unit
        return None


def _bare(bound: str) -> str:
    return _LEADING.sub("", bound)


def bounds(value: float, bound: str) -> tuple[float | None, float | None]:
    """Least and most of a value behind "at least", "up to" and the like."""
    words = _bare(bound)
    if words.startswith(_LEAST):
        return value, None
    return (None, value) if words.startswith(_MOST) else (value, value)


def is_about(bound: str) -> bool:
    return _bare(bound).startswith(_ABOUT)


def rounded(share: float) -> float:
    """A share in percent, to two decimals."""
    return round(100 * share, 2)
