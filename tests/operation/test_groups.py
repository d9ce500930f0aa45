"""Consumer groups: static members and new partitions, a doubled instance id, installations told apart by a prefix."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from tests.operation.running_lifecycle import add_partitions
from tests.running import prepare
from tests.running_intake import RunningIntake, send_to
from worker.consumer_groups import former_groups, ingest_group, lifecycle_group, replay_group, retry_group
from worker.settings import Settings
from worker.streaming.topics.former_groups import take_over_offsets
from worker.streaming.topics.offset_reader import committed_offsets

pytestmark = pytest.mark.kafka


@pytest.mark.parametrize("static", [True, False])
async def test_added_partitions_are_read_within_seconds_though_every_member_was_restarted(kafka, topics_prefix, static):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    members = {}

    async def start(number):
        members[number] = RunningIntake(kafka, topics, instance_id=f"worker-{number}" if static else "")
        await members[number].__aenter__()
        await members[number].until(lambda: members[number].heard.assigned_to, 30)

    try:
        await start(1)
        await start(2)
        for number in (1, 2):  # a rolling restart: afterwards no static member knows that it leads
            await members[number].stop()
            await start(number)
        await add_partitions(kafka, topics.raw, 4)
        await send_to(kafka, topics.raw, [(partition, b"k", b"1") for partition in range(4)])
        await members[1].until(lambda: sum(member.whole.settled for member in members.values()) >= 4, 30)
    finally:
        for member in members.values():
            await member.stop()


async def test_an_instance_id_given_to_two_workers_is_named_in_readiness(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    one, other = (RunningIntake(kafka, topics, instance_id="worker-1") for _ in range(2))
    async with one, other:
        await one.until(
            lambda: any(
                "group_instance_id = worker-1" in reason
                for member in (one, other)
                for reason in member.condition.why_not_ready()
            ),
            60,
        )


async def test_a_program_that_reads_in_the_group_of_the_workers_is_named_in_readiness_until_it_goes(
    kafka, topics_prefix
):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    async with RunningIntake(kafka, topics) as intake:
        await intake.until(lambda: intake.heard.assigned_to, 30)
        async with AIOKafkaConsumer(
            topics.raw, bootstrap_servers=kafka.bootstrap, group_id=f"{topics.raw}-ingest", client_id="another-program"
        ):
            await intake.until(
                lambda: any("another-program at 127.0.0.1" in reason for reason in intake.condition.why_not_ready()), 60
            )
        await intake.until(lambda: not intake.condition.why_not_ready(), 60)


async def test_installations_told_apart_by_their_prefix_alone_share_no_group():
    one, other = Settings(topic_prefix="a."), Settings(topic_prefix="b.")
    for name in (ingest_group, retry_group, lifecycle_group):
        assert name(one.installation) != name(other.installation)
    assert replay_group(one.installation, "r") != replay_group(other.installation, "r")
    assert ingest_group(Settings().installation) == "claimwire-ingest"  # without a prefix the names are as they were


async def test_a_group_goes_on_where_it_was_under_its_former_name(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    settings = Settings(topic_prefix=topics_prefix, app_id=topics_prefix.strip("."))
    former = former_groups(settings, "ingest")
    partition, group = TopicPartition(topics.raw, 1), ingest_group(settings.installation)
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=former[0], enable_auto_commit=False
    ) as consumer:
        consumer.assign([partition])
        await consumer.commit({partition: OffsetAndMetadata(7, "note")})
    await take_over_offsets(kafka.brokers, topics.raw, group, former)
    assert await committed_offsets(kafka.brokers, group) == {partition: (7, "note")}
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False
    ) as consumer:
        consumer.assign([partition])
        await consumer.commit({partition: OffsetAndMetadata(9, "")})
    await take_over_offsets(kafka.brokers, topics.raw, group, former)
    assert await committed_offsets(kafka.brokers, group) == {partition: (9, "")}  # only once
