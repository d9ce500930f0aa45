"""A stop at any moment of the start is a stop, and ends with exit code 0."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.running import RunningWorker, cpu_s, prepare

pytestmark = pytest.mark.kafka


@pytest.fixture(autouse=True)
def terminal():
    """As from a terminal, though the tests may run under nohup, which has everything below it ignore a closed one."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def _catches_sigterm(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


async def test_a_closed_terminal_is_a_stop(kafka, topics_prefix, tmp_path):
    """It tells every process of its group, the extraction's as well."""
    await prepare(kafka, topics_prefix)
    worker = RunningWorker(kafka, topics_prefix, tmp_path, model="false", processes=1)
    worker.start()
    try:
        async with asyncio.timeout(120):
            while "Assigned to" not in worker.log.read_text():
                await asyncio.sleep(0.2)
        os.killpg(worker.process.pid, signal.SIGHUP)
        assert await asyncio.to_thread(worker.process.wait, 60) == 0
    finally:
        worker.stop()
    assert "exit code 0: it was stopped" in worker.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_command_that_is_ended_tidies_up_as_by_ctrl_c(kafka, topics_prefix, number):
    topics = await prepare(kafka, topics_prefix)
    tail = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker", "tail", "--brokers", kafka.bootstrap),
        env=os.environ | {"CLAIMWIRE_TOPIC_PREFIX": topics_prefix},
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        assert topics.claims.encode() in await tail.stderr.readline()
        tail.send_signal(number)
        assert await tail.wait() == 0
        assert await tail.stderr.read() == b""


@pytest.mark.parametrize("after_s", [0.2, 0.5, 1.0, 2.0, 4.0])
async def test_a_stop_while_it_starts_ends_with_0(kafka, topics_prefix, tmp_path, after_s):
    await prepare(kafka, topics_prefix)
    worker = RunningWorker(kafka, topics_prefix, tmp_path, model="false", processes=2)
    worker.start()
    await asyncio.sleep(after_s)  # the moment is what is tested
    caught, used_s = _catches_sigterm(worker.process.pid), cpu_s(worker.process.pid)
    code = worker.stop()
    said = worker.log.read_text()
    if code == -signal.SIGTERM:
        assert not said, "the interpreter was not up yet, but it has written a log"
        assert not caught
        assert used_s <= 0.5, "it takes long to be ready for a stop"
    else:
        assert code == 0, said[-3000:]
    assert "could not start" not in said
    assert "Traceback" not in said
