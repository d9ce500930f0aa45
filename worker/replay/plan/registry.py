"""The registry of replays: for each its plan, whether it is paused, and whether it is finished.

All processes of a replay read it. It is the compacted topic `replays`, or, for a replay from archives to files, the
folder that the replay writes to.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypedDict, get_args

import msgspec
import orjson
from aiokafka import AIOKafkaProducer

from worker.brokers import Brokers
from worker.contract.codec import UNREADABLE
from worker.contract.coordinates import Coordinates
from worker.contract.topics import TopicSpec
from worker.replay.plan.counts import CountsContent
from worker.replay.plan.plan import PlanError, ReplayPlan
from worker.streaming.access.client_options import client_options
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.window import Selection, WindowError, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["ArchivePlace", "FolderRegistry", "Registry", "RegistryEntry", "ReplayReport", "TopicRegistry"]

log = logging.getLogger("claimwire.replays")

Part = Literal["control", "finished", "report", "place"]
"""The parts of an entry that are written after its plan."""
_PARTS: tuple[str, ...] = ("plan", *get_args(Part))
_FIRST_COUNTS = ("plan", "finished")
"""Parts that several processes may write at once; the first write counts for all."""


class ArchivePlace(TypedDict):
    """The committed position of a replay of archives, and the note with its counts."""

    position: int
    note: str


class _Control(TypedDict):
    paused: bool


class _Finished(TypedDict):
    by: str


class ReplayReport(CountsContent):
    """The report of a finished replay."""

    name: str
    source: str
    pipeline: str
    models: dict[str, str]
    written_to: list[str]
    seconds: float


_CONTROL = msgspec.json.Decoder(_Control)
_FINISHED = msgspec.json.Decoder(_Finished)
_REPORT = msgspec.json.Decoder(ReplayReport)
_PLACE = msgspec.json.Decoder(ArchivePlace)


@dataclass(slots=True)
class RegistryEntry:
    """All that the registry holds of one replay. `finished_by`: the first process that wrote `finished`."""

    plan: ReplayPlan | None = None
    paused: bool = False
    finished_by: str | None = None
    report: ReplayReport | None = None
    place: ArchivePlace | None = None
    """Of a replay of archives; a replay of a topic commits to its consumer group."""

    def put(self, name: str, part: str, value: bytes) -> None:
        """Applies one write. Of several plans and several `finished` the first counts, of the other parts the last.

        Raises:
            PlanError: it is no such part of the replay `name`, or was written by another version.
        """
        if part == "plan":
            plan = ReplayPlan.decode(value)
            if plan.name != name:
                raise PlanError(f"the plan is of the replay {plan.name[:120]!r}")
            self.plan = self.plan or plan
            return
        try:
            match part:
                case "control":
                    self.paused = _CONTROL.decode(value)["paused"]
                case "finished":
                    self.finished_by = self.finished_by or _FINISHED.decode(value)["by"]
                case "report":
                    self.report = _REPORT.decode(value)
                case "place":
                    self.place = _PLACE.decode(value)
        except UNREADABLE as wrong:
            raise PlanError(f"it is no {part} of a replay: {wrong}") from None

    def put_or_report(self, place: str, name: str, part: str, value: bytes) -> None:
        """As `put`; what others wrote is reported in the log with its place, and left out."""
        try:
            self.put(name, part, value)
        except PlanError as foreign:
            log.warning("%s is left out: %s", place, foreign)


class Registry(Protocol):
    async def all(self) -> dict[str, RegistryEntry]:
        """The replays that have a plan, by name. A record that others or another version wrote is left out."""

    async def begin(self, plan: ReplayPlan) -> ReplayPlan:
        """Writes the plan unless there is one. Returns the plan that counts, to all who begin at once the same."""

    async def write(self, name: str, part: Part, content: Mapping[str, object]) -> None:
        """Writes a part of an entry: control {paused}, finished {by, at}, report, or place {position, note}."""

    async def forget(self, name: str) -> None:
        """Deletes an entry; afterwards a replay of that name can be begun."""


class TopicRegistry:
    """Records keyed `NAME/part` in a topic of one partition, so that all readers agree which plan came first."""

    def __init__(self, brokers: Brokers, topic: str, replication: int) -> None:
        self._brokers, self._topic, self._replication = brokers, topic, replication

    async def all(self) -> dict[str, RegistryEntry]:
        try:
            window = await fix_window(self._brokers, Selection(topic=self._topic))
        except WindowError:
            return {}
        entries: dict[str, RegistryEntry] = {}
        async with WindowReader(self._brokers, window) as reader:
            async for record in reader:
                name, _, part = (record.key or b"").decode("utf-8", "replace").rpartition("/")
                entry = entries.setdefault(name, RegistryEntry())
                if record.value is None:
                    if part == "plan":
                        del entries[name]
                elif part in _PARTS:
                    entry.put_or_report(str(Coordinates.of(record)), name, part, record.value)
        return {name: entry for name, entry in entries.items() if entry.plan is not None}

    async def begin(self, plan: ReplayPlan) -> ReplayPlan:
        spec = TopicSpec(
            name=self._topic,
            purpose="replays: plans, and where they stand",
            config={"cleanup.policy": "compact"},
        )
        await create_missing(self._brokers, [spec], partitions=1, replication=self._replication)
        existing = (await self.all()).get(plan.name)
        if existing is not None and existing.plan is not None:
            return existing.plan
        await self._send(f"{plan.name}/plan", plan.encode())
        entry = (await self.all()).get(plan.name)
        if entry is None or entry.plan is None:
            raise PlanError(f"the topic {self._topic} has lost the plan of {plan.name} that was just written")
        if entry.plan != plan:
            # compaction keeps the last record of a key, and it must be the first plan
            await self._send(f"{plan.name}/plan", entry.plan.encode())
        return entry.plan

    async def write(self, name: str, part: Part, content: Mapping[str, object]) -> None:
        await self._send(f"{name}/{part}", orjson.dumps(content))

    async def forget(self, name: str) -> None:
        for part in _PARTS:
            await self._send(f"{name}/{part}", None)

    async def _send(self, key: str, value: bytes | None) -> None:
        async with AIOKafkaProducer(**client_options(self._brokers), acks="all", linger_ms=0) as producer:
            await producer.send_and_wait(self._topic, value, key=key.encode())


class FolderRegistry:
    """Files `NAME/part.json` beside the outputs of the replay; each is written as a whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def all(self) -> dict[str, RegistryEntry]:
        return await asyncio.to_thread(self._read)

    def _read(self) -> dict[str, RegistryEntry]:
        entries: dict[str, RegistryEntry] = {}
        for path in sorted(self._folder.glob("*/plan.json")):
            entry = entries[path.parent.name] = RegistryEntry()
            for part in _PARTS:
                file = path.with_name(f"{part}.json")
                if file.exists():
                    entry.put_or_report(str(file), path.parent.name, part, file.read_bytes())
        return entries

    async def begin(self, plan: ReplayPlan) -> ReplayPlan:
        await asyncio.to_thread(self._put, plan.name, "plan", plan.encode())
        return (await self.all())[plan.name].plan or plan

    async def write(self, name: str, part: Part, content: Mapping[str, object]) -> None:
        await asyncio.to_thread(self._put, name, part, orjson.dumps(content))

    async def forget(self, name: str) -> None:
        for part in _PARTS:
            (self._folder / name / f"{part}.json").unlink(missing_ok=True)

    def _put(self, name: str, part: str, data: bytes) -> None:
        path = self._folder / name / f"{part}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        beside.write_bytes(data)
        if part in _FIRST_COUNTS:
            with contextlib.suppress(FileExistsError):
                os.link(beside, path)  # unlike a rename it does not replace a file that another process wrote
            beside.unlink()
        else:
            beside.replace(path)
