"""Latency of the live worker with a replay beside it and without, in turns on the same machine.

python -m bench.replay_beside_live [--seconds 90] [--rounds 2] [--per-second 4] [--share 0.5] [--no-model]

Articles come at a steady pace; the latency of one is the time from the record in articles.raw to the last of its
claims, by the records' timestamps. The replay works on articles that came before. Needs a real Apache Kafka.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer

from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.shared_window import read_checkpoints
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"
OLD = "old.raw"


def article(number: int, seeds: list[dict]) -> tuple[bytes, bytes]:
    row = seeds[number % len(seeds)] | {"uri": f"https://bench.example/{number}"}
    return row["uri"].encode(), orjson.dumps(row)


async def steady(producer: AIOKafkaProducer, seeds: list[dict], first: int, seconds: float, per_second: float) -> int:
    begun = time.monotonic()
    number = 0
    while (due := begun + number / per_second) < begun + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        key, value = article(first + number, seeds)
        await producer.send_and_wait(Topics().raw, value, key=key)
        number += 1
    return number


async def caught_up(brokers: Brokers) -> None:
    """Waits until the worker has read and published everything."""
    for group, topic in (("claimwire-ingest", Topics().raw), ("claimwire", Topics().extracted)):
        while True:
            window = await fix_window(brokers, Selection(topic=topic))
            done = sum(at.position for at in (await read_checkpoints(brokers, group, topic)).values())
            if done >= window.width:
                break
            await asyncio.sleep(0.5)


async def latencies(brokers: Brokers, first: int, count: int) -> list[float]:
    wanted = {f"https://bench.example/{n}" for n in range(first, first + count)}
    came, done = {}, {}
    async with WindowReader(brokers, await fix_window(brokers, Selection(topic=Topics().raw))) as reader:
        async for record in reader:
            if (uri := (record.key or b"").decode()) in wanted:
                came[uri] = record.timestamp
    async with WindowReader(brokers, await fix_window(brokers, Selection(topic=Topics().claims))) as reader:
        async for record in reader:
            uri = dict(record.headers)["ce_subject"].decode()
            if uri in wanted:
                done[uri] = max(done.get(uri, 0), record.timestamp)
    return [(done[uri] - came[uri]) / 1000 for uri in wanted if uri in done]


def quantile_words(values: list[float]) -> str:
    cuts = statistics.quantiles(values, n=100)
    p50, p95, p99, highest = (1000 * value for value in (cuts[49], cuts[94], cuts[98], max(values)))
    return f"p50 {p50:5.0f} ms, p95 {p95:5.0f} ms, p99 {p99:5.0f} ms, max {highest:.0f} ms"


async def measure(given: argparse.Namespace, brokers: Brokers, environment: dict[str, str], log: Path) -> None:
    seeds = [orjson.loads(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
    seeds = [s for s in seeds if "uri" in s and "body" in s and s.get("language", "en") == "en"]
    async with AIOKafkaProducer(bootstrap_servers=str(brokers), linger_ms=5) as producer:
        old = [await producer.send(OLD, v, key=k) for k, v in (article(n, seeds) for n in range(given.old))]
        await asyncio.gather(*old)
        number = 1_000_000
        number += await steady(producer, seeds, number, 15, given.per_second)  # warms up
        await caught_up(brokers)
        values: dict[str, list[float]] = {"alone": [], "beside a replay": []}
        for turn in range(2 * given.rounds):
            which = "beside a replay" if turn % 2 else "alone"
            replay = None
            if turn % 2:
                with log.open("ab") as output:
                    replay = subprocess.Popen(
                        [
                            sys.executable,
                            "-m",
                            "worker",
                            "replay",
                            "--topic",
                            OLD,
                            "--name",
                            f"beside-{turn}",
                            "--share",
                            str(given.share),
                        ],
                        env=environment,
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                    )
                await asyncio.sleep(20)  # it loads
            try:
                count = await steady(producer, seeds, number, given.seconds, given.per_second)
                assert replay is None or replay.poll() is None, (
                    f"the replay ended too early, give it more with --old: {log}"
                )
            finally:
                if replay is not None:
                    replay.send_signal(signal.SIGTERM)
                    replay.wait(60)
            await caught_up(brokers)
            found = await latencies(brokers, number, count)
            number += count
            values[which] += found
            print(f"{which:16} {len(found)} articles: {quantile_words(found)}", flush=True)
    p99 = {which: statistics.quantiles(found, n=100)[98] for which, found in values.items()}
    for which, found in values.items():
        print(f"{which:16} in all {len(found)}: {quantile_words(found)}")
    print(f"p99 beside a replay is {p99['beside a replay'] / p99['alone']:.2f} times that alone")
    print(log.read_text(encoding="utf-8").splitlines()[-1] if log.exists() else "")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=90)
    ask.add_argument("--rounds", type=int, default=2)
    ask.add_argument("--per-second", type=float, default=4)
    ask.add_argument("--share", type=float, default=0.5)
    ask.add_argument("--old", type=int, default=30_000, help="articles that the replay has to work on")
    ask.add_argument(
        "--model", action=argparse.BooleanOptionalAction, default=True, help="the trained model, or rules alone"
    )
    given = ask.parse_args()
    kafka = start_kafka()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_run(given, kafka.brokers, Path(folder)))
    finally:
        kafka.stop()


async def _run(given: argparse.Namespace, brokers: Brokers, folder: Path) -> None:
    from worker.contract.topics import TopicSpec

    await create_missing(brokers, [*Topics().specs(), TopicSpec(name=OLD, purpose="")], partitions=4, replication=-1)
    environment = os.environ | {
        "CLAIMWIRE_BROKERS": str(brokers),
        "CLAIMWIRE_MODEL": str(given.model).lower(),
        "CLAIMWIRE_DATA_DIR": str(folder / "data"),
        "CLAIMWIRE_WEB_PORT": "0",
    }
    print(
        f"{given.per_second:g} articles/s live on {os.cpu_count()} cores, share of the replay {given.share:g}, "
        f"load average {os.getloadavg()[0]:.1f}"
    )
    with (folder / "worker.log").open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "worker", "run"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        await measure(given, brokers, environment, folder / "replay.log")
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


if __name__ == "__main__":
    main()
