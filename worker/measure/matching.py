"""Found claims laid beside gold ones: the event's spans in the gold text's offsets, and which claim is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.contract.article import RawArticle
from worker.contract.claim import Claim, Span, Voice
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.extraction.scoring import chars
from worker.measure.golden import GoldArticle, GoldClaim, GoldError

__all__ = ["Found", "Matched", "extracted", "matched", "share"]

_FIT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An extracted claim with the characters of its parts in the gold article's text.

    `shift`: how much further its own offsets are, for the headline that the extraction puts before the text.
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
class Matched:
    gold: GoldClaim
    found: Found


def share(a: frozenset[int], b: frozenset[int]) -> float:
    """Intersection over union; 1 for two that are empty."""
    return len(a & b) / len(a | b) if a or b else 1.0


def extracted(pipeline: Pipeline, article: GoldArticle) -> list[Found]:
    """The claims that the pipeline finds in a gold article, those of a headline that the text does not repeat left out.

    Raises GoldError where the pipeline gives no extraction.
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
                Found(
                    claim=claim,
                    content=content,
                    source=located([link.source.span] if link and link.source.span else [], article.text, shift),
                    cue=located([link.cue] if link and link.cue else [], article.text, shift),
                    shift=shift,
                )
            )
    return found


def located(spans: Iterable[Span], text: str, shift: int) -> frozenset[int]:
    """The characters of spans of the cleaned text in the text as it was given: the same words nearest to their place."""
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


def matched(article: GoldArticle, found: Sequence[Found]) -> list[Matched]:
    """One to one, best first: contents with an intersection over union of at least 0.5.

    Of contents that fit alike, the claim of the same voice, with the same source and depth of nesting, goes first.
    """
    pairs = []
    for g, gold in enumerate(article.claims):
        content = of(gold.content, article.text)
        source = of([gold.source] if gold.source else [], article.text)
        for f, each in enumerate(found):
            fit = share(content, each.content)
            if fit < _FIT:
                continue
            alike = (
                (each.claim.voice == gold.voice)
                + (share(source, each.source) >= _FIT)
                + ((len(each.claim.attribution) > 1) == (gold.within is not None))
                + ((gold.voice is Voice.ATTRIBUTED) == (each.claim.voice is Voice.ATTRIBUTED))
            )
            pairs.append((-(fit + 0.1 * alike), g, f))
    used_g: set[int] = set()
    used_f: set[int] = set()
    out = []
    for _, g, f in sorted(pairs):
        if g not in used_g and f not in used_f:
            used_g.add(g)
            used_f.add(f)
            out.append(Matched(article.claims[g], found[f]))
    return out


def of(spans: Iterable[Span], text: str) -> frozenset[int]:
    return chars([(span.start, span.end) for span in spans], text)
