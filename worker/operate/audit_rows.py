"""What the audit keeps of each record of articles.extracted, articles.live, claims and articles.dead, and how it is
read.

Its readers of values are its own: of an extraction or a claim they decode only the fields named here, of a state the
places in its array that docs/decisions.md lists.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from worker.contract.claim import ClaimStatus
from worker.contract.codec import UNREADABLE
from worker.contract.coordinates import Coordinates, raw_timestamp
from worker.contract.decimals import MAX_INT64
from worker.contract.packed import unpacked
from worker.operate.version_order import RawPlace
from worker.streaming.record import Record

__all__ = [
    "ClaimRow",
    "DeadRow",
    "DeletionRow",
    "ExtractionRow",
    "PendingRow",
    "Row",
    "StateRow",
    "UnreadableError",
    "claim_row",
    "extraction_row",
    "is_layout",
    "state_row",
]

_ZSTD_STATE = b"\x02"
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT64)]
_LAYOUT_KEYS = b"\x00claimwire."


class UnreadableError(Exception):
    """The record's value is not what the topic is for: says why. The audit names the record and passes it by."""


class _Located(msgspec.Struct, array_like=True, frozen=True, kw_only=True):
    """`uri` names the article; the other three are the record's own, the timestamp in milliseconds since 1970."""

    uri: str
    partition: int
    offset: int
    timestamp: int


class ExtractionRow(_Located, tag="extraction", frozen=True, kw_only=True):
    """`claims`: the ids of the claims that this version of the article makes; none if it is cancelled."""

    extraction_id: str
    version: str
    updated_at: str | None
    text_sha256: str
    cancelled: bool
    claims: list[str]
    raw: RawPlace | None


class DeletionRow(_Located, tag="deletion", frozen=True, kw_only=True):
    """A tombstone in articles.extracted. `raw`: the tombstone in articles.raw that it was made from."""

    raw: RawPlace | None


class PendingRow(_Located, tag="pending", frozen=True, kw_only=True):
    """A record of articles.extracted that the lifecycle has not processed: nothing is owed for its article yet."""


class DeadRow(_Located, tag="dead", frozen=True, kw_only=True):
    """A record of articles.extracted that is among the dead letters; partition and offset are those in
    articles.extracted.
    """


class StateRow(_Located, tag="state", frozen=True, kw_only=True):
    """A state in articles.live. `claims`: the revision of each asserted claim. `gone`: the state was dropped."""

    fenced: bool = True
    gone: bool = False
    deleted: bool = False
    extraction_id: str = ""
    version: str = ""
    updated_at: str | None = None
    text_sha256: str = ""
    raw: RawPlace | None = None
    deleted_at: RawPlace | None = None
    claims: dict[str, int] = {}
    seen: list[str] = []


class ClaimRow(_Located, tag="claim", frozen=True, kw_only=True):
    """A record of claims. `status` is empty for a tombstone; `version`, `text_sha256` and `raw` are those it was made
    from.
    """

    claim_id: str
    status: str
    revision: int = 0
    version: str = ""
    text_sha256: str = ""
    raw: RawPlace | None = None


Row = ExtractionRow | DeletionRow | PendingRow | DeadRow | StateRow | ClaimRow


class _Article(msgspec.Struct):
    uri: str
    version: str
    text_sha256: str = ""
    updated_at: str | None = None


class _Provenance(msgspec.Struct):
    topic: str | None = None
    partition: _Number | None = None
    offset: _Number | None = None

    def raw(self, timestamp: int | None = None) -> RawPlace | None:
        if self.topic is None or self.partition is None or self.offset is None:
            return None
        return RawPlace(self.topic, self.partition, self.offset, timestamp)


class _ClaimId(msgspec.Struct):
    claim_id: str


class _Extraction(msgspec.Struct):
    extraction_id: str
    article: _Article
    status: str
    provenance: _Provenance
    claims: list[_ClaimId] = []


class _Claim(msgspec.Struct):
    claim_id: str
    article: _Article
    provenance: _Provenance
    status: ClaimStatus = ClaimStatus.ASSERTED
    revision: _Number = 1


_extraction = msgspec.json.Decoder(_Extraction)
_claim = msgspec.json.Decoder(_Claim)
_state = msgspec.msgpack.Decoder(StateRow)


