"""Each answer of /health comes with its reason, and a fault of others does not ask for a restart."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition

from tests.observe.happenings import Clock, done, raw
from worker.observe.health import Health
from worker.streaming.observer import Pause


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    made = Health(stalled_after_s=30, clock=clock)
    made.loaded = True
    made.assigned("ingest", [TopicPartition("t", 0)], 1)
    return made


def test_ready_once_loaded_and_assigned(clock):
    health = Health(stalled_after_s=30, clock=clock)
    assert not health.ready().ok
    assert "loading" in health.ready().reason
    health.loaded = True
    assert "no partitions" in health.ready().reason
    health.assigned("ingest", [TopicPartition("t", 0)], 1)
    assert health.ready().ok
    assert health.live().ok


def test_a_worker_without_a_partition_stands_by_and_is_ready(health):
    health.revoked("ingest", [TopicPartition("t", 0)], 0)
    assert health.ready().ok
    assert any("stands by" in check.reason for check in health.ready().checks)


def test_idle_for_long_is_live(health, clock):
    clock.pass_(3600)
    assert health.live().ok
    assert "idle" in health.live().reason


def test_records_begun_and_none_settled_is_not_live(health, clock):
    clock.pass_(3600)
    health.record_taken("ingest", raw(1))
    clock.pass_(29)
    assert health.live().ok
    clock.pass_(2)
    verdict = health.live()
    assert not verdict.ok
    assert "none was settled for 31s" in verdict.reason
    health.settled("ingest", raw(1), done())
    assert health.live().ok


def test_a_broker_that_takes_nothing_is_not_ready_yet_live(health, clock):
    health.record_taken("ingest", raw(1))
    health.output_failing("claims", clock(), "NotEnoughReplicasError")
    clock.pass_(600)
    assert health.live().ok
    assert "waiting: Kafka has not taken outputs for claims for 600s" in health.live().reason
    assert not health.ready().ok
    assert "NotEnoughReplicasError" in health.ready().reason
    health.output_mended("claims", 600)
    assert health.ready().ok


def test_a_silent_broker_is_not_ready(health, clock):
    health.broker_silent = lambda: (clock() - 7, "timed out")
    assert not health.ready().ok
    assert "has not answered for 7s: timed out" in health.ready().reason


def test_an_open_breaker_is_not_ready_and_says_why(health):
    health.paused("ingest", Pause.BREAKER, "31 of the last 50 records went to the dead letters")
    assert "31 of the last 50" in health.ready().reason
    health.resumed("ingest", Pause.BREAKER, 5)
    assert health.ready().ok


def test_memory_full_for_a_moment_is_ordinary_work(health):
    health.paused("ingest", Pause.BUDGET, "64 MiB in flight")
    assert health.ready().ok


def test_the_watchdogs_word_is_taken(health):
    health.stalled(90)
    assert not health.live().ok
    assert "90s" in health.live().reason
    health.settled("ingest", raw(1), done())
    assert health.live().ok
