"""The lifecycle's states: memory over many articles, and the time until all of them are there again.

python -m bench.lifecycle_state memory --articles 100000: feeds that many articles to a lifecycle process and prints its
resident memory over each tenth of them, while it works (the median of readings taken five times a second) and at rest
behind it, when what the last records needed was given back; at rest it must not grow with the number of articles. As
many as a tenth more wait in the topic when the process starts, so that what a lag fills (caches) is filled before the
first tenth, with which the others are compared.
python -m bench.lifecycle_state recovery --articles 1000000: writes that many states to articles.live and prints how
long a worker without and with its files takes until every partition is open. Both start a Kafka of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Self

from aiokafka import AIOKafkaProducer

from worker.agents.lifecycle_service import LifecycleService
from worker.brokers import Brokers
from worker.consumer_groups import lifecycle_group
from worker.contract.claim import Provenance
from worker.contract.codec import encode
from worker.contract.ids import claim_id, extraction_id
from worker.contract.published.examples import example_extraction
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.settings import Settings
from worker.stages.lifecycle import decide
from worker.streaming.observer import Observer
from worker.streaming.pool.process_memory import GIVE_BACK_S
from worker.streaming.record import Record
from worker.streaming.stateful.changelog import LAYOUT_KEY, Layout
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.offset_reader import OffsetReader

PARTITIONS = 4
CLAIMS = 8
_WORDS = (
    "harbour council ferry budget strike verdict flood tender signal border minister report union storm price".split()
)


def extraction(number: int, claims: int = CLAIMS):
    base = example_extraction()
    (pattern,) = base.claims
    uri = f"https://news.example/{number}"
    article = replace(base.article, uri=uri, text_sha256=f"{number:064d}")
    provenance = Provenance(pipeline="bench", topic="articles.raw", partition=0, offset=number)
    made = []
    for index in range(claims):
        words = [_WORDS[(number * 7 + index * 3 + step) % len(_WORDS)] for step in range(12)]
        text = f"The {' '.join(words)} {number % 997} {index}"
        span = replace(pattern.content.spans[0], start=index * 100, end=index * 100 + len(text), exact=text)
        made.append(
            replace(
                pattern,
                claim_id=claim_id(uri, "x", text),
                article=article,
                content=replace(pattern.content, text=text, spans=[span]),
                provenance=provenance,
            )
        )
    return replace(
        base,
        extraction_id=extraction_id(uri, "1", article.text_sha256, "bench"),
        article=article,
        text="",
        claims=made,
        claims_count=len(made),
        provenance=provenance,
    )


def lifecycle_process(settings: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.streaming.stateful.lifecycle_process"],
        env=os.environ | {f"CLAIMWIRE_{name}": value for name, value in settings.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class Readings:
    """The resident memory of a process, read five times a second by a thread until the end of `with`."""

    def __init__(self, pid: int) -> None:
        self._pid, self._over, self._mb = pid, threading.Event(), [resident_mb(pid)]
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over.wait(0.2):
            self._mb.append(resident_mb(self._pid))

    def median_mb(self) -> float:
        """Of the readings since the last call."""
        since, self._mb = self._mb, [resident_mb(self._pid)]
        return statistics.median(since)


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def memory(brokers: Brokers, topics: Topics, articles: int, folder: str) -> None:
    settings = {"BROKERS": str(brokers), "DATA_DIR": folder, "TOPIC_PREFIX": "", "APP_ID": "bench"}
    group, tenth = lifecycle_group("bench"), articles // 10
    async with (
        AIOKafkaProducer(bootstrap_servers=str(brokers), compression_type="lz4", linger_ms=20) as producer,
        OffsetReader(brokers, limit_s=20) as offsets,
    ):

        async def send(part: int) -> None:
            for number in range(part * tenth, (part + 1) * tenth):
                one = extraction(number)
                await producer.send(topics.extracted, encode(one), key=one.article.uri.encode())
            await producer.flush()

        await send(0)
        process = lifecycle_process(settings)
        try:
            with Readings(process.pid) as readings:
                compared = 0.0
                for part in range(1 + 10):
                    begun = time.monotonic()
                    if part:
                        await send(part)
                    while sum((await offsets.committed(group)).values()) < (part + 1) * tenth:
                        await asyncio.sleep(0.5)
                    at_work, rate = readings.median_mb(), tenth / (time.monotonic() - begun)
                    await asyncio.sleep(1.2 * GIVE_BACK_S)
                    at_rest = resident_mb(process.pid)
                    readings.median_mb()
                    compared = compared or (at_rest if part else 0.0)
                    growth = f"{at_rest - compared:+5.1f} MB" if part else " " * 8
                    print(
                        f"{(part + 1) * tenth:>9,} articles  {rate:6.0f}/s  at work {at_work:6.1f} MB  "
                        f"at rest {at_rest:6.1f} MB  {growth}",
                        flush=True,
                    )
        finally:
            process.terminate()
            process.wait(60)
    size = sum(path.stat().st_size for path in Path(folder).rglob("*.sqlite*"))
    print(f"state files: {size / 1e6:.0f} MB, {size / articles:.0f} bytes an article")


async def recovery(brokers: Brokers, topics: Topics, articles: int, folder: str) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=str(brokers), compression_type="zstd", linger_ms=50, max_batch_size=512 * 1024
    )
    await producer.start()
    sizes = 0
    for partition in range(PARTITIONS):
        layout = Layout.new(PARTITIONS, PARTITIONS)
        await producer.send(topics.live, layout.encode(), key=LAYOUT_KEY, partition=partition)
    for number in range(articles):
        one = extraction(number % 50_000)
        key = f"https://news.example/{number}".encode()
        if number < 50_000:
            record = Record(topics.extracted, 0, number, 0, key, encode(one), ())
            _, state = decide(record, None, topics)
            STATES.append(state)
        state = STATES[number % 50_000]
        sizes += len(state)
        await producer.send(topics.live, state, key=key, partition=number % PARTITIONS)
        if number % 100_000 == 99_999:
            print(f"{number + 1:>9,} states written", flush=True)
    await producer.stop()
    print(f"{articles:,} states of {sizes / articles:.0f} bytes")
    for name in ("without its files", "with its files"):
        opened = Opened(PARTITIONS)
        settings = Settings(brokers=str(brokers), data_dir=folder, app_id="bench")
        intake = LifecycleService(settings, opened).intake
        begun = time.monotonic()
        running = asyncio.create_task(intake.run())
        waiting = asyncio.create_task(opened.all.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        seconds = time.monotonic() - begun
        print(f"{name}: {opened.keys:,} states there after {seconds:.1f}s", flush=True)
        await intake.stop()
        await running


STATES: list[bytes] = []


class Opened(Observer):
    def __init__(self, partitions: int) -> None:
        self.all = asyncio.Event()
        self._partitions, self._keys = partitions, {}

    @property
    def keys(self) -> int:
        return sum(self._keys.values())

    def state_size(self, stage, partition, keys, size) -> None:  # noqa: ARG002 - as the observer has it
        self._keys[partition] = keys
        if len(self._keys) == self._partitions:
            self.all.set()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["memory", "recovery"])
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    broker = start_kafka()
    try:
        topics = Topics()
        await create_missing(broker.brokers, list(topics.specs()), partitions=PARTITIONS, replication=1)
        with tempfile.TemporaryDirectory() as folder:
            run = memory if given.what == "memory" else recovery
            await run(broker.brokers, topics, given.articles, folder)
    finally:
        broker.stop()


if __name__ == "__main__":
    asyncio.run(main())
