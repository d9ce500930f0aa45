"""Attributions in whose content another one is made: "the minister said (that) experts warned ..."."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.types import Attribution
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span

__all__ = ["Holders"]


class Holders:
    """The contents of the attributions of a text, looked up by what is inside of them."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        self._attributions = attributions
        self._sizes = [_size(each) for each in attributions]
        parts = [(index, span) for index, each in enumerate(attributions) for span in each.content]
        self._owners = [index for index, _ in parts]
        self._contents = SpanIndex(span for _, span in parts)

    def of(self, index: int) -> tuple[int, ...]:
        """The indexes of the attributions in whose content the one at `index` is made, outermost first."""
        inner = self._attributions[index]
        around = self.holding(inner.cue or inner.content[0])
        return tuple(i for i in around if i != index and self._sizes[i] > self._sizes[index])

    def holding(self, span: Span) -> tuple[int, ...]:
        """The indexes of the attributions whose content has the whole of a span, outermost first."""
        around = dict.fromkeys(self._owners[number] for number in self._contents.holding(span))
        return tuple(sorted(around, key=lambda i: self._sizes[i], reverse=True))


def _size(attribution: Attribution) -> int:
    return sum(end - start for start, end in attribution.content)
