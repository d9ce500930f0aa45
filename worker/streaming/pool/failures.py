"""The results that the pool itself gives for a record, instead of the work's own."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ChildDied", "OutOfMemory", "PoolFailure", "Raised", "TimedOut"]


_MAX_MESSAGE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class ChildDied:
    """A process ended at this record."""

    exit_code: int | None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """This record alone took longer than the limit."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """A process grew beyond the limit at this record, and was ended. `size`: its resident bytes then."""

    size: int


@dataclass(frozen=True, slots=True)
class Raised:
    """The work on this record raised an exception, which its process survived. `kind`: the exception's class."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        try:
            message = str(error)
        except Exception:  # noqa: BLE001 - the text of an exception may be made by the code that failed
            message = ""
        return cls(type(error).__name__, message[:_MAX_MESSAGE_CHARS])


PoolFailure = ChildDied | TimedOut | OutOfMemory | Raised
