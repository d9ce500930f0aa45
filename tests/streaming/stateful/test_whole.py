"""One owner of whole topics at a time: what it publishes follows from all records, whoever else takes itself for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from tests.link.copies.stories import drawn, stories
from tests.link.live.test_links import claim_of
from tests.link.live.whole import whole
from tests.operation.linked_topics import has_read, published
from tests.running import prepare
from worker.agents.link_service import LinkService
from worker.consumer_groups import link_group
from worker.contract.codec import encode
from worker.contract.published.examples import example_extraction
from worker.link.live.neighbours import NeighbourBounds
from worker.settings import Settings
from worker.stages.linking import Linking
from worker.streaming.observer import Observer
from worker.streaming.stateful import whole as whole_owner
from worker.streaming.stateful.transactions import TransactionalWriter
from worker.streaming.topics.offset_reader import OffsetReader

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

STORIES = [text for _, text in stories(3, seed=11)]


class World:
    """Claims and texts that are written to their topics, and owners that link them, each with a folder of its own."""

    def __init__(self, broker, prefix, folder, topics):
        self.broker, self.prefix, self.folder, self.topics = broker, prefix, folder, topics
        self.group = link_group(prefix + prefix.strip("."))
        self.claims, self.texts = {}, {}
        self.random = drawn(5)
        self.running = []

    def owner(self, name):
        """An owner that runs; `close` it and wait for its task."""
        service = self._service(name)
        return self._run(service, service._owner())

    def standby(self, name):
        service = self._service(name)
        return self._run(service, service._new_standby())

    def _service(self, name):
        settings = Settings(
            brokers=self.broker.bootstrap,
            topic_prefix=self.prefix,
            app_id=self.prefix.strip("."),
            data_dir=str(self.folder / name),
        )
        return LinkService(settings, Observer())

    def _run(self, service, working):
        self.running.append((working, asyncio.create_task(working.run()), service))
        return working

    async def end(self, *owners):
        for owner, task, service in list(self.running):
            if not owners or owner in owners:
                owner.close()
                await task
                await service.on_stop()
                self.running.remove((owner, task, service))

    async def write(self, count):
        producer = AIOKafkaProducer(bootstrap_servers=self.broker.bootstrap)
        await producer.start()
        try:
            for _ in range(count):
                topic, key, value = self._change()
                await producer.send_and_wait(topic, value, key=key)
        finally:
            await producer.stop()

    def _change(self):
        number = self.random.randint(0, 150)
        claim = claim_of(number, version=str(number % 3))
        uri, key = claim.article.uri, claim.claim_id.encode()
        what = self.random.choice(["claim"] * 5 + ["text"] * 2 + ["drop"] * 2)
        if what == "claim":
            self.claims[claim.claim_id] = claim
            return self.topics.claims, key, encode(claim)
        if what == "drop":
            self.claims.pop(claim.claim_id, None)
            return self.topics.claims, key, None
        self.texts[uri] = str(number % 3), STORIES[number % 3]
        base = example_extraction()
        article = replace(base.article, uri=uri, text_sha256=str(number % 3))
        return self.topics.extracted, uri.encode(), encode(replace(base, article=article, text=STORIES[number % 3]))

    async def read(self):
        """Waits until all is linked that was written."""
        async with (
            OffsetReader(self.broker.brokers, limit_s=20, isolation="read_committed") as offsets,
            asyncio.timeout(90),
        ):
            while not await has_read(offsets, self.group, [self.topics.extracted, self.topics.claims]):
                await asyncio.sleep(0.2)

    async def check(self):
        await self.read()
        assert await published(self.broker, self.topics) == whole(self.claims, self.texts, NeighbourBounds())


async def until(done):
    async with asyncio.timeout(90):
        while not done():
            await asyncio.sleep(0.1)


@pytest.fixture
async def world(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=3, link=True)
    made = World(kafka, topics_prefix, tmp_path, topics)
    yield made
    await made.end()


async def test_of_two_that_take_themselves_for_the_owner_neither_does_harm(world):
    first = world.owner("one")
    await world.write(60)
    await world.check()
    second = world.owner("other")
    for _ in range(6):
        await world.write(15)
    await world.end(first)
    await world.write(10)
    await world.check()
    await world.end(second)
    world.owner("one")  # with a file from before
    await world.write(20)
    await world.check()


async def test_a_file_from_before_reads_what_it_missed_and_nothing_is_compared(world, caplog):
    first = world.owner("one")
    await world.write(60)
    await world.read()
    await world.end(first)
    second = world.owner("other")
    await world.write(30)
    await world.read()
    await world.end(second)
    caplog.clear()
    with caplog.at_level("INFO"):
        world.owner("one")
        await world.write(10)
        await world.check()
    assert "records were read after those of the file" in caplog.text
    assert "differed" not in caplog.text


async def test_a_standby_holds_what_was_published_and_goes_on_with_it_at_once(world, caplog):
    with caplog.at_level("INFO"):
        first, standby = world.owner("one"), world.standby("other")
        await world.write(60)
        await world.read()
        await until(lambda: standby.is_warm)
        await world.write(40)
        await world.read()
        await world.end(first)
        await until(lambda: standby.is_warm)
        await world.end(standby)
        caplog.clear()
        world.owner("other")
        await world.write(20)
        await world.check()
    assert "differed" not in caplog.text


async def test_a_standby_of_which_a_file_was_lost_is_begun_again(world, monkeypatch):
    world.owner("one")
    await world.write(40)
    await world.read()
    take, failed = Linking.take, []

    def fails(self, *given):
        if len(failed) < 2:
            failed.append(given)
            raise OSError("the disk is away")
        return take(self, *given)

    monkeypatch.setattr(Linking, "take", fails)
    standby = world.standby("other")
    await until(lambda: standby.is_warm)
    assert len(failed) == 2


async def test_a_step_that_is_in_kafka_and_not_in_the_file_is_found_and_nothing_is_wrong_after_it(world, monkeypatch):
    world.owner("one")
    await world.write(40)
    await world.read()
    kept, keep, failed = Linking.keep, Linking.keep, []

    def dies(self):
        if len(failed) < 3:
            failed.append(self.mark)
            raise OSError("the disk is away")
        kept(self)

    monkeypatch.setattr(Linking, "keep", dies)
    await world.write(40)
    await world.check()
    assert len(failed) == 3
    monkeypatch.setattr(Linking, "keep", keep)
    await world.write(20)
    await world.check()


async def test_a_write_of_which_nobody_knows_whether_it_was_done_is_looked_up(world, monkeypatch):
    world.owner("one")
    await world.write(40)
    await world.read()
    write, lost = TransactionalWriter.write_upto, []

    async def lose(self, outputs, upto):
        await write(self, outputs, upto)
        if len(lost) < 2:
            lost.append(len(outputs))
            raise TimeoutError("no answer")
        return []

    monkeypatch.setattr(TransactionalWriter, "write_upto", lose)
    await world.write(40)
    await world.check()
    assert len(lost) == 2


async def test_what_is_too_much_for_one_transaction_comes_out_whole(world, monkeypatch):
    monkeypatch.setattr(whole_owner, "_MOST_OUTPUTS", 5)
    await world.write(80)
    first = world.owner("one")
    await world.check()
    await world.write(80)
    await world.check()
    await world.end(first)
    await world.write(40)
    world.owner("other")
    await world.check()


async def test_an_owner_without_a_file_mends_what_is_wrong_in_the_topics(world):
    first = world.owner("one")
    await world.write(60)
    await world.read()
    await world.end(first)
    producer = AIOKafkaProducer(bootstrap_servers=world.broker.bootstrap)
    await producer.start()
    held = [key.encode() for kind, key in await published(world.broker, world.topics) if kind.value == "standing"]
    await producer.send_and_wait(world.topics.standing, b"{}", key=held[0])
    await producer.send_and_wait(world.topics.standing, None, key=held[1])
    await producer.send_and_wait(world.topics.standing, orjson.dumps({"a": 1}), key=b"nobody")
    await producer.stop()
    world.owner("other")
    await world.write(1)
    await world.check()


async def test_an_owner_that_is_closed_while_its_client_starts_ends_in_order(world, monkeypatch):
    begin, owners = whole_owner.AIOKafkaConsumer.start, []

    async def start(self):
        await begin(self)
        if self._client._client_id == world.group:  # not those that look up offsets
            owners[0].close()

    monkeypatch.setattr(whole_owner.AIOKafkaConsumer, "start", start)
    owners.append(world.owner("one"))
    ((_, task, _),) = world.running
    await asyncio.wait_for(task, 60)
