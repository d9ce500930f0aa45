"""The outputs of one replayed record: the same as live, made by the same functions, for the topics of the replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worker.contract.headers.claimwire_headers import PREFIX, headers_of
from worker.contract.headers.cloud_events import Headers
from worker.contract.reasons import DeadReason, DropReason
from worker.contract.topics import Topics
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import Target
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import Completeness, dead_letter

__all__ = ["RecordOutputs", "count_outcomes", "oversized_outputs", "record_outputs"]

_OUTCOME = PREFIX + "outcome"


@dataclass(slots=True)
class RecordOutputs:
    """The final outcome of a record, the outputs to publish for it, and the change of its article's state."""

    outcome: Outcome
    outputs: list[Output] = field(default_factory=list)
    claims: int = 0
    state: tuple[bytes, bytes | None] | None = None
    """Key of the article and its new state; None where the state does not change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _DroppedNote:
    """The headers of a dropped record in the replay's topic `.passed`, as one object."""

    outcome: str
    reason: DropReason
    error: str
    topic: str
    partition: int
    offset: int
    timestamp: int


def record_outputs(
    record: Record, outcome: Outcome, state_of: Callable[[bytes], bytes | None], topics: Topics, target: Target
) -> RecordOutputs:
    """The extraction, then the claim events that the lifecycle decides on, given the article's state (`state_of`).

    In place there are no claim events: the live worker's lifecycle makes them, since only its table says which claims
    are live.
    """
    match outcome:
        case Ok((extraction,), about):
            if target is Target.IN_PLACE:
                return RecordOutputs(outcome, [extraction], about.claims)
            return _with_claims(record, outcome, extraction, state_of(extraction.key or b""), topics)
        case Ok():
            raise ValueError(f"{record}: an article gives one extraction, this one gave {len(outcome.outputs)}")
        case Drop():
            return RecordOutputs(outcome, [_dropped(record, outcome, topics)])
        case Retry(reason, error):
            return _dead(record, Dead(DeadReason.RETRIES_EXHAUSTED, f"{reason}: {error}", outcome.about), topics)
        case Dead():
            return _dead(record, outcome, topics)


def _with_claims(record: Record, outcome: Ok, extraction: Output, state: bytes | None, topics: Topics) -> RecordOutputs:
    # the extraction has no offset before it is published: it gets the coordinates of the raw record
    extracted = Record(
        record.topic,
        record.partition,
        record.offset,
        record.timestamp,
        extraction.key,
        extraction.value,
        tuple(extraction.headers),
    )
    decided, after = decide(extracted, state, topics)
    change = None if after == state else (extraction.key or b"", after)
    match decided:
        case Ok(events):
            claims = sum(event.value is not None for event in events)
            return RecordOutputs(outcome, [extraction, *events], claims, change)
        case Drop():
            return RecordOutputs(decided, [extraction, _dropped(record, decided, topics)], 0, change)
        case Dead() | Retry():
            dead = decided if isinstance(decided, Dead) else Dead(DeadReason.LIFECYCLE_FAILED, decided.error)
            outputs = _dead(record, dead, topics)
            outputs.outputs.insert(0, extraction)
            return outputs


def oversized_outputs(record: Record, before: RecordOutputs, topics: Topics) -> RecordOutputs:
    """The dead letter of a record when the topic refused one of its outputs (`before`) as too large.

    The change of the article's state stays as it was decided, as in the live worker.
    """
    dead = Dead(DeadReason.OUTPUT_TOO_LARGE, "an output of it is larger than the topic takes", before.outcome.about)
    instead = _dead(record, dead, topics)
    instead.state = before.state
    return instead


def _dead(record: Record, dead: Dead, topics: Topics) -> RecordOutputs:
    letter = dead_letter(
        topics.dead, record, dead, Completeness.WITHOUT_VALUE
    )  # the value can be read at its coordinates
    headers: Headers = [(_OUTCOME, b"dead"), *letter.headers]
    return RecordOutputs(dead, [Output(letter.topic, letter.key, letter.value, headers)])


def _dropped(record: Record, drop: Drop, topics: Topics) -> Output:
    note = _DroppedNote(
        outcome="dropped",
        reason=drop.reason,
        error=drop.detail,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
    )
    return Output(topics.dead, record.key, b"", headers_of(note))


def count_outcomes(records: Sequence[Record], outputs: Sequence[RecordOutputs]) -> ReplayCounts:
    """The counts of one batch.

    Raises:
        ValueError: an outcome is still a retry.
    """
    counts = ReplayCounts(read=len(records), bytes=sum(len(r.value or b"") + len(r.key or b"") for r in records))
    for one in outputs:
        counts.claims += one.claims
        match one.outcome:
            case Ok():
                counts.ok += 1
            case Drop(reason):
                counts.dropped += 1
                counts.reasons[f"dropped.{reason}"] += 1
            case Dead(cause):
                counts.dead += 1
                counts.reasons[f"dead.{cause}"] += 1
            case Retry():
                raise ValueError("a retry is resolved before it is counted")
    return counts
