"""What articles become in Kafka: the bytes of each topic, as records and on the broker's disk, beside the raw bytes.

python -m bench.storage --articles 300                   the seeds over and over, waiting in their topic (a backlog)
python -m bench.storage --file articles.jsonl --rate 5   articles of your own, five a second, as they come in a day
python -m bench.storage --compression none               what compression saves

Records: keys, values and headers as readers see them. Disk: the segments of one copy, before compaction, with what
Kafka itself needs of each batch and transaction. The raw articles are published without compression.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.kafka_to_kafka import PARTITIONS, articles, reading, until_out
from bench.worker_process import running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import KafkaCluster
from worker.streaming.topics.admin import create_missing


@dataclass
class Stored:
    records: int = 0
    keys: int = 0
    values: int = 0
    headers: int = 0

    @property
    def size(self) -> int:
        return self.keys + self.values + self.headers


def from_file(path: Path, count: int) -> list[tuple[bytes, bytes]]:
    """The first articles of JSON lines; each needs a `uri`."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]
    return [(row["uri"].encode(), json.dumps(row).encode()) for row in rows]


async def publish(bootstrap: str, topic: str, records: list[tuple[bytes, bytes]], rate: float) -> None:
    """`rate`: records a second; 0: as fast as Kafka takes them."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        begun = time.monotonic()
        for number, (key, value) in enumerate(records):
            if rate:
                await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            await producer.send(topic, value, key=key)


async def stored(bootstrap: str, topic: str) -> Stored:
    """All that a reader of committed records finds in a topic."""
    found = Stored()
    options = {"isolation_level": "read_committed", "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, **options) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                for row in rows:
                    found.records += 1
                    found.keys += len(row.key or b"")
                    found.values += len(row.value or b"")
                    found.headers += sum(len(name) + len(value) for name, value in row.headers)
    return found


async def one_round(broker: KafkaCluster, checkout: Path, given: argparse.Namespace) -> None:
    records = from_file(given.file, given.articles) if given.file else articles(given.articles)
    topics = Topics.with_prefix("b.")
    await create_missing(Brokers(broker.bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    if not given.rate:
        await publish(broker.bootstrap, topics.raw, records, 0)
    with running_worker(broker.bootstrap, checkout, "b.", compression=given.compression) as pid:
        publishing = asyncio.create_task(
            publish(broker.bootstrap, topics.raw, records if given.rate else [], given.rate)
        )
        async with reading(broker.bootstrap, topics) as consumer:
            await until_out(consumer, topics, len(records), pid, limit_s=len(records) + 600)
        await publishing
    raw = 0
    names = {topics.raw: "raw", topics.extracted: "extracted", topics.claims: "claims", topics.live: "live"}
    print(f"{'':10} {'records':>8} {'keys':>9} {'values':>11} {'headers':>9} {'disk':>11} {'a raw byte':>10}")
    whole = 0
    for topic, name in names.items():
        found, disk = await stored(broker.bootstrap, topic), broker.size_on_disk(topic)
        raw = raw or found.size
        whole += disk
        print(
            f"{name:10} {found.records:>8,} {found.keys:>9,} {found.values:>11,} {found.headers:>9,} {disk:>11,} "
            f"{disk / raw:>10.2f}"
        )
    others = sum(broker.size_on_disk(topic) for topic in (topics.retry, topics.dropped, topics.dead))
    print(f"{'others':10} {'':>8} {'':>9} {'':>11} {'':>9} {others:>11,} {others / raw:>10.2f}")
    whole += others
    print(f"{len(records)} articles, {raw:,} bytes raw: {whole:,} bytes on disk, {whole / raw:.1f} times")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", nargs="?", type=Path, default=Path())
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--file", type=Path, help="articles as JSON lines instead of the seeds")
    parser.add_argument("--rate", type=float, default=0, help="articles a second; 0: they wait in the topic already")
    parser.add_argument("--compression", default="zstd", choices=("none", "gzip", "snappy", "lz4", "zstd"))
    given = parser.parse_args()
    broker = KafkaCluster(1, {}, {})
    try:
        await one_round(broker, given.checkout.resolve(), given)
    finally:
        broker.stop()


if __name__ == "__main__":
    asyncio.run(main())
