"""Commits that Kafka does not take make the worker not ready, and say why; one failure alone does not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

from worker.streaming.consume import commits
from worker.streaming.consume.commits import Committer
from worker.streaming.watch.condition import Condition

PARTITION = TopicPartition("articles.raw", 0)


class Consumer:
    def __init__(self):
        self.refuses = True

    async def commit(self, offsets):
        if self.refuses:
            raise GroupCoordinatorNotAvailableError


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(commits, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.mark.parametrize("ends", ["a commit is taken", "the membership ends"])
async def test_readiness_names_what_keeps_the_offsets_until_that_ends(clock, ends):
    consumer, condition = Consumer(), Condition([])
    committer = Committer("ingest", consumer, condition)
    partitions = {PARTITION: SimpleNamespace(progress=(7, ""), committed=0, noted="", fenced=False)}
    assert not await committer.commit(partitions)
    assert condition.why_not_ready() == []
    clock[0] += 6
    assert not await committer.commit(partitions)
    (why,) = condition.why_not_ready()
    assert why.startswith("__consumer_offsets takes no outputs since")
    assert "GroupCoordinatorNotAvailableError" in why
    if ends == "a commit is taken":
        consumer.refuses = False
        assert await committer.commit(partitions)
    else:
        committer.close()
    assert condition.why_not_ready() == []
