"""Articles in Kafka to claims in Kafka: whole workers of one or several checkouts, in turns, on one Kafka.

python -m bench.kafka_to_kafka --articles 300 --rounds 3 . ../before

Prints for each round the articles a second from the first extraction to the last claim of the last article, and in the
end each checkout's median and its ratio to the first one with the spread. Workers are told to use two processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.worker_process import running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.streaming.topics.admin import create_missing

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"
PARTITIONS = 4


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
) -> float:
    topics = Topics.with_prefix(prefix)
    await create_missing(Brokers(bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    for key, value in records:
        await producer.send(topics.raw, value, key=key)
    await producer.stop()
    with running_worker(bootstrap, checkout, prefix, model=model):
        return await measured(bootstrap, topics, len(records))


async def measured(bootstrap: str, topics: Topics, count: int, limit_s: float = 600) -> float:
    """Articles a second; the last claim of each article is awaited. Raises TimeoutError."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=50)
    await consumer.start()
    consumer.assign([TopicPartition(t, p) for t in (topics.extracted, topics.claims) for p in range(PARTITIONS)])
    wanted: dict[str, int] = {}
    claims: dict[str, set[bytes]] = {}
    first = last = 0.0
    try:
        async with asyncio.timeout(limit_s):
            while len(wanted) < count or any(len(claims.get(uri, ())) < n for uri, n in wanted.items()):
                for partition, rows in (await consumer.getmany(timeout_ms=50)).items():
                    last = time.monotonic()
                    first = first or last
                    for row in rows:
                        value = json.loads(row.value)
                        if partition.topic == topics.extracted:
                            wanted[value["article"]["uri"]] = len({c["claim_id"] for c in value["claims"]})
                        else:
                            claims.setdefault(value["article"]["uri"], set()).add(row.key)
    finally:
        await consumer.stop()
    return count / (last - first)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rules-only", action="store_true", help="without the model: the plumbing weighs more")
    given = parser.parse_args()
    records, model = articles(given.articles), str(not given.rules_only).lower()
    rates: dict[Path, list[float]] = {checkout: [] for checkout in given.checkouts}
    broker = start_kafka()
    try:
        for number in range(given.rounds):
            for place, checkout in enumerate(given.checkouts):
                rate = await one_round(
                    broker.bootstrap,
                    checkout.resolve(),
                    f"k{number}x{place}.",
                    records,
                    model,
                )
                rates[checkout].append(rate)
                print(f"round {number + 1}  {checkout}: {rate:.1f} articles/s", flush=True)
    finally:
        broker.stop()
    base = rates[given.checkouts[0]]
    for checkout, some in rates.items():
        ratios = [one / other for one, other in zip(some, base, strict=True)]
        print(
            f"{checkout}: median {statistics.median(some):.1f} articles/s, "
            f"{statistics.median(ratios):.3f} of the first ({min(ratios):.3f} to {max(ratios):.3f})"
        )


if __name__ == "__main__":
    asyncio.run(main())
