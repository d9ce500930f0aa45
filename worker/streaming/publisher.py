"""Publishes records until the broker has them: refused or late, an output is tried again, in order, without end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from worker.contract.topics import LARGEST_RECORD
from worker.streaming.dead_letters import Extent, dead_letter
from worker.streaming.delivery import Delivery, FencedError, OutputTooLargeError, PublishError
from worker.streaming.drop_note import drop_note
from worker.streaming.observer import SILENT, Observer
from worker.streaming.outcome import Dead, Drop, Output
from worker.streaming.producer_line import ProducerLine
from worker.streaming.record import Record

__all__ = ["FencedError", "OutputTooLargeError", "PublishError", "Publisher", "Record"]

log = logging.getLogger("claimwire.publisher")

_SAY_AGAIN_S = 10.0


class Publisher:
    """One producer with acks=all. `idempotent` keeps order and avoids repeats over retries inside the client.

    `failing_since` is what intake looks at: while it is not None, more input would only pile up.
    """

    def __init__(
        self,
        brokers: str,
        *,
        idempotent: bool,
        compression: str,
        dead_topic: str,
        dropped_topic: str = "",
        client_id: str,
        request_timeout_s: float = 10.0,
        observer: Observer = SILENT,
    ) -> None:
        options: dict[str, Any] = {
            "bootstrap_servers": brokers,
            "acks": "all",
            "enable_idempotence": idempotent,
            "compression_type": None if compression == "none" else compression,
            "linger_ms": 5,
            "max_batch_size": 256 * 1024,
            "max_request_size": LARGEST_RECORD,
            "retry_backoff_ms": 250,
            "client_id": client_id,
        }
        self.line = ProducerLine(options, request_timeout_s)
        self.observer = observer
        self._dead_topic, self._dropped_topic = dead_topic, dropped_topic
        self._failing: dict[tuple[int, str], float] = {}
        self._said: dict[str, float] = {}

    async def start(self) -> None:
        await self.line.start()

    async def stop(self) -> None:
        await self.line.stop()

    def delivery(self, ours: Callable[[], bool] = lambda: True) -> Delivery:
        """For the outputs of one batch: they are queued together and landed together."""
        return Delivery(self, ours)

    async def publish(self, outputs: Sequence[Output]) -> None:
        """Returns when the broker has them all.

        Raises:
            OutputTooLargeError: one is larger than the topic takes; the others are published.
            PublishError: the publisher is stopped.
        """
        delivery = self.delivery()
        parcel = await delivery.add(outputs)
        await delivery.land()
        parcel.check()

    def dead_letter(self, record: Record, dead: Dead, extent: Extent = Extent.WHOLE) -> Output:
        return dead_letter(self._dead_topic, record, dead, extent)

    def notes(self, record: Record, drop: Drop) -> tuple[Output, ...]:
        """What a record that is passed by leaves behind; nothing without a topic for it."""
        return (drop_note(self._dropped_topic, record, drop),) if self._dropped_topic else ()

    async def bury(self, record: Record, dead: Dead) -> None:
        """Sends a record to the dead letters, with as much of it as the broker takes. Raises PublishError."""
        for extent in sorted(Extent, reverse=True):
            try:
                await self.publish([self.dead_letter(record, dead, extent)])
            except OutputTooLargeError as large:
                log.warning("The dead letter of %s is too large (%s): it is sent with less", record, large)
            else:
                return
        raise PublishError(f"the dead letter of {record} is too large even without its value, key and headers")

    @property
    def failing_since(self) -> float | None:
        """time.monotonic() of when outputs began to fail that somebody still waits for; None when all is well."""
        return min(self._failing.values(), default=None)

    def failed(self, waiter: object, topic: str, error: str) -> None:
        """`waiter` tries again to publish to `topic`."""
        now = time.monotonic()
        self._failing.setdefault((id(waiter), topic), now)
        since = min(begun for (_, failing), begun in self._failing.items() if failing == topic)
        self.observer.output_failing(topic, since, error)
        if now - self._said.get(topic, -_SAY_AGAIN_S) >= _SAY_AGAIN_S:
            self._said[topic] = now
            log.warning(
                "%s takes no outputs since %.0fs: %s. It is tried again until it does; meanwhile nothing is committed",
                topic,
                now - since,
                error,
            )

    def mended(self, waiter: object) -> None:
        """`waiter` has published, or has given up."""
        for who, topic in [key for key in self._failing if key[0] == id(waiter)]:
            begun = self._failing.pop((who, topic))
            if not any(failing == topic for _, failing in self._failing):
                seconds = time.monotonic() - begun
                self._said.pop(topic, None)
                self.observer.output_mended(topic, seconds)
                log.info("%s takes outputs again, after %.1fs", topic, seconds)
