"""`claimwire topics` tells how the topics are, what is wrong about them, and mends what loses nothing."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner

from tests.running import configure, prepare
from worker.cli import main
from worker.contract.topics import Topics, TopicSpec
from worker.operate.topic_drift import drifts
from worker.streaming.topics.admin import config_of
from worker.streaming.topics.description import TopicState, describe_topics

COMPACTED = TopicSpec(name="claims", purpose="", config={"cleanup.policy": "compact"})
KEPT = TopicSpec(name="raw", purpose="", config={"retention.ms": "604800000", "max.message.bytes": "1000"})


def _found(spec, copies=1, **config):
    values = {key.replace("_", "."): value for key, value in config.items()}
    state = TopicState(name=spec.name, partitions=8, copies=copies, config=values, own=values)
    return [(each.key, each.wanted, each.mendable) for each in drifts(spec, state)]


def test_a_topic_as_it_should_be_has_no_drift():
    assert _found(COMPACTED, cleanup_policy="compact", min_insync_replicas="1") == []
    assert _found(KEPT, cleanup_policy="delete", retention_ms="604800000", max_message_bytes="1000") == []


def test_more_time_and_more_room_than_wanted_is_no_drift():
    assert _found(KEPT, cleanup_policy="delete", retention_ms="-1", max_message_bytes="2000") == []


@pytest.mark.parametrize(
    ("spec", "config", "drift"),
    [
        (COMPACTED, {"cleanup_policy": "delete"}, ("cleanup.policy", "compact", True)),
        (COMPACTED, {"cleanup_policy": "compact,delete"}, ("cleanup.policy", "compact", True)),
        (KEPT, {"retention_ms": "60000"}, ("retention.ms", "604800000", True)),
        (KEPT, {"max_message_bytes": "10"}, ("max.message.bytes", "1000", True)),
        (KEPT, {"retention_bytes": "1000000"}, ("retention.bytes", "-1", True)),
        (KEPT, {"cleanup_policy": "compact"}, ("cleanup.policy", "delete", False)),
        (KEPT, {"min_insync_replicas": "2"}, ("min.insync.replicas", None, False)),
    ],
)
def test_what_loses_or_refuses_records_is_drift_and_mended_only_where_nothing_goes(spec, config, drift):
    assert _found(spec, **config) == [drift]


def test_a_bound_in_bytes_is_no_drift_where_kafka_does_not_use_it():
    assert _found(COMPACTED, cleanup_policy="compact", retention_bytes="1000000") == []


def test_three_copies_of_which_one_need_be_in_sync_are_left_to_the_operator():
    assert _found(COMPACTED, copies=3, min_insync_replicas="1") == [("min.insync.replicas", "2", False)]


@pytest.mark.parametrize(("copies", "least"), [(-1, None), (1, None), (2, None), (3, "2"), (5, "2")])
def test_a_topic_that_is_made_with_three_copies_has_no_drift(copies, least):
    config = config_of(COMPACTED, copies)
    assert config.get("min.insync.replicas") == least
    if least:
        assert _found(COMPACTED, copies=copies, **{key.replace(".", "_"): value for key, value in config.items()}) == []


@pytest.mark.kafka
async def test_the_command_marks_plans_and_mends(kafka, topics_prefix, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_BROKERS", kafka.bootstrap)
    monkeypatch.setenv("CLAIMWIRE_TOPIC_PREFIX", topics_prefix)

    async def claimwire(*arguments):
        return await asyncio.to_thread(CliRunner(mix_stderr=False).invoke, main, arguments)

    missing = await claimwire("topics", "--plan")
    assert (missing.exit_code, missing.stdout.count("--create makes")) == (1, len(list(Topics().specs())))
    topics = await prepare(kafka, topics_prefix)
    assert (await claimwire("topics")).exit_code == 0
    await configure(kafka, topics.claims, {"cleanup.policy": "delete", "retention.ms": "60000", "segment.ms": "70000"})
    await configure(kafka, topics.raw, {"cleanup.policy": "compact"})
    drifted = await claimwire("topics")
    assert drifted.exit_code == 1
    assert "! cleanup.policy is delete, wanted compact" in drifted.stdout
    assert "retention.ms=60000 (1 min)" in drifted.stdout
    assert f"--entity-name {topics.raw} --add-config cleanup.policy=delete" in drifted.stdout
    created = await claimwire("topics", "--create")
    assert created.exit_code == 0  # all are there: an init container has done its work
    assert "claimwire topics --apply" in created.stderr
    planned = await claimwire("topics", "--plan", "--apply")
    assert f"--apply sets cleanup.policy of {topics.claims} from delete to compact" in planned.stdout
    assert (await describe_topics(kafka.brokers, [topics.claims]))[topics.claims].own["cleanup.policy"] == "delete"
    applied = await claimwire("topics", "--apply")
    assert applied.exit_code == 1  # articles.raw is left to the operator
    claims = (await describe_topics(kafka.brokers, [topics.claims]))[topics.claims]
    assert claims.own == {"cleanup.policy": "compact", "retention.ms": "60000", "segment.ms": "70000"}
    await configure(kafka, topics.raw, {"cleanup.policy": "delete"})
    assert (await claimwire("topics", "--apply")).exit_code == 0  # its other values are wanted, and set again
