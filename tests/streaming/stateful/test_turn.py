"""Whose turn it is: the member's with the freshest state, and nobody else's."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka.cluster import ClusterMetadata

from tests.running import prepare
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.observer import Observer
from worker.streaming.stateful.turn import Turn
from worker.streaming.stateful.turn_assignor import TurnAssignor


class Cluster(ClusterMetadata):
    def partitions_for_topic(self, topic):
        return {0, 1, 2}


def given(freshness):
    """Who is given the partitions, of members by name with what they tell."""
    members = {name: TurnAssignor(lambda fresh=fresh: fresh).metadata(["t"]) for name, fresh in freshness.items()}
    assigned = TurnAssignor(lambda: 0).assign(Cluster(), members)
    assert assigned.keys() == members.keys()
    return {name: assignment.assignment for name, assignment in assigned.items() if assignment.assignment}


def test_all_partitions_are_given_to_the_member_with_the_freshest_state():
    assert given({"a": 5, "b": 70, "c": 6}) == {"b": [("t", [0, 1, 2])]}
    assert given({"a": 0, "b": 0}).keys() == {"b"}


def test_what_is_no_freshness_counts_as_none():
    members = {"a": TurnAssignor(lambda: 3).metadata(["t"]), "b": TurnAssignor(lambda: 9).metadata(["t"])}
    members["b"].user_data = b"soon"
    assigned = TurnAssignor(lambda: 0).assign(Cluster(), members)
    assert assigned["a"].assignment


async def until(done):
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.1)


class Work:
    def __init__(self):
        self._over = asyncio.Event()

    async def run(self):
        await self._over.wait()

    def close(self):
        self._over.set()


def options_for(kafka, topics, prefix):
    return ConsumerOptions(
        brokers=kafka.brokers,
        group=f"{prefix}turn",
        topic=topics.claims,
        stage="link",
        drain_timeout_s=5,
        session_timeout_s=6,
        max_fetch_bytes=1024,
    )


class CutOff(Work):
    async def run(self):
        raise asyncio.CancelledError


@pytest.mark.kafka
async def test_work_that_ends_by_itself_is_begun_again(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=3)
    made = []

    def work():
        made.append(CutOff() if len(made) < 2 else Work())
        return made[-1]

    turn = Turn(options_for(kafka, topics, topics_prefix), Observer(), work, lambda: 0)
    task = asyncio.create_task(turn.run())
    try:
        await until(lambda: len(made) == 3)
    finally:
        await turn.stop()
        await task


@pytest.mark.kafka
async def test_what_is_done_between_turns_ends_before_the_turn_begins(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=3)
    options, done, turns, tasks = options_for(kafka, topics, topics_prefix), [], [], []

    class Noted(Work):
        def __init__(self, what):
            super().__init__()
            self._what = what

        async def run(self):
            done.append(f"{self._what} begins")
            await super().run()
            done.append(f"{self._what} ends")

    def join(name, freshness):
        made = [lambda what=what: Noted(f"{name}: {what}") for what in ("turn", "standby")]
        turns.append(Turn(options, Observer(), made[0], lambda: freshness, made[1]))
        tasks.append(asyncio.create_task(turns[-1].run()))
        return turns[-1]

    try:
        first = join("first", 5)
        await until(lambda: first.is_here)
        second = join("second", 50)  # its file was written later, and yet it is not its turn
        await until(lambda: "second: standby begins" in done)
        assert not second.is_here
        await first.stop()
        await until(lambda: second.is_here)
    finally:
        for turn in turns:
            await turn.stop()
        await asyncio.gather(*tasks)
    assert done == [
        "first: turn begins",
        "second: standby begins",
        "first: turn ends",
        "second: standby ends",
        "second: turn begins",
        "second: turn ends",
    ]


@pytest.mark.kafka
async def test_the_turn_stays_when_others_come_and_goes_on_when_its_holder_ends(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=3)
    options = options_for(kafka, topics, topics_prefix)
    turns, tasks = [], []

    def join(freshness):
        turns.append(Turn(options, Observer(), Work, lambda: freshness))
        tasks.append(asyncio.create_task(turns[-1].run()))
        return turns[-1]

    try:
        first = join(50)
        await until(lambda: first.is_here)
        second, third = join(10), join(20)
        await until(lambda: second._generation and third._generation)
        assert [turn.is_here for turn in turns] == [True, False, False]
        await first.stop()
        await until(lambda: third.is_here)
        assert not second.is_here
    finally:
        for turn in turns:
            await turn.stop()
        await asyncio.gather(*tasks)
