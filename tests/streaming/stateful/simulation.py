"""A log of Kafka in memory, with transactions and fencing, and a loop whose clock jumps: one seed gives one
interleaving.

Every step outwards of the code under test waits at `Kafka.step`, where the seed decides whose turn it is, who stands
still and for how long. What is real: the owners of partitions, their order of fence, states and offset, the lifecycle's
decisions, and the files of states. What is not: sockets, the group protocol (a schedule gives partitions away as it
likes, also while the former owner is still at work) and the processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from worker.streaming.outcome import Output
from worker.streaming.record import Record
from worker.streaming.stateful.changelog import LAYOUT_KEY, LAYOUT_NOTE, MARK_KEY, Changelog, Layout, is_own
from worker.streaming.stateful.owner import Committed
from worker.streaming.stateful.state_file import Change, StateFile
from worker.streaming.stateful.transactions import FencedOutError, NextOffset

__all__ = ["Inline", "JumpingLoop", "Kafka", "SimulatedChangelog", "SimulatedWriter"]


class JumpingLoop(asyncio.SelectorEventLoop):
    """Nothing is waited for in real time: when nobody can go on, the clock jumps to whoever is next."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        select = self._selector.select

        def jump(timeout: float | None = None) -> list[object]:
            if timeout is not None and timeout > 0:
                self._now += timeout
            return list(select(0))

        self._selector.select = jump

    def time(self) -> float:
        return self._now


class Inline(Executor):
    """Runs what it is given at once, in the caller's thread."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as broken:
            future.set_exception(broken)
        return future


@dataclass
class Kafka:
    """Committed logs by topic and partition, commits by group, the newest epoch of each transactional id."""

    seed: int
    stall_share: float = 0.05
    failure_share: float = 0.03
    logs: dict[TopicPartition, list[Record]] = field(default_factory=dict)
    commits: dict[tuple[str, TopicPartition], Committed] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - a schedule, no secret

    async def step(self, *, may_fail: bool = True) -> None:
        """A place where others may come first, the process may stand still, or the connection may break."""
        self.steps += 1
        drawn = self.random.random()
        if drawn < self.stall_share:
            await asyncio.sleep(self.random.uniform(1.0, 60.0))
        elif drawn < 0.6:
            await asyncio.sleep(self.random.uniform(0.0, 0.01))
        if may_fail and self.random.random() < self.failure_share:
            raise KafkaConnectionError("the connection broke")

    def append(self, output: Output, partition: int) -> int:
        log = self.logs.setdefault(TopicPartition(output.topic, partition), [])
        headers = tuple(output.headers)
        log.append(Record(output.topic, partition, len(log), len(log), output.key, output.value, headers))
        return len(log) - 1


class SimulatedWriter:
    """Fences by epoch; a transaction becomes visible as a whole, at its commit. `epoch` is None before the start."""

    def __init__(self, kafka: Kafka, transactional_id: str) -> None:
        self._kafka, self._id = kafka, transactional_id
        self._epoch: int | None = None

    async def start(self) -> None:
        await self._kafka.step()
        self._epoch = self._kafka.epochs[self._id] = self._kafka.epochs.get(self._id, 0) + 1
        await self._kafka.step()

    async def write(self, outputs: Sequence[Output], upto: NextOffset | None) -> list[int]:
        for _ in outputs:
            await self._kafka.step()
            self._check()
        await self._kafka.step()
        self._check()
        offsets = [self._kafka.append(output, output.partition or 0) for output in outputs]
        if upto is not None:
            self._kafka.commits[upto.group, upto.partition] = Committed(upto.offset, upto.metadata)
        await self._kafka.step()  # the answer may be lost though all was written
        return offsets

    def _check(self) -> None:
        if self._epoch != self._kafka.epochs.get(self._id):
            raise FencedOutError(f"{self._id}: epoch {self._epoch}")

    async def stop(self) -> None:
        self._epoch = None


class SimulatedChangelog:
    """As ChangelogReader: copies what is in the log behind the file's place."""

    def __init__(self, kafka: Kafka, partition: TopicPartition) -> None:
        self._kafka, self._partition = kafka, partition

    async def copy(self, writer: SimulatedWriter, file: StateFile) -> Changelog:
        mark = Output(self._partition.topic, MARK_KEY, b"", [], self._partition.partition)
        (at,) = await writer.write([mark], None)
        log = list(self._kafka.logs[self._partition][: at + 1])
        start = file.position or 0
        layout = Layout.decode((file.place(LAYOUT_NOTE) or "").encode())
        changes: dict[bytes, Change] = {}
        for record in log[start:]:
            if record.key == LAYOUT_KEY:
                layout = Layout.decode(record.value)
            elif not is_own(record.key):
                changes[record.key] = Change(record.value, record.timestamp)
        notes = {LAYOUT_NOTE: layout.encode().decode()} if layout else {}
        file.apply(changes, len(log), notes)
        await self._kafka.step()
        return Changelog(layout, empty=not changes and file.size()[0] == 0, read=len(changes))


@contextlib.contextmanager
def jumping():
    loop = JumpingLoop()
    try:
        yield loop
    finally:
        loop.close()
