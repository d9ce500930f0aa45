"""The lifecycle agent: articles.extracted in, claim events out; its table holds what each article claims now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from worker.agents.live_claims import Place, applied, deleted, is_older, pack, place_of, unpack
from worker.contract.claim import Claim
from worker.contract.codec import BrokenRecordError, decode_extraction, encode
from worker.contract.dead_letter import DropReason
from worker.contract.headers import CLAIM_TYPE, TOMBSTONE_TYPE, Headers, cloud_event, trace_context
from worker.contract.ids import digest
from worker.contract.topics import Topics
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Output
from worker.streaming.record import Record

__all__ = ["LIFECYCLE", "decide"]

LIFECYCLE = "lifecycle"

_SOURCE = re.compile(r"/(?P<topic>.+)/(?P<partition>\d+)/(?P<offset>\d+)")


def decide(record: Record, state: bytes | None, topics: Topics) -> tuple[Outcome, bytes | None]:
    """What an extraction or a tombstone becomes, and what the table then has for its article. Pure but for `ce_time`.

    An extraction that comes a second time gives the same events again; one of an older version than the table has
    is dropped, whenever it comes.
    """
    before = unpack(state) if state is not None else None
    if record.value is None:
        return _deletion(record, state, topics)
    try:
        extraction = decode_extraction(record.value)
    except BrokenRecordError as broken:
        return Dead(broken.reason, broken.error), state
    version, place = extraction.article.version, place_of(extraction.provenance)
    about = About(publisher=extraction.article.publisher, claims=extraction.claims_count)
    if before is not None and is_older(before, version, place):
        detail = f"version {version} of {extraction.article.uri} came after version {before.version or '(deleted)'}"
        return Drop(DropReason.STALE_VERSION, detail, about), state
    events, after = applied(before, extraction)
    outputs = [_event(topics, record, claim, extraction.extraction_id) for claim in events]
    return Ok(tuple(outputs), about), state if after == before else pack(after)


def _deletion(record: Record, state: bytes | None, topics: Topics) -> tuple[Outcome, bytes | None]:
    before = unpack(state) if state is not None else None
    place = _place_in(record.headers)
    if before is not None and is_older(before, None, place):
        return Drop(DropReason.STALE_VERSION, "the article was published anew after this deletion"), state
    deletion = deleted(before, place)
    retracted = [_event(topics, record, claim, "deletion") for claim in deletion.retracted]
    forgotten = [_tombstone(topics, record, claim_id) for claim_id in deletion.forgotten]
    return Ok((*retracted, *forgotten)), state if deletion.after == before else pack(deletion.after)


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
        source=f"/{record.topic}/{record.partition}/{record.offset}",
        subject=subject,
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )


def _place_in(headers: Sequence[tuple[str, bytes]]) -> Place | None:
    """Where the raw tombstone stood, from the header `ce_source` that ingest wrote."""
    source = next((value for key, value in headers if key == "ce_source"), b"").decode("utf-8", "replace")
    found = _SOURCE.fullmatch(source)
    if found is None:
        return None
    return Place(topic=found["topic"], partition=int(found["partition"]), offset=int(found["offset"]))
