"""Groups, relations and standing over a real Kafka: what is published follows from the youngest versions of articles,
whoever was killed meanwhile.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.link.live.whole import whole
from tests.operation.linked_articles import History
from tests.running import RunningWorker, prepare, read_all, send
from worker.consumer_groups import ingest_group, lifecycle_group, link_group
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import Kind
from worker.streaming.topics.offset_reader import OffsetReader

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

OPTIONS = {"model": "false", "processes": 1, "audit_sample_s": 0, "link": "true"}


async def settled(broker, topics, prefix):
    """Waits until every record of each topic has been read by the group that follows it."""
    name = prefix + prefix.strip(".")
    followed = {
        ingest_group(name): [topics.raw],
        lifecycle_group(name): [topics.extracted],
        link_group(name): [topics.extracted, topics.claims],
    }
    async with OffsetReader(broker.brokers, limit_s=20, isolation="read_committed") as offsets:
        for group, read in followed.items():
            async with asyncio.timeout(240):
                while not await _has_read(offsets, group, read):
                    await asyncio.sleep(0.5)


async def _has_read(offsets, group, topics):
    committed = await offsets.committed(group)
    for topic in topics:
        ends = await offsets.ends(await offsets.partitions(topic))
        if any(committed.get(partition, 0) < end for partition, end in ends.items()):
            return False
    return True


async def published(broker, topics):
    """By kind and key what a reader of the compacted topics has."""
    held = {}
    names = {Kind.GROUP: topics.groups, Kind.RELATION: topics.relations, Kind.STANDING: topics.standing}
    for kind, topic in names.items():
        for record in sorted(await read_all(broker, topic), key=lambda r: (r.partition, r.offset)):
            held[kind, record.key.decode()] = record.value
    return {key: value for key, value in held.items() if value is not None}


async def assert_what_follows(broker, topics, history, rules):
    expected = whole(*history.truth(rules), NeighbourBounds())
    held = await published(broker, topics)
    wrong = {key for key in held.keys() | expected.keys() if held.get(key) != expected.get(key)}
    assert not wrong, [(key, held.get(key), expected.get(key)) for key in sorted(wrong)[:3]]
    assert {kind for kind, _ in expected} == set(Kind), "the history is too plain to show anything"


def has_turn(worker):
    """Whether a worker says that it was the last to link, of what it has logged since it started."""
    return "it is this worker's turn" in worker.log.read_text(encoding="utf-8")


async def its_turn(*workers):
    async with asyncio.timeout(120):
        while True:
            for worker in workers:
                if has_turn(worker):
                    return worker
            await asyncio.sleep(0.3)


async def test_two_workers_of_which_one_is_killed_publish_what_the_youngest_versions_make(
    kafka, topics_prefix, tmp_path, rules
):
    topics = await prepare(kafka, topics_prefix, partitions=4, link=True)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    workers = [RunningWorker(kafka, topics_prefix, folder, **OPTIONS) for folder in folders]
    history = History(7)
    try:
        for worker in workers:
            worker.start()
        await send(kafka, topics.raw, history.go_on(60))
        linking = await its_turn(*workers)
        (other,) = [worker for worker in workers if worker is not linking]
        await settled(kafka, topics, topics_prefix)
        await assert_what_follows(kafka, topics, history, rules)
        await send(kafka, topics.raw, history.go_on(40))
        linking.kill()
        await send(kafka, topics.raw, history.go_on(30))
        await its_turn(other)
        linking.log.unlink()
        linking.start()
        await send(kafka, topics.raw, history.go_on(30))
        await settled(kafka, topics, topics_prefix)
        assert other.stop() == 0
        await its_turn(linking)
        await send(kafka, topics.raw, history.go_on(20))
        await settled(kafka, topics, topics_prefix)
        await assert_what_follows(kafka, topics, history, rules)
    finally:
        codes = [worker.stop() for worker in workers]
    assert codes == [0, 0]
    assert len(history.kinds) == 7
