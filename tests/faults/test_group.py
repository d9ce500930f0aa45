"""Faults of the consumer group: members that come and go, offsets that Kafka no longer has."""

from __future__ import annotations

import asyncio
import contextlib
import time

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from tests.faults.stream import RECORDS, SPAN_S
from worker.streaming.group_offsets import committed_offsets


async def test_rebalance_storm(scene, cluster, short):
    """Two workers, and for a minute a third member of the group that comes and goes every two seconds."""
    async with scene(workers=2, processes=1) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        group = f"{s.prefix.strip('.')}-ingest"
        rounds, until = 0, time.monotonic() + (20 if short else 60)
        while time.monotonic() < until:
            member = AIOKafkaConsumer(
                s.topics.raw,
                bootstrap_servers=cluster.bootstrap,
                group_id=group,
                enable_auto_commit=False,
                session_timeout_ms=6000,
                heartbeat_interval_ms=1500,
            )
            joining = asyncio.create_task(member.start())
            await asyncio.sleep(2)
            with contextlib.suppress(KafkaError):
                await joining
                await member.stop()
            rounds += 1
            await asyncio.sleep(2)
        s.mark()
        row = await s.finish()
        row.note = f"{rounds} times a member joined and left"
    scene.finished(row)


async def test_offset_out_of_range(scene, cluster):
    """Retention has passed what comes next: the worker stops and says so; on_offset_lost = earliest goes on."""
    async with scene() as s:
        feeding = s.feed(RECORDS, seconds=10)
        s.start(supervised=False)
        await s.settled(0.2)
        assert await asyncio.to_thread(s.workers[0].stop) == 0
        await feeding
        await s.until(lambda: len(s.ledger.sent) >= s.fed, 60, "all sent")
        partition = TopicPartition(s.topics.raw, 0)
        found = await committed_offsets(cluster.bootstrap, f"{s.prefix.strip('.')}-ingest", [partition])
        next_one = found[partition][0]
        end = max(offset for p, offset in s.ledger.sent if p == 0)
        first_left = next_one + (end - next_one) // 2
        admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
        await admin.start()
        await admin.delete_records({partition: RecordsToDelete(first_left)})
        await admin.close()
        s.ledger.removed = {place for place in s.ledger.sent if place[0] == 0 and next_one <= place[1] < first_left}
        before = len(s.log())
        s.start(supervised=False)
        await s.until(lambda: s.workers[0].process.poll() is not None, 90, "the worker stops")
        code, told = s.workers[0].process.returncode, s.log()[before:]
        again = (await committed_offsets(cluster.bootstrap, f"{s.prefix.strip('.')}-ingest", [partition]))[partition][0]
        s.workers[0]._environment["CLAIMWIRE_ON_OFFSET_LOST"] = "earliest"
        s.mark()
        s.start(supervised=False)
        row = await s.finish()
        row.note = f"{len(s.ledger.removed)} records deleted before they were read; stopped with exit code {code}"
        named = f"{s.topics.raw}[0]" in told and str(next_one) in told and str(first_left) in told
        if not code or not named or again != next_one:
            row.fell_short.append(f"exit code {code}, named: {named}, committed {again} after {next_one}")
    scene.finished(row)
