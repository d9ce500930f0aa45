"""The states of the lifecycle when their topic is lost, grows, or is too small for one of them."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer

from tests.operation.running_lifecycle import (
    RunningLifecycle,
    add_partitions,
    asserted,
    delete_topic,
    extracted,
)
from tests.running import configure, prepare, read_all
from tests.streaming.stateful.articles import extraction_of
from worker.contract.codec import encode
from worker.streaming.outcome import Output
from worker.streaming.publish.partitioning import kept_in
from worker.streaming.stateful.owner import StateLostError

pytestmark = pytest.mark.kafka


def versions(number, count=6):
    """One version of each of `count` articles, with a claim that no other version has."""
    return [extraction_of(f"urn:a:{n}", number, [f"version {number}"], number * 100 + n) for n in range(count)]


def truth(number, count=6):
    return {(f"urn:a:{n}", f"version {number}") for n in range(count)}


async def test_a_changelog_that_was_lost_ends_the_worker_with_what_to_do(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    await extracted(kafka, topics, versions(1))
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(6)
    await delete_topic(kafka, topics.live)
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.until(lambda: any(topics.live in reason for reason in lifecycle.condition.why_not_ready()))
    await prepare(kafka, topics_prefix)
    await extracted(kafka, topics, versions(2))
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        lost = await lifecycle.ended()
    assert isinstance(lost, StateLostError)
    assert "on_state_lost = rebuild" in str(lost)
    assert topics.live in str(lost)
    assert await asserted(kafka, topics) == truth(1)  # nothing was written
    async with RunningLifecycle(kafka, topics_prefix, tmp_path, on_state_lost="rebuild") as lifecycle:
        await lifecycle.settled(12)
    assert await asserted(kafka, topics) == truth(2)


async def test_added_partitions_of_extracted_alone_stay_empty_and_all_stays_right(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    await extracted(kafka, topics, versions(1))
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(6)
    await add_partitions(kafka, topics.extracted, 5)
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.ready()


@pytest.mark.parametrize("count", [1, 2])
async def test_partitions_added_to_all_topics_of_states_end_the_worker_until_the_setting_keeps_the_layout(
    kafka, topics_prefix, tmp_path, count
):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    await extracted(kafka, topics, versions(1))
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(6)
    for topic in (topics.extracted, topics.live, topics.claims):
        await add_partitions(kafka, topic, 5)
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        moved = await lifecycle.ended()
    assert isinstance(moved, StateLostError)
    assert "state_partitions = 2" in str(moved)
    # ingest keeps extractions in the partitions of their states
    outputs = [Output(topics.extracted, e.article.uri.encode(), encode(e), []) for e in versions(2)]
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for output in kept_in(2, topics.extracted, outputs):
            await producer.send_and_wait(output.topic, output.value, key=output.key, partition=output.partition)
    workers = [
        RunningLifecycle(kafka, topics_prefix, tmp_path / str(number), state_partitions=2) for number in range(count)
    ]
    for worker in workers:
        await worker.__aenter__()
    try:
        await workers[0].until(lambda: sum(worker.whole.settled for worker in workers) >= 6)
    finally:
        ends = [await worker.stop() for worker in workers]
    assert ends == [None] * count
    assert await asserted(kafka, topics) == truth(2)


async def test_an_article_whose_state_is_too_large_is_a_dead_letter_and_leaves_no_claim(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await configure(kafka, topics.live, {"cleanup.policy": "compact", "max.message.bytes": "2000"})
    texts = [f"statement {n}: {hash((n, 'x'))} {hash((n, 'y'))}" for n in range(40)]
    await extracted(kafka, topics, [extraction_of("urn:large", 1, texts, 1), *versions(1)])
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(7)
        assert lifecycle.whole.dead == 1
        assert await asserted(kafka, topics) == truth(1)
        await extracted(kafka, topics, [extraction_of("urn:large", 2, ["short"], 2)])
        await lifecycle.settled(8)
    assert await asserted(kafka, topics) == truth(1) | {("urn:large", "short")}
    assert len(await read_all(kafka, topics.dead)) == 1
