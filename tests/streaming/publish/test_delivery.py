"""Outputs over a producer that fails as the test says: what a broker cannot be made to do at will."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest
from aiokafka.errors import (
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumber,
    TopicAuthorizationFailedError,
)

from worker.brokers import Brokers
from worker.streaming.observer import Observer
from worker.streaming.outcome import Output
from worker.streaming.publish import delivery as delivery_module
from worker.streaming.publish.delivery import FencedError, PublishError
from worker.streaming.publish.publisher import Publisher


class _Producer:
    """Stands in for RenewableProducer. `answers[value]`: what each try of that output meets; then it is written."""

    def __init__(self):
        self.generation, self.stopped, self.written, self.tries = 0, False, [], []
        self.answers = defaultdict(list)
        self.silent = set()

    async def _send(self, output, *, alone):
        self.tries.append((output.value, alone, self.generation))
        answers = self.answers[output.value]
        answer = answers.pop(0) if answers else None
        if isinstance(answer, KafkaTimeoutError):
            raise answer
        future = asyncio.get_running_loop().create_future()
        if output.value in self.silent:
            return future
        if answer is None:
            self.written.append(output.value)
            future.set_result(None)
        else:
            future.set_exception(answer)
        return future

    async def send(self, output):
        return await self._send(output, alone=False)

    async def send_alone(self, output):
        return await self._send(output, alone=True)

    async def replace(self, generation):
        if generation == self.generation:
            self.generation += 1


class _Heard(Observer):
    def __init__(self):
        self.failing, self.mended, self.counts = [], [], {}

    def output_failing(self, topic, since, error):
        self.failing.append((topic, error))

    def output_mended(self, topic, seconds):
        self.mended.append(topic)

    def published(self, topic, records, size, seconds):
        self.counts[topic] = self.counts.get(topic, 0) + records


@pytest.fixture
def heard():
    return _Heard()


@pytest.fixture
def publisher(heard, monkeypatch):
    monkeypatch.setattr(delivery_module, "_LATE_S", 0.05)
    monkeypatch.setattr(delivery_module, "Backoff", lambda *_: _NoWait())
    made = Publisher(Brokers("127.0.0.1:1"), idempotent=True, compression="none", client_id="c", observer=heard)
    made.producer = _Producer()
    return made


class _NoWait:
    def next_s(self):
        return 0.0

    def reset(self):
        pass


def _output(value, key=None):
    return Output("out", key, value, [])


async def test_a_refused_output_is_tried_again_until_the_broker_takes_it(publisher, heard):
    publisher.producer.answers[b"1"] = [NotLeaderForPartitionError(), TopicAuthorizationFailedError("out")] * 5
    await publisher.publish([_output(b"0"), _output(b"1"), _output(b"2")])
    assert sorted(publisher.producer.written) == [b"0", b"1", b"2"]
    assert len([t for t in publisher.producer.tries if t[0] == b"1"]) == 11
    assert any("grant it WRITE" in error for _, error in heard.failing)
    assert heard.mended == ["out"]
    assert publisher.failing_since is None
    assert heard.counts == {"out": 3}


async def test_an_output_is_never_overtaken_by_a_later_one_with_its_key(publisher):
    publisher.producer.answers[b"v1"] = [NotLeaderForPartitionError()] * 3
    await publisher.publish([_output(b"v1", b"k"), _output(b"w", b"other"), _output(b"v2", b"k")])
    written = [value for value in publisher.producer.written if value in (b"v1", b"v2")]
    assert written == [b"v1", b"v2"]


async def test_after_a_refusal_another_producer_goes_on(publisher):
    publisher.producer.answers[b"1"] = [OutOfOrderSequenceNumber()]
    await publisher.publish([_output(b"1")])
    assert publisher.producer.tries == [(b"1", False, 0), (b"1", False, 1)]


async def test_only_the_one_that_is_too_large_is_given_up(publisher):
    # the three shared a batch of the client, and the broker refused it as a whole
    for value in (b"small", b"large", b"tiny"):
        publisher.producer.answers[value] = [MessageSizeTooLargeError()]
    publisher.producer.answers[b"large"] *= 2
    delivery = publisher.delivery()
    receipts = [await delivery.add([_output(value)]) for value in (b"small", b"large", b"tiny")]
    await delivery.flush()
    assert [receipt.too_large is not None for receipt in receipts] == [False, True, False]
    assert publisher.producer.written == [b"small", b"tiny"]
    assert all(alone for _, alone, _ in publisher.producer.tries[3:])


async def test_an_output_without_an_answer_counts_as_failing_until_it_comes(publisher, heard):
    publisher.producer.silent.add(b"1")
    delivery = publisher.delivery()
    await delivery.add([_output(b"1")])
    flushing = asyncio.create_task(delivery.flush())
    await asyncio.sleep(0.15)
    assert publisher.failing_since is not None
    assert heard.failing
    delivery._open[0].future.set_result(None)
    await flushing
    assert publisher.failing_since is None


async def test_who_gives_up_waiting_leaves_no_failure_behind(publisher):
    publisher.producer.silent.add(b"1")
    publishing = asyncio.create_task(publisher.publish([_output(b"1")]))
    await asyncio.sleep(0.15)
    assert publisher.failing_since is not None
    publishing.cancel()
    await asyncio.gather(publishing, return_exceptions=True)
    assert publisher.failing_since is None


async def test_a_full_queue_is_waited_for(publisher):
    publisher.producer.answers[b"1"] = [KafkaTimeoutError(), KafkaTimeoutError()]
    await publisher.publish([_output(b"1")])
    assert publisher.producer.written == [b"1"]


async def test_what_belongs_to_another_owner_by_now_is_not_sent_again(publisher):
    ours = True
    publisher.producer.answers[b"1"] = [NotLeaderForPartitionError()] * 1000
    delivery = publisher.delivery(lambda: ours)
    await delivery.add([_output(b"1")])
    flushing = asyncio.create_task(delivery.flush())
    await asyncio.sleep(0.01)
    ours = False
    with pytest.raises(FencedError):
        await flushing
    assert publisher.producer.written == []
    with pytest.raises(FencedError):
        await delivery.add([_output(b"2")])


async def test_a_stopped_publisher_says_so_instead_of_trying_for_ever(publisher):
    publisher.producer.stopped = True
    publisher.producer.answers[b"1"] = [KafkaTimeoutError()]
    with pytest.raises(PublishError):
        await publisher.publish([_output(b"1")])
