"""What both registries promise: one plan for all, and each part of an entry as it was written."""

from __future__ import annotations

import asyncio

import pytest

from tests.replay.contract.harness import plan
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.registry import FolderRegistry, TopicRegistry


@pytest.fixture(params=["folder", pytest.param("topic", marks=[pytest.mark.kafka, pytest.mark.slow])])
def opened(request, tmp_path):
    """Opens the registry; each call as another process would."""
    if request.param == "folder":
        return lambda: FolderRegistry(tmp_path)
    kafka, prefix = request.getfixturevalue("kafka"), request.getfixturevalue("topics_prefix")
    return lambda: TopicRegistry(kafka.brokers, prefix + "replays", 1)


async def test_there_is_no_replay_before_one_was_begun(opened):
    assert await opened().all() == {}


async def test_the_first_plan_counts_for_all(opened):
    first, other = plan(), plan(pipeline="8")
    assert await opened().begin(first) == first
    assert await opened().begin(other) == first
    assert (await opened().all())["t"].plan == first


async def test_processes_that_begin_at_once_agree_on_a_plan(opened):
    plans = [plan(pipeline=str(number)) for number in range(4)]
    agreed = await asyncio.gather(*(opened().begin(one) for one in plans))
    assert len({one.pipeline for one in agreed}) == 1
    assert (await opened().all())["t"].plan == agreed[0]


async def test_each_part_comes_back_as_written(opened):
    registry = opened()
    await registry.begin(plan())
    await registry.write("t", "control", {"paused": True})
    await registry.write("t", "place", {"position": 3, "note": "n"})
    await registry.write("t", "place", {"position": 7, "note": "m"})
    await registry.write("t", "finished", {"by": "one", "at": "now"})
    report = {"name": "t", "source": "x", "pipeline": "7", "models": {}, "written_to": [], "seconds": 1.5}
    report |= ReplayCounts(read=7).as_dict()
    await registry.write("t", "report", report)
    entry = (await opened().all())["t"]
    assert (entry.paused, entry.finished_by) == (True, "one")
    assert entry.place == {"position": 7, "note": "m"}
    assert entry.report == report
    await registry.write("t", "control", {"paused": False})
    assert not (await opened().all())["t"].paused


async def test_the_first_process_to_finish_reports(opened):
    registry = opened()
    await registry.begin(plan())
    await registry.write("t", "finished", {"by": "one", "at": "now"})
    await opened().write("t", "finished", {"by": "two", "at": "later"})
    assert (await registry.all())["t"].finished_by == "one"


async def test_a_forgotten_replay_leaves_its_name_and_the_others(opened):
    registry = opened()
    await registry.begin(plan("gone"))
    await registry.begin(plan("stays"))
    await registry.write("gone", "control", {"paused": True})
    await registry.forget("gone")
    assert (await opened().all()).keys() == {"stays"}
    again = plan("gone", pipeline="9")
    assert await opened().begin(again) == again
    assert not (await opened().all())["gone"].paused
