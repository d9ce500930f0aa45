"""Publishes records: an output that the broker refuses, or does not answer, is sent again, in order, without end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worker.brokers import Brokers
from worker.contract.topics import LARGEST_RECORD
from worker.streaming.access.client_options import client_options
from worker.streaming.observer import SILENT, Observer
from worker.streaming.outcome import Output
from worker.streaming.publish.compression import compression_type
from worker.streaming.publish.delivery import Delivery
from worker.streaming.publish.failures import Failures
from worker.streaming.publish.producer import RenewableProducer

__all__ = ["Publisher"]


class Publisher:
    """One producer with acks=all. `idempotent` keeps the order and avoids repeats when the client sends again."""

    def __init__(
        self,
        brokers: Brokers,
        *,
        idempotent: bool,
        compression: str,
        client_id: str,
        request_timeout_s: float = 10.0,
        observer: Observer = SILENT,
    ) -> None:
        options: dict[str, object] = {
            **client_options(brokers),
            "acks": "all",
            "enable_idempotence": idempotent,
            "compression_type": compression_type(compression),
            "linger_ms": 5,
            "max_batch_size": 256 * 1024,
            "max_request_size": LARGEST_RECORD,
            "retry_backoff_ms": 250,
            "client_id": client_id,
        }
        self.producer = RenewableProducer(options, request_timeout_s)
        self._observer, self._failures = observer, Failures(observer)

    @property
    def failing_since(self) -> float | None:
        """time.monotonic() of when outputs began to fail; None when all is well. Intake pauses while it is set."""
        return self._failures.since

    async def start(self) -> None:
        """Raises KafkaError, TimeoutError when no broker answers."""
        await self.producer.start()

    async def stop(self) -> None:
        """Sends what is queued, within the time limit of a request."""
        await self.producer.stop()

    async def discard_queued(self) -> None:
        """Drops the outputs that are queued and not yet sent: their partition has another owner."""
        await self.producer.abort()

    def delivery(self, ours: Callable[[], bool] = lambda: True) -> Delivery:
        """For the outputs of one batch: they are queued together and flushed together. `ours`: see Delivery."""
        return Delivery(self.producer, self._failures, self._observer, ours)

    async def publish(self, outputs: Sequence[Output]) -> None:
        """Returns when the broker has acknowledged all of them.

        Raises:
            OutputTooLargeError: one is larger than the topic takes; the others are published.
            PublishError: the publisher is stopped.
        """
        delivery = self.delivery()
        receipt = await delivery.add(outputs)
        await delivery.flush()
        receipt.check()
