"""The audit against topics that were written by hand: every way in which a record can end, and one that has none."""

from __future__ import annotations

import time

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.running import claimwire, prepare
from worker.contract.coordinates import Coordinates
from worker.contract.drop_note import DropNote
from worker.contract.headers.retry_ticket import RetryTicket
from worker.contract.reasons import DeadReason, DropReason, RetryReason
from worker.operate.audit import AuditOptions, AuditVerdict, audit
from worker.streaming.observer import SILENT
from worker.streaming.outcome import Dead
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.settle.settler import OutcomeTopics, Settler
from worker.streaming.topics.window import Selection

pytestmark = pytest.mark.kafka


class Hand:
    """Writes inputs and outcomes as the worker would."""

    def __init__(self, broker, topics):
        self.topics = topics
        self._producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
        self._publisher = Publisher(broker.brokers, idempotent=True, compression="none", client_id="test")
        self._settler = Settler("ingest", self._publisher, SILENT, OutcomeTopics(dead=topics.dead))

    async def __aenter__(self):
        await self._producer.start()
        await self._publisher.start()
        return self

    async def __aexit__(self, *_):
        await self._producer.stop()
        await self._publisher.stop()

    async def article(self, uri, *, at=None, deletion=False):
        value = None if deletion else orjson.dumps({"uri": uri, "body": "text"})
        at = at or int(time.time() * 1000)
        sent = await self._producer.send_and_wait(
            self.topics.raw, key=uri.encode(), value=value, partition=0, timestamp_ms=at
        )
        return Record(self.topics.raw, 0, sent.offset, at, uri.encode(), value, ())

    async def extracted(self, record):
        source = Coordinates(record.topic, record.partition, record.offset).source.encode()
        await self._producer.send_and_wait(
            self.topics.extracted, key=record.key, value=b"{}", headers=[("ce_source", source)], partition=0
        )

    async def dead(self, record):
        await self._settler.send_to_dead_letters(record, Dead(DeadReason.CHILD_DIED, "died"))

    async def dropped(self, record):
        note = DropNote(
            reason=DropReason.LANGUAGE,
            detail="es",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
        )
        await self._producer.send_and_wait(self.topics.dropped, key=record.key, value=None, headers=note.headers())

    async def retried(self, record):
        ticket = RetryTicket(
            attempt=1,
            not_before=0,
            first_seen=0,
            reason=RetryReason.CHILD_DIED,
            error="",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
        )
        sent = await self._producer.send_and_wait(
            self.topics.retry, key=record.key, value=record.value, headers=ticket.headers(), partition=0
        )
        return sent.offset


async def _commit(broker, group, topic, offset):
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.commit({TopicPartition(topic, 0): offset})
    await consumer.stop()


async def _audit(broker, prefix, topics, **changed):
    missing = []
    options = AuditOptions(
        brokers=broker.brokers,
        installation=prefix + prefix.strip("."),
        topics=topics,
        selection=Selection(topic=topics.raw, partitions=frozenset({0})),
        **changed,
    )
    (row,) = await audit(options, missing.append)
    return row, missing


async def test_each_record_has_its_verdict_and_the_one_without_is_named(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    async with Hand(kafka, topics) as hand:
        fine = await hand.article("fine")
        await hand.extracted(fine)
        await hand.extracted(fine)  # once more after a restart
        await hand.dead(await hand.article("dead"))
        await hand.dropped(await hand.article("dropped"))
        back = await hand.article("came back")
        await hand.retried(back)
        await hand.extracted(back)
        gone = await hand.article("retried and gone")
        last = await hand.retried(gone)
        await hand.retried(await hand.article("waits"))
        await hand.article("versions")  # the extraction of the first version was compacted away
        await hand.extracted(await hand.article("versions"))
        await hand.article("deleted", at=int(time.time() * 1000) - 30 * 3600 * 1000)
        await hand.article("deleted", at=int(time.time() * 1000) - 29 * 3600 * 1000, deletion=True)
        lost = await hand.article("lost")
        later = await hand.article("not yet read")
    group = topics_prefix + topics_prefix.strip(".")
    await _commit(kafka, f"{group}-ingest", topics.raw, later.offset)
    await _commit(kafka, f"{group}-retry", topics.retry, last + 1)
    row, missing = await _audit(kafka, topics_prefix, topics, max_unaccounted=2)
    assert {verdict: count for verdict, count in row.verdicts.items() if count} == {
        AuditVerdict.OK: 3,
        AuditVerdict.DEAD: 1,
        AuditVerdict.DROPPED: 1,
        AuditVerdict.WAITING: 1,
        AuditVerdict.SUPERSEDED: 2,
        AuditVerdict.DELETED: 1,
        AuditVerdict.MISSING: 2,
    }
    assert row.read == sum(row.verdicts.values()) == later.offset
    assert row.open == 1
    assert row.repeated == 1
    assert {finding.record for finding in missing} == {str(gone), str(lost)}
    told = claimwire(kafka, topics_prefix, "audit")
    assert told.returncode == 1, told.stderr
    assert f"MISSING {lost}" in told.stdout.decode()
    assert b"2 records have no outcome" in told.stdout
    sliced, named = await _audit(kafka, topics_prefix, topics, slice_offsets=3)
    assert sliced.verdicts[AuditVerdict.MISSING] == 2
    assert len(named) == 2


async def test_without_a_commit_nothing_is_owed(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    async with Hand(kafka, topics) as hand:
        await hand.article("a")
    row, missing = await _audit(kafka, topics_prefix, topics)
    assert (row.read, row.open, missing) == (0, 1, [])
