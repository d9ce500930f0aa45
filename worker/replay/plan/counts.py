"""The counts of a replay: how many records it read, by outcome. They are committed together with the position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

import orjson

__all__ = ["CountsContent", "ReplayCounts"]

_NUMBERS = ("read", "bytes", "ok", "dropped", "dead", "claims", "lost")


class CountsContent(TypedDict):
    """The counts as a JSON object."""

    read: int
    bytes: int
    ok: int
    dropped: int
    dead: int
    claims: int
    lost: int
    reasons: dict[str, int]


@dataclass(slots=True)
class ReplayCounts:
    """Records of the selection by outcome. read = ok + dropped + dead whenever no record is in work."""

    read: int = 0
    bytes: int = 0
    """Of keys and values of the records read."""
    ok: int = 0
    dropped: int = 0
    dead: int = 0
    claims: int = 0
    lost: int = 0
    """Offsets that retention deleted before they were read."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Records by outcome and reason: `dropped.language`, `dead.not_json`, ..."""

    def add(self, other: ReplayCounts) -> None:
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons.update(other.reasons)

    def copy(self) -> ReplayCounts:
        copied = ReplayCounts()
        copied.add(self)
        return copied

    def since(self, earlier: ReplayCounts) -> ReplayCounts:
        """The difference to an earlier state of the same counts."""
        numbers = {name: getattr(self, name) - getattr(earlier, name) for name in _NUMBERS}
        reasons = Counter({reason: number - earlier.reasons[reason] for reason, number in self.reasons.items()})
        return ReplayCounts(**numbers, reasons=reasons)

    def as_dict(self) -> CountsContent:
        return {
            "read": self.read,
            "bytes": self.bytes,
            "ok": self.ok,
            "dropped": self.dropped,
            "dead": self.dead,
            "claims": self.claims,
            "lost": self.lost,
            "reasons": dict(sorted(self.reasons.items())),
        }

    def note(self, replay_id: str) -> str:
        """The text committed beside an offset: the id of the replay and the counts, JSON, under 2,000 characters."""
        return orjson.dumps({"replay": replay_id, **self.as_dict()}).decode()

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> ReplayCounts:
        return cls(
            **{name: int(content.get(name, 0)) for name in _NUMBERS}, reasons=Counter(content.get("reasons", {}))
        )

    @classmethod
    def from_note(cls, note: str, replay_id: str) -> ReplayCounts | None:
        """The counts in a committed text; None where the text was not written by this replay."""
        try:
            content = orjson.loads(note)
            if not isinstance(content, dict) or content.get("replay") != replay_id:
                return None
            return cls.from_dict(content)
        except (ValueError, TypeError, OverflowError):  # of JSON, of a number, of the reasons
            return None
