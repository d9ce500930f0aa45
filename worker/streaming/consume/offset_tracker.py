"""Computes which offset may be committed: the one below which every record is done. Pure."""

from __future__ import annotations

from collections import deque

__all__ = ["OffsetTracker"]


class OffsetTracker:
    """The records of one partition that were taken and are not done yet.

    Offsets rise, but with gaps (compaction, transaction markers). So "everything below" means everything that was
    taken, not every number.
    """

    def __init__(self) -> None:
        self._open: deque[int] = deque()
        self._done: set[int] = set()
        self._last: int | None = None
        self._began: int | None = None

    def take(self, offset: int) -> None:
        """Raises ValueError: the offset is not above the last one taken."""
        if self._last is not None and offset <= self._last:
            raise ValueError(f"offset {offset} was taken after {self._last}")
        self._open.append(offset)
        self._last = offset

    def done(self, offset: int) -> None:
        """The broker acknowledged the record's outcome. Raises ValueError: it was not taken, or is done already."""
        if offset in self._done or not self._open or not self._open[0] <= offset <= self._open[-1]:
            raise ValueError(f"offset {offset} is not in flight")
        self._done.add(offset)
        while self._open and self._open[0] in self._done:
            self._done.discard(self._open.popleft())

    def pass_over(self, position: int) -> None:
        """`position` is the offset of the next record to fetch: what is below it and was not taken holds no record for
        us.

        So markers of transactions, aborted and compacted records at the end of a partition are no lag for ever.
        """
        if self._began is None:
            self._began = position
        reached = self._began if self._last is None else self._last + 1
        if not self._open and position > reached:
            self._last = position - 1

    @property
    def idle(self) -> bool:
        """No record is taken and not done."""
        return not self._open

    @property
    def committable(self) -> int | None:
        """The offset of the next record to read after a crash; None before the first record was taken."""
        if self._open:
            return self._open[0]
        return None if self._last is None else self._last + 1
