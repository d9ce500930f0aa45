"""Faults of the worker's own process: killed, stopped, its children killed, its clock moved."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time

import pytest

from tests.faults.scene import SESSION_S, faked_clock
from tests.faults.stream import SPAN_S, slow_article, uri


async def test_worker_killed(scene, short):
    """SIGKILL of one worker in turn, at random points; every fourth time of all of them, while a slow record is the
    first of its partition.
    """
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
            victims = s.workers if number % 4 == 0 else [s.in_turn(number)]
            for worker in victims:
                await asyncio.to_thread(worker.kill)
            s.mark()
            for worker in victims:
                worker.start()
        row = await s.finish()
        row.note = f"{kills} kills, {slow} with a slow record in flight"
    scene.finished(row)


async def test_sigterm_under_load(scene, short):
    """SIGTERM while records are in flight: what was begun is finished and committed, and nothing comes twice."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        codes, drains = [], []
        s.start(supervised=False)
        for share in (0.2,) if short else (0.15, 0.4, 0.65):
            await s.settled(share)
            worker = s.in_turn(len(codes))
            began = time.monotonic()
            codes.append(await asyncio.to_thread(worker.stop, 60))
            drains.append(time.monotonic() - began)
            s.mark()
            worker.start()
        row = await s.finish()
        row.note = f"{len(drains)} stops, exit codes {codes}, drain {max(drains):.1f} s at most"
        if any(codes) or row.duplicates:
            row.fell_short.append(f"exit codes {codes}, {row.duplicates} duplicates")
    scene.finished(row)


@pytest.mark.parametrize("sessions", [0.7, 2.0], ids=["short", "long"])
async def test_worker_paused(scene, short, sessions):
    """SIGSTOP of a worker with its processes, of each in turn, for less and for more than its session lasts."""
    pauses = 2 if short else 4
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        for number in range(pauses):
            group = s.in_turn(number).process.pid
            os.killpg(group, signal.SIGSTOP)
            await asyncio.sleep(sessions * SESSION_S)
            os.killpg(group, signal.SIGCONT)
            s.mark()
            await asyncio.sleep(3)
        row = await s.finish()
        row.note = f"{pauses} pauses of {sessions * SESSION_S:g} s, the session is {SESSION_S} s"
    scene.finished(row)


async def test_child_killed(scene, short):
    """SIGKILL of an extraction process in the middle of its batch, again and again, of each worker in turn."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        killed, last = 0, time.time()
        for number in range(3 if short else 12):
            pids = s.children(s.in_turn(number))
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
    """The workers' clock jumps an hour ahead and back again, under libfaketime."""
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
        row.note = "an hour ahead, back, an hour behind, back (libfaketime, wall clock of workers and children)"
    scene.finished(row)
