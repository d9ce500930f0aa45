"""An owner that is told to close while it is still opening its partition: it ends at once and leaves nothing open."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from aiokafka.errors import KafkaConnectionError

from tests.streaming.stateful.simulated_worker import INPUT, SimulatedWorker
from tests.streaming.stateful.simulation import Inline, Kafka
from worker.streaming.backoff import Backoff
from worker.streaming.stateful.in_thread import in_thread
from worker.streaming.stateful.owner import PartitionOwner
from worker.streaming.stateful.state_file import StateFile


class File(StateFile):
    """Knows whether it is open."""

    def __init__(self, path):
        super().__init__(path)
        self.is_open = True

    def close(self):
        super().close()
        self.is_open = False


def _owner(tmp_path, threads, **changed):
    kafka = Kafka(1, stall_share=0.0, failure_share=0.0)
    parts = SimulatedWorker(kafka, tmp_path, threads).parts()
    return PartitionOwner(INPUT, replace(parts, **changed), lambda _partition, _offset: None)


@pytest.mark.parametrize("question", ["committed", "bounds", "layout", "changelog_of"])
async def test_a_question_that_nobody_answers_is_not_waited_for(tmp_path, question):
    asked, files = asyncio.Event(), []

    async def unanswered(*_):
        asked.set()
        await asyncio.Event().wait()

    class Unread:
        copy = staticmethod(unanswered)

    def file_of(_):
        files.append(File(tmp_path / "state.sqlite"))
        return files[-1]

    changed = {question: (lambda _: Unread) if question == "changelog_of" else unanswered}
    owner = _owner(tmp_path, Inline(), file_of=file_of, **changed)
    running = asyncio.create_task(owner.run())
    await asyncio.wait_for(asked.wait(), 60)
    owner.close()
    await asyncio.wait_for(running, 60)
    assert [file.is_open for file in files] == [False] * len(files)


async def test_a_file_that_is_just_being_opened_is_closed(tmp_path):
    opening, go_on, files = threading.Event(), threading.Event(), []

    def file_of(_):
        opening.set()
        go_on.wait(60)
        files.append(File(tmp_path / "state.sqlite"))
        return files[-1]

    with ThreadPoolExecutor(2) as threads:
        owner = _owner(tmp_path, threads, file_of=file_of)
        running = asyncio.create_task(owner.run())
        await asyncio.to_thread(opening.wait, 60)
        owner.close()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait_for(running, 60)
    assert [file.is_open for file in files] == [False]


async def test_the_pause_before_the_next_try_is_not_waited_for(tmp_path, monkeypatch):
    failed = asyncio.Event()
    monkeypatch.setattr(Backoff, "next_s", lambda _: 3600.0)

    async def broken(_):
        failed.set()
        raise KafkaConnectionError("the connection broke")

    owner = _owner(tmp_path, Inline(), committed=broken)
    running = asyncio.create_task(owner.run())
    await asyncio.wait_for(failed.wait(), 60)
    owner.close()
    await asyncio.wait_for(running, 60)
    assert not owner.is_open


async def test_a_call_in_a_thread_that_is_cancelled_ends_when_the_call_has_ended():
    begun, go_on, ended = threading.Event(), threading.Event(), []

    def call():
        begun.set()
        go_on.wait(60)
        ended.append(True)

    with ThreadPoolExecutor(1) as threads:
        waiting = asyncio.create_task(in_thread(threads, call))
        await asyncio.to_thread(begun.wait, 60)
        waiting.cancel()
        await asyncio.sleep(0.05)
        assert not waiting.done()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert ended == [True]
