"""Outputs on their way to the broker: queued in order and sent again until the broker acknowledges each one."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError

from worker.streaming.backoff import Backoff
from worker.streaming.observer import Observer
from worker.streaming.outcome import Output
from worker.streaming.publish.failures import Failures
from worker.streaming.publish.producer import RenewableProducer
from worker.streaming.publish.refusals import is_too_large, why_refused

__all__ = ["Delivery", "FencedError", "OutputTooLargeError", "PublishError", "Receipt"]

_LATE_S = 5.0
"""An output without an answer for so long counts as failing, although the client may still be sending it."""


class PublishError(Exception):
    """An output can no longer be published; no offset may be committed past its record."""


class FencedError(PublishError):
    """The partition that the output was made from has another owner by now."""


class OutputTooLargeError(Exception):
    """The output is larger than the topic or the producer takes; sending it again would not help."""


class Receipt:
    """The answer for the outputs of one record, complete after `flush`. `too_large`: which one was, or None."""

    def __init__(self) -> None:
        self.too_large: str | None = None

    def check(self) -> None:
        """Raises OutputTooLargeError."""
        if self.too_large is not None:
            raise OutputTooLargeError(self.too_large)


@dataclass(slots=True)
class _Sent:
    output: Output
    receipt: Receipt
    future: asyncio.Future[object]
    generation: int
    alone: bool = False

    @property
    def size(self) -> int:
        return len(self.output.value or b"") + len(self.output.key or b"")


class Delivery:
    """The outputs of one batch; used by one task. Of two outputs with the same topic and key the second is sent only
    after the broker has acknowledged the first, so that it cannot overtake a refused one.

    `ours` is asked before each send: once it returns False nothing more is sent and FencedError is raised.
    """

    def __init__(
        self, producer: RenewableProducer, failures: Failures, observer: Observer, ours: Callable[[], bool]
    ) -> None:
        self._producer, self._failures, self._observer, self._ours = producer, failures, observer, ours
        self._open: list[_Sent] = []
        self._keys: set[tuple[str, bytes]] = set()
        self._backoff = Backoff(0.2, 15.0)
        self._begun: float | None = None

    async def add(self, outputs: Sequence[Output]) -> Receipt:
        """Queues the outputs of one record. Waits while the producer's queue is full or no broker answers.

        Raises:
            FencedError: `ours` returned False.
            PublishError: the publisher is stopped.
        """
        receipt = Receipt()
        try:
            for output in outputs:
                if output.key is not None:
                    if (output.topic, output.key) in self._keys:
                        await self.flush()
                    self._keys.add((output.topic, output.key))
                self._begun = self._begun or time.monotonic()
                sent = await self._queue(output, receipt, alone=False)
                if sent is not None:
                    self._open.append(sent)
        except BaseException:
            self._failures.ended(self)  # nobody waits for it any more
            raise
        return receipt

    async def flush(self) -> None:
        """Returns when the broker has acknowledged all outputs except those that a receipt reports as too large.

        Raises:
            FencedError: `ours` returned False.
            PublishError: the publisher is stopped.
        """
        acknowledged: Counter[str] = Counter()
        sizes: Counter[str] = Counter()
        try:
            while self._open:
                await asyncio.wait([sent.future for sent in self._open], timeout=_LATE_S)
                waiting, refused = [], []
                for sent in self._open:
                    if not sent.future.done():
                        waiting.append(sent)
                        continue
                    error = sent.future.exception()
                    if error is None:
                        acknowledged[sent.output.topic] += 1
                        sizes[sent.output.topic] += sent.size
                    else:
                        refused.append((sent, error))
                for topic in {sent.output.topic for sent in waiting}:
                    self._failures.failed(self, topic, f"no acknowledgement for {_LATE_S:g}s")
                self._open = waiting + await self._send_again(refused)
        finally:
            self._failures.ended(self)
        seconds = time.monotonic() - (self._begun or time.monotonic())
        for topic, records in acknowledged.items():
            self._observer.published(topic, records, sizes[topic], seconds)
        self._keys.clear()
        self._begun = None
        self._backoff.reset()

    async def _send_again(self, refused: Sequence[tuple[_Sent, BaseException]]) -> list[_Sent]:
        """Sends the refused outputs again, in their order. One that is too large even in a batch of its own is reported
        on its receipt instead.
        """
        again: list[_Sent] = []
        pause = False
        for sent, error in refused:
            if is_too_large(error):
                if sent.alone:
                    sent.receipt.too_large = f"{sent.size} bytes for {sent.output.topic}"
                    continue
            else:
                pause = True
                self._failures.failed(self, sent.output.topic, why_refused(error, sent.output.topic))
            again.append(sent)
        if pause:
            await asyncio.sleep(self._backoff.next_s())
        if refused:
            await self._renew_producer(max(sent.generation for sent, _ in refused))
        queued = []
        for sent in again:
            once_more = await self._queue(sent.output, sent.receipt, alone=is_too_large(_error_of(sent)))
            if once_more is not None:
                queued.append(once_more)
        return queued

    async def _renew_producer(self, generation: int) -> None:
        while True:
            try:
                await self._producer.replace(generation)
            except (KafkaError, TimeoutError) as away:
                self._failures.failed(self, "Kafka", why_refused(away, "Kafka"))
                await asyncio.sleep(self._backoff.next_s())
            else:
                return

    async def _queue(self, output: Output, receipt: Receipt, *, alone: bool) -> _Sent | None:
        """Tries until the producer has the output in its queue; None when it is too large for the producer itself."""
        while True:
            if not self._ours():
                raise FencedError(f"{output.topic}: the partition that it was made from has another owner by now")
            generation = self._producer.generation
            try:
                send = self._producer.send_alone if alone else self._producer.send
                return _Sent(output, receipt, await send(output), generation, alone)
            except (KafkaError, TimeoutError) as refused:
                if is_too_large(refused):
                    receipt.too_large = f"{len(output.value or b'')} bytes for {output.topic}"
                    return None
                if self._producer.stopped:
                    raise PublishError(f"{output.topic}: the publisher is stopped") from refused
                self._failures.failed(self, output.topic, why_refused(refused, output.topic))
                await asyncio.sleep(self._backoff.next_s())


def _error_of(sent: _Sent) -> BaseException:
    return sent.future.exception() or KafkaError("")
