"""Which offset may be committed: the one below which everything is done. Pure."""

from __future__ import annotations

from collections import deque

__all__ = ["OffsetTracker"]


class OffsetTracker:
    """The records of one partition that were taken and not yet done.

    Offsets come in rising but with gaps (compaction, transaction markers), so what counts as "everything below"
    is what was taken, not what numbers exist.
    """

    def __init__(self) -> None:
        self._open: deque[int] = deque()
        self._done: set[int] = set()
        self._last: int | None = None

    def take(self, offset: int) -> None:
        """Raises ValueError: the offset is not above the last one taken."""
        if self._last is not None and offset <= self._last:
            raise ValueError(f"offset {offset} was taken after {self._last}")
        self._open.append(offset)
        self._last = offset

    def done(self, offset: int) -> None:
        """Its outcome is acknowledged by the broker. Raises ValueError: it was not taken, or is done already."""
        if offset in self._done or not self._open or not self._open[0] <= offset <= self._open[-1]:
            raise ValueError(f"offset {offset} is not in flight")
        self._done.add(offset)
        while self._open and self._open[0] in self._done:
            self._done.discard(self._open.popleft())

    @property
    def in_flight(self) -> int:
        return len(self._open) - len(self._done)

    @property
    def committable(self) -> int | None:
        """The offset of the next record to read after a crash; None before the first was taken."""
        if self._open:
            return self._open[0]
        return None if self._last is None else self._last + 1
