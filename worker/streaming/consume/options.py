"""The options of what reads topics in consumer groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.brokers import Brokers
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.streaming.consume.breaker import NEVER_OPENS, BreakerOptions
from worker.streaming.consume.offset_loss import OnOffsetLost
from worker.streaming.settle.settler import OutcomeTopics

__all__ = ["ConsumerOptions", "IntakeOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerOptions:
    """`topic` is read as a member of the consumer group `group`; `stage` names the reader in metrics and logs."""

    brokers: Brokers
    group: str
    topic: str
    stage: str
    drain_timeout_s: float
    session_timeout_s: float
    max_fetch_bytes: int
    instance_id: str = ""
    """Static membership: a member that comes back under this id within the session timeout keeps its partitions."""
    isolation: str = "read_committed"
    """read_committed: records of aborted and of open transactions are not read."""
    believed: BelievedHeaders = field(default_factory=BelievedHeaders)
    """Other headers of Claimwire's own are taken off each record when it is read: anybody can have written them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeOptions(ConsumerOptions):
    """The options of an intake, which settles each record by itself."""

    batch_records: int
    batch_bytes: int
    in_flight_bytes: int
    """Bound of the records that are read and not settled, and again of the outcomes that wait to be published."""
    parallel: int
    """Batches that are worked on at once. Those beyond it wait, and are the first to be released at a rebalance or a
    stop.
    """
    commit_interval_s: float
    outcome_topics: OutcomeTopics
    on_offset_lost: OnOffsetLost = OnOffsetLost.STOP
    breaker: BreakerOptions = NEVER_OPENS
    holds_back: bool = False
    """Each record waits until the time in its retry ticket has come."""
