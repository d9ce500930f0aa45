"""Replays as their users run them: processes beside a broker, watched from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from worker.streaming.topics.shared_window import read_checkpoints
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader


class Commands:
    """`claimwire` with the settings of one installation."""

    def __init__(self, broker, prefix, folder, **settings):
        self.folder = folder
        self.environment = os.environ | {
            "CLAIMWIRE_BROKERS": broker.bootstrap,
            "CLAIMWIRE_TOPIC_PREFIX": prefix,
            "CLAIMWIRE_APP_ID": prefix.strip("."),
            "CLAIMWIRE_DATA_DIR": str(folder / "data"),
            "CLAIMWIRE_SESSION_TIMEOUT_S": "6",
            "CLAIMWIRE_COMMIT_INTERVAL_S": "0.3",
            "CLAIMWIRE_MODEL": "false",
            "CLAIMWIRE_WEB_PORT": "0",
            **{f"CLAIMWIRE_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def run(self, *arguments, given="", code=0, limit_s=240):
        """Waits for its end; standard output, and standard error behind it."""
        done = subprocess.run(
            [sys.executable, "-m", "worker", *map(str, arguments)],
            input=given,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
            timeout=limit_s,
        )
        assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def start(self, *arguments):
        return RunningCommand(self, arguments)


class RunningCommand:
    _number = 0

    def __init__(self, commands, arguments):
        RunningCommand._number += 1
        self._path = commands.folder / f"command-{RunningCommand._number}.log"
        with self._path.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "worker", *map(str, arguments)],
                env=commands.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def told(self):
        return self._path.read_text(encoding="utf-8", errors="replace")

    @property
    def running(self):
        return self._process.poll() is None

    def kill(self):
        """SIGKILL to the command alone: its children must end by themselves."""
        self._process.kill()
        self._process.wait()

    def terminate(self):
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, limit_s=180):
        """Its exit code."""
        until = time.monotonic() + limit_s
        while self.running:
            if time.monotonic() > until:
                self.stop()
                raise AssertionError(f"not ended within {limit_s}s:\n{self.told[-3000:]}")
            await asyncio.sleep(0.1)
        return self._process.returncode

    def stop(self):
        if self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


async def everything(broker, topic):
    """All records of a topic, in the order of their partitions."""
    window = await fix_window(broker.brokers, Selection(topic=topic))
    async with WindowReader(broker.brokers, window) as reader:
        records = [record async for record in reader]
    return sorted(records, key=lambda r: (r.partition, r.offset))


async def compacted(broker, topic):
    """Key to value, as compaction would leave them: the last of each key, deletions gone."""
    last = {record.key: record.value for record in await everything(broker, topic)}
    return {key: value for key, value in last.items() if value is not None}


async def count(broker, topic):
    """Records up to now; 0 for a topic that is not there yet."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        if topic not in await admin.list_topics():
            return 0
    finally:
        await admin.close()
    window = await fix_window(broker.brokers, Selection(topic=topic))
    return window.width


async def offsets_of(broker, group, *topics):
    """What a group has committed, by topic and partition."""
    found = {topic: await read_checkpoints(broker.brokers, group, topic) for topic in topics}
    return {(topic, p): at.position for topic, places in found.items() for p, at in places.items()}


async def until(holds, limit_s=120, seen=""):
    """Waits for an awaitable condition; `seen` is told when it does not come true."""
    end = time.monotonic() + limit_s
    while not await holds():
        assert time.monotonic() < end, f"not within {limit_s}s: {seen}"
        await asyncio.sleep(0.3)


def article(number, version=1, **fields):
    """A short article; its second version drops a statement and changes another."""
    opened = "would open in May" if version == 1 else "would open in June"
    denied = f" The opposition denied that {number} workers were hired." if version == 1 else ""
    return {
        "uri": f"https://news.example/{number}",
        "headline": f"Council meets for the {number}. time",
        "body": f"The council met on Monday.\n\nMayor Anna Lind said that the bridge number {number} {opened}. "
        f"“We are proud of what we have built here,” she said.{denied}",
        "published_at": "2026-11-20T09:00:00Z",
        "publisher": ("Alpha", "Beta")[number % 2],
        "version": str(version),
    } | fields


def stream(count):
    """Key and value: articles, later versions of some, a cancellation, a deletion, and what no article can be."""
    first = [article(number) for number in range(count)]
    again = [article(number, version=2) for number in range(0, count, 5)]
    rows = [(a["uri"].encode(), orjson.dumps(a)) for a in first + again]
    cancelled = article(1, version=3, status="canceled")
    french = article(count, headline=None, body="Le maire a déclaré que le pont serait ouvert au mois de mai. " * 4)
    rows += [
        (cancelled["uri"].encode(), orjson.dumps(cancelled)),
        (french["uri"].encode(), orjson.dumps(french)),
        (b"https://news.example/3", None),
        (b"broken", b"{"),
        (None, b"[]"),
    ]
    return rows


async def read_on(broker, topic, enough, limit_s=120):
    """Reads a topic until `enough(records)`."""
    records = []
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        end = time.monotonic() + limit_s
        while not enough(records):
            assert time.monotonic() < end, f"{len(records)} records within {limit_s}s"
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                records += rows
    finally:
        await consumer.stop()
    return records
