"""Compares the claims that are asserted of one article with those that its youngest version makes. Pure.

Rows come from articles.extracted, articles.live, claims and articles.dead, of records that the lifecycle has processed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from worker.contract.claim import ClaimStatus
from worker.contract.coordinates import Coordinates
from worker.contract.topics import Topics
from worker.operate.audit_rows import (
    ClaimRow,
    DeadRow,
    DeletionRow,
    ExtractionRow,
    PendingRow,
    Row,
    StateRow,
)
from worker.operate.version_order import RawPlace, came_before, is_older

__all__ = ["UNSUPPORTED", "ArticleAudit", "ClaimFinding", "Wrong", "audit_article"]


class Wrong(StrEnum):
    """The ways in which the claims of an article can be wrong; docs/delivery.md says what to do about each."""

    NOT_MADE = "not_made"
    DELETED = "deleted"
    CANCELLED = "cancelled"
    UNKNOWN_ARTICLE = "unknown_article"
    MISSING = "missing"
    OUTDATED = "outdated"
    REVISION = "revision"
    STATE = "state"


UNSUPPORTED = frozenset({Wrong.NOT_MADE, Wrong.DELETED, Wrong.CANCELLED})
"""A claim is asserted although the article's youngest version is there and does not make it. `unknown_article` is not
among them: neither articles.extracted nor articles.live has the article, which may be their loss and not the claim's.
"""


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """`claim`: the record in claims, `support`: the record that says what the article claims now; None if there is
    none.

    `claim_id` is empty if the state of the article is what is wrong.
    """

    wrong: Wrong
    uri: str
    claim_id: str
    claim: Coordinates | None
    support: Coordinates | None
    detail: str
    raw: RawPlace | None = None
    """The raw record of the article's youngest version, or of its deletion."""


