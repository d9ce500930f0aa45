"""What is written of a record: the same outputs as live, in the topics of the replay."""

from __future__ import annotations

from collections.abc import Sequence

from worker.agents.lifecycle import claim_records
from worker.contract.dead_letter import DeadReason
from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.plan import Target
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output
from worker.streaming.publisher import Publisher, Record

__all__ = ["outputs_of", "settled"]


def outputs_of(record: Record, outcome: Outcome, topics: Topics, target: Target, letters: Publisher) -> list[Output]:
    """In place the claims are left to the worker's lifecycle, which also retracts what is no longer said."""
    match outcome:
        case Ok(outputs):
            if target is Target.IN_PLACE:
                return list(outputs)
            return [out for output in outputs for out in (output, *_claims(record, output, topics))]
        case Drop(reason, detail):
            return [_passed(record, "dropped", str(reason), detail, topics)]
        case Dead():
            letter = letters.dead_letter(record, outcome, value_left_out=True)
            return [Output(letter.topic, letter.key, b"", [("claimwire_outcome", b"dead"), *letter.headers])]


def _claims(record: Record, output: Output, topics: Topics) -> list[Output]:
    # the extraction's own offset is not known before it is published: its source is the raw record's place
    extraction = Record(
        record.topic, record.partition, record.offset, record.timestamp, output.key, output.value, tuple(output.headers)
    )
    return claim_records(extraction, topics)


def _passed(record: Record, outcome: str, reason: str, detail: str, topics: Topics) -> Output:
    told = {
        "outcome": outcome,
        "reason": reason,
        "error": detail,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
    }
    headers = [(f"claimwire_{name}", str(value).encode("utf-8", "replace")) for name, value in told.items()]
    return Output(topics.dead, record.key, b"", headers)


def settled(
    records: Sequence[Record], outcomes: Sequence[Outcome], outputs: Sequence[Sequence[Output]], claims: str
) -> Counts:
    """The counts of one batch; `claims`: the topic whose records are claims."""
    counts = Counts(read=len(records), bytes=sum(len(r.value or b"") + len(r.key or b"") for r in records))
    for outcome, each in zip(outcomes, outputs, strict=True):
        match outcome:
            case Ok():
                counts.ok += 1
                counts.claims += sum(output.topic == claims for output in each)
            case Drop(reason):
                counts.dropped += 1
                counts.reasons[f"dropped.{reason}"] += 1
            case Dead(reason):
                counts.dead += 1
                counts.reasons[f"dead.{DeadReason(reason)}"] += 1
    return counts
