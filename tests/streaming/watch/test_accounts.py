from __future__ import annotations

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from worker.contract.reasons import DeadReason, DropReason, RetryReason
from worker.streaming.observer_fanout import Observers
from worker.streaming.outcome import Dead, Drop, Ok, Retry
from worker.streaming.record import Record
from worker.streaming.watch.accounts import Accounts

_OUTCOMES = [
    Ok(()),
    Drop(DropReason.LANGUAGE, "de"),
    Retry(RetryReason.MEMORY, "x", 1.0),
    Dead(DeadReason.EMPTY, "x"),
    None,
]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(_OUTCOMES)), max_size=60))
def test_read_is_the_sum_of_the_outcomes_in_each_partition_once_all_is_settled(records):
    accounts = Accounts()
    observers = Observers(accounts)
    pending = []
    for offset, (partition, outcome) in enumerate(records):
        record = Record("t", partition, offset, 0, None, b"", ())
        observers.record_taken("ingest", record)
        pending.append((record, outcome))
        assert accounts.total("ingest").in_flight == len(pending)
    for record, outcome in pending:
        if outcome is None:
            observers.abandoned("ingest", record)  # its partition was revoked: it is read elsewhere
        else:
            observers.settled("ingest", record, outcome)
    for account in accounts.by_partition.values():
        assert account.in_flight == 0
        assert account.read == account.ok + account.dropped + account.retried + account.dead
    whole = accounts.total("ingest")
    assert whole.taken == len(records)
    assert whole.read == sum(outcome is not None for _, outcome in records)
    assert sum(whole.reasons.values()) == whole.dropped + whole.retried + whole.dead


def test_stages_and_reasons_are_counted_apart():
    accounts = Accounts()
    record = Record("t", 1, 0, 0, None, b"", ())
    for stage in ("ingest", "retry"):
        accounts.record_taken(stage, record)
    accounts.settled("ingest", record, Retry(RetryReason.CHILD_DIED, "x", 1.0))
    assert accounts.total("ingest").reasons == {"retried.child_died": 1}
    assert accounts.total("retry").in_flight == 1
    assert ("ingest", TopicPartition("t", 1)) in accounts.by_partition
