"""Each answer of /health comes with its reason, and a fault of others does not ask for a restart."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition

from tests.observe.happenings import Clock, done, raw
from worker.observe.health import Health
from worker.streaming.observer import Pause
from worker.streaming.observer_fanout import Observers
from worker.streaming.watch.condition import Condition


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(Condition(["ingest"]), lambda: None, clock)


@pytest.fixture
def told(health):
    return Observers(health._condition, health)


@pytest.fixture
def working(told):
    told.assigned("ingest", [TopicPartition("t", 0)], 1)
    return told


def test_ready_once_partitions_are_assigned(health, told):
    assert not health.ready().ok
    assert "loading" in health.ready().reason
    assert health.live().ok
    told.assigned("ingest", [TopicPartition("t", 0)], 1)
    assert health.ready().ok
    assert health.ready().reason == "1 partitions are assigned"


def test_a_worker_without_a_partition_stands_by_and_is_ready(health, working):
    working.revoked("ingest", [TopicPartition("t", 0)], 0)
    assert health.ready().ok
    assert "stands by" in health.ready().reason


def test_idle_is_live_and_says_so(health, working):
    working.record_taken("ingest", raw(1))
    assert health.live().reason == "working on 1 records"
    working.settled("ingest", raw(1), done())
    assert "idle" in health.live().reason


def test_outputs_refused_are_not_ready_yet_live(health, working):
    working.output_failing("claims", 0.0, "NotEnoughReplicasError")
    assert health.live().ok
    assert not health.ready().ok
    assert "NotEnoughReplicasError" in health.ready().reason
    working.output_mended("claims", 600)
    assert health.ready().ok


def test_a_silent_broker_is_not_ready_yet_live(clock):
    condition = Condition(["ingest"])
    health = Health(condition, lambda: (clock() - 7, "timed out"), clock)
    Observers(condition, health).assigned("ingest", [TopicPartition("t", 0)], 1)
    assert not health.ready().ok
    assert health.ready().reason == "Kafka has not answered for 7s: timed out"
    assert health.live().ok


def test_an_open_breaker_is_not_ready_and_says_why(health, working):
    working.paused("ingest", Pause.BREAKER, "31 of the last 50 records went to the dead letters")
    assert "31 of the last 50" in health.ready().reason
    working.resumed("ingest", Pause.BREAKER, 5)
    assert health.ready().ok


def test_memory_full_for_a_moment_is_ordinary_work(health, working):
    working.paused("ingest", Pause.BUDGET, "64 MiB in flight")
    assert health.ready().ok


def test_the_watchdogs_word_is_taken_until_there_is_progress(health, working):
    working.stalled(90)
    assert not health.live().ok
    assert "90s" in health.live().reason
    working.settled("ingest", raw(1), done())
    assert health.live().ok
