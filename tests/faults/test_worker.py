"""Faults of the worker's own process: killed, stopped, its children killed, its clock moved."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time

import pytest

from tests.faults.scene import faked_clock
from tests.faults.stream import RECORDS, SPAN_S, slow_article, uri


async def test_worker_killed(scene, short):
    """SIGKILL at random points, every fourth time while a slow record stands at the head of a partition."""
    kills = 3 if short else 20
    chance = random.Random(7)  # noqa: S311 - the same points each time
    async with scene() as s:
        s.feed(seconds=10 * kills)
        s.start(supervised=False)
        slow = 0
        for number in range(kills):
            before = len(s.ledger.first)
            await s.until(lambda: len(s.ledger.first) > before, 90, f"output before kill {number + 1}")  # noqa: B023
            if number % 4 == 0:
                key = 10_000 + number
                known = len(s.ledger.sent)
                await s.feed(rows=[(uri(key), slow_article(key, 1))], seconds=0)
                await s.until(lambda: len(s.ledger.sent) > known, 30, "the slow record")  # noqa: B023
                await asyncio.sleep(0.5 + chance.random())
                places = [place for place, (_, k) in s.ledger.sent.items() if k == uri(key)]
                slow += places[0] not in s.ledger.first
            else:
                await asyncio.sleep(chance.uniform(0.2, 3))
            await asyncio.to_thread(s.workers[0].kill)
            s.mark()
            s.start(supervised=False)
        row = await s.finish()
        row.note = f"{kills} kills, {slow} with a slow record in flight"
    scene.finished(row)


async def test_sigterm_under_load(scene, short):
    """SIGTERM while records are in flight: everything begun is finished and committed, nothing comes twice."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        codes, drains = [], []
        for share in (0.2,) if short else (0.15, 0.4, 0.65):
            s.start(supervised=False)
            await s.settled(share)
            began = time.monotonic()
            codes.append(await asyncio.to_thread(s.workers[0].stop, 60))
            drains.append(time.monotonic() - began)
            s.mark()
        s.start(supervised=False)
        row = await s.finish()
        row.note = f"{len(drains)} stops, exit codes {codes}, drain {max(drains):.1f} s at most"
        if any(codes) or row.duplicates:
            row.fell_short.append(f"exit codes {codes}, {row.duplicates} duplicates")
    scene.finished(row)


async def test_child_killed(scene, short):
    """SIGKILL of an extraction process in the middle of its batch, again and again."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        killed, last = 0, time.time()
        for _ in range(3 if short else 12):
            pids = s.children()
            if pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pids[0], signal.SIGKILL)
                    killed += 1
                    last = time.time()
            await asyncio.sleep(2)
        s.marks.append(
            last
        )  # each kill before it falls into the recovery from the one before: a process loads for longer
        row = await s.finish()
        row.note = (
            f"{killed} processes killed, one every two seconds, also while they load; recovery counts from the last"
        )
        if row.restarts:
            row.fell_short.append("the worker itself ended")
    scene.finished(row)


async def test_clock_moved(scene, tmp_path, short):
    """The worker's clock jumps an hour ahead and back again, under libfaketime."""
    faked = faked_clock(tmp_path)
    if faked is None:
        pytest.skip("libfaketime is not installed (apt-get install libfaketime)")
    environment, clock = faked
    async with scene(environment=environment) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        for share, moved in ((0.25, "+3600"), (0.5, "+0"), (0.7, "-3600"), (0.85, "+0")):
            await s.settled(share)
            clock.write_text(moved)
            s.mark()
        row = await s.finish()
        row.note = "an hour ahead, back, an hour behind, back (libfaketime, wall clock of worker and children)"
    assert RECORDS
    scene.finished(row)
