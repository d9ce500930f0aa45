"""What the stages hand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.claim import QuoteType

__all__ = ["Attribution", "Span"]

Span = tuple[int, int]
"""Start and end in code points of the text at hand, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who said what: character spans of one attribution. None means that the text names none.

    `lemma` is the cue's main verb, `negated` that the source did not say it, `denies` that the content is negative.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    quote_type: QuoteType
    lemma: str
    negated: bool = False
    denies: bool = False
    confidence: float
