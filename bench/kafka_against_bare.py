"""Articles from Kafka to claims in Kafka against the bare extraction, with one process and with two, in one run.

python -m bench.kafka_against_bare [--articles 200] [--rounds 5] [--processes 1 2]

Bare: processes that extract the same articles from their own memory, nothing else. A worker does all that it always
does. In turns, so that what else the machine does hits both. Prints for each number of processes the ratio of articles
a second, and that of CPU seconds (bare over the worker's own process and its extraction processes together, without
what an idle worker takes in the same time), and in the end two processes over one. Kafka itself and this bench run on
the same cores: the ratio of rates pays for them as well.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.figures import Figure, saved
from bench.kafka_to_kafka import PARTITIONS, WARM_UP, articles, reading, send, until_idle, until_out
from bench.worker_process import cpu_seconds, running_worker
from worker.brokers import Brokers
from worker.contract.codec import decode_article
from worker.contract.topics import Topics
from worker.extraction.pipeline import Pipeline
from worker.local.kafka import start_kafka
from worker.streaming.pool.origin import origin
from worker.streaming.topics.admin import create_missing

_LOOKED_S = 0.2
_LIMIT_S = 600
_IDLE_S = 5.0

Records = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Spent:
    """For an article: seconds that passed, CPU seconds, and those of them in the worker's own process."""

    seconds: float
    cpu_s: float
    own_s: float = 0.0


def extract_alone(connection: Connection, values: Sequence[bytes]) -> None:
    """In a process of its own: says that it is ready, waits for the word, extracts, and tells its CPU seconds."""
    pipeline = Pipeline.load()
    pipeline.extract([decode_article(value) for value in values[:WARM_UP]])
    connection.send(None)
    connection.recv()
    begun = time.process_time()
    for value in values[WARM_UP:]:
        pipeline.extract([decode_article(value)])
    connection.send(time.process_time() - begun)


def bare(records: Records, processes: int) -> Spent:
    context = origin("worker.stages.preloaded")
    warm_up, measured = records[:WARM_UP], records[WARM_UP:]
    pipes = []
    for number in range(processes):
        ours, theirs = context.Pipe()
        values = [value for _, value in [*warm_up, *measured[number::processes]]]
        context.Process(target=extract_alone, args=(theirs, values), daemon=True).start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    begun = time.monotonic()
    for pipe in pipes:
        pipe.send(None)
    cpu_s = sum(pipe.recv() for pipe in pipes)
    return Spent((time.monotonic() - begun) / len(measured), cpu_s / len(measured))


