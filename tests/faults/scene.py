"""The scene of one fault: topics of its own, a stream of articles, supervised workers, and a ledger of all topics."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from tests.faults.ledger import Ledger, Row
from tests.faults.liveness import LivenessSampler, asked
from tests.faults.memory import MemorySampler, extracting
from tests.faults.stream import RECORDS, records
from tests.running import RunningWorker
from worker.contract.topics import Topics
from worker.local.tansu import free_ports
from worker.settings import Settings
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing

WORKERS = int(os.environ.get("CLAIMWIRE_TEST_FAULT_WORKERS", "2"))
"""Under each fault; what the fault happens to is one of them, unless its test says otherwise."""
PARTITIONS = 4
SESSION_S = 6
WATCHDOG_S = 30
"""Not shorter than any fault, for the worker is healthy again only when it is over."""
MARGIN_MB = 200
"""For the parent process without models, and the interpreter's slack; the rest of the bound comes from settings."""


class Scene:
    """Used as `async with`; `finish` gives the row. Blocking calls go to threads, so that the ledger keeps reading
    meanwhile.
    """

    def __init__(self, cluster, prefix, folder, fault, *, proxied=False, environment=None, **settings):
        """`proxied`: each worker reaches Kafka through a network of its own, those of `cluster`."""
        self.cluster, self.prefix, self.folder, self.fault = cluster, prefix, folder, fault
        self.topics = Topics.with_prefix(prefix)
        self.ledger = Ledger(self.topics)
        self.marks: list[float] = []
        self.restarts = 0
        self.note = ""
        self.fed = 0
        self.settings = {
            "model": "false",
            "processes": max(1, 2 // WORKERS),
            "child_memory_bytes": 600 * 2**20,
            "session_timeout_s": SESSION_S,
            "watchdog_s": WATCHDOG_S,
        } | settings
        self.workers = []
        self._ports = free_ports(WORKERS)
        for number, port in enumerate(self._ports):
            home = folder / f"worker{number}"
            home.mkdir()
            own = {"web_port": port} | ({"brokers": cluster.networks[number].bootstrap} if proxied else {})
            self.workers.append(RunningWorker(cluster, prefix, home, **self.settings, **own))
            self.workers[-1]._environment |= environment or {}
        topics = (self.topics.raw, self.topics.extracted, self.topics.claims, self.topics.dead, self.topics.dropped)
        self._positions = {TopicPartition(topic, p): 0 for topic in topics for p in range(PARTITIONS)}
        self._supervised = True
        self._tasks = []
        self._began = time.time()

    async def __aenter__(self):
        await self._create_topics()
        self._sampler = MemorySampler(lambda: [w.process.pid for w in self.workers if w.process is not None])
        self._sampler.__enter__()
        self._liveness = LivenessSampler(self._ports)
        self._liveness.__enter__()
        self._tasks = [asyncio.create_task(self._watch())]
        return self

    async def __aexit__(self, *_):
        self._supervised = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._sampler.__exit__()
        self._liveness.__exit__()
        for worker in self.workers:
            if worker.process is not None and worker.process.poll() is None:
                await asyncio.to_thread(worker.stop)
        # its topics stay: a node that starts again while topics are being deleted can halt over a missing file

    async def _create_topics(self):
        until = time.monotonic() + 120
        while True:
            await asyncio.to_thread(self.cluster.start_dead)
            await self.cluster.healthy()
            try:
                await create_missing(
                    self.cluster.brokers, list(self.topics.specs()), partitions=PARTITIONS, replication=3
                )
            except (KafkaError, TimeoutError):  # a node that was started a moment ago closes connections now and then
                if time.monotonic() > until:
                    raise
            else:
                return

    # the stream

    def feed(self, count=RECORDS, *, seconds=60.0, rows=None, **how):
        """Sends records evenly over so many seconds, in the background."""
        rows = list(records(count, **how)) if rows is None else rows
        self.fed += len(rows)
        task = asyncio.create_task(self._feed(rows, seconds))
        self._tasks.append(task)
        return task

    async def _feed(self, rows, seconds):
        producer = AIOKafkaProducer(
            bootstrap_servers=self.cluster.bootstrap, enable_idempotence=True, request_timeout_ms=300_000
        )
        await producer.start()
        began, pending = time.monotonic(), []
        try:
            for number, (key, value) in enumerate(rows):
                ahead = number * seconds / len(rows) - (time.monotonic() - began)
                if ahead > 0:
                    await asyncio.sleep(ahead)
                pending.append(await producer.send(self.topics.raw, key=key, value=value))
            await asyncio.gather(*pending)
        finally:
            await producer.stop()

    # the workers

    def start(self, *, supervised=True):
        """Starts the workers; one that ends by itself is started again, as any supervisor would."""
        for worker in self.workers:
            worker.start()
        if supervised:
            self._tasks.append(asyncio.create_task(self._supervise()))

    async def _supervise(self):
        while True:
            await asyncio.sleep(0.5)
            for worker in self.workers:
                if self._supervised and worker.process.poll() is not None:
                    self.restarts += 1
                    await asyncio.sleep(1)
                    worker.start()

    def mark(self):
        """Marks the moment when the fault began or ended: recovery is measured from here."""
        self.marks.append(time.time())

    def children(self, worker):
        """The extraction processes of a worker."""
        return extracting(worker.process.pid)

    def in_turn(self, number):
        """The worker that the fault happens to when it comes for the `number`th time, from 0 on."""
        return self.workers[number % len(self.workers)]

    @property
    def logs(self):
        """What each worker has logged so far."""
        return [worker.log.read_text(encoding="utf-8", errors="replace") for worker in self.workers]

    # what is seen

    async def _watch(self):
        while True:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self.cluster.bootstrap,
                enable_auto_commit=False,
                fetch_max_wait_ms=100,
                request_timeout_ms=10_000,
                isolation_level="read_committed",
            )
            try:
                await consumer.start()
                consumer.assign(list(self._positions))
                for key, position in self._positions.items():
                    consumer.seek(key, position)
                while True:
                    fetched = await consumer.getmany(timeout_ms=100)
                    now = time.time()
                    for key, rows in sorted(fetched.items(), key=lambda item: item[0].topic != self.topics.raw):
                        for r in rows:
                            self._positions[key] = r.offset + 1
                            self.ledger.note(
                                Record(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers), now
                            )
                    for key in self._positions:  # beyond the last record there may be markers of transactions
                        self._positions[key] = await consumer.position(key)
            except (KafkaError, OSError):
                await asyncio.sleep(0.5)
            finally:
                with contextlib.suppress(KafkaError, OSError, RuntimeError):
                    await consumer.stop()

    async def until(self, done, limit_s, what):
        end = time.monotonic() + limit_s
        while not done():
            self._alive()
            if time.monotonic() > end:
                raise AssertionError(f"{self.fault}: not within {limit_s:g}s: {what}; {self.state}")
            await asyncio.sleep(0.1)

    def _alive(self):
        if self._tasks[0].done():
            self._tasks[0].result()

    @property
    def state(self):
        ledger = self.ledger
        return (
            f"{len(ledger.sent)} sent, {len(ledger.first)} settled, {len(ledger.claims_lost)} claims open, "
            f"{len(ledger.ghosts)} ghosts, {len(ledger.missing)} missing claims, {self.restarts} restarts"
        )

    async def settled(self, share, limit_s=240):
        """Waits until this share of the stream has its outcome."""
        await self.until(lambda: len(self.ledger.first) >= share * self.fed, limit_s, f"{share:.0%} of {self.fed}")

    async def works(self, worker, limit_s=120):
        """Waits until a worker is ready: it has its partitions, their states and its models."""

        port = self._ports[self.workers.index(worker)]

        def ready():
            answer = asked(port, "/health/ready")
            return answer is not None and answer[0] == 200

        await self.until(ready, limit_s, "a worker is ready")

    # the end

    async def finish(self, patience_s=300):
        """Waits for every outcome, stops the workers and gives the row. A record without outcome is lost when nothing
        came out for `patience_s` seconds.
        """
        ledger = self.ledger

        def progress():
            lacking = len(ledger.claims_lost), len(ledger.ghosts), len(ledger.missing)
            return len(ledger.sent), len(ledger.first), *lacking

        def whole():
            return len(ledger.sent) >= self.fed and not ledger.lost and not any(progress()[2:])

        before = None
        while not whole() and progress() != before:
            before = progress()
            with contextlib.suppress(AssertionError):
                await self.until(lambda: whole() or progress() != before, patience_s, "a next outcome")  # noqa: B023
        self._supervised = False
        codes = [await asyncio.to_thread(worker.stop) for worker in self.workers]
        await self._read_to_the_ends()  # a duplicate may come after the outcome that was waited for
        return await self._row(codes)

    async def _read_to_the_ends(self):
        """Waits until the ledger has every record of the topics. The workers have ended, so the ends stay."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.cluster.bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(list(self._positions))
        finally:
            await consumer.stop()
        await self.until(
            lambda: all(self._positions[key] >= end for key, end in ends.items()), 60, "the ledger reads to the ends"
        )

    async def _row(self, codes):
        ledger, bound = self.ledger, self._bound_mb()
        row = Row(
            self.fault,
            workers=len(self.workers),
            records=len(ledger.sent) - len(ledger.removed),
            lost=len(ledger.lost),
            claims_lost=len(ledger.claims_lost),
            dead=ledger.kinds["dead"],
            dropped=ledger.kinds["dropped"],
            duplicates=ledger.duplicates,
            order=ledger.order_violations,
            wrong_claims=len(ledger.ghosts) + len(ledger.missing) + ledger.revisions_back,
            red=len(self._liveness.red),
            gap_s=round(ledger.longest_gap(), 1),
            recovery_s=round(ledger.recovery(self.marks), 1),
            peak_mb=self._sampler.peak // 2**20,
            bound_mb=bound,
            restarts=self.restarts,
            audit=await self._audit(),
            seconds=round(time.time() - self._began),
            note=self.note,
        )
        row.fell_short = [
            words
            for wrong, words in (
                (len(ledger.sent) < self.fed, f"only {len(ledger.sent)} of {self.fed} were sent"),
                (row.lost, f"{row.lost} lost: {ledger.lost[:5]}"),
                (row.claims_lost, f"{row.claims_lost} claims lost"),
                (row.order, f"{row.order} order violations"),
                (ledger.ghosts, f"{len(ledger.ghosts)} claims that no article makes: {sorted(ledger.ghosts)[:5]}"),
                (ledger.missing, f"{len(ledger.missing)} claims missing: {sorted(ledger.missing)[:5]}"),
                (ledger.revisions_back, f"{ledger.revisions_back} revisions went back"),
                (row.red, f"/health/live was red: {self._liveness.red[:3]}"),
                (not self._liveness.answers, "/health/live was never answered"),
                # the short form runs beside other work, where times say little: they are shown and not judged
                (row.recovery_s > 30 and RECORDS >= 2000, f"recovery {row.recovery_s}s"),
                (row.peak_mb > bound, f"{row.peak_mb} MB, the bound is {bound}"),
                (any(codes), f"exit codes {codes}"),
                (row.audit != "0 missing", f"the audit says: {row.audit}"),
            )
            if wrong
        ]
        return row

    def _bound_mb(self):
        """The memory that the settings allow one worker: the cap of each process, twice `in_flight_bytes`, and a
        margin.
        """
        cap = int(self.settings["child_memory_bytes"]) // 2**20
        in_flight = int(self.settings.get("in_flight_bytes", Settings().in_flight_bytes)) // 2**20
        return int(self.settings["processes"]) * cap + 2 * in_flight + MARGIN_MB

    async def _audit(self):
        """The result of `claimwire audit` on the same topics: it must agree with the ledger."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "worker",
            "audit",
            env=self.workers[0]._environment | {"CLAIMWIRE_BROKERS": self.cluster.bootstrap, "LD_PRELOAD": ""},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        answer, complaints = await process.communicate()
        if process.returncode not in (0, 1) or complaints:
            return complaints.decode()[-300:]
        missing = len(re.findall(rb"^MISSING", answer, re.MULTILINE))
        wrong = len(re.findall(rb"^WRONG", answer, re.MULTILINE))
        claims = f", {wrong} wrong claims" if wrong else ""
        open_ones = sum(
            int(line.split()[-1]) for line in answer.decode().splitlines() if line.strip().startswith("all ")
        )
        return f"{missing} missing{claims}" + (f", {open_ones} not committed" if open_ones else "")


def faked_clock(folder):
    """Environment that gives a process libfaketime's clock, and the file that moves the clock; None without
    libfaketime.
    """
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    if not os.path.exists(library):  # noqa: PTH110
        return None
    file = folder / "clock"
    file.write_text("+0")
    return {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }, file
