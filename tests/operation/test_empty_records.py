"""A record with neither key nor value is a dead letter like others: Kafka takes such a letter, aiokafka's own `send`
does not, and whoever may publish an article could end every worker with one.
"""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer

from tests.operation.running_lifecycle import RunningLifecycle, asserted, extracted
from tests.running import Reader, claimwire, prepare, read_all
from tests.running_intake import RunningIntake
from tests.streaming.stateful.articles import extraction_of
from worker.contract.reasons import DeadReason
from worker.streaming.outcome import Dead, Ok

pytestmark = pytest.mark.kafka


async def _empty(broker, topic):
    """Writes a record without key and value; the offset."""
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        batch = producer.create_batch()
        batch.append(key=None, value=None, timestamp=None)
        return (await (await producer.send_batch(batch, topic, partition=0))).offset


async def _dead(records):
    return [Dead(DeadReason.TOMBSTONE_WITHOUT_KEY, "no key") if record.value is None else Ok([]) for record in records]


async def test_ingest_and_a_redrive_go_on_behind_it(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await _empty(kafka, topics.raw)
    async with RunningIntake(kafka, topics, _dead) as running:
        await running.settled(1)
    (letter,) = await read_all(kafka, topics.dead)
    assert (letter.key, letter.value) == (None, None)
    done = claimwire(kafka, topics_prefix, "dead", "redrive", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(await read_all(kafka, topics.raw)) == 2


async def test_the_lifecycle_goes_on_behind_it(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await _empty(kafka, topics.extracted)
    await extracted(kafka, topics, [extraction_of("urn:a", 1, ["stands"], 1)])
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(2)
    assert await asserted(kafka, topics) == {("urn:a", "stands")}
    async with Reader(kafka, topics.dead) as reader:
        await reader.until(lambda r: r.records[topics.dead], 10)
