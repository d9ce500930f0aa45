"""What a replay has done so far, as it is committed with its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson

__all__ = ["Counts"]

_NUMBERS = ("read", "bytes", "ok", "dropped", "dead", "claims", "lost")


@dataclass(slots=True)
class Counts:
    """Records of the selection, by outcome: read = ok + dropped + dead once all is settled."""

    read: int = 0
    bytes: int = 0
    ok: int = 0
    dropped: int = 0
    dead: int = 0
    claims: int = 0
    lost: int = 0
    """Offsets that retention deleted before they were read."""
    reasons: Counter[str] = field(default_factory=Counter)
    """`dropped.language`, `dead.not_json`, ..."""

    def add(self, other: Counts) -> None:
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons.update(other.reasons)

    def copy(self) -> Counts:
        whole = Counts()
        whole.add(self)
        return whole

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _NUMBERS} | {"reasons": dict(sorted(self.reasons.items()))}

    def note(self, replay_id: str) -> str:
        """The text beside a committed offset: which replay it is of, and the counts. Under 2,000 characters."""
        return orjson.dumps({"replay": replay_id} | self.as_dict()).decode()

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Counts:
        return cls(
            **{name: int(content.get(name, 0)) for name in _NUMBERS}, reasons=Counter(content.get("reasons", {}))
        )

    @classmethod
    def from_note(cls, note: str, replay_id: str) -> Counts | None:
        """None where the text is not of this replay."""
        try:
            content = orjson.loads(note)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(content, dict) or content.get("replay") != replay_id:
            return None
        return cls.from_dict(content)
