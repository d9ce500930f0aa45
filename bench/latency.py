"""Milliseconds from the acknowledgement of a raw article to its last claim, at shares of the highest rate.

python -m bench.latency --rate 20 --seconds 60 [--shares 0.25 0.5 0.8]

`rate`: what `bench.kafka_to_kafka` measured on the same machine just before. One worker with two processes; articles
are sent at even distances. Prints for each share p50, p99 and the longest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.figures import Figure, saved
from bench.kafka_to_kafka import PARTITIONS, WARM_UP, articles, reading, send, until_idle, until_out
from bench.worker_process import running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.streaming.topics.admin import create_missing

_LIMIT_S = 120
_PERCENT, _PER_MILLE = 100, 1000
_BAR_SHARE = 0.5


async def sent_evenly(bootstrap: str, topic: str, records: list[tuple[bytes, bytes]], rate: float) -> dict[str, float]:
    """When each article was acknowledged, by its uri."""
    at: dict[str, float] = {}
    begun = time.monotonic()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for number, (key, value) in enumerate(records):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            await producer.send_and_wait(topic, value, key=key)
            at[key.decode()] = time.monotonic()
    return at


async def all_out(consumer: AIOKafkaConsumer, topics: Topics, uris: set[str]) -> dict[str, float]:
    """When the extraction and all claims of each article had been read, by its uri. Raises TimeoutError."""
    wanted: dict[str, int] = {}
    claims: dict[str, set[bytes]] = {}
    at: dict[str, float] = {}
    while at.keys() != uris:
        async with asyncio.timeout(_LIMIT_S):
            batches = await consumer.getmany(timeout_ms=20)
        for partition, rows in batches.items():
            for row in rows:
                value = json.loads(row.value)
                uri = value["article"]["uri"]
                if partition.topic == topics.extracted:
                    wanted[uri] = len({claim["claim_id"] for claim in value["claims"]})
                else:
                    claims.setdefault(uri, set()).add(row.key)
                if uri in uris and len(claims.get(uri, ())) >= wanted.get(uri, len(uris) + 1):
                    at.setdefault(uri, time.monotonic())
    return at


async def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rate", type=float, required=True, help="articles a second")
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--shares", type=float, nargs="+", default=[0.25, 0.5, 0.8])
    given = ask.parse_args()
    broker = start_kafka()
    try:
        topics = Topics.with_prefix("l.")
        await create_missing(Brokers(broker.bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
        counts = [int(given.rate * share * given.seconds) for share in given.shares]
        records = articles(WARM_UP + sum(counts))
        with running_worker(broker.bootstrap, Path.cwd(), "l.") as pid:
            async with reading(broker.bootstrap, topics) as consumer:
                await send(broker.bootstrap, topics.raw, records[:WARM_UP])
                await until_out(consumer, topics, WARM_UP, pid)
                await until_idle(pid)
                begin, figures = WARM_UP, []
                for share, count in zip(given.shares, counts, strict=True):
                    some = records[begin : begin + count]
                    begin += count
                    uris = {key.decode() for key, _ in some}
                    reader = asyncio.create_task(all_out(consumer, topics, uris))
                    sent = await sent_evenly(broker.bootstrap, topics.raw, some, given.rate * share)
                    out = await reader
                    took = sorted(1000 * (out[uri] - sent[uri]) for uri in uris)
                    p50, p99 = statistics.median(took), took[int(len(took) * 99 / _PERCENT)]
                    p999 = took[int(len(took) * 999 / _PER_MILLE)]
                    print(
                        f"{share:.0%} of {given.rate:g} articles/s, {count} articles: "
                        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, p99.9 {p999:.0f} ms, longest {took[-1]:.0f} ms",
                        flush=True,
                    )
                    bar = "under 1000" if share == _BAR_SHARE else ""
                    figures += [
                        Figure(f"at {share:.0%} of the highest rate: p50", "ms", (p50,)),
                        Figure(f"at {share:.0%} of the highest rate: p99", "ms", (p99,), bar),
                        Figure(f"at {share:.0%} of the highest rate: p99.9", "ms", (p999,)),
                    ]
        saved("latency", f"python -m bench.latency --rate {given.rate:g} --seconds {given.seconds:g}", figures)
    finally:
        broker.stop()


if __name__ == "__main__":
    asyncio.run(main())
