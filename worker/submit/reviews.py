"""Reviews of fact-checkers in files: read, and made ready to be held against claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from worker.archives.found import whole_file
from worker.contract.article import RawArticle
from worker.contract.claim import Entity
from worker.contract.claim import Span as EventSpan
from worker.contract.codec import BrokenRecordError
from worker.contract.documents import objects_in
from worker.contract.forms.claim_review import BrokenReviewError, review_from, reviews_in
from worker.contract.forms.instants import read_instant
from worker.contract.review import Review
from worker.contract.texts.charsets import decoded_text
from worker.extraction.event_span import event_span
from worker.extraction.pipeline import Pipeline
from worker.extraction.text.page.json_ld import documents_of
from worker.extraction.text.page.tree import page_tree

__all__ = ["RefusedReview", "read_claim", "reviews_of"]

_SPEAKER = "A speaker"
_BEFORE, _BEHIND = f"{_SPEAKER} said: “", "”"
_QUOTES = str.maketrans(dict.fromkeys('“”"', "'"))
"""Each one character, so that offsets stay."""


@dataclass(frozen=True, slots=True)
class RefusedReview:
    """What is not published: the file and the place in it, which review it is if that can be said, and why."""

    where: str
    name: str | None
    error: str


def reviews_of(path: Path) -> Iterator[Review | RefusedReview]:
    """The reviews in a file: JSON-LD, a feed, an answer of an API, JSON Lines, or a page with JSON-LD in it.

    Raises:
        ArchiveError: the file cannot be read, or is too large to be read whole.
    """
    data = whole_file(path)
    values = list(objects_in(data)) or [("", document) for document in _in_page(data)]
    found = 0
    for place, value in values:
        if isinstance(value, BrokenRecordError):
            yield RefusedReview(f"{path}{place}", None, str(value))
            found += 1
            continue
        nodes = reviews_in(value)
        for index, node in enumerate(nodes):
            where = f"{path}{place}" if len(nodes) == 1 else f"{path}{place}[{index}]"
            try:
                yield review_from(node)
            except BrokenReviewError as broken:
                yield RefusedReview(where, _name_of(node.get("url"), node.get("claimReviewed")), str(broken))
            found += 1
    if not found:
        yield RefusedReview(str(path), None, "there is no ClaimReview in it")


def _in_page(data: bytes) -> list[object]:
    tree = page_tree(decoded_text(data)) if b"<" in data else None
    return [] if tree is None else list(documents_of(tree))


def _name_of(*values: object) -> str | None:
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def read_claim(pipeline: Pipeline, review: Review) -> Review:
    """The review with what the extraction reads out of its claim: polarity, numbers, times, names.

    The claim is read as a quotation, so that nothing else in it is taken for its source.
    """
    end = "" if review.claim[-1:] in ".?!" else "."
    text = f"{_BEFORE}{review.claim.translate(_QUOTES)}{end}{_BEHIND}"
    at = review.claimed_at or review.published_at
    article = RawArticle(uri=review.url, body="", published_at=None if at is None else read_instant(at))
    claims = [claim for claim in pipeline.read(article, text).claims if claim.attribution]
    if not claims:
        return review
    main = max(claims, key=lambda claim: sum(span.end - span.start for span in claim.content.spans))
    proposition = main.proposition
    if proposition is not None and proposition.subject == _SPEAKER:
        proposition = None  # of a claim without a subject: "Says the port was shut"
    return replace(
        review,
        polarity=main.polarity,
        modality=main.modality,
        proposition=proposition,
        quantities=[
            replace(each, span=span)
            for each in {q.span.start: q for claim in claims for q in claim.quantities}.values()
            if (span := _moved(each.span, review.claim)) is not None
        ],
        times=[
            replace(each, span=span)
            for each in {t.span.start: t for claim in claims for t in claim.times}.values()
            if (span := _moved(each.span, review.claim)) is not None
        ],
        entities=list(_entities((e for claim in claims for e in claim.entities), review.claim)),
    )


def _entities(entities: Iterable[Entity], claim: str) -> Iterator[Entity]:
    seen: set[str] = set()
    for entity in entities:
        spans = [span for each in entity.spans if (span := _moved(each, claim)) is not None]
        if spans and entity.entity_id not in seen:
            seen.add(entity.entity_id)
            yield replace(entity, spans=spans)


def _moved(span: EventSpan, claim: str) -> EventSpan | None:
    """A span of the text that was read as one of the claim; None where it is not in it."""
    start, end = span.start - len(_BEFORE), span.end - len(_BEFORE)
    return event_span(claim, (start, end)) if 0 <= start < end <= len(claim) else None
