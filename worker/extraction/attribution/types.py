"""The result of the attribution stage."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.claim import QuoteType
from worker.extraction.spans import Span

__all__ = ["Attribution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The character spans of one attribution: source, cue and content. None means that the text has none.

    `lemma` is the cue's main verb, `negated` that the source did not say it, `denies` that the content is negative,
    `is_framed` that fixed words around its source say it, which need no verb of speech, `is_carried` that the source
    speaks on in a sentence that does not name it.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    quote_type: QuoteType
    lemma: str
    negated: bool = False
    denies: bool = False
    is_framed: bool = False
    is_carried: bool = False
    confidence: float
