"""The watchdog's thread sees what the event loop itself could not report."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from worker.streaming.observer import Observer
from worker.streaming.record import Record
from worker.streaming.watch.watchdog import EXIT_CODE, Watchdog

RECORD = Record("t", 0, 0, 0, None, b"", ())


class _Heard(Observer):
    def __init__(self):
        self.stalls = []

    def stalled(self, seconds):
        self.stalls.append(seconds)


@pytest.fixture
def watch():
    """Starts watchdogs that are stopped at the end."""
    started = []

    def start(heard, **options):
        started.append(Watchdog(heard, **options))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.stop()


async def _until(condition, limit_s=30):
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_record_that_gets_no_outcome_is_reported_with_the_stacks(watch, caplog):
    heard = _Heard()
    watchdog = watch(heard, limit_s=0.2, ends=False)
    with caplog.at_level(logging.CRITICAL, "claimwire.watchdog"):
        watchdog.record_taken("ingest", RECORD)
        await _until(lambda: heard.stalls)
    assert heard.stalls[0] > 0.2
    assert "no record was settled although there is lag" in caplog.text
    assert "test_a_record_that_gets_no_outcome" in caplog.text  # the stack of this task


async def test_it_ends_the_process_with_its_own_exit_code(watch, monkeypatch):
    monkeypatch.setattr(logging, "shutdown", lambda: None)
    exits = []
    watchdog = watch(_Heard(), limit_s=0.2, ends=True, end=exits.append)
    watchdog.record_taken("ingest", RECORD)
    await _until(lambda: exits)
    assert exits[0] == EXIT_CODE


async def test_a_blocked_event_loop_is_seen_from_outside_of_it(watch, caplog):
    watch(_Heard(), limit_s=1.0, ends=False)
    end = time.monotonic() + 30
    with caplog.at_level(logging.CRITICAL, "claimwire.watchdog"):
        while "the event loop is blocked" not in caplog.text and time.monotonic() < end:
            time.sleep(0.05)  # this is what blocks it
    assert "the event loop is blocked" in caplog.text


async def test_what_waits_for_the_models_is_no_stall(watch):
    heard = _Heard()
    watchdog = watch(heard, limit_s=0.2, ends=False)
    watchdog.loading("the models")
    watchdog.record_taken("ingest", RECORD)
    await asyncio.sleep(1.0)
    assert not heard.stalls
    watchdog.loading(None)
    await _until(lambda: heard.stalls)
