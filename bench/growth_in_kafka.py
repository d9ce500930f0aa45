"""How the way through Kafka grows: CPU of intake and publisher over partitions, lag and workers; extraction is empty.

python -m bench.growth_in_kafka [--records 2000]

CPU is what all workers use together, from their start until the last record is settled: joining the group is in it, so
that few records cost more each. Workers are members of one group within this process. Nothing may grow faster than what
it grows over: the exponents say so.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time

from bench.figures import Curve, Figure, saved
from bench.growth import exponent
from bench.plumbing import SIZES, fill, made_again
from tests.running_intake import RunningIntake
from worker.contract.topics import Topics
from worker.local.kafka import KafkaCluster, start_kafka
from worker.streaming.outcome import Ok, Outcome, Output
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing

_PARTITIONS = (1, 4, 16, 64)
_LAG = (10, 100, 1000, 10_000)
_WORKERS = (1, 2, 3, 4)


async def cpu_s(broker: KafkaCluster, prefix: str, count: int, partitions: int, workers: int = 1) -> float:
    """CPU seconds for `count` records that wait, all of them."""
    topics = Topics.with_prefix(prefix)
    await create_missing(broker.brokers, list(topics.specs()), partitions=partitions, replication=1)
    await fill(broker, topics.raw, count, SIZES["2 KB"])

    async def work(records: list[Record]) -> list[Outcome]:
        return [Ok((Output(topics.extracted, r.key, made_again(r.value), ()),)) for r in records]

    settings = {"batch_records": 16, "batch_bytes": 256 * 1024, "in_flight_bytes": 32 * 1024 * 1024}
    begun = time.process_time()
    async with contextlib.AsyncExitStack() as stack:
        running = [
            await stack.enter_async_context(RunningIntake(broker, topics, work, commit_interval_s=1.0, **settings))
            for _ in range(workers)
        ]
        while sum(each.whole.ok for each in running) < count:
            await asyncio.sleep(0.05)
        return time.process_time() - begun


async def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=2000, help="where partitions or workers grow")
    given = ask.parse_args()
    broker = start_kafka()
    curves, figures = [], []
    try:
        for name, sizes in (("partitions", _PARTITIONS), ("lag", _LAG), ("workers", _WORKERS)):
            points: list[tuple[float, float]] = []
            for size in sizes:
                count = size if name == "lag" else given.records
                partitions = size if name == "partitions" else 4
                seconds = await cpu_s(broker, f"{name}{size}.", count, partitions, size if name == "workers" else 1)
                points.append((size, seconds))
                each = 1e6 * seconds / count
                print(f"{size} {name}: {seconds:.2f} CPU s, {each:.0f} us a record", flush=True)
                figures.append(Figure(f"{size} {name}: CPU of a record", "us", (each,)))
            curves.append(Curve(name, name, "CPU s", tuple(points), exponent(points)))
            print(f"exponent over {name}: {curves[-1].exponent:.2f}", flush=True)
    finally:
        broker.stop()
    saved("growth_in_kafka", f"python -m bench.growth_in_kafka --records {given.records}", figures, curves)


if __name__ == "__main__":
    asyncio.run(main())
