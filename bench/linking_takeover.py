"""How long nobody links when the worker that does ends: with a standby, with a file from before, without a file.

python -m bench.linking_takeover ARTICLES.jsonl.gz [--articles 400] [--as-large-as 100000]

On a real Kafka of its own. ARTICLES as for bench.linking; they are extracted by rules. Before the last turn the file
is made as large as that of so many articles, by rows of claims and keys that are copies under other names: what
is published depends on none of them, but opening has to do with all. The seconds are from the end of one
owner to the first step that the next one can make; that its consumer group notices the end comes on top
(session_timeout_s, where the worker was killed).
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path

from aiokafka import AIOKafkaProducer

from bench.linking import extracted, records_of
from worker.agents.link_service import LinkService
from worker.consumer_groups import LINK, link_group
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.settings import Settings
from worker.streaming.observer import Observer
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.offset_reader import OffsetReader

PARTITIONS = 12
LIMIT_S = 3600
_COPIED = ("claim", "lookup")
"""Tables with a row or more for each claim."""
_IDS = ("id",)


class Opened(Observer):
    """Notes when the state is open."""

    def __init__(self) -> None:
        self.at = asyncio.Event()

    def waiting(self, stage, reason) -> None:
        if stage == LINK and reason is None:
            self.at.set()


class Worker:
    """One folder; its turns and its times as a standby, one after the other."""

    def __init__(self, broker, folder) -> None:
        self._settings = Settings(brokers=broker.bootstrap, data_dir=str(folder))
        self.file = folder / "states" / f"{link_group(self._settings.installation)}.sqlite"
        self._service = self._working = self._task = None

    async def turn(self) -> float:
        """Begins one; the seconds until it is open."""
        begun, opened = time.monotonic(), Opened()
        self._service = LinkService(self._settings, opened)
        self._run(self._service._owner())
        await asyncio.wait_for(opened.at.wait(), LIMIT_S)
        return time.monotonic() - begun

    async def standby(self) -> None:
        """Begins to be one; returns when it is up to date."""
        self._service = LinkService(self._settings, Observer())
        self._run(self._service._new_standby())
        async with asyncio.timeout(LIMIT_S):
            while not self._working.is_warm:
                await asyncio.sleep(0.1)

    def _run(self, working) -> None:
        self._working, self._task = working, asyncio.create_task(working.run())

    async def end(self) -> None:
        self._working.close()
        await self._task
        await self._service.on_stop()


async def send(broker, records) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        for record in records:
            await producer.send(record.topic, record.value, key=record.key)


async def all_read(broker, topics) -> None:
    group = link_group(Settings().installation)
    async with (
        OffsetReader(broker.brokers, limit_s=20, isolation="read_committed") as offsets,
        asyncio.timeout(LIMIT_S),
    ):
        while True:
            known = await offsets.partitions_of([topics.extracted, topics.claims])
            ends = await offsets.ends([p for partitions in known.values() for p in partitions])
            committed = await offsets.committed(group)
            if all(committed.get(p, 0) >= end for p, end in ends.items()):
                return
            await asyncio.sleep(0.2)


def grow(path, times) -> None:
    """Copies the rows of a file so many times under other names."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        for table in _COPIED:
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            copied = ", ".join(f"{name} || '-' || ?1" if name in _IDS else name for name in names)
            database.execute(f"CREATE TEMP TABLE some AS SELECT * FROM {table}")
            database.execute("BEGIN")
            for number in range(times):
                database.execute(f"INSERT INTO {table} SELECT {copied} FROM some", (number,))
            database.execute("COMMIT")
            database.execute("DROP TABLE some")
    finally:
        database.close()


async def measured(given) -> None:
    extractions, _ = extracted(given.articles, given.count, 10, rules=True)
    records = list(records_of(extractions))
    topics, broker = Topics(), start_kafka()
    try:
        with tempfile.TemporaryDirectory() as folder:
            await create_missing(broker.brokers, list(topics.specs(link=True)), partitions=PARTITIONS, replication=1)
            one, other, third = (Worker(broker, Path(folder) / name) for name in ("one", "other", "third"))
            await send(broker, records[: len(records) // 2])
            await one.turn()
            await all_read(broker, topics)
            await one.end()
            await other.turn()
            await send(broker, records[len(records) // 2 :])
            await all_read(broker, topics)
            await third.standby()
            await other.end()
            print(f"{len(extractions)} articles, {other.file.stat().st_size / 1e6:.0f} MB")
            await third.end()
            print(f"a standby takes over: {await third.turn():.1f} s")
            await third.end()
            print(f"a worker whose file lacks half of it: {await one.turn():.1f} s")
            await one.end()
            without = Worker(broker, Path(folder) / "fourth")
            print(f"a worker without a file: {await without.turn():.1f} s")
            await without.end()
            if given.as_large_as:
                grow(third.file, given.as_large_as // len(extractions))
                size = third.file.stat().st_size / 1e9
                print(f"a standby with a file of {size:.1f} GB takes over: {await third.turn():.1f} s")
                await third.end()
    finally:
        broker.stop()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("articles")
    ask.add_argument("--articles", dest="count", type=int, default=400)
    ask.add_argument("--as-large-as", type=int, default=0, metavar="ARTICLES")
    asyncio.run(measured(ask.parse_args()))


if __name__ == "__main__":
    main()
