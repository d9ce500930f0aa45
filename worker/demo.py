"""The demo: a broker of its own, the worker beside it, articles in, claims out as they come."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import orjson
from aiokafka import AIOKafkaConsumer

from worker.contract.claim import Claim
from worker.contract.codec import BrokenRecordError, decode_article
from worker.contract.topics import Topics
from worker.readable import readable
from worker.streaming.local_broker import BrokerError, LocalBroker, start_embedded
from worker.streaming.outcome import Output
from worker.streaming.publisher import Publisher
from worker.streaming.topic_admin import create_missing

__all__ = ["DemoError", "run_demo"]

_LIMIT_S = 55.0


class DemoError(Exception):
    """The demo could not run; says what to do."""


def _articles(folder: Path | None) -> list[tuple[str, bytes]]:
    candidates = [folder] if folder else [Path("seeds/articles"), Path(__file__).parent.parent / "seeds/articles"]
    for candidate in candidates:
        if candidate and candidate.is_dir():
            found = [(path.name, path.read_bytes()) for path in sorted(candidate.glob("*.json"))]
            if found:
                return found
    raise DemoError("no articles: run it in the project's folder, or name one with --seeds FOLDER (JSON files)")


def _key(value: bytes) -> bytes | None:
    try:
        return decode_article(value).uri.encode()
    except BrokenRecordError:
        return None


def _start(kind: str) -> LocalBroker:
    try:
        if kind == "kafka":
            from worker.streaming.local_kafka import start_kafka

            return start_kafka()
        return start_embedded()
    except BrokerError as broken:
        raise DemoError(str(broken)) from broken


async def run_demo(kind: str, seeds: Path | None) -> None:
    """Runs to the end or raises DemoError; the broker and the worker are gone afterwards in any case."""
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
    await create_missing(broker.bootstrap, topics.specs(), partitions=4, replication=1)
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
            sys.executable, "-m", "worker", "run", env=environment, stdout=log, stderr=log, start_new_session=True
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


async def _watch(
    broker: LocalBroker,
    worker: asyncio.subprocess.Process,
    articles: list[tuple[str, bytes]],
    topics: Topics,
    log_path: Path,
) -> None:
    publisher = Publisher(
        broker.bootstrap,
        idempotent=broker.idempotent_producers,
        compression="none",
        dead_topic=topics.dead,
        client_id="demo",
    )
    await publisher.start()
    consumer = AIOKafkaConsumer(
        topics.claims,
        topics.extracted,
        topics.dead,
        bootstrap_servers=broker.bootstrap,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    await consumer.start()
    begun = time.monotonic()
    first: float | None = None
    claims, wanted, extracted, dead = 0, 0, 0, 0
    quiet_since = begun
    try:
        await publisher.publish([Output(topics.raw, _key(value), value, []) for _, value in articles])
        size = sum(len(value) for _, value in articles)
        print(f"Published {len(articles)} articles, {size / 1024:.0f} KiB\n", flush=True)
        while time.monotonic() - begun < _LIMIT_S:
            if worker.returncode is not None:
                tail = (await asyncio.to_thread(log_path.read_text, "utf-8", "replace"))[-1500:]
                raise DemoError(f"the worker ended with exit code {worker.returncode}:\n{tail}")
            for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    quiet_since = time.monotonic()
                    first = first or quiet_since
                    if partition.topic == topics.claims:
                        claims += 1
                        claim = msgspec.convert(orjson.loads(record.value), Claim)
                        print(readable(claim, colour=sys.stdout.isatty()), flush=True)
                    elif partition.topic == topics.extracted:
                        extracted += 1
                        wanted += orjson.loads(record.value)["claims_count"] if record.value else 0
                    else:
                        dead += 1
            # articles in another language leave no output: once all is quiet and whole, it is the end
            if (
                extracted
                and claims >= wanted
                and (extracted + dead >= len(articles) or time.monotonic() - quiet_since > 4)
            ):
                break
        else:
            raise DemoError(
                f"not done after {_LIMIT_S:.0f}s: {extracted} of {len(articles)} articles; try again on a quieter machine"
            )
    finally:
        await consumer.stop()
        await publisher.stop()
    working = max(quiet_since - (first or begun), 0.001)
    passed_by = len(articles) - extracted - dead
    print(
        f"\n{len(articles)} articles: {extracted} extracted, {passed_by} passed by (language), {dead} to the dead letters; {claims} claims"
        f"\nFirst output after {(first or begun) - begun:.1f}s (mostly loading), then {extracted / working:.1f} articles/s"
        "\n\nNext: claimwire extract FILE for a text of your own; README.md, “Beside your own Kafka”, for the real thing."
    )
