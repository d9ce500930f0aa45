"""Windows of topics in a real Kafka: out of order, with gaps, with transaction markers, and past the end."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from worker.streaming.byte_budget import ByteBudget
from worker.streaming.topics.window import Bounds, Selection, Window, WindowError, fix_window
from worker.streaming.topics.window_reader import WindowReader

pytestmark = pytest.mark.kafka
DAY = 24 * 3600 * 1000
T0 = int(time.time() * 1000) - 2 * DAY


async def _topic(kafka, name, partitions=1, **config):
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        settings = {key.replace("_", "."): str(value) for key, value in config.items()}
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings)])
    finally:
        await admin.close()


async def _send(kafka, topic, rows, **options):
    """Rows: partition, milliseconds after T0, key, value."""
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, **options) as producer:
        for partition, at, key, value in rows:
            await producer.send_and_wait(topic, value, key=key, partition=partition, timestamp_ms=T0 + at)


async def _read(kafka, window, **options):
    async with WindowReader(kafka.brokers, window, **options) as reader:
        records = [record async for record in reader]
    assert reader.positions == {p: max(b.end, b.start) for p, b in window.bounds.items()}
    return records


async def test_a_time_out_of_order_is_picked_exactly(kafka, topics_prefix):
    topic = topics_prefix + "disorder"
    await _topic(kafka, topic, 3)
    times = [10, 50, 20, 70, 30, 60, 39, 40, 19, 5, 25]
    await _send(kafka, topic, [(i % 2, at, b"k", str(at).encode()) for i, at in enumerate(times)])
    window = await fix_window(kafka.brokers, Selection(topic=topic, from_ms=T0 + 20, to_ms=T0 + 40))
    records = await _read(kafka, window)
    assert sorted(int(r.value) for r in records) == [20, 25, 30, 39]
    assert window.bounds[2].width == 0  # an empty partition
    # a bound on the lateness spares the rest of the partition: here the last five are not fetched
    near = await fix_window(kafka.brokers, Selection(topic=topic, from_ms=T0 + 20, to_ms=T0 + 25, lateness_ms=10))
    assert near.bounds[0].end < window.bounds[0].end


async def test_what_comes_later_is_not_in_the_window(kafka, topics_prefix):
    topic = topics_prefix + "later"
    await _topic(kafka, topic)
    await _send(kafka, topic, [(0, 1, None, b"before")])
    window = await fix_window(kafka.brokers, Selection(topic=topic))
    await _send(kafka, topic, [(0, 2, None, b"after")])
    assert [r.value for r in await _read(kafka, window)] == [b"before"]


async def test_a_window_past_the_end_is_empty_and_ends(kafka, topics_prefix):
    topic = topics_prefix + "past"
    await _topic(kafka, topic, 2)
    await _send(kafka, topic, [(0, 1, None, b"v")])
    for selection in (
        Selection(topic=topic, from_ms=T0 + DAY),
        Selection(topic=topic, from_offsets={-1: 7}),
        Selection(topic=topic, partitions=frozenset({1})),
        Selection(topic=topic, to_ms=T0 - DAY),
    ):
        window = await fix_window(kafka.brokers, selection)
        assert await _read(kafka, window) == []
    with pytest.raises(WindowError, match="no partition 5"):
        await fix_window(kafka.brokers, Selection(topic=topic, partitions=frozenset({0, 5})))
    with pytest.raises(WindowError, match="no topic"):
        await fix_window(kafka.brokers, Selection(topic=topic + "x"))


async def test_transaction_markers_at_the_end_are_no_end_that_never_comes(kafka, topics_prefix):
    topic = topics_prefix + "transactions"
    await _topic(kafka, topic)
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topic) as producer:
        for number in range(3):
            async with producer.transaction():
                await producer.send(topic, b"kept %d" % number, timestamp_ms=T0 + number)
            await producer.begin_transaction()
            await producer.send_and_wait(topic, b"given up %d" % number, timestamp_ms=T0 + number)
            await producer.abort_transaction()
    window = await fix_window(kafka.brokers, Selection(topic=topic, from_ms=T0))
    assert window.bounds[0] == Bounds(0, 12)  # six records, six markers
    assert [r.value for r in await _read(kafka, window)] == [b"kept 0", b"kept 1", b"kept 2"]
    # the window may end on a marker, on an aborted record, or between the two
    for end in range(13):
        records = await _read(kafka, Window(topic=topic, bounds={0: Bounds(0, end)}))
        assert len(records) == sum(offset < end for offset in (0, 4, 8))


async def test_an_open_transaction_is_not_waited_for(kafka, topics_prefix):
    topic = topics_prefix + "open"
    await _topic(kafka, topic)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topic)
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send(topic, b"done")
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"open")
        window = await fix_window(kafka.brokers, Selection(topic=topic))
        assert [r.value for r in await _read(kafka, window)] == [b"done"]
        await producer.abort_transaction()
    finally:
        await producer.stop()


async def _offsets_left(kafka, topic, end):
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest") as consumer:
        key = TopicPartition(topic, 0)
        consumer.assign([key])
        left, until = [], time.monotonic() + 5
        while await consumer.position(key) < end and time.monotonic() < until:
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                left += [row.offset for row in rows if row.offset < end]
        return left


@pytest.mark.slow
async def test_compacted_gaps_are_passed_over_also_at_the_end(kafka, topics_prefix):
    topic = topics_prefix + "compacted"
    await _topic(
        kafka,
        topic,
        cleanup_policy="compact",
        segment_ms=500,
        min_cleanable_dirty_ratio=0.0,
        delete_retention_ms=0,
        max_compaction_lag_ms=500,
        min_compaction_lag_ms=0,
    )
    rows = [(0, i, b"a" if i % 3 else b"b%d" % i, b"%d" % i) for i in range(30)]
    now = int(time.time() * 1000) - T0
    await _send(kafka, topic, [(p, now + at, key, value) for p, at, key, value in rows])
    # every key ends in a tombstone but b0: in the end nothing is left behind it
    await _send(
        kafka, topic, [(0, now + 40 + i, b"b%d" % i, None) for i in range(3, 30, 3)] + [(0, now + 80, b"a", None)]
    )
    before = await fix_window(kafka.brokers, Selection(topic=topic))
    assert len(await _read(kafka, before)) == 40
    wanted = [0]
    until = time.monotonic() + 120
    while (left := await _offsets_left(kafka, topic, before.bounds[0].end)) != wanted and time.monotonic() < until:
        # a segment is closed, and then cleaned, when a record comes after its time
        await _send(kafka, topic, [(0, int(time.time() * 1000) - T0, b"later", b"v")])
        await asyncio.sleep(1)
    assert left == wanted
    records = await _read(kafka, before)
    assert [r.offset for r in records] == left


async def test_an_end_that_the_topic_does_not_reach_is_no_endless_wait(kafka, topics_prefix):
    topic = topics_prefix + "short"
    await _topic(kafka, topic)
    await _send(kafka, topic, [(0, i, None, b"%d" % i) for i in range(3)])
    records = await _read(kafka, Window(topic=topic, bounds={0: Bounds(1, 9)}))
    assert [int(r.value) for r in records] == [1, 2]


async def test_what_retention_deletes_meanwhile_is_told_and_not_waited_for(kafka, topics_prefix, caplog):
    topic = topics_prefix + "deleted"
    await _topic(kafka, topic)
    await _send(kafka, topic, [(0, i, None, b"%d" % i) for i in range(10)])
    window = await fix_window(kafka.brokers, Selection(topic=topic))
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=6)})
    finally:
        await admin.close()
    async with WindowReader(kafka.brokers, window) as reader:
        records = [record async for record in reader]
    assert [int(r.value) for r in records] == [6, 7, 8, 9]
    assert reader.lost == 6
    assert "offsets 0 to 5 were deleted" in caplog.text


async def test_no_more_bytes_are_out_than_allowed(kafka, topics_prefix):
    topic = topics_prefix + "bytes"
    await _topic(kafka, topic, 2)
    await _send(kafka, topic, [(i % 2, i, None, bytes(20_000)) for i in range(100)])
    budget = ByteBudget(200_000)
    window = await fix_window(kafka.brokers, Selection(topic=topic))
    seen = 0
    async with WindowReader(kafka.brokers, window, budget=budget) as reader:
        async for stretch in reader.stretches(max_records=5):
            seen += len(stretch.records)
            for record in stretch.records:
                asyncio.get_running_loop().call_later(0.02, budget.give, record.size)
    await asyncio.sleep(0.1)
    assert seen == 100
    assert budget.peak < 200_000 + 2 * 5 * 20_300
    assert budget.in_flight == 0


async def test_a_filter_and_a_place_to_go_on_from(kafka, topics_prefix):
    topic = topics_prefix + "filter"
    await _topic(kafka, topic)
    await _send(kafka, topic, [(0, i, b"k%d" % (i % 3), b"%d" % i) for i in range(9)])
    window = await fix_window(kafka.brokers, Selection(topic=topic))
    records = await _read(kafka, window, wanted=lambda r: r.key == b"k1", start_at={0: 3})
    assert [int(r.value) for r in records] == [4, 7]
