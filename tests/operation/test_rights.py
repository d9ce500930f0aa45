"""What an ACL denies is named with what to grant, on a Kafka with an authorizer."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest

from tests.operation.running_lifecycle import RunningLifecycle, asserted, extracted
from tests.running import prepare
from tests.running_intake import RunningIntake
from tests.streaming.stateful.articles import extraction_of
from worker.consumer_groups import lifecycle_group
from worker.local.kafka import start_kafka
from worker.streaming.denied import NotAllowedError

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def guarded():
    """A Kafka that allows what no ACL speaks of."""
    running = start_kafka(
        properties={
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found": "true",
        }
    )
    yield running
    running.stop()


_TOPIC, _GROUP, _TRANSACTIONAL_ID = 2, 3, 5
_LITERAL, _PREFIXED = 3, 4
_ALL, _READ, _WRITE = 2, 3, 4
_DENY, _ALLOW = 2, 3


@asynccontextmanager
async def denied(broker, operation, kind, name, pattern=_LITERAL):
    """All is allowed on it but this operation."""
    whose = (kind, name, pattern, "User:ANONYMOUS", "*")
    acls = [(*whose, _ALL, _ALLOW), (*whose, operation, _DENY)]
    for acl in acls:
        await _change(broker, CreateAclsRequest(*acl))
    try:
        yield
    finally:
        for acl in reversed(acls):
            await _change(broker, DeleteAclsRequest(*acl))


async def _change(broker, request):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        answer = await admin._send_to_controller(request)  # the client has no method for ACLs
    finally:
        await admin.close()
    for responses in answer.to_object().values():
        assert not isinstance(responses, list) or [each["error_code"] for each in responses] == [0], answer


async def test_each_right_that_the_lifecycle_lacks_is_named(guarded, topics_prefix, tmp_path):
    topics = await prepare(guarded, topics_prefix)
    group = lifecycle_group(topics_prefix + topics_prefix.strip("."))
    for right, named in (
        ((_READ, _GROUP, group), f"READ on the group {group}"),
        ((_READ, _TOPIC, topics.extracted), topics.extracted),
        ((_READ, _TOPIC, topics.live), topics.live),
        ((_WRITE, _TRANSACTIONAL_ID, group, _PREFIXED), f"transactional ids that begin with {group}"),
    ):
        async with denied(guarded, *right), RunningLifecycle(guarded, topics_prefix, tmp_path) as lifecycle:
            ended = await lifecycle.ended()
        assert "grant the worker" in str(ended)
        assert named in str(ended)
    await extracted(guarded, topics, [extraction_of("urn:a", 1, ["stands"], 1)])
    async with RunningLifecycle(guarded, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(1)


async def test_claims_that_may_not_be_written_make_it_not_ready_and_it_goes_on_afterwards(
    guarded, topics_prefix, tmp_path
):
    topics = await prepare(guarded, topics_prefix)
    await extracted(guarded, topics, [extraction_of("urn:a", 1, ["stands"], 1)])
    async with RunningLifecycle(guarded, topics_prefix, tmp_path) as lifecycle:
        async with denied(guarded, _WRITE, _TOPIC, topics.claims):
            await lifecycle.until(
                lambda: any(
                    "grant the worker" in reason and topics.claims in reason
                    for reason in lifecycle.condition.why_not_ready()
                )
            )
        await lifecycle.settled(1)
        await lifecycle.ready()
    assert await asserted(guarded, topics) == {("urn:a", "stands")}


async def test_ingest_names_what_it_may_not_read(guarded, topics_prefix):
    topics = await prepare(guarded, topics_prefix)
    group = RunningIntake(guarded, topics).options.group
    for right, named in (((_READ, _TOPIC, topics.raw), topics.raw), ((_READ, _GROUP, group), f"the group {group}")):
        async with denied(guarded, *right), RunningIntake(guarded, topics) as running:
            ended = await running.ended()
        assert isinstance(ended, NotAllowedError), ended
        assert named in str(ended)
