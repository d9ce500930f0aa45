"""In whose quote a source speaks, where no content holds it: "I know him,” Riis said. “He said it was a mistake.”"""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.types import Attribution
from worker.extraction.span_index import SpanIndex
from worker.extraction.text.quotes import all_quotes

__all__ = ["QuotedBy"]


class QuotedBy:
    """The quotes of a text and who says them. `attributions`: all of the text."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        self._text, self._attributions = text, attributions
        self._quotes = all_quotes(text)
        self._quotes_at = SpanIndex(self._quotes)
        parts = [(index, span) for index, each in enumerate(attributions) for span in each.content]
        self._owners = [index for index, _ in parts]
        self._contents = SpanIndex(span for _, span in parts)

    def of(self, index: int) -> int | None:
        """The index of the attribution in whose quote the source of another one is; None where it is in none, or where
        two speak in its paragraph.
        """
        source = self._attributions[index].source
        around = self._quotes_at.holding(source) if source is not None else []
        if source is None or not around:
            return None
        quote = self._quotes[around[0]]
        begin = self._text.rfind("\n", 0, quote[0]) + 1
        end = self._text.find("\n", quote[1])
        paragraph = (begin, end if end >= 0 else len(self._text))
        for place in (quote, paragraph):
            said = {self._owners[number] for number in self._contents.meeting(place)} - {index}
            sayers = {other: span for other in said if (span := self._outside(other)) is not None}
            if sayers:
                names = {self._text[slice(*span)] for span in sayers.values()}
                return min(sayers) if len(names) == 1 else None
        return None

    def _outside(self, index: int) -> tuple[int, int] | None:
        """The source of an attribution, if it stands outside of quotes."""
        source = self._attributions[index].source
        return source if source is not None and not self._quotes_at.holding(source) else None
