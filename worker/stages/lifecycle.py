"""From extractions and deletions to claim events: what a new version of an article asserts, supersedes and retracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from worker.contract.claim import Article, Claim, ClaimStatus, Provenance
from worker.contract.codec import BrokenRecordError, decode_extraction, encode
from worker.contract.coordinates import Coordinates, raw_timestamp
from worker.contract.extraction import Extraction
from worker.contract.headers.cloud_events import CLAIM_TYPE, TOMBSTONE_TYPE, Headers, cloud_event, trace_context
from worker.contract.ids import digest
from worker.contract.reasons import DropReason
from worker.contract.topics import Topics
from worker.stages.article_state import ArticleState, pack, retold, unpack
from worker.stages.claim_changes import changes
from worker.stages.versions import Place, is_before, is_older_version
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Output
from worker.streaming.record import Record

__all__ = ["LIFECYCLE", "decide"]

LIFECYCLE = "lifecycle"


def decide(record: Record, state: bytes | None, topics: Topics) -> tuple[Outcome, bytes | None]:
    """What an extraction or a tombstone becomes, and the state of its article after it. Pure but for `ce_time`.

    The states that come of a topic's records in their order depend on nothing else. An extraction that comes a second
    time is dropped as `repeated`, one of an older version than the state as `stale_version`. Where an older one is now
    the last record of its key, the drop says which one must be (`Drop.newest`).

    Raises:
        BrokenStateError: `state` is none.
    """
    before = unpack(state) if state is not None else None
    if record.value is None:
        return _deletion(record, before, state, topics)
    try:
        extraction = decode_extraction(record.value)
    except BrokenRecordError as broken:
        return Dead(broken.reason, broken.error), state
    about = About(publisher=extraction.article.publisher, claims=extraction.claims_count)
    place = _place(record, extraction.provenance)
    if before is not None and (drop := _passed_by(before, extraction, place, about)) is not None:
        if place is not None and place == before.place:
            return drop, _again_at(record, before, state)
        return replace(drop, newest=_newest(record, before)), state
    outputs, after = _applied(record, before, extraction, place, topics)
    return Ok(tuple(outputs), about), pack(after)


def _passed_by(before: ArticleState, extraction: Extraction, place: Place | None, about: About) -> Drop | None:
    article = extraction.article
    repeated = extraction.extraction_id in before.seen
    if repeated and place is not None and place == before.place:
        return Drop(DropReason.REPEATED, f"the extraction of {article.uri} came before", about)
    if not _is_older(before, article.version, article.updated_at, place):
        return None
    if repeated:
        return Drop(DropReason.REPEATED, f"an older extraction of {article.uri} came again", about)
    what = "its deletion" if before.deleted else f"version {before.article.version}"
    return Drop(DropReason.STALE_VERSION, f"version {article.version} of {article.uri} came after {what}", about)


def _newest(record: Record, before: ArticleState) -> int | None:
    """Where the record of the state stands, if an older one has come behind it."""
    return before.offset if before.offset is not None and before.offset < record.offset else None


def _again_at(record: Record, before: ArticleState, state: bytes | None) -> bytes | None:
    """The state once what it is of has come again: compaction keeps the later one of two records."""
    if before.offset is None or record.offset <= before.offset:
        return state
    return pack(msgspec.structs.replace(before, offset=record.offset))


def _is_older(before: ArticleState, version: str, updated_at: str | None, place: Place | None) -> bool:
    if is_before(place, before.deleted_at):
        return True
    if not before.deleted:
        by_version = is_older_version(version, updated_at, before.article.version, before.updated_at)
        if by_version is not None:
            return by_version
    return is_before(place, before.place)


def _applied(
    record: Record, before: ArticleState | None, extraction: Extraction, place: Place | None, topics: Topics
) -> tuple[list[Output], ArticleState]:
    found = changes(
        before.claims if before else (),
        before.ended if before else {},
        before.floor if before else 0,
        extraction.claims,
    )
    former = before.article if before else extraction.article
    over = [retold(claim, former, status, extraction.provenance) for claim, status in found.over]
    outputs = [_event(topics, record, claim, extraction.extraction_id) for claim in (*found.made, *over)]
    after = ArticleState(
        article=extraction.article,
        extraction_id=extraction.extraction_id,
        place=place,
        updated_at=extraction.article.updated_at,
        claims=found.live,
        ended=found.ended,
        seen=before.with_seen(extraction.extraction_id) if before else [extraction.extraction_id],
        deleted_at=before.deleted_at if before else None,
        floor=before.floor if before else 0,
        pipeline=extraction.provenance.pipeline,
        offset=record.offset,
    )
    return outputs, after


def _deletion(
    record: Record, before: ArticleState | None, state: bytes | None, topics: Topics
) -> tuple[Outcome, bytes | None]:
    coordinates = Coordinates.in_event(record.headers)
    place = (
        Place(coordinates.topic, coordinates.partition, coordinates.offset, raw_timestamp(record.headers))
        if coordinates
        else None
    )
    uri = (record.key or b"").decode("utf-8", "replace")
    if before is None:
        detail = f"no article is known under {uri}: a tombstone deletes the article whose uri is its key"
        return Drop(DropReason.UNKNOWN_ARTICLE, detail), _deleted(record, place, place)
    if before.deleted and place is not None and place == before.deleted_at:
        return Drop(DropReason.REPEATED, f"the deletion of {uri} came before"), _again_at(record, before, state)
    if is_before(place, before.deleted_at) or (not before.deleted and is_before(place, before.place)):
        detail = f"{uri} was published anew after this deletion"
        return Drop(DropReason.STALE_VERSION, detail, newest=_newest(record, before)), state
    provenance = Provenance(
        pipeline=before.pipeline,
        topic=place.topic if place else None,
        partition=place.partition if place else None,
        offset=place.offset if place else None,
    )
    retracted = [retold(claim, before.article, ClaimStatus.RETRACTED, provenance) for claim in before.claims]
    events = [_event(topics, record, claim, "deletion") for claim in retracted]
    forgotten = [_tombstone(topics, record, claim.claim_id) for claim in before.claims]
    forgotten += [_tombstone(topics, record, claim_id) for claim_id in before.ended]
    at = place or before.place
    return Ok((*events, *forgotten)), _deleted(record, at, at)


def _deleted(record: Record, place: Place | None, deleted_at: Place | None) -> bytes:
    article = Article(uri=(record.key or b"").decode("utf-8", "replace"), version="", text_sha256="")
    return pack(
        ArticleState(
            article=article,
            extraction_id="",
            place=place,
            deleted_at=deleted_at,
            deleted=True,
            offset=record.offset,
        )
    )


def _place(record: Record, provenance: Provenance) -> Place | None:
    if provenance.topic is None or provenance.partition is None or provenance.offset is None:
        return None
    return Place(provenance.topic, provenance.partition, provenance.offset, raw_timestamp(record.headers))


def _event(topics: Topics, record: Record, claim: Claim, cause: str) -> Output:
    headers = _headers(record, CLAIM_TYPE, f"{claim.claim_id}-{claim.revision}-{cause}", claim.article.uri)
    return Output(topics.claims, claim.claim_id.encode(), encode(claim), headers)


def _tombstone(topics: Topics, record: Record, claim_id: str) -> Output:
    uri = (record.key or b"").decode("utf-8", "replace")
    event_id = digest("tombstone/1", claim_id, str(record.partition), str(record.offset))
    return Output(topics.claims, claim_id.encode(), None, _headers(record, TOMBSTONE_TYPE, event_id, uri))


def _headers(record: Record, kind: str, event_id: str, subject: str) -> Headers:
    return cloud_event(
        kind=kind,
        event_id=event_id,
        source=Coordinates.of(record).source,
        subject=subject,
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )
