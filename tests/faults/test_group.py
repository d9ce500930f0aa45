"""Faults of the consumer group: members that come and go, offsets that Kafka no longer has."""

from __future__ import annotations

import asyncio
import contextlib
import time

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from tests.faults.stream import RECORDS, SPAN_S
from worker.streaming.topics.offset_reader import committed_offsets


async def test_rebalance_storm(scene, cluster, short):
    """For a minute one more member of the group comes and goes every two seconds."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        group = f"{s.prefix}{s.prefix.strip('.')}-ingest"
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
            with contextlib.suppress(KafkaError):
                await member.stop()  # also when it could not join: it would go on trying, and keep what it gets
            rounds += 1
            await asyncio.sleep(2)
        s.mark()
        row = await s.finish()
        row.note = f"{rounds} times a member joined and left"
    scene.finished(row)


async def test_offset_out_of_range(scene, cluster):
    """Retention has passed what comes next: each worker stops and says so; on_offset_lost = earliest goes on."""
    async with scene() as s:
        feeding = s.feed(RECORDS, seconds=10)
        s.start(supervised=False)
        await s.settled(0.2)
        for worker in s.workers:
            assert await asyncio.to_thread(worker.stop) == 0
        await feeding
        await s.until(lambda: len(s.ledger.sent) >= s.fed, 60, "all sent")
        partition = TopicPartition(s.topics.raw, 0)
        found = await committed_offsets(cluster.brokers, f"{s.prefix}{s.prefix.strip('.')}-ingest", [partition])
        next_one = found[partition][0]
        end = max(offset for p, offset in s.ledger.sent if p == 0)
        first_left = next_one + (end - next_one) // 2
        admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
        await admin.start()
        await admin.delete_records({partition: RecordsToDelete(first_left)})
        await admin.close()
        s.ledger.removed = {place for place in s.ledger.sent if place[0] == 0 and next_one <= place[1] < first_left}
        before = [len(log) for log in s.logs]
        s.start(supervised=False)
        # one after the other: when the first has ended, its partition is the next one's
        await s.until(lambda: all(w.process.poll() is not None for w in s.workers), 120, "the workers stop")
        codes = [worker.process.returncode for worker in s.workers]
        logs = [log[length:] for log, length in zip(s.logs, before, strict=True)]
        again = (await committed_offsets(cluster.brokers, f"{s.prefix}{s.prefix.strip('.')}-ingest", [partition]))[
            partition
        ][0]
        for worker in s.workers:
            worker._environment["CLAIMWIRE_ON_OFFSET_LOST"] = "earliest"
        s.mark()
        s.start(supervised=False)
        row = await s.finish()
        row.note = f"{len(s.ledger.removed)} records deleted before they were read; stopped with exit codes {codes}"
        named = all(words in log for log in logs for words in (f"{s.topics.raw}[0]", str(next_one), str(first_left)))
        if not all(codes) or not named or again != next_one:
            row.fell_short.append(f"exit codes {codes}, named: {named}, committed {again} after {next_one}")
    scene.finished(row)
