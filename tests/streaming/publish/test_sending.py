"""Outputs handed to a producer as whole batches: each has its offset, and those of a partition keep their order."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaError

from worker.streaming.outcome import Output
from worker.streaming.publish.sending import Sending

_ROOM = 3
"""Records of a batch."""


class _Batch:
    def __init__(self):
        self.records, self.closed = [], False

    def record_count(self):
        return len(self.records)

    def append(self, *, timestamp, key, value, headers):
        if len(self.records) == _ROOM:
            return None
        self.records.append((key, value))
        return object()

    def close(self):
        self.closed = True


class _Producer:
    """Keeps what it gets, by topic and partition. `refuses`: a topic that takes nothing; `fails`: that queues none."""

    def __init__(self, refuses="", fails=""):
        self.written, self.handed, self._refuses, self._fails = {}, [], refuses, fails

    def create_batch(self):
        return _Batch()

    def _answer(self, topic, partition, records):
        if topic == self._fails:
            raise KafkaError("not queued")
        answer = asyncio.get_running_loop().create_future()
        if topic == self._refuses:
            answer.set_exception(KafkaError("refused"))
            return answer
        log = self.written.setdefault((topic, partition), [])
        answer.set_result(SimpleNamespace(offset=len(log)))
        log += records
        self.handed.append(len(records))
        return answer

    async def send_batch(self, batch, topic, *, partition):
        assert batch.closed
        return self._answer(topic, partition, batch.records)

    async def send(self, topic, *, value, key, partition, headers, timestamp_ms):
        return self._answer(topic, partition, [(key, value)])


def _output(number, topic="claims", partition=0, size=10):
    return Output(topic, str(number).encode(), b"x" * size, [], partition)


async def _sent(producer, outputs):
    sending = Sending(producer)
    await sending.send(outputs)
    return await sending.ended()


async def test_each_output_has_its_offset_and_a_partition_its_order():
    producer = _Producer()
    outputs = [_output(number, partition=number % 2) for number in range(10)]
    offsets = await _sent(producer, outputs)
    for output, offset in zip(outputs, offsets, strict=True):
        assert producer.written["claims", output.partition][offset][0] == output.key
    for log in producer.written.values():
        assert [int(key) for key, _ in log] == sorted(int(key) for key, _ in log)
    assert producer.handed == [3, 2, 3, 2]


async def test_a_large_output_goes_alone_and_in_its_turn():
    producer = _Producer()
    offsets = await _sent(producer, [_output(0), _output(1, size=100_000), _output(2)])
    assert offsets == [0, 1, 2]
    assert producer.handed == [1, 1, 1]


async def test_an_output_without_a_partition_is_left_to_the_producer():
    producer = _Producer()
    assert await _sent(producer, [_output(0, "dead", None), _output(1), _output(2)]) == [0, 0, 1]
    assert producer.handed == [1, 2]


async def test_a_refusal_is_told_of_each_output_of_its_batch():
    offsets = await _sent(_Producer(refuses="claims"), [_output(0), _output(1), _output(2, "live")])
    assert [isinstance(each, KafkaError) for each in offsets] == [True, True, False]


async def test_what_was_sent_before_one_that_is_not_even_queued_is_waited_for():
    producer = _Producer(fails="live")
    sending = Sending(producer)
    with pytest.raises(KafkaError, match="not queued"):
        await sending.send([_output(0), _output(1, "live")])
    assert await sending.ended() == [0]
