"""Settles records: publishes what their outcomes ask for, and counts an outcome once the broker has acknowledged it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.contract.reasons import DeadReason
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.publish.delivery import OutputTooLargeError, PublishError, Receipt
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import Completeness, dead_letter
from worker.streaming.settle.drop_note import drop_note
from worker.streaming.settle.retries import RetryOptions, again_or_dead

__all__ = ["OutcomeTopics", "Settler"]

log = logging.getLogger("claimwire.settle")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTopics:
    """Where records go that do not end in outputs."""

    dead: str
    dropped: str = ""
    """Empty: a dropped record leaves no note."""
    retries: RetryOptions | None = None
    """None: a `Retry` becomes a dead letter at once."""


class Settler:
    """`counted` is called for each record with its final outcome."""

    def __init__(
        self,
        stage: str,
        publisher: Publisher,
        observer: Observer,
        topics: OutcomeTopics,
        *,
        counted: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        self._stage, self._publisher, self._observer = stage, publisher, observer
        self._topics, self._counted = topics, counted

    async def settle(
        self, records: Sequence[Record], outcomes: Sequence[Outcome], ours: Callable[[], bool] = lambda: True
    ) -> None:
        """Returns when the outcome of each record is acknowledged, in the order of the records.

        Raises:
            PublishError: the publisher is stopped, or `ours` says that the records have another owner; no offset of
                these records may be committed.
        """
        delivery = self._publisher.delivery(ours)
        under_way: list[tuple[Record, Outcome, Receipt | None]] = []
        for record, given in zip(records, outcomes, strict=True):
            outcome, outputs = self._resolved(record, given)
            under_way.append((record, outcome, await delivery.add(outputs) if outputs else None))
        await delivery.flush()
        for record, outcome, receipt in under_way:
            final = outcome
            if receipt is not None and receipt.too_large is not None:
                final = await self._without_outputs(record, outcome, receipt.too_large)
            self._observer.settled(self._stage, record, final)
            self._counted(final)

    async def send_to_dead_letters(self, record: Record, dead: Dead) -> None:
        """Publishes a record's dead letter with as much of the record as the broker takes. Raises PublishError."""
        for completeness in sorted(Completeness, reverse=True):
            try:
                await self._publisher.publish([dead_letter(self._topics.dead, record, dead, completeness)])
            except OutputTooLargeError as large:
                log.warning("The dead letter of %s is too large (%s): it is sent with less", record, large)
            else:
                return
        raise PublishError(f"the dead letter of {record} is too large even without its value, key and headers")

    async def _without_outputs(self, record: Record, outcome: Outcome, too_large: str) -> Dead:
        """The outcome of a record one of whose outputs is too large: a dead letter, which then is published."""
        if isinstance(outcome, Dead):
            dead = outcome  # the dead letter itself was too large
        else:
            dead = Dead(DeadReason.OUTPUT_TOO_LARGE, too_large, outcome.about)
            _log_dead(record, dead)
        await self.send_to_dead_letters(record, dead)
        return dead

    def _resolved(self, record: Record, given: Outcome) -> tuple[Outcome, Sequence[Output]]:
        """The outcome after retries are counted, and the outputs to publish for it."""
        match given:
            case Ok(outputs):
                return given, outputs
            case Drop(reason, detail):
                log.info("%s dropped: %s (%s)", record, reason, detail)
                return given, (drop_note(self._topics.dropped, record, given),) if self._topics.dropped else ()
            case Retry(reason, error):
                retries = self._topics.retries
                if retries is None:
                    return self._dead(record, Dead(DeadReason.RETRIES_EXHAUSTED, f"{reason}: {error}", given.about))
                again = again_or_dead(record, given, retries, int(time.time() * 1000))
                if isinstance(again, Dead):
                    return self._dead(record, again)
                log.warning("%s is tried again later: %s: %s", record, reason, error)
                return given, (again,)
            case Dead():
                return self._dead(record, given)

    def _dead(self, record: Record, dead: Dead) -> tuple[Outcome, Sequence[Output]]:
        _log_dead(record, dead)
        return dead, (dead_letter(self._topics.dead, record, dead),)


def _log_dead(record: Record, dead: Dead) -> None:
    log.warning("%s goes to the dead letters: %s: %s", record, dead.reason, dead.error)
