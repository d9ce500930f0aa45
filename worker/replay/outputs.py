"""What is written of a record: the same outputs as live, by the same functions, in the topics of the replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worker.agents.lifecycle import decide
from worker.contract.dead_letter import DeadReason
from worker.contract.headers import Headers
from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.plan import Target
from worker.streaming.dead_letters import Extent, dead_letter
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.record import Record

__all__ = ["Made", "counted", "made_of", "too_large"]


@dataclass(slots=True)
class Made:
    """What became of a record in the end, what is published for it, and the article's state after it."""

    outcome: Outcome
    outputs: list[Output] = field(default_factory=list)
    claims: int = 0
    state: tuple[bytes, bytes | None] | None = None
    """Key of the article and its new state; None where it stays as it was."""


def made_of(
    record: Record, outcome: Outcome, state_of: Callable[[bytes], bytes | None], topics: Topics, target: Target
) -> Made:
    """As the worker would: the extraction, then what the lifecycle makes of it in the state that the article is in.

    In place the lifecycle is left to the worker, whose table is the only one that knows what is live.
    """
    match outcome:
        case Ok((extraction,), about):
            if target is Target.IN_PLACE:
                return Made(outcome, [extraction], about.claims)
            return _with_claims(record, outcome, extraction, state_of(extraction.key or b""), topics)
        case Ok():
            raise ValueError(f"{record}: an article gives one extraction, this one gave {len(outcome.outputs)}")
        case Drop(reason, detail):
            return Made(outcome, [_passed(record, "dropped", str(reason), detail, topics)])
        case Retry(reason, error):
            return _dead(record, Dead(DeadReason.RETRIES_EXHAUSTED, f"{reason}: {error}", outcome.about), topics)
        case Dead():
            return _dead(record, outcome, topics)


def _with_claims(record: Record, outcome: Ok, extraction: Output, state: bytes | None, topics: Topics) -> Made:
    # the extraction's own offset is not known before it is published: its source is the raw record's place
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
            return Made(outcome, [extraction, *events], sum(event.value is not None for event in events), change)
        case Drop(reason, detail):
            passed = _passed(record, "dropped", str(reason), detail, topics)
            return Made(decided, [extraction, passed], 0, change)
        case Dead() | Retry():
            dead = decided if isinstance(decided, Dead) else Dead(DeadReason.LIFECYCLE_FAILED, decided.error)
            made = _dead(record, dead, topics)
            made.outputs.insert(0, extraction)
            return made


def too_large(record: Record, made: Made, topics: Topics) -> Made:
    """What becomes of a record one of whose outputs the topic does not take; the state stays decided, as live."""
    dead = Dead(DeadReason.OUTPUT_TOO_LARGE, "an output of it is larger than the topic takes", made.outcome.about)
    instead = _dead(record, dead, topics)
    instead.state = made.state
    return instead


def _dead(record: Record, dead: Dead, topics: Topics) -> Made:
    letter = dead_letter(topics.dead, record, dead, Extent.WITHOUT_VALUE)  # the value stands where it was read
    headers: Headers = [("claimwire_outcome", b"dead"), *letter.headers]
    return Made(dead, [Output(letter.topic, letter.key, letter.value, headers)])


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


def counted(records: Sequence[Record], made: Sequence[Made]) -> Counts:
    """The counts of one batch."""
    counts = Counts(read=len(records), bytes=sum(len(r.value or b"") + len(r.key or b"") for r in records))
    for each in made:
        counts.claims += each.claims
        match each.outcome:
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
