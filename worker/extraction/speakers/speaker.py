"""Who a source is, and one turn of somebody who spoke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from worker.extraction.spans import Span
from worker.extraction.speakers.descriptions import SourceKind

__all__ = ["Speaker", "Turn"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """`kind` is an entity type or None; `open_names` are those it may be where the text leaves it open, the likeliest
    first; `confidence` is that of the name, 1 where it is spelt out.
    """

    name: str
    kind: str | None
    open_names: tuple[str, ...] = ()
    confidence: float = 1.0

    def again(self, confidence: float) -> Speaker:
        """The same speaker under another word, which names it with that confidence."""
        return Speaker(self.name, self.kind, self.open_names, confidence)


class Turn(NamedTuple):
    """A source that spoke, in the order in which the sources are read. `is_nested`: in what somebody else says."""

    span: Span
    speaker: Speaker
    kind: SourceKind
    is_nested: bool = False
