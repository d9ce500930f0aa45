"""Bounds of memory in bytes: how much may be in flight, and how records are split into batches. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worker.streaming.record import Record

__all__ = ["ByteBudget", "in_batches"]


class ByteBudget:
    """Counts bytes in flight. It is full at the limit and open again at half of it (hysteresis), since pausing and
    resuming a consumer is expensive. One fetch may exceed the limit; the next one waits until the budget is open.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_flight = 0
        self.peak = 0
        self.full = False

    def take(self, size: int) -> None:
        self.in_flight += size
        self.peak = max(self.peak, self.in_flight)
        if self.in_flight >= self.limit:
            self.full = True

    def give(self, size: int) -> None:
        """Raises ValueError: more is given back than was taken."""
        if size > self.in_flight:
            raise ValueError(f"{size} bytes given back, {self.in_flight} were out")
        self.in_flight -= size
        if self.in_flight <= self.limit // 2:
            self.full = False


def in_batches(records: Iterable[Record], max_records: int, max_bytes: int) -> Iterator[list[Record]]:
    """Splits the records in their order; a record larger than `max_bytes` is a batch of its own."""
    batch: list[Record] = []
    size = 0
    for record in records:
        if batch and (len(batch) >= max_records or size + record.size > max_bytes):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += record.size
    if batch:
        yield batch
