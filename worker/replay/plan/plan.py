"""The plan of a replay: which records it reads, with which extraction, and where it writes. Fixed when it begins."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from worker.contract.codec import UNREADABLE, fields_in
from worker.contract.ids import digest
from worker.contract.topics import LARGEST_RECORD, Topics, TopicSpec
from worker.streaming.record import Record
from worker.streaming.topics.window import Window

__all__ = ["Filter", "PlanError", "ReplayPlan", "Target", "side_specs", "side_topics"]

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}", re.IGNORECASE)


class PlanError(Exception):
    """A replay cannot be run as asked; the message says what is wrong with it."""


class Target(StrEnum):
    TOPIC = "topic"
    """Topics of the replay's own, beside the live ones."""
    IN_PLACE = "in-place"
    """The live topics."""
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Chooses records of the window: by key, by publisher (case ignored), or both. Empty: all records."""

    keys: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()

    def wanted(self) -> Callable[[Record], bool] | None:
        if not self.keys and not self.publishers:
            return None
        keys = {key.encode() for key in self.keys}
        publishers = {name.casefold() for name in self.publishers}

        def is_wanted(record: Record) -> bool:
            if keys and record.key not in keys:
                return False
            return not publishers or (_publisher(record.value) or "").casefold() in publishers

        return is_wanted


def _publisher(value: bytes | None) -> str | None:
    """The publisher that an article names; None for a value that is no article."""
    name = fields_in(value).get("publisher")
    return name if isinstance(name, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """Kept in the registry, as JSON. The source is either `window` or `archives`."""

    name: str
    created_at: str
    window: Window | None = None
    archives: tuple[str, ...] = ()
    filter: Filter = field(default_factory=Filter)
    target: Target = Target.TOPIC
    folder: str | None = None
    format: str = "jsonl.zst"
    pipeline: str = ""
    """Version of the extraction."""
    models: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    """Those settings that decide on the outcome of an article; a resumed replay uses them again."""

    def __post_init__(self) -> None:
        check_name(self.name)
        if (self.window is None) == (not self.archives):
            raise PlanError("a replay reads either a topic or archives")

    @property
    def id(self) -> str:
        """Different for each replay, also for one that reuses the name of a deleted one."""
        return digest("replay/1", self.name, self.created_at)[:12]

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> ReplayPlan:
        """Raises PlanError."""
        try:
            return _PLAN.decode(data)
        except UNREADABLE as wrong:
            raise PlanError(f"the replay's plan is of another version of claimwire: {wrong}") from None

    def differences(self, other: ReplayPlan) -> list[str]:
        """How another plan of this name differs; the ends of the window are not compared, they are this plan's."""
        pairs = [
            (spec.name, getattr(self, spec.name), getattr(other, spec.name))
            for spec in fields(self)
            if spec.name not in ("created_at", "window")
        ]
        pairs += [
            (name, getattr(self.window, name, None), getattr(other.window, name, None))
            for name in ("topic", "from_ms", "to_ms")
        ]
        return [f"{name}: {_short(mine)}, asked for {_short(theirs)}" for name, mine, theirs in pairs if mine != theirs]


_PLAN = msgspec.json.Decoder(ReplayPlan)


def _short(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def check_name(name: str) -> None:
    """Raises PlanError: the name cannot be part of a topic's name."""
    if not _NAME.fullmatch(name):
        raise PlanError(
            f"the name {name!r}: letters, digits, `.`, `_` and `-`, at most 60, beginning with one of the first two"
        )


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def side_topics(live: Topics, prefix: str, name: str, target: Target) -> Topics:
    """The topics that a replay of this name writes to; its `dead` takes the dropped and dead records.

    In place the others are the live topics. Not `dead`, since the live dead letters hold these records already.
    """
    side = f"{prefix}claims.replay.{name}"
    if target is Target.IN_PLACE:
        return replace(live, dead=f"{side}.passed")
    return replace(live, extracted=f"{side}.extracted", claims=side, dead=f"{side}.passed", live=f"{side}.live")


def side_specs(topics: Topics, target: Target) -> list[TopicSpec]:
    """The topics to create before a replay writes to them."""
    large = {"max.message.bytes": str(LARGEST_RECORD)}
    compacted = {"cleanup.policy": "compact"}
    passed = TopicSpec(name=topics.dead, purpose="what a replay passed by, with the reason", config=large)
    if target is Target.IN_PLACE:
        return [passed]
    return [
        TopicSpec(name=topics.extracted, purpose="extractions of a replay", config=large | compacted),
        TopicSpec(name=topics.claims, purpose="claims of a replay", config=compacted),
        TopicSpec(name=topics.live, purpose="what each article claims (the replay's own)", config=large | compacted),
        passed,
    ]
