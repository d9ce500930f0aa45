"""Quotes that the model gives to a cue of another sentence, though one stands beside them: “No,” she replied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span, meet

__all__ = ["with_own_cues"]

_MAX_GAP = 3
"""Characters between a quote and the source or the cue behind it."""


def with_own_cues(doc: Doc, by_model: Sequence[Attribution], by_rules: Sequence[Attribution]) -> Sequence[Attribution]:
    """The model's attributions, those of a quote with source and cue of the rules where these are its own sentence's.

    Only where the model has none, or one in another sentence, and no attribution of the model has the cue of the rules.
    """
    quotes = [each for each in by_rules if each.quote_type is QuoteType.DIRECT and each.cue and each.source]
    if not quotes or not by_model:
        return by_model
    spoken = SpanIndex(each.cue for each in by_model if each.cue)
    starts = [sentence.start_char for sentence in doc.sents]
    kept: list[Attribution] = []
    for each in by_model:
        own = {part: rule for part in each.content if (rule := _own(each, part, quotes, starts, spoken))}
        rest = tuple(part for part in each.content if part not in own)
        if rest:
            kept.append(replace(each, content=rest))
        kept += [
            replace(each, source=rule.source, cue=rule.cue, lemma=rule.lemma, content=(part,), negated=False)
            for part, rule in own.items()
        ]
    return sorted(kept, key=lambda each: each.content[0])


def _own(
    each: Attribution, part: Span, quotes: Sequence[Attribution], starts: Sequence[int], spoken: SpanIndex
) -> Attribution | None:
    """The rules' attribution of a part of a content, by a cue right behind it; None where the model's cue is near."""
    for rule in quotes:
        if rule.cue is None or rule.source is None or len(rule.content) != 1:
            continue
        gap = min(rule.cue[0], rule.source[0]) - rule.content[0][1]
        if not meet(part, rule.content[0]) or not 0 <= gap <= _MAX_GAP or spoken.meets((rule.cue,)):
            continue
        if each.cue is None or _number(each.cue, starts) != _number(rule.cue, starts):
            return rule
    return None


def _number(span: Span, starts: Sequence[int]) -> int:
    return bisect_right(starts, span[0])
