"""Seconds from `claimwire run` to the first claim: whole workers of one or several checkouts, in turns, on one Kafka.

python -m bench.start_to_claim --rounds 5 . ../before

The article waits in its topic already, and nobody reads it: Kafka lets the first member of a group wait for 3 seconds
(group.initial.rebalance.delay.ms). Prints each round, and in the end each checkout's median with the spread.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.figures import Figure, saved
from bench.kafka_to_kafka import PARTITIONS, articles
from bench.worker_process import running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import KafkaCluster
from worker.streaming.topics.admin import create_missing

_LIMIT_S = 120


async def one_start(bootstrap: str, checkout: Path, prefix: str) -> float:
    topics = Topics.with_prefix(prefix)
    await create_missing(Brokers(bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        ((key, value),) = articles(1)
        await producer.send_and_wait(topics.raw, value, key=key)
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=50
    ) as consumer:
        consumer.assign([TopicPartition(topics.claims, number) for number in range(PARTITIONS)])
        begun = time.monotonic()
        with running_worker(bootstrap, checkout, prefix):
            async with asyncio.timeout(_LIMIT_S):
                while not await consumer.getmany(timeout_ms=50):
                    pass
            return time.monotonic() - begun


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    seconds: dict[Path, list[float]] = {checkout: [] for checkout in given.checkouts}
    broker = KafkaCluster(1, {"group.initial.rebalance.delay.ms": "3000"}, {})  # Kafka's default
    try:
        for number in range(given.rounds):
            for place, checkout in enumerate(given.checkouts):
                took = await one_start(broker.bootstrap, checkout.resolve(), f"s{number}x{place}.")
                seconds[checkout].append(took)
                print(f"round {number + 1}  {checkout}: first claim after {took:.1f}s", flush=True)
    finally:
        broker.stop()
    here = seconds.get(Path())
    if here:
        first = Figure("start to the first claim", "s", tuple(here), "at most 6")
        saved("start_to_claim", f"python -m bench.start_to_claim --rounds {given.rounds} .", [first])
    for checkout, some in seconds.items():
        print(f"{checkout}: median {statistics.median(some):.1f}s ({min(some):.1f} to {max(some):.1f})")


if __name__ == "__main__":
    asyncio.run(main())
