"""Articles in Kafka to claims in Kafka: whole workers of one or several checkouts, in turns, on one Kafka.

python -m bench.kafka_to_kafka --articles 300 --rounds 3 . ../before

Each worker gets a few articles first and is waited for until it is idle, so that loading the models is no part of it.
Prints for each round the articles a second from the first extraction to the last claim of the last article, with the
CPU milliseconds an article of the worker's own process and of its extraction processes, and in the end each checkout's
medians and their ratios to the first one with the spread. Workers are told to use two processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.worker_process import cpu_seconds, running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.streaming.topics.admin import create_missing

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"
PARTITIONS = 4
WARM_UP = 2 * PARTITIONS
IDLE_SHARE = 0.1
"""Of a core."""


def articles(count: int) -> list[tuple[bytes, bytes]]:
    """The seeds in English over and over, each time as another article."""
    seeds = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.json"))]
    native = [seed for seed in seeds if "body" in seed and "uri" in seed and seed.get("language", "en") == "en"]
    made = []
    for number in range(count):
        article = dict(native[number % len(native)]) | {"uri": f"urn:bench:{number}"}
        made.append((article["uri"].encode(), json.dumps(article).encode()))
    return made


async def one_round(
    bootstrap: str, checkout: Path, prefix: str, records: list[tuple[bytes, bytes]], model: str
) -> Round:
    topics = Topics.with_prefix(prefix)
    await create_missing(Brokers(bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    with running_worker(bootstrap, checkout, prefix, model=model) as pid:
        async with reading(bootstrap, topics) as consumer:
            first, measured = records[:WARM_UP], records[WARM_UP:]
            await send(bootstrap, topics.raw, first)
            await until_out(consumer, topics, len(first), pid)
            await until_idle(pid)
            await send(bootstrap, topics.raw, measured)
            return await until_out(consumer, topics, len(measured), pid)


async def send(bootstrap: str, topic: str, records: list[tuple[bytes, bytes]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for key, value in records:
            await producer.send(topic, value, key=key)


@asynccontextmanager
async def reading(bootstrap: str, topics: Topics) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=50)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(t, p) for t in (topics.extracted, topics.claims) for p in range(PARTITIONS)])
        yield consumer
    finally:
        await consumer.stop()


async def until_idle(pid: int, limit_s: int = 90) -> None:
    """Until the worker uses next to no CPU: all of its processes have loaded. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        used_s = float("inf")
        while used_s > IDLE_SHARE:
            before = cpu_seconds(pid)
            await asyncio.sleep(1)
            after = cpu_seconds(pid)
            used_s = after.own + after.below - before.own - before.below


@dataclass(frozen=True, slots=True)
class Round:
    """Articles a second, and CPU milliseconds an article."""

    rate: float
    own_ms: float
    extraction_ms: float


async def until_out(consumer: AIOKafkaConsumer, topics: Topics, count: int, pid: int, limit_s: float = 600) -> Round:
    """Of the worker with this process id; the last claim of each article is awaited. Raises TimeoutError."""
    wanted: dict[str, int] = {}
    claims: dict[str, set[bytes]] = {}
    first = last = 0.0
    before = cpu_seconds(pid)
    async with asyncio.timeout(limit_s):
        while len(wanted) < count or any(len(claims.get(uri, ())) < n for uri, n in wanted.items()):
            for partition, rows in (await consumer.getmany(timeout_ms=50)).items():
                last = time.monotonic()
                if not first:
                    first, before = last, cpu_seconds(pid)
                for row in rows:
                    value = json.loads(row.value)
                    if partition.topic == topics.extracted:
                        wanted[value["article"]["uri"]] = len({c["claim_id"] for c in value["claims"]})
                    else:
                        claims.setdefault(value["article"]["uri"], set()).add(row.key)
    after = cpu_seconds(pid)
    own, below = after.own - before.own, after.below - before.below
    return Round(count / (last - first), 1000 * own / count, 1000 * below / count)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rules-only", action="store_true", help="without the model: the plumbing weighs more")
    given = parser.parse_args()
    records, model = articles(WARM_UP + given.articles), str(not given.rules_only).lower()
    rounds: dict[Path, list[Round]] = {checkout: [] for checkout in given.checkouts}
    broker = start_kafka()
    try:
        for number in range(given.rounds):
            for place, checkout in enumerate(given.checkouts):
                one = await one_round(
                    broker.bootstrap,
                    checkout.resolve(),
                    f"k{number}x{place}.",
                    records,
                    model,
                )
                rounds[checkout].append(one)
                print(f"round {number + 1}  {checkout}: {told(one)}", flush=True)
    finally:
        broker.stop()
    for checkout, some in rounds.items():
        print(f"{checkout}: median {told(Round(*map(statistics.median, zip(*map(astuple, some), strict=True))))}")
        for name in ("rate", "own_ms", "extraction_ms"):
            pairs = zip(some, rounds[given.checkouts[0]], strict=True)
            ratios = [getattr(one, name) / getattr(base, name) for one, base in pairs]
            print(f"  {name}: {statistics.median(ratios):.3f} of the first ({min(ratios):.3f} to {max(ratios):.3f})")


def told(one: Round) -> str:
    return (
        f"{one.rate:.1f} articles/s; CPU ms an article: {one.own_ms:.1f} its own process, "
        f"{one.extraction_ms:.1f} extraction"
    )


if __name__ == "__main__":
    asyncio.run(main())
