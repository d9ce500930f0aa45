"""Records a second of a replay through Kafka against the bare extraction: the same articles and processes, in turns.

python -m bench.replay_throughput [--articles 900] [--processes 0: as many as cores] [--rounds 3] [--no-model]

"Bare" decodes and extracts in the same number of processes, each with its part of the articles, and returns nothing:
no Kafka, no way of outputs back, no claims written. The replay reads a topic, keeps its place, runs the lifecycle and
publishes extractions, claims and states to topics of its own; it counts from joining its group to the last commit.
Needs a real Apache Kafka (make kafka), which works on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from worker.brokers import Brokers
from worker.contract.codec import decode_article
from worker.contract.topics import Topics
from worker.extraction.pipeline import Pipeline
from worker.local.kafka import start_kafka
from worker.replay.execution import assembly
from worker.replay.execution.pace import Share
from worker.replay.plan.plan import ReplayPlan, Target, now, side_topics
from worker.settings import Settings
from worker.streaming.pool.process_pool import ProcessPool
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.window import Selection, fix_window

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"


def load_bare(*, model: bool) -> Any:
    pipeline = Pipeline.load(model=model)

    def work(records: Sequence[Record]) -> list[None]:
        pipeline.extract([decode_article(record.value or b"") for record in records])
        return [None] * len(records)

    return work


def articles(count: int) -> list[Record]:
    seeds = [orjson.loads(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
    seeds = [seed for seed in seeds if "uri" in seed and "body" in seed]
    rows = [seeds[n % len(seeds)] | {"uri": f"https://bench.example/{n}"} for n in range(count)]
    return [Record("raw", 0, n, 0, row["uri"].encode(), orjson.dumps(row), ()) for n, row in enumerate(rows)]


async def bare(pool: ProcessPool, records: list[Record]) -> float:
    parts = [records[n :: pool.size] for n in range(pool.size)]
    begun = time.perf_counter()
    await asyncio.gather(*(pool.run(part) for part in parts))
    return time.perf_counter() - begun


async def replayed(settings: Settings, pool: ProcessPool, share: Share, number: int) -> tuple[float, int]:
    name = f"bench-{number}"
    live = Topics()
    topics = side_topics(live, "", name, Target.TOPIC)
    plan = ReplayPlan(name=name, created_at=now(), window=await fix_window(settings.kafka, Selection(topic=live.raw)))
    registry = assembly.registry_of(settings, plan)
    plan = await registry.begin(plan)
    async with assembly.assembled(plan, settings, registry, pool, topics, rate=None, share=share) as parts:
        begun = time.perf_counter()
        ended = await parts.replay.run(parts.source)
        seconds = time.perf_counter() - begun
    assert ended.whole
    assert ended.counts.ok + ended.counts.dropped == ended.counts.read, ended.counts
    return seconds, ended.counts.claims


async def measure(given: argparse.Namespace, brokers: Brokers, folder: str) -> None:
    settings = Settings(brokers=str(brokers), model=given.model, data_dir=folder, extraction_timeout_s=3600.0)
    share = Share(given.processes or os.cpu_count() or 1, 1.0, idle=False)
    records = articles(given.articles)
    live = Topics()
    await create_missing(brokers, live.specs(), partitions=8, replication=-1)
    async with AIOKafkaProducer(bootstrap_servers=str(brokers), linger_ms=20) as producer:
        for future in [await producer.send(live.raw, r.value, key=r.key) for r in records]:
            await future
    bare_pool = ProcessPool(
        "bench.replay_throughput:load_bare", {"model": given.model}, size=share.processes, limit_s=3600
    )
    await bare_pool.start()
    try:
        print(
            f"{len(records)} articles of the seeds, "
            f"{sum(len(r.value or b'') for r in records) / len(records) / 1024:.1f} KiB each, "
            f"{share.processes} processes on {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
        )
        await rounds(given, settings, bare_pool, share, records)
    finally:
        await bare_pool.stop()


async def rounds(
    given: argparse.Namespace, settings: Settings, bare_pool: ProcessPool, share: Share, records: list[Record]
) -> None:
    ratios = []
    await bare(bare_pool, records[: len(records) // 4])  # caches warm for both
    for number in range(given.rounds):
        topics = side_topics(Topics(), "", f"bench-{number}", Target.TOPIC)
        alone = await bare(bare_pool, records)
        async with assembly.started_pool(settings, topics, share) as pool:
            await pool.run(records[:8])
            through, claims = await replayed(settings, pool, share, number)
        ratios.append(alone / through)
        print(
            f"round {number + 1}: bare {len(records) / alone:6.1f} records/s, replay {len(records) / through:6.1f} "
            f"records/s with {claims} claims, {alone / through:.3f}"
        )
    median = statistics.median(ratios)
    print(f"a replay is {median:.3f} times as fast as the bare extraction ({min(ratios):.3f} to {max(ratios):.3f})")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, default=900)
    ask.add_argument("--processes", type=int, default=0)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument(
        "--model", action=argparse.BooleanOptionalAction, default=True, help="the trained model, or rules alone"
    )
    given = ask.parse_args()
    kafka = start_kafka()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(given, kafka.brokers, folder))
    finally:
        kafka.stop()


if __name__ == "__main__":
    main()