def extraction_row(record: Record) -> ExtractionRow | DeletionRow:
    """Raises UnreadableError."""
    uri = _text(record.key)
    if record.value is None:
        source = Coordinates.in_event(record.headers)
        raw = RawPlace(source.topic, source.partition, source.offset, raw_timestamp(record.headers)) if source else None
        return DeletionRow(
            uri=uri, partition=record.partition, offset=record.offset, timestamp=record.timestamp, raw=raw
        )
    try:
        found = _extraction.decode(record.value)
    except UNREADABLE as broken:
        raise UnreadableError(f"no extraction: {broken}") from None
    if found.article.uri != uri:
        raise UnreadableError(f"its key {uri!r} is not its article's uri {found.article.uri!r}")
    cancelled = found.status == "canceled"
    return ExtractionRow(
        uri=uri,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        extraction_id=found.extraction_id,
        version=found.article.version,
        updated_at=found.article.updated_at,
        text_sha256=found.article.text_sha256,
        cancelled=cancelled,
        claims=[] if cancelled else [claim.claim_id for claim in found.claims],
        raw=found.provenance.raw(raw_timestamp(record.headers)),
    )


def claim_row(record: Record) -> ClaimRow:
    """A tombstone's uri is in its header ce_subject; without one it is empty. Raises UnreadableError."""
    at: dict[str, Any] = {"partition": record.partition, "offset": record.offset, "timestamp": record.timestamp}
    claim_id = _text(record.key)
    if record.value is None:
        subjects = [value for name, value in record.headers if name == "ce_subject" and value is not None]
        return ClaimRow(uri=_text(subjects[0] if subjects else None), claim_id=claim_id, status="", **at)
    try:
        found = _claim.decode(record.value)
    except UNREADABLE as broken:
        raise UnreadableError(f"no claim: {broken}") from None
    if found.claim_id != claim_id:
        raise UnreadableError(f"its key {claim_id!r} is not its claim_id {found.claim_id!r}")
    return ClaimRow(
        uri=found.article.uri,
        claim_id=claim_id,
        status=found.status.value,
        revision=found.revision,
        version=found.article.version,
        text_sha256=found.article.text_sha256,
        raw=found.provenance.raw(),
        **at,
    )


def is_layout(key: bytes | None) -> bool:
    """True for the changelog's records about itself, which are no article's."""
    return key is None or key.startswith(_LAYOUT_KEYS)


def state_row(record: Record) -> StateRow:
    """Raises UnreadableError."""
    at: dict[str, Any] = {
        "uri": _text(record.key),
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
    }
    if record.value is None:
        return StateRow(gone=True, **at)
    try:
        if record.value.startswith(_ZSTD_STATE):
            return _checked(StateRow(**at, **_fields(_decoded(record.value[1:]))))
        return _checked(StateRow(fenced=False, **at, **_first_fields(_decoded(record.value))))
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError, OverflowError, RecursionError) as broken:
        raise UnreadableError(f"no state: {type(broken).__name__}: {broken}") from None


def _decoded(value: bytes) -> Any:
    return msgspec.msgpack.decode(unpacked(value))


def _checked(row: StateRow) -> StateRow:
    """The row with a value of the right type in each field. Raises MsgspecError, OverflowError."""
    return _state.decode(msgspec.msgpack.encode(row))


def _fields(state: list[Any]) -> dict[str, Any]:
    """By place: 0 article, 1 extraction, 2 raw record, 3 updated_at, 4 claims (0 id, 1 revision), 6 seen, 7 deleted at,
    8 deleted.
    """
    article, extraction_id, raw, updated_at, claims, _, seen, deleted_at, deleted = state[:9]
    return {
        "extraction_id": extraction_id,
        "version": article["version"],
        "text_sha256": article["text_sha256"],
        "updated_at": updated_at,
        "raw": _place(raw),
        "deleted_at": _place(deleted_at),
        "deleted": deleted,
        "claims": {claim[0]: claim[1] for claim in claims},
        "seen": seen,
    }


def _first_fields(state: dict[str, Any]) -> dict[str, Any]:
    """The state of releases before 0.2."""
    return {
        "extraction_id": state["extraction_id"],
        "version": state["version"],
        "raw": _place(state["place"]),
        "deleted_at": _place(state.get("deleted_at")),
        "deleted": state.get("deleted", False),
        "claims": {claim["claim_id"]: claim["revision"] for claim in state.get("claims", ())},
    }


def _place(found: dict[str, Any] | None) -> RawPlace | None:
    if found is None:
        return None
    return RawPlace(found["topic"], found["partition"], found["offset"], found.get("timestamp"))


def _text(encoded: bytes | None) -> str:
    return (encoded or b"").decode("utf-8", "replace")
