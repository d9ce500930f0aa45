"""From claims and extractions to groups, relations and standing: what holds of the last days, and what changes in it.

Days are counted by the timestamps of the records of `claims`, up to the latest of them, and not by a clock: so what
holds follows from the records alone. A claim whose last record is older than `link_days` counts no more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson

from worker.contract.alert import Watch
from worker.contract.claim import Claim, ClaimStatus
from worker.contract.codec import UNREADABLE
from worker.contract.headers.cloud_events import (
    ALERT_TYPE,
    GROUP_TYPE,
    RELATION_TYPE,
    STANDING_TYPE,
    TOMBSTONE_TYPE,
    Headers,
    cloud_event,
)
from worker.contract.ids import digest
from worker.contract.review import Review
from worker.contract.topics import Topics
from worker.link.live.database import code_digest, notes_in
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import Kind, LiveLinks, hash_of
from worker.link.watches.stage import asks_nothing
from worker.streaming.outcome import Output
from worker.streaming.record import Record

__all__ = ["Linking", "read_so_far"]

log = logging.getLogger("claimwire.link")

_DAY_MS = 24 * 3600 * 1000
_EXPIRED_AT_ONCE = 500
"""Claims that a step lets go of, so that a day that ends holds nothing up."""
_TYPES = {Kind.GROUP: GROUP_TYPE, Kind.RELATION: RELATION_TYPE, Kind.STANDING: STANDING_TYPE, Kind.ALERT: ALERT_TYPE}


class _TextOf(msgspec.Struct):
    uri: str
    text_sha256: str


class _Extracted(msgspec.Struct):
    """What of an extraction is compared with others."""

    article: _TextOf
    text: str


_EXTRACTED = msgspec.json.Decoder(_Extracted)
_WATCH = msgspec.json.Decoder(Watch)
_REVIEW = msgspec.json.Decoder(Review)
_CLAIM = msgspec.json.Decoder(Claim)


class Linking:
    """The state of linking as streaming/stateful/whole.py keeps it (`WholeState`)."""

    def __init__(self, path: Path, topics: Topics, *, days: int) -> None:
        self._topics, self._days = topics, days
        self._links = LiveLinks(path, NeighbourBounds(days=days))
        self._topic_of = {
            Kind.GROUP: topics.groups,
            Kind.RELATION: topics.relations,
            Kind.STANDING: topics.standing,
            Kind.ALERT: topics.alerts,
        }
        self._begun = False
        self._newest_ms = int(self._note("newest_ms") or 0)
        if self._note("days") not in (None, str(days)):
            log.info("link_days was %s and is %d: the links are made anew", self._note("days"), days)
            self.clear()
        self._links.database.set_note("days", str(days))

    def _note(self, name: str) -> str | None:
        return self._links.database.note(name)

    @property
    def mark(self) -> str:
        return self._links.holds

    @property
    def positions(self) -> Mapping[tuple[str, int], int]:
        known = orjson.loads(self._note("positions") or "[]")
        return {(topic, partition): offset for topic, partition, offset in known}

    @property
    def written_ms(self) -> int | None:
        written = self._note("written_ms")
        return None if written is None else int(written)

    def clear(self) -> None:
        self._links.clear()
        self._newest_ms = 0
        self._links.database.set_note("days", str(self._days))

    def take(self, records: Sequence[Record], positions: Mapping[tuple[str, int], int]) -> list[Output]:
        self._links.begin()
        self._begun = True
        for record in records:
            if record.topic == self._topics.claims:
                self._claim(record)
            elif record.topic == self._topics.watches:
                self._watch(record)
            elif record.topic == self._topics.reviews:
                self._review(record)
            else:
                self._text(record)
        self._links.database.set_note("newest_ms", str(self._newest_ms))
        floor_ms = self._floor_ms
        self._links.expire(floor_ms, _EXPIRED_AT_ONCE)
        self._links.expire_texts(floor_ms - self._days * _DAY_MS)
        changed = self._links.settle()
        rows = sorted((topic, partition, offset) for (topic, partition), offset in positions.items())
        self._links.database.set_note("positions", orjson.dumps(rows).decode())
        return [self._output(kind, key, body) for (kind, key), body in changed.items()]

    def keep(self) -> None:
        self._begun = False

    def flush(self) -> None:
        if self._links.is_changed:
            self.touch()
            self._links.commit()

    def drop(self) -> None:
        if self._begun:
            self._begun = False
            self._links.rollback()
            self._newest_ms = int(self._note("newest_ms") or 0)

    def touch(self) -> None:
        self._links.database.set_note("written_ms", str(int(time.time() * 1000)))

    @property
    def has_more(self) -> bool:
        return self._links.has_seen_before(self._floor_ms)

    def differences(self, topic: str, there: Mapping[bytes, bytes]) -> Iterable[Output]:
        (kind,) = (kind for kind, name in self._topic_of.items() if name == topic)
        return self._differences(kind, there)

    def _differences(self, kind: Kind, there: Mapping[bytes, bytes]) -> Iterator[Output]:
        holds = {key.encode(): hashed for of, key, hashed in self._links.given_out() if of is kind}
        for key in sorted(there.keys() - holds.keys()):
            yield self._output(kind, key.decode("utf-8", "replace"), None)
        for key, hashed in holds.items():
            if there.get(key) != hashed:
                yield self._output(kind, key.decode(), self._links.value_of(kind, key.decode()))

    @property
    def compared(self) -> int:
        """How many pairs of claims were looked at since it was opened."""
        return self._links.compared

    def hashed(self, value: bytes) -> bytes:
        return hash_of(value)

    def size(self) -> tuple[int, int]:
        return self._links.claims, self._links.database.size_bytes

    def close(self) -> None:
        if not self._links.is_closed:
            self.drop()
            self.flush()
            self._links.close()

    @property
    def _floor_ms(self) -> int:
        """What was seen before it counts no more: whole days, so that it moves seldom."""
        return (self._newest_ms // _DAY_MS - self._days) * _DAY_MS

    def _claim(self, record: Record) -> None:
        claim_id = (record.key or b"").decode("utf-8", "replace")
        self._newest_ms = max(self._newest_ms, record.timestamp)
        claim = _claim_in(record)
        if claim is None or claim.status is not ClaimStatus.ASSERTED or record.timestamp < self._floor_ms:
            self._links.remove_claim(claim_id)
            return
        try:
            self._links.put_claim(claim, record.timestamp)
        except Exception:  # a bug costs one claim, not all of them
            log.exception("%s is not linked", record)
            self._links.remove_claim(claim_id)

    def _watch(self, record: Record) -> None:
        name = (record.key or b"").decode("utf-8", "replace")
        try:
            watch = None if record.value is None else _WATCH.decode(record.value)
        except UNREADABLE as broken:
            log.warning("%s is no watch: %s", record, broken)
            watch = None
        if watch is None or asks_nothing(watch):
            self._links.remove_watch(name)
        else:
            self._links.put_watch(name, watch, record.timestamp)

    def _review(self, record: Record) -> None:
        review_id = (record.key or b"").decode("utf-8", "replace")
        review = _review_in(record)
        try:
            if review is None:
                self._links.remove_review(review_id)
            else:
                self._links.put_review(review)
        except Exception:  # a bug costs one review, not all of them
            log.exception("%s gives no verdict", record)
            self._links.remove_review(review_id)

    def _text(self, record: Record) -> None:
        uri = (record.key or b"").decode("utf-8", "replace")
        try:
            extracted = None if record.value is None else _EXTRACTED.decode(record.value)
        except UNREADABLE as broken:
            log.warning("%s is no extraction: %s", record, broken)
            extracted = None
        if extracted is None:
            self._links.remove_text(uri)
            return
        try:
            self._links.put_text(uri, extracted.article.text_sha256, extracted.text, record.timestamp)
        except Exception:  # a bug costs one text, not all of them
            log.exception("%s is compared with no other text", record)
            self._links.remove_text(uri)

    def _output(self, kind: Kind, key: str, body: bytes | None) -> Output:
        headers: Headers = cloud_event(
            kind=TOMBSTONE_TYPE if body is None else _TYPES[kind],
            event_id=digest(f"{kind}/1", key, "" if body is None else hash_of(body).hex()),
            source=self._topics.claims,
            subject=key,
            at=datetime.now(UTC),
            carried=[],
        )
        return Output(self._topic_of[kind], key.encode(), body, headers)


def read_so_far(path: Path) -> int:
    """How many offsets the file of a state has read, of all partitions; 0 for none, or one of other code."""
    notes = notes_in(path)
    if notes.get("code") != code_digest():
        return 0
    return sum(int(offset) for *_, offset in orjson.loads(notes.get("positions") or "[]"))


def _claim_in(record: Record) -> Claim | None:
    """None for a tombstone, and for what is no claim."""
    if record.value is None:
        return None
    try:
        claim = _CLAIM.decode(record.value)
    except UNREADABLE as broken:
        log.warning("%s is no claim: %s", record, broken)
        return None
    if claim.claim_id.encode("utf-8", "replace") != record.key:
        log.warning("%s is not under its own id: it is left out", record)
        return None
    return claim


def _review_in(record: Record) -> Review | None:
    """None for a tombstone, and for what is no review."""
    if record.value is None:
        return None
    try:
        review = _REVIEW.decode(record.value)
    except UNREADABLE as broken:
        log.warning("%s is no review: %s: it gives no verdict", record, broken)
        return None
    if review.review_id.encode("utf-8", "replace") != record.key:
        log.warning("%s is not under its own review_id: it gives no verdict", record)
        return None
    return review
