"""A record with neither key nor value is a dead letter like others: Kafka takes such a letter, aiokafka's own `send`
does not, and whoever may publish an article could end every worker with one.
"""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer

from tests.running import claimwire, prepare, read_all
from tests.running_intake import RunningIntake
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


async def test_ingest_and_what_sends_records_again_go_on_behind_it(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await _empty(kafka, topics.raw)
    async with RunningIntake(kafka, topics, _dead) as running:
        await running.settled(1)
    (letter,) = await read_all(kafka, topics.dead)
    assert (letter.key, letter.value) == (None, None)
    done = claimwire(kafka, topics_prefix, "dead", "redrive", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(await read_all(kafka, topics.raw)) == 2
    dumped = tmp_path / "dumped.jsonl"
    assert claimwire(kafka, topics_prefix, "dump", topics.dead, str(dumped)).returncode == 0
    done = claimwire(kafka, topics_prefix, "load", str(dumped), topics.dropped)
    assert done.returncode == 0, done.stderr
    (loaded,) = await read_all(kafka, topics.dropped)
    assert (loaded.key, loaded.value, loaded.timestamp) == (None, None, letter.timestamp)