@dataclass(slots=True)
class ArticleAudit:
    """`is_open`: a record waits for the lifecycle, so nothing was compared. `asserted`: how many claims are."""

    is_open: bool = False
    asserted: int = 0
    without_state: bool = False
    in_dead_letters: int = 0
    findings: list[ClaimFinding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Truth:
    """What an article claims now, according to the record `at`. Without a version: it is deleted."""

    at: Coordinates
    raw: RawPlace | None
    version: str | None = None
    updated_at: str | None = None
    text_sha256: str = ""
    extraction_id: str = ""
    cancelled: bool = False
    claims: frozenset[str] = frozenset()

    @property
    def is_deletion(self) -> bool:
        return self.version is None


def audit_article(
    uri: str, rows: Iterable[Row], topics: Topics, stray: Mapping[str, ClaimRow] | None = None
) -> ArticleAudit:
    """`rows`: all rows of the article. `stray`: tombstones of claims that do not name their article, by claim."""
    rows = list(rows)
    if any(isinstance(row, PendingRow) for row in rows):
        return ArticleAudit(is_open=True)
    dead = {(row.partition, row.offset) for row in rows if isinstance(row, DeadRow)}
    written = [row for row in rows if isinstance(row, ExtractionRow | DeletionRow)]
    applied = [row for row in written if (row.partition, row.offset) not in dead]
    state = _last_state([row for row in rows if isinstance(row, StateRow)])
    last = _last_claims([row for row in rows if isinstance(row, ClaimRow)], stray or {})
    found = _youngest(applied, topics)
    told = _of_state(state, topics)
    audit = ArticleAudit(
        asserted=sum(row.status == ClaimStatus.ASSERTED for row in last.values()),
        without_state=told is None and found is not None and not found.is_deletion,
        in_dead_letters=len(written) - len(applied),
    )
    truth = found
    if told is not None and (found is None or _explains(state, told, found)):
        truth = told
    elif told is not None and found is not None and not _is_same(told, found):
        audit.findings.append(_wrong_state(uri, told, found))
    elif told is not None and found is not None and came_before(found.raw, told.raw):
        # the same text stood in two raw records, and the earlier one came again: compaction left its extraction alone
        truth = replace(found, raw=told.raw)
    audit.findings += _of_claims(uri, last, truth, topics)
    if truth is not None and told is not None and state is not None and _is_same(told, truth):
        audit.findings += _against_state(uri, last, truth, state, topics)
    return audit


def _youngest(rows: Sequence[ExtractionRow | DeletionRow], topics: Topics) -> _Truth | None:
    """Goes through the records in the order in which they came; a later one counts unless it is older by the rule."""
    youngest: _Truth | None = None
    deleted_at: RawPlace | None = None
    for row in _in_order(rows):
        if came_before(row.raw, deleted_at):
            continue
        at = Coordinates(topics.extracted, row.partition, row.offset)
        if isinstance(row, DeletionRow):
            if youngest is not None and not youngest.is_deletion and came_before(row.raw, youngest.raw):
                continue
            deleted_at = row.raw or (youngest.raw if youngest else None)
            youngest = _Truth(at, deleted_at)
            continue
        truth = _Truth(
            at,
            row.raw,
            row.version,
            row.updated_at,
            row.text_sha256,
            row.extraction_id,
            row.cancelled,
            frozenset(row.claims),
        )
        if youngest is None or not _is_older(truth, youngest):
            youngest = truth
    return youngest


def _in_order(rows: Sequence[ExtractionRow | DeletionRow]) -> list[ExtractionRow | DeletionRow]:
    """By offset. Where partitions were added a key may be in two of them: then by timestamp."""
    if len({row.partition for row in rows}) < 2:
        return sorted(rows, key=lambda row: row.offset)
    return sorted(rows, key=lambda row: (row.timestamp, row.partition, row.offset))


def _is_older(one: _Truth, other: _Truth) -> bool:
    if one.version is None or other.version is None:
        return came_before(one.raw, other.raw)
    return is_older((one.version, one.updated_at, one.raw), (other.version, other.updated_at, other.raw))


def _last_state(rows: Sequence[StateRow]) -> StateRow | None:
    """The last one. A state of a release before 0.2, which had no fence, counts only until there is another."""
    last: StateRow | None = None
    for row in sorted(rows, key=lambda row: row.offset):
        if last is None or last.gone or row.fenced or row.gone or _replaces_first(row, last):
            last = row
    return None if last is None or last.gone else last


def _replaces_first(row: StateRow, last: StateRow) -> bool:
    """Among states of a release before 0.2 the one of the later raw record counts."""
    if last.fenced:
        return False
    if (
        row.raw is None
        or last.raw is None
        or (row.raw.topic, row.raw.partition) != (last.raw.topic, last.raw.partition)
    ):
        return True
    return row.raw.offset >= last.raw.offset


def _of_state(state: StateRow | None, topics: Topics) -> _Truth | None:
    if state is None:
        return None
    at = Coordinates(topics.live, state.partition, state.offset)
    if state.deleted:
        return _Truth(at, state.deleted_at)
    return _Truth(
        at,
        state.raw,
        state.version,
        state.updated_at,
        state.text_sha256,
        state.extraction_id,
        claims=frozenset(state.claims),
    )


def _is_same(told: _Truth, found: _Truth) -> bool:
    return told.is_deletion == found.is_deletion and told.extraction_id == found.extraction_id


def _explains(state: StateRow | None, told: _Truth, found: _Truth) -> bool:
    """True if the state is right and articles.extracted has no more what it was made from.

    Compaction keeps of a key the record that came last, which may be an older version, or one that had come before.
    """
    if state is None or _is_same(told, found):
        return False
    if told.is_deletion:
        return came_before(found.raw, told.raw)
    if found.is_deletion or _is_older(found, told):
        return came_before(found.raw, told.raw) if found.is_deletion else True
    return found.extraction_id in state.seen and found.raw is not None and _stood_at(found.raw, told.raw)


def _stood_at(one: RawPlace, other: RawPlace | None) -> bool:
    return other is not None and (one.topic, one.partition, one.offset) == (other.topic, other.partition, other.offset)


def _last_claims(rows: Sequence[ClaimRow], stray: Mapping[str, ClaimRow]) -> dict[str, ClaimRow]:
    """The record of each claim that a reader of the compacted topic has: the last one."""
    last: dict[str, ClaimRow] = {}
    tombstones = [stray[claim_id] for claim_id in {row.claim_id for row in rows} if claim_id in stray]
    for row in (*rows, *tombstones):
        known = last.get(row.claim_id)
        if known is None or _is_later(row, known):
            last[row.claim_id] = row
    return last


def _is_later(row: ClaimRow, than: ClaimRow) -> bool:
    if row.partition == than.partition:
        return row.offset > than.offset
    return (row.timestamp, row.partition) > (than.timestamp, than.partition)


def _of_claims(uri: str, last: Mapping[str, ClaimRow], truth: _Truth | None, topics: Topics) -> Iterable[ClaimFinding]:
    for claim_id, row in last.items():
        if row.status == ClaimStatus.ASSERTED and (judged := _judged(row, truth)) is not None:
            wrong, detail = judged
            yield _finding(wrong, uri, claim_id, row, truth, topics, detail)
    for claim_id in sorted(truth.claims) if truth else ():
        known = last.get(claim_id)
        if known is None or known.status != ClaimStatus.ASSERTED:
            found = "no record" if known is None else f"its last record is {known.status or 'a tombstone'}"
            yield _finding(Wrong.MISSING, uri, claim_id, known, truth, topics, f"not asserted: {found}")


def _judged(row: ClaimRow, truth: _Truth | None) -> tuple[Wrong, str] | None:
    """What is wrong with an asserted claim; None if its article makes it."""
    if truth is None:
        return Wrong.UNKNOWN_ARTICLE, "neither articles.extracted nor articles.live has its article"
    if truth.is_deletion:
        return Wrong.DELETED, "its article is deleted"
    if truth.cancelled:
        return Wrong.CANCELLED, f"its article is cancelled in version {truth.version}"
    if row.claim_id not in truth.claims:
        return Wrong.NOT_MADE, f"version {row.version} made it, version {truth.version} does not"
    same_text = not truth.text_sha256 or row.text_sha256 == truth.text_sha256
    same_record = row.raw is None or truth.raw is None or _stood_at(row.raw, truth.raw)
    if row.version != truth.version or not same_text or not same_record:
        return Wrong.OUTDATED, f"version {truth.version} makes it, but its record is of version {row.version}"
    return None


def _finding(
    wrong: Wrong, uri: str, claim_id: str, row: ClaimRow | None, truth: _Truth | None, topics: Topics, detail: str
) -> ClaimFinding:
    claim = Coordinates(topics.claims, row.partition, row.offset) if row else None
    return ClaimFinding(wrong, uri, claim_id, claim, truth.at if truth else None, detail, truth.raw if truth else None)


def _wrong_state(uri: str, told: _Truth, found: _Truth) -> ClaimFinding:
    has = "a deletion" if told.is_deletion else f"version {told.version}"
    youngest = "a deletion" if found.is_deletion else f"version {found.version}"
    detail = f"the state at {told.at} is of {has}, the youngest record of the article is {youngest}"
    return ClaimFinding(Wrong.STATE, uri, "", None, found.at, detail, found.raw)


def _against_state(
    uri: str, last: Mapping[str, ClaimRow], truth: _Truth, state: StateRow, topics: Topics
) -> Iterable[ClaimFinding]:
    """The state is of the youngest version: it must name its claims, with the revisions that claims has."""
    at = Coordinates(topics.live, state.partition, state.offset)
    if not truth.is_deletion and set(state.claims) != truth.claims:
        detail = f"the state at {at} has {len(state.claims)} claims, its version makes {len(truth.claims)} or others"
        yield ClaimFinding(Wrong.STATE, uri, "", None, truth.at, detail, truth.raw)
    for claim_id, revision in state.claims.items():
        row = last.get(claim_id)
        if row is not None and row.status == ClaimStatus.ASSERTED and row.revision != revision:
            detail = f"its record has revision {row.revision}, the state at {at} has {revision}"
            yield _finding(Wrong.REVISION, uri, claim_id, row, truth, topics, detail)
