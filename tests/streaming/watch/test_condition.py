from __future__ import annotations

import time

from aiokafka import TopicPartition

from worker.streaming.observer import Pause
from worker.streaming.outcome import Ok
from worker.streaming.record import Record
from worker.streaming.watch.condition import Condition

RECORD = Record("t", 0, 0, 0, None, b"", ())


def _joined():
    condition = Condition(["ingest"])
    condition.assigned("ingest", [], 1)
    return condition


def test_it_is_ready_once_its_groups_are_joined():
    condition = Condition(["ingest", "retry"])
    condition.assigned("ingest", [], 1)
    assert condition.why_not_ready() == ["retry has not joined its group yet"]
    condition.assigned("retry", [], 1)
    assert condition.why_not_ready() == []


def test_it_is_not_ready_while_the_work_loads():
    condition = _joined()
    condition.loading("the models")
    assert condition.why_not_ready() == ["still loading: the models"]
    condition.loading(None)
    assert condition.why_not_ready() == []


def test_an_output_that_fails_makes_it_not_ready_and_leaves_it_alive():
    condition = _joined()
    condition.output_failing("claims", time.monotonic() - 7, "no leader")
    (why,) = condition.why_not_ready()
    assert "claims" in why
    assert "no leader" in why
    assert condition.why_not_alive() is None
    condition.output_mended("claims", 7.0)
    assert condition.why_not_ready() == []


def test_a_full_budget_is_ordinary_work_and_an_open_breaker_is_not():
    condition = _joined()
    condition.paused("ingest", Pause.BUDGET, "full")
    assert condition.why_not_ready() == []
    condition.paused("ingest", Pause.BREAKER, "too many dead")
    assert condition.why_not_ready() == ["too many dead"]
    condition.resumed("ingest", Pause.BREAKER, 1.0)
    assert condition.why_not_ready() == []


def test_a_stall_ends_the_life_until_there_is_progress():
    condition = _joined()
    condition.stalled(130.0)
    assert "130s" in condition.why_not_alive()
    condition.settled("ingest", RECORD, Ok(()))
    assert condition.why_not_alive() is None


def test_a_lost_offset_is_said():
    condition = _joined()
    condition.offset_lost("ingest", TopicPartition("articles.raw", 3), 100, 150)
    (why,) = condition.why_not_ready()
    assert "articles.raw[3]@100" in why
