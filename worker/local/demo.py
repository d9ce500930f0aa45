"""Runs the demo: starts a broker and the worker, publishes articles, and prints the claims as they come."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from worker.contract.claim import Claim
from worker.contract.codec import BrokenRecordError, decode_article
from worker.contract.topics import Topics
from worker.local.claim_text import readable
from worker.local.tansu import BrokerError, LocalBroker, start_embedded
from worker.streaming.access.client_options import client_options
from worker.streaming.outcome import Output
from worker.streaming.publish.publisher import Publisher
from worker.streaming.topics.admin import create_missing

__all__ = ["DemoError", "run_demo"]

_LIMIT_S = 120.0
_QUIET_S = 4.0
_SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
"""In a checkout and in the wheel."""


class DemoError(Exception):
    """The demo could not run. The message says what to do."""


def _articles(folder: Path | None) -> list[tuple[str, bytes]]:
    folder = folder or _SEEDS
    articles = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    if not articles:
        raise DemoError(f"no articles: there is no file *.json in {folder}; name another folder with --seeds")
    return articles


def _key(value: bytes) -> bytes | None:
    try:
        return decode_article(value).uri.encode()
    except BrokenRecordError:
        return None


def _start(kind: str) -> LocalBroker:
    try:
        if kind == "kafka":
            from worker.local.kafka import start_kafka

            return start_kafka()
        return start_embedded()
    except BrokerError as broken:
        raise DemoError(str(broken)) from broken


async def run_demo(kind: str, seeds: Path | None) -> None:
    """Runs the demo; broker and worker are stopped afterwards in any case. Raises DemoError."""
    articles = _articles(seeds)
    print(f"Starting the {kind} broker", flush=True)
    broker = await asyncio.to_thread(_start, kind)
    try:
        with tempfile.TemporaryDirectory(prefix="claimwire-demo-") as scratch:
            await _with_broker(broker, articles, Path(scratch))
    finally:
        await asyncio.to_thread(broker.stop)


async def _with_broker(broker: LocalBroker, articles: list[tuple[str, bytes]], scratch: Path) -> None:
    topics = Topics()
    await create_missing(broker.brokers, topics.specs(), partitions=4, replication=1)
    print(f"Broker at {broker.bootstrap}; starting the worker (it loads the language model)", flush=True)
    environment = os.environ | {
        "CLAIMWIRE_BROKERS": broker.bootstrap,
        "CLAIMWIRE_IDEMPOTENT_PRODUCER": str(broker.idempotent_producers).lower(),
        "CLAIMWIRE_DATA_DIR": str(scratch / "data"),
        "CLAIMWIRE_SESSION_TIMEOUT_S": "6",
        "CLAIMWIRE_WEB_PORT": "0",
    }
    log_path = scratch / "worker.log"
    with log_path.open("wb") as log:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # no file in the current folder is taken for one of ours
            "-m",
            "claimwire",
            "run",
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            await _watch(broker, worker, articles, topics, log_path)
        finally:
            await _end(worker)


async def _end(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        worker.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(worker.wait(), 10)
        except TimeoutError:
            os.killpg(worker.pid, signal.SIGKILL)
            await worker.wait()


@dataclass(slots=True)
class _Progress:
    """Counts of the outputs so far. Times are of the monotonic clock."""

    articles: int
    begun: float
    first: float | None = None
    quiet_since: float = 0.0
    extracted: int = 0
    claims: int = 0
    expected_claims: int = 0
    """Of the extracted articles, as their extractions count them."""
    dead: int = 0

    def add(self, record: ConsumerRecord, topics: Topics) -> None:
        """Counts a record and prints a claim."""
        self.quiet_since = time.monotonic()
        self.first = self.first or self.quiet_since
        if record.topic == topics.claims:
            self.claims += 1
            claim = msgspec.convert(orjson.loads(record.value), Claim)
            print(readable(claim, colour=sys.stdout.isatty()), flush=True)
        elif record.topic == topics.extracted:
            self.extracted += 1
            self.expected_claims += orjson.loads(record.value)["claims_count"] if record.value else 0
        else:
            self.dead += 1

    @property
    def done(self) -> bool:
        """True if all claims of the extracted articles have come, and no further article is to be expected.

        An article in another language leaves no output here, so four quiet seconds count as the end too.
        """
        if not self.extracted or self.claims < self.expected_claims:
            return False
        return self.extracted + self.dead >= self.articles or time.monotonic() - self.quiet_since > _QUIET_S

    def __str__(self) -> str:
        first = self.first or self.begun
        rate = self.extracted / max(self.quiet_since - first, 0.001)
        dropped = self.articles - self.extracted - self.dead
        return (
            f"{self.articles} articles: {self.extracted} extracted, {dropped} passed by (language), "
            f"{self.dead} to the dead letters; {self.claims} claims"
            f"\nFirst output after {first - self.begun:.1f}s (mostly loading), then {rate:.1f} articles/s"
        )


async def _watch(
    broker: LocalBroker,
    worker: asyncio.subprocess.Process,
    articles: list[tuple[str, bytes]],
    topics: Topics,
    log_path: Path,
) -> None:
    """Publishes the articles and prints the claims as they come."""
    publisher = Publisher(
        broker.brokers,
        idempotent=broker.idempotent_producers,
        compression="none",
        client_id="demo",
    )
    await publisher.start()
    consumer = AIOKafkaConsumer(
        topics.claims,
        topics.extracted,
        topics.dead,
        **client_options(broker.brokers),
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    await consumer.start()
    begun = time.monotonic()
    progress = _Progress(len(articles), begun, quiet_since=begun)
    try:
        await publisher.publish([Output(topics.raw, _key(value), value, []) for _, value in articles])
        size = sum(len(value) for _, value in articles)
        print(f"Published {len(articles)} articles, {size / 1024:.0f} KiB\n", flush=True)
        while not progress.done:
            if time.monotonic() - progress.quiet_since >= _LIMIT_S:
                raise DemoError(
                    f"nothing has come for {_LIMIT_S:.0f}s: {progress.extracted} of {len(articles)} articles are "
                    "done; try again on a quieter machine"
                )
            if worker.returncode is not None:
                tail = (await asyncio.to_thread(log_path.read_text, "utf-8", "replace"))[-1500:]
                raise DemoError(f"the worker ended with exit code {worker.returncode}:\n{tail}")
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    progress.add(record, topics)
    finally:
        await consumer.stop()
        await publisher.stop()
    print(
        f"\n{progress}"
        "\n\nNext: claimwire extract FILE for a text of your own; "
        "README.md, “Run it beside your Kafka”, for the real thing."
    )
