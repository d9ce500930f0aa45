"""The guard of a Faust agent: an event is let go of only when all that comes of it is acknowledged by the broker.

As it comes, Faust acknowledges the event of an agent that raises, and of one whose outputs the broker refuses.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from worker.contract.dead_letter import DeadReason
from worker.streaming.acked_table import AckedTable, Write
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Outcome
from worker.streaming.publisher import FencedError, OutputTooLargeError, Publisher, Record
from worker.streaming.settle import Settler

__all__ = ["Decide", "Guard"]

log = logging.getLogger("claimwire.guard")

Decide = Callable[[Record, bytes | None], tuple[Outcome, bytes | None]]
"""Of a record and what the table has for its key: the outcome, and what the table shall have for it. Pure."""


class Guard:
    """The order is what makes a repeat come out right: outputs first, then the table, then the event.

    Whatever the process dies between, the events come again, meet the table as it was before them and give the same
    outputs once more. `generation` is the number of the group's present assignment, the fence: what was read
    under an older one is neither published nor written.
    """

    def __init__(
        self,
        stage: str,
        publisher: Publisher,
        observer: Observer,
        *,
        table: AckedTable | None = None,
        generation: Callable[[], int],
    ) -> None:
        self._stage, self._publisher, self._observer = stage, publisher, observer
        self._table, self._generation = table, generation
        self._settler = Settler(stage, publisher, observer)

    async def follow(
        self, stream: Any, decide: Decide, crash: Callable[[BaseException], Awaitable[None]], *, most: int
    ) -> None:
        """An agent's whole body: settles what the stream brings, up to `most` events together, until it ends.

        `crash` ends the app when they cannot be settled: an agent that raises is restarted past its events.
        """
        async for events in stream.noack_take(most, within=0.05):
            try:
                await self.settle(events, decide)
            except Exception as broken:  # noqa: BLE001
                await crash(broken)
                return

    async def settle(self, events: Sequence[Any], decide: Decide) -> None:
        """Settles the events and acknowledges them, in their order.

        Raises:
            PublishError: the publisher is stopped; the events come again.
        """
        generation = self._generation()
        ours = [event for event in events if event.message.generation_id == generation]
        records = [_record(event.message) for event in ours]
        for record in records:
            self._observer.record_taken(self._stage, record)
        try:
            await self._all(records, decide, lambda: self._generation() == generation)
        except FencedError as late:
            log.warning("%d records were let go of, their partitions have another owner: %s", len(records), late)
            for record in records:
                self._observer.abandoned(self._stage, record)
            return
        for event in ours:
            event.ack()

    async def _all(self, records: Sequence[Record], decide: Decide, ours: Callable[[], bool]) -> None:
        outcomes: list[Outcome] = []
        changes: dict[bytes, Write] = {}
        begun = time.monotonic()
        self._observer.batch_started(self._stage, records)
        for record in records:
            key = record.key or b""
            before = changes[key][2] if key in changes else self._present(key)
            try:
                outcome, after = decide(record, before)
            except Exception as broken:  # noqa: BLE001 - an agent that raises loses its event
                outcome, after = Dead(DeadReason.LIFECYCLE_FAILED, f"{type(broken).__name__}: {broken}"), before
            outcomes.append(outcome)
            if after != before:
                changes[key] = (record.partition, key, after)
        self._observer.batch_finished(self._stage, records, time.monotonic() - begun)
        await self._settler.settle(records, outcomes, ours)
        if self._table is None:
            return
        try:
            await self._table.write(changes, self._publisher, ours)
        except OutputTooLargeError:
            await self._one_by_one(self._table, records, changes, ours)

    async def _one_by_one(
        self, table: AckedTable, records: Sequence[Record], changes: dict[bytes, Write], ours: Callable[[], bool]
    ) -> None:
        """Only what is too large for the changelog is left as it was; its outputs are published, and it is said so."""
        for record in records:
            key = record.key or b""
            change = changes.pop(key, None)
            if change is None:
                continue
            try:
                await table.write({key: change}, self._publisher, ours)
            except OutputTooLargeError as large:
                log.warning("%s: its state is too large for the changelog (%s); the one before stays", record, large)
                await self._publisher.bury(record, Dead(DeadReason.OUTPUT_TOO_LARGE, f"state of the table: {large}"))

    def _present(self, key: bytes) -> bytes | None:
        return None if self._table is None else self._table.get(key)


def _record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        int((message.timestamp or 0) * 1000),
        message.key,
        message.value,
        tuple(_pairs(message.headers)),
    )


def _pairs(headers: Any) -> list[tuple[str, bytes]]:
    items = headers.items() if hasattr(headers, "items") else headers or ()
    return [(key, value) for key, value in items if isinstance(value, bytes)]
