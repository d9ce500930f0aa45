"""A Kafka of one broker with the settings that it comes with, or narrower ones: what is wrong with it is named."""

from __future__ import annotations

import pytest

from tests.running import RunningWorker, prepare
from worker.commands.errors.start_check import StartRefusedError, check_start
from worker.local.kafka import KafkaCluster
from worker.settings import load_settings

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture
def kafka_with():
    """Starts a Kafka of one node with properties of its own."""
    running = []

    def start(**properties):
        kafka = KafkaCluster(1, {name.replace("_", "."): value for name, value in properties.items()}, {})
        running.append(kafka)
        return kafka

    yield start
    for kafka in running:
        kafka.stop()


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("offsets.topic.replication.factor", "__consumer_offsets"),
        ("transaction.state.log.replication.factor", "__transaction_state"),
    ],
)
async def test_a_start_names_what_one_broker_cannot_keep(kafka_with, setting, kept):
    kafka = kafka_with(**{setting: "3"})
    settings, _ = load_settings({"CLAIMWIRE_BROKERS": kafka.bootstrap})
    with pytest.raises(StartRefusedError) as refused:
        await check_start(settings)
    said = str(refused.value)
    assert kept in said
    assert f"Set {setting} to the number of brokers" in said
    assert "1 broker is there" in said


async def test_a_worker_whose_transactions_are_too_long_for_the_brokers_ends_with_what_to_set(
    kafka_with, topics_prefix, tmp_path
):
    kafka = kafka_with(transaction_max_timeout_ms="10000")
    await prepare(kafka, topics_prefix)
    worker = RunningWorker(kafka, topics_prefix, tmp_path, processes=1, model="false")
    worker.start()
    assert worker.process.wait(120) == 1
    last = worker.log.read_text(encoding="utf-8").splitlines()[-1]
    assert "transaction.max.timeout.ms of the brokers is lower" in last
    assert "Set it to 30000 or more" in last
