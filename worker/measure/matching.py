"""Pairs found claims with gold ones, by their contents in the offsets of the gold text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.contract.article import RawArticle
from worker.contract.claim import Claim, Span, Voice
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.measure.golden import GoldArticle, GoldClaim, GoldError
from worker.measure.overlap import MIN_SHARE, chars, one_to_one, share

__all__ = ["ClaimPair", "FoundClaim", "chars_of", "extracted", "located", "paired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaim:
    """An extracted claim with the characters of its parts in the gold article's text.

    Its own offsets are higher by `shift`, since the extraction puts the headline before the text.
    """

    claim: Claim
    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]
    shift: int

    def place(self, span: Span, text: str) -> frozenset[int]:
        """The characters of a span of this claim in the gold article's text."""
        return located([span], text, self.shift)


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A gold claim and the found claim with the same content."""

    gold: GoldClaim
    found: FoundClaim


def extracted(pipeline: Pipeline, article: GoldArticle) -> list[FoundClaim]:
    """The claims that the pipeline finds in a gold article, without those of a headline that the text does not repeat.

    Raises GoldError: the pipeline gives no extraction.
    """
    raw = RawArticle(
        uri=f"golden:{article.id}",
        body=article.text,
        headline=article.headline,
        published_at=article.published_at,
        publisher=article.publisher,
    )
    (outcome,) = pipeline.extract([raw])
    if not isinstance(outcome, Extracted):
        raise GoldError(f"the article {article.id} gave no extraction: {outcome}")
    text = outcome.extraction.text
    head = len(article.headline) if text.startswith(article.headline) else 0
    repeated = article.text.lstrip().startswith(article.headline)
    shift = 0 if repeated or not head else head + 2
    found = []
    for claim in outcome.extraction.claims:
        if not repeated and all(span.end <= head for span in claim.content.spans):
            continue
        link = claim.attribution[-1] if claim.attribution else None
        content = located(claim.content.spans, article.text, shift)
        if content:
            found.append(
                FoundClaim(
                    claim=claim,
                    content=content,
                    source=located([link.source.span] if link and link.source.span else [], article.text, shift),
                    cue=located([link.cue] if link and link.cue else [], article.text, shift),
                    shift=shift,
                )
            )
    return found


def located(spans: Iterable[Span], text: str, shift: int) -> frozenset[int]:
    """The characters, in the original text, of spans of the cleaned text: the same words nearest to the same place."""
    ranges: list[tuple[int, int]] = []
    for span in spans:
        start = span.start - shift
        if text[start : start + len(span.exact)] == span.exact and start >= 0:
            ranges.append((start, start + len(span.exact)))
            continue
        pattern = r"\s+".join(map(re.escape, span.exact.split()))
        hits = [match.span() for match in re.finditer(pattern, text)]
        if hits:
            ranges.append(min(hits, key=lambda hit: abs(hit[0] - start)))
    return chars(ranges, text)


def paired(article: GoldArticle, found: Sequence[FoundClaim]) -> list[ClaimPair]:
    """Pairs gold and found claims one to one, best first: contents with an intersection over union of at least 0.5.

    Of contents that fit equally well, the claim goes first that has the same voice, source and depth of nesting.
    """
    candidates = []
    for g, gold in enumerate(article.claims):
        content = chars_of(gold.content, article.text)
        source = chars_of([gold.source] if gold.source else [], article.text)
        for f, candidate in enumerate(found):
            overlap = share(content, candidate.content)
            if overlap < MIN_SHARE:
                continue
            claim = candidate.claim
            alike = (
                (claim.voice == gold.voice)
                + (share(source, candidate.source) >= MIN_SHARE)
                + ((len(claim.attribution) > 1) == (gold.within is not None))
                + ((gold.voice is Voice.ATTRIBUTED) == (claim.voice is Voice.ATTRIBUTED))
            )
            candidates.append(((overlap + 0.1 * alike,), g, f))
    return [ClaimPair(article.claims[g], found[f]) for g, f in one_to_one(candidates)]


def chars_of(spans: Iterable[Span], text: str) -> frozenset[int]:
    """The characters of spans of the text itself."""
    return chars([(span.start, span.end) for span in spans], text)
