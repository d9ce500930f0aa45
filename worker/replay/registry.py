"""What all processes of a replay must know of it: its plan, whether it is to wait, and that it is finished.

With Kafka on either side it stands in the compacted topic `replays`; from files to files it stands in the folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson
from aiokafka import AIOKafkaProducer

from worker.contract.topics import TopicSpec
from worker.replay.plan import Plan, PlanError
from worker.streaming.topic_admin import create_missing
from worker.streaming.window import Selection, WindowError, WindowReader, fix_window

__all__ = ["FolderRegistry", "Notes", "Registry", "TopicRegistry"]


@dataclass(slots=True)
class Notes:
    """All that is written of one replay. `finished_by` is the first process that said so."""

    plan: Plan | None = None
    control: Mapping[str, Any] = field(default_factory=dict)
    finished_by: str | None = None
    report: Mapping[str, Any] | None = None
    place: Mapping[str, Any] | None = None
    """How far a replay of archives is; one of a topic has its place in its consumer group."""

    @property
    def paused(self) -> bool:
        return bool(self.control.get("paused"))


class Registry(Protocol):
    async def all(self) -> dict[str, Notes]:
        """By the name of the replay."""

    async def begin(self, plan: Plan) -> Plan:
        """Writes the plan unless there is one; returns the one that counts, for all who begin at once the same."""

    async def write(self, name: str, what: str, content: Mapping[str, Any]) -> None:
        """`what`: control, finished, report or place."""

    async def forget(self, name: str) -> None: ...


_WHAT = ("plan", "control", "finished", "report", "place")


def _put(notes: Notes, what: str, value: bytes) -> None:
    if what == "plan":
        if notes.plan is None:  # of two that began at once the first counts
            notes.plan = Plan.decode(value)
        return
    content = orjson.loads(value)
    match what:
        case "control":
            notes.control = content
        case "finished":
            notes.finished_by = notes.finished_by or content["by"]
        case "report":
            notes.report = content
        case "place":
            notes.place = content


class TopicRegistry:
    """Records keyed `NAME/what`; one partition, so that "first" has a meaning."""

    def __init__(self, brokers: str, topic: str, replication: int) -> None:
        self._brokers, self._topic, self._replication = brokers, topic, replication

    async def all(self) -> dict[str, Notes]:
        try:
            window = await fix_window(self._brokers, Selection(topic=self._topic))
        except WindowError:
            return {}
        found: dict[str, Notes] = {}
        async with WindowReader(self._brokers, window) as reader:
            async for record in reader:
                name, _, what = (record.key or b"").decode("utf-8", "replace").rpartition("/")
                notes = found.setdefault(name, Notes())
                if record.value is None:
                    if what == "plan":
                        del found[name]
                elif what in _WHAT:
                    _put(notes, what, record.value)
        return {name: notes for name, notes in found.items() if notes.plan is not None}

    async def begin(self, plan: Plan) -> Plan:
        spec = TopicSpec(
            name=self._topic,
            purpose="replays: plans, and where they stand",
            config={"cleanup.policy": "compact"},
        )
        await create_missing(self._brokers, [spec], partitions=1, replication=self._replication)
        there = (await self.all()).get(plan.name)
        if there is not None and there.plan is not None:
            return there.plan
        await self._send(f"{plan.name}/plan", plan.encode())
        first = (await self.all())[plan.name].plan
        if first is None:
            raise PlanError(f"the topic {self._topic} has lost the plan of {plan.name} that was just written")
        if first != plan:
            await self._send(f"{plan.name}/plan", first.encode())  # compaction keeps the last: it must be the first
        return first

    async def write(self, name: str, what: str, content: Mapping[str, Any]) -> None:
        await self._send(f"{name}/{what}", orjson.dumps(content))

    async def forget(self, name: str) -> None:
        for what in _WHAT:
            await self._send(f"{name}/{what}", None)

    async def _send(self, key: str, value: bytes | None) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self._brokers, acks="all", linger_ms=0) as producer:
            await producer.send_and_wait(self._topic, value, key=key.encode())


class FolderRegistry:
    """Files beside what the replay writes, each replaced as a whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def all(self) -> dict[str, Notes]:
        return await asyncio.to_thread(self._all)

    def _all(self) -> dict[str, Notes]:
        found: dict[str, Notes] = {}
        for path in sorted(self._folder.glob("*/plan.json")):
            notes = Notes()
            for what in _WHAT:
                file = path.with_name(f"{what}.json")
                if file.exists():
                    _put(notes, what, file.read_bytes())
            found[path.parent.name] = notes
        return found

    async def begin(self, plan: Plan) -> Plan:
        there = (await self.all()).get(plan.name)
        if there is not None and there.plan is not None:
            return there.plan
        await self._put(plan.name, "plan", plan.encode())
        return plan

    async def write(self, name: str, what: str, content: Mapping[str, Any]) -> None:
        await self._put(name, what, orjson.dumps(content))

    async def forget(self, name: str) -> None:
        for what in _WHAT:
            (self._folder / name / f"{what}.json").unlink(missing_ok=True)

    async def _put(self, name: str, what: str, data: bytes) -> None:
        def replace() -> None:
            path = self._folder / name / f"{what}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(path.name + ".part")
            beside.write_bytes(data)
            beside.replace(path)

        await asyncio.to_thread(replace)
