"""Finds which of many spans lie inside, around or across another without looking at all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worker.extraction.spans import Span, inside, inside_any, meet

__all__ = ["SpanIndex"]

_WIDTH = 256
"""Characters of a bucket: about two sentences, so that a bucket has few spans and a span few buckets."""


class SpanIndex:
    """Spans by number, in the order in which they were given. A question costs as much as there is around it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = list(spans)
        self._buckets: dict[int, list[int]] = {}
        for number, span in enumerate(self._spans):
            for bucket in _buckets(span):
                self._buckets.setdefault(bucket, []).append(number)

    def meeting(self, span: Span) -> list[int]:
        """The numbers of the spans that share a character with one, ascending."""
        return [number for number in self._near(span) if meet(self._spans[number], span)]

    def meets(self, spans: Iterable[Span]) -> bool:
        """Whether one of them shares a character with one of `spans`."""
        return any(meet(self._spans[number], span) for span in spans for number in self._near(span))

    def holding(self, span: Span) -> list[int]:
        """The numbers of the spans that hold the whole of one, ascending."""
        near = self._buckets.get(span[0] // _WIDTH, ())
        return [number for number in near if inside(span, self._spans[number])]

    def inside(self, spans: Sequence[Span]) -> list[int]:
        """The numbers of the spans that lie wholly inside one of `spans`, ascending."""
        near = {number for span in spans for number in self._near(span)}
        return sorted(number for number in near if inside_any(self._spans[number], spans))

    def _near(self, span: Span) -> Sequence[int]:
        buckets = _buckets(span)
        if len(buckets) == 1:
            return self._buckets.get(buckets[0], ())
        return sorted({number for bucket in buckets for number in self._buckets.get(bucket, ())})


def _buckets(span: Span) -> range:
    """The buckets that a span touches with its characters and its edges."""
    return range(span[0] // _WIDTH, max(span[1], span[0]) // _WIDTH + 1)
