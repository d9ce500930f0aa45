"""What a membership asks of its Kafka client at each poll."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from worker.streaming.consume.client import fetch_patiently, known_position

_PARTITION = TopicPartition("articles.raw", 0)


class _Consumer:
    """Says where a partition is once that is known, as aiokafka's consumer does."""

    def __init__(self, offset=None, error=None):
        self.offset, self.error, self.asked, self.ended = offset, error, 0, 0

    async def position(self, partition):
        self.asked += 1
        try:
            if self.error:
                raise self.error
            while self.offset is None:
                await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=60)
            return self.offset
        finally:
            self.ended += 1


async def test_a_position_that_is_known_is_told_without_a_turn_of_the_loop():
    turns = 0

    def turn():
        nonlocal turns
        turns += 1

    asyncio.get_running_loop().call_soon(turn)
    assert known_position(_Consumer(offset=7), _PARTITION) == 7
    assert turns == 0


@pytest.mark.parametrize("consumer", [_Consumer(), _Consumer(error=IllegalStateError("moved"))])
async def test_a_position_that_is_not_known_is_not_waited_for(consumer):
    assert known_position(consumer, _PARTITION) is None
    assert consumer.asked == consumer.ended == 1


def test_brokers_hold_fetches_for_longer_while_nothing_comes():
    fetcher = SimpleNamespace(_fetch_max_wait_ms=250)
    consumer = SimpleNamespace(_fetcher=fetcher)
    fetch_patiently(consumer, idle=True)
    assert fetcher._fetch_max_wait_ms == 1000
    fetch_patiently(consumer, idle=False)
    assert fetcher._fetch_max_wait_ms == 250
