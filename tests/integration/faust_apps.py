"""Two small Faust apps that do the same, one as Faust comes and one in the way of worker/app.py; run as a process.

python -m tests.integration.faust_apps plain|guarded BROKERS NAME FOLDER [--table] [--concurrency N] [--slow-seek SECONDS]

Both read NAME.in, whose values are words. What they make of one:
- "raise": an exception.
- "slow...": only after as long as the file FOLDER/slow is there, looked for ten times a second.
- any other: itself, to NAME.out, under the record's key; with --table also into a table NAME.table under that key.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import faust

from worker.streaming.acked_table import AckedTable
from worker.streaming.faust_recovery import OrderedTableManager
from worker.streaming.guard import Guard
from worker.streaming.observer import SILENT
from worker.streaming.outcome import Ok, Output
from worker.streaming.publisher import Publisher


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("kind", choices=("plain", "guarded"))
    ask.add_argument("brokers")
    ask.add_argument("name")
    ask.add_argument("folder", type=Path)
    ask.add_argument("--table", action="store_true")
    ask.add_argument("--concurrency", type=int, default=1)
    ask.add_argument("--slow-seek", type=float, default=0.0)
    given = ask.parse_args()
    ours = {"TableManager": OrderedTableManager, "Table": AckedTable} if given.kind == "guarded" else {}
    app = faust.App(
        given.name,
        broker=f"aiokafka://{given.brokers}",
        autodiscover=False,
        datadir=given.folder / "data",
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.5,
        broker_commit_interval=0.2,
        stream_wait_empty=True,
        table_standby_replicas=0,
        **ours,
    )
    if given.slow_seek:
        _slow_seek(app, given.slow_seek)
    (_plain if given.kind == "plain" else _guarded)(app, given)
    sys.argv[1:] = []
    faust.Worker(app, loglevel="INFO").execute_from_commandline()


def _topic(app: Any, name: str, **options: Any) -> Any:
    return app.topic(
        name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", internal=False, **options
    )


def _table(app: Any, given: argparse.Namespace) -> Any:
    if not given.table:
        return None
    return app.Table(
        "table", key_type=bytes, value_type=bytes, changelog_topic=_topic(app, f"{given.name}.table", acks=False)
    )


def _is_slow(given: argparse.Namespace, word: bytes) -> bool:
    return word.startswith(b"slow") and (given.folder / "slow").exists()


def _plain(app: Any, given: argparse.Namespace) -> None:
    table, out = _table(app, given), _topic(app, f"{given.name}.out")

    @app.agent(_topic(app, f"{given.name}.in"), concurrency=given.concurrency)
    async def agent(stream: Any) -> None:
        async for event in stream.events():
            word = event.value
            if word == b"raise":
                raise ValueError("the work fails")
            while _is_slow(given, word):
                await asyncio.sleep(0.1)
            await out.send(key=event.key, value=word)
            if table is not None:
                table[event.key] = word


def _guarded(app: Any, given: argparse.Namespace) -> None:
    table = _table(app, given)
    publisher = Publisher(
        given.brokers,
        idempotent=True,
        compression="none",
        dead_topic=f"{given.name}.dead",
        client_id=given.name,
        request_timeout_s=2.0,
    )
    publishing = asyncio.Event()
    guard = Guard("agent", publisher, SILENT, table=table, generation=lambda: int(app.consumer_generation_id))

    def decide(record: Any, before: bytes | None) -> tuple[Any, bytes | None]:
        word = record.value
        if word == b"raise":
            raise ValueError("the work fails")
        while _is_slow(given, word):
            time.sleep(0.1)
        return Ok((Output(f"{given.name}.out", record.key, word, [], record.partition),)), word

    @app.service
    class Publishing(faust.Service):
        async def on_start(self) -> None:
            await publisher.start()
            publishing.set()

        async def on_stop(self) -> None:
            await publisher.stop()

    @app.agent(_topic(app, f"{given.name}.in"), concurrency=1)
    async def agent(stream: Any) -> None:
        await publishing.wait()
        await guard.follow(stream, decide, app.crash, most=64)


def _slow_seek(app: Any, seconds: float) -> None:
    """Widens the gap in which Faust's recovery has resumed partitions and not yet sought them: a broker that is slow."""
    from faust.transport.consumer import Consumer

    seek = Consumer.perform_seek

    async def late(self: Any) -> None:
        await asyncio.sleep(seconds)
        await seek(self)

    Consumer.perform_seek = late


if __name__ == "__main__":
    main()
