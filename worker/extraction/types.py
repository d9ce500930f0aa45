"""What the stages hand to each other."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Attribution", "Span"]

Span = tuple[int, int]
"""Start and end in code points of the text at hand, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who said what: character spans of one attribution. An empty tuple means that the text names none."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float