async def through_kafka(bootstrap: str, prefix: str, records: Records, processes: int) -> Spent:
    topics = Topics.with_prefix(prefix)
    await create_missing(Brokers(bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    warm_up, measured = records[:WARM_UP], records[WARM_UP:]
    with running_worker(bootstrap, Path.cwd(), prefix, processes=str(processes)) as pid:
        async with reading(bootstrap, topics) as consumer:
            await send(bootstrap, topics.raw, list(warm_up))
            await until_out(consumer, topics, len(warm_up), pid)
        await until_idle(pid)
        idle = await idle_share(pid)
        before, begun = cpu_seconds(pid), time.time()
        await send(bootstrap, topics.raw, list(measured))
        await extracted(bootstrap, topics, len(records))
        last = await last_claim(bootstrap, topics)
        after, seconds = cpu_seconds(pid), time.time() - begun
    own, below = after.own - before.own - idle * seconds, after.below - before.below
    return Spent((last - begun) / len(measured), (own + below) / len(measured), own / len(measured))


async def idle_share(pid: int) -> float:
    """CPU seconds that the worker's own process takes in each second with nothing to do."""
    before = cpu_seconds(pid)
    await asyncio.sleep(_IDLE_S)
    return (cpu_seconds(pid).own - before.own) / _IDLE_S


async def extracted(bootstrap: str, topics: Topics, count: int) -> None:
    """Until there are so many extractions; only their number is asked for, so that reading them costs nothing."""
    partitions = [TopicPartition(topics.extracted, number) for number in range(PARTITIONS)]
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        async with asyncio.timeout(_LIMIT_S):
            while sum((await consumer.end_offsets(partitions)).values()) < count:
                await asyncio.sleep(_LOOKED_S)


async def last_claim(bootstrap: str, topics: Topics) -> float:
    """When the last claim of all extractions was written, in seconds since 1970. Waits until all of them are there."""
    wanted: dict[str, int] = {}
    there: dict[str, set[bytes]] = {}
    last_ms = 0
    async with reading(bootstrap, topics) as consumer, asyncio.timeout(_LIMIT_S):
        while not wanted or any(len(there.get(uri, ())) < count for uri, count in wanted.items()):
            for partition, rows in (await consumer.getmany(timeout_ms=200)).items():
                for row in rows:
                    value = orjson.loads(row.value)
                    uri = value["article"]["uri"]
                    if partition.topic == topics.extracted:
                        wanted[uri] = len({claim["claim_id"] for claim in value["claims"]})
                    else:
                        there.setdefault(uri, set()).add(row.key)
                        last_ms = max(last_ms, row.timestamp)
    return last_ms / 1000


async def rounds(bootstrap: str, records: Records, counts: Sequence[int], number_of: int) -> dict[int, list[Pair]]:
    found: dict[int, list[Pair]] = {count: [] for count in counts}
    for number in range(number_of):
        for count in counts:
            alone = await asyncio.to_thread(bare, records, count)
            whole = await through_kafka(bootstrap, f"b{number}x{count}.", records, count)
            found[count].append(Pair(alone, whole))
            print(f"round {number + 1}, {count} processes: {told(alone, whole)}", flush=True)
    return found


def told(alone: Spent, whole: Spent) -> str:
    return (
        f"bare {1 / alone.seconds:.1f} articles/s, {1000 * alone.cpu_s:.1f} CPU ms each; Kafka to Kafka "
        f"{1 / whole.seconds:.1f} articles/s, {1000 * whole.cpu_s:.1f} CPU ms each ({1000 * whole.own_s:.1f} in the "
        f"worker's own process); rates {alone.seconds / whole.seconds:.3f}, CPU {alone.cpu_s / whole.cpu_s:.3f}"
    )


@dataclass(frozen=True, slots=True)
class Pair:
    alone: Spent
    whole: Spent


def figures_of(found: dict[int, list[Pair]]) -> list[Figure]:
    figures = []
    for count, pairs in found.items():
        name = f"{count} process" + ("es" if count > 1 else "")
        rates = tuple(pair.alone.seconds / pair.whole.seconds for pair in pairs)
        cpu = tuple(pair.alone.cpu_s / pair.whole.cpu_s for pair in pairs)
        own = tuple(1000 * pair.whole.own_s for pair in pairs)
        figures += [
            Figure(f"{name}: articles a second, Kafka to Kafka over bare", "", rates, "at least 0.95"),
            Figure(f"{name}: CPU an article, bare over Kafka to Kafka", "", cpu, "at least 0.95"),
            Figure(f"{name}: CPU of the worker's own process", "ms an article", own),
        ]
    if {1, 2} <= found.keys():
        both = list(zip(found[1], found[2], strict=True))
        whole = tuple(one.whole.seconds / two.whole.seconds for one, two in both)
        alone = tuple(one.alone.seconds / two.alone.seconds for one, two in both)
        figures.append(Figure("two processes over one, Kafka to Kafka", "", whole, "at least 1.85"))
        figures.append(Figure("two processes over one, bare", "", alone))
    return figures


async def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, default=200)
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    given = ask.parse_args()
    broker = start_kafka()
    try:
        found = await rounds(broker.bootstrap, articles(WARM_UP + given.articles), given.processes, given.rounds)
    finally:
        broker.stop()
    figures = figures_of(found)
    for figure in figures:
        print(f"{figure.name}: {figure.told}" + (f", bar {figure.bar}" if figure.bar else ""))
    saved("kafka_against_bare", f"python -m bench.kafka_against_bare --articles {given.articles}", figures)


if __name__ == "__main__":
    asyncio.run(main())
