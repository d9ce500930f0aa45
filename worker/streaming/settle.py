"""Turns outcomes into what stands in Kafka: outputs, retries, dead letters, each acknowledged before it counts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from worker.contract.dead_letter import DeadReason
from worker.streaming.delivery import Parcel
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.retries import RetryOptions, again_or_dead

__all__ = ["Settler"]

log = logging.getLogger("claimwire.settle")


class Settler:
    """`retries` None: a `Retry` is a dead letter at once. `counted` is called for each record with its final outcome."""

    def __init__(
        self,
        stage: str,
        publisher: Publisher,
        observer: Observer,
        *,
        retries: RetryOptions | None = None,
        counted: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        self._stage, self._publisher, self._observer = stage, publisher, observer
        self._retries, self._counted = retries, counted

    async def settle(
        self, records: Sequence[Record], outcomes: Sequence[Outcome], ours: Callable[[], bool] = lambda: True
    ) -> None:
        """Returns when each record's outcome is acknowledged, in the order of the records.

        Raises:
            PublishError: the publisher is stopped, or `ours` says that the records have another owner; nothing of
                this may be committed.
        """
        delivery = self._publisher.delivery(ours)
        under_way: list[tuple[Record, Outcome, Parcel | None]] = []
        for record, given in zip(records, outcomes, strict=True):
            outcome, outputs = self._resolved(record, given)
            under_way.append((record, outcome, await delivery.add(outputs) if outputs else None))
        await delivery.land()
        for record, outcome, parcel in under_way:
            final = outcome
            if parcel is not None and parcel.too_large is not None:
                if not isinstance(outcome, Dead):
                    final = Dead(DeadReason.OUTPUT_TOO_LARGE, parcel.too_large, outcome.about)
                    _say(record, final)
                await self._publisher.bury(record, final)  # type: ignore[arg-type]
            self._observer.settled(self._stage, record, final)
            self._counted(final)

    def _resolved(self, record: Record, given: Outcome) -> tuple[Outcome, Sequence[Output]]:
        """What becomes of it in the end, and what is published for that."""
        match given:
            case Ok(outputs):
                return given, outputs
            case Drop(reason, detail):
                log.info("%s passed by: %s (%s)", record, reason, detail)
                return given, self._publisher.notes(record, given)
            case Retry(reason, error):
                if self._retries is None:
                    return self._buried(record, Dead(DeadReason.RETRIES_EXHAUSTED, f"{reason}: {error}", given.about))
                again = again_or_dead(record, given, self._retries, int(time.time() * 1000))
                if isinstance(again, Dead):
                    return self._buried(record, again)
                log.warning("%s is tried again later: %s: %s", record, reason, error)
                return given, (again,)
            case Dead():
                return self._buried(record, given)

    def _buried(self, record: Record, dead: Dead) -> tuple[Outcome, Sequence[Output]]:
        _say(record, dead)
        return dead, (self._publisher.dead_letter(record, dead),)


def _say(record: Record, dead: Dead) -> None:
    log.warning("%s goes to the dead letters: %s: %s", record, dead.reason, dead.error)
