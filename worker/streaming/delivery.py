"""Outputs on their way to the broker: queued in order, and tried again until each is acknowledged or is too large."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError

from worker.streaming.backoff import Backoff
from worker.streaming.outcome import Output
from worker.streaming.refusals import is_too_large, why_refused

if TYPE_CHECKING:
    from worker.streaming.publisher import Publisher

__all__ = ["Delivery", "FencedError", "OutputTooLargeError", "Parcel", "PublishError"]

_LATE_S = 5.0
"""Without an answer for so long an output counts as failing, though the client may still be at it."""


class PublishError(Exception):
    """An output cannot be published any more; nothing may be committed over it."""


class FencedError(PublishError):
    """The partition that it was made for has another owner by now."""


class OutputTooLargeError(Exception):
    """The output is larger than the topic or the producer takes: sending it again would not help."""


class Parcel:
    """The outputs of one record. `too_large` says what was wrong with one of them, once it has landed."""

    def __init__(self) -> None:
        self.too_large: str | None = None

    def check(self) -> None:
        """Raises OutputTooLargeError."""
        if self.too_large is not None:
            raise OutputTooLargeError(self.too_large)


@dataclass(slots=True)
class _Sent:
    output: Output
    parcel: Parcel
    future: asyncio.Future[Any]
    line: int
    alone: bool = False

    @property
    def size(self) -> int:
        return len(self.output.value or b"") + len(self.output.key or b"")


class Delivery:
    """Belongs to one task. No two outputs with the same topic and key are on their way at once: so a refused one
    cannot be overtaken by its successor, whatever the client or the broker does.

    `ours` is asked before each step outwards: once it says no, nothing more is sent and FencedError is raised.
    """

    def __init__(self, publisher: Publisher, ours: Callable[[], bool] = lambda: True) -> None:
        self._publisher, self._ours = publisher, ours
        self._line = publisher.line
        self._open: list[_Sent] = []
        self._keys: set[tuple[str, bytes]] = set()
        self._backoff = Backoff(0.2, 15.0)
        self._begun: float | None = None

    async def add(self, outputs: Sequence[Output]) -> Parcel:
        """Queues the outputs of one record. Waits while the producer's queue is full or the broker is away."""
        parcel = Parcel()
        try:
            for output in outputs:
                if output.key is not None:
                    if (output.topic, output.key) in self._keys:
                        await self.land()
                    self._keys.add((output.topic, output.key))
                self._begun = self._begun or time.monotonic()
                sent = await self._queue(output, parcel, alone=False)
                if sent is not None:
                    self._open.append(sent)
        except BaseException:
            self._publisher.mended(self)  # nobody waits for it any more
            raise
        return parcel

    async def land(self) -> None:
        """Returns when the broker has acknowledged everything that was added, or a parcel says that it never will."""
        landed: Counter[str] = Counter()
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
                        landed[sent.output.topic] += 1
                        sizes[sent.output.topic] += sent.size
                    else:
                        refused.append((sent, error))
                for topic in {sent.output.topic for sent in waiting}:
                    self._publisher.failed(self, topic, f"no acknowledgement for {_LATE_S:g}s")
                self._open = waiting + await self._again(refused)
        finally:
            self._publisher.mended(self)
        seconds = time.monotonic() - (self._begun or time.monotonic())
        for topic, records in landed.items():
            self._publisher.observer.published(topic, records, sizes[topic], seconds)
        self._keys.clear()
        self._begun = None
        self._backoff.reset()

    async def _again(self, refused: Sequence[tuple[_Sent, BaseException]]) -> list[_Sent]:
        """Sends what was refused once more, in its order; what is too large by itself is told to its parcel."""
        again: list[_Sent] = []
        pause = False
        for sent, error in refused:
            if is_too_large(error):
                if sent.alone:
                    sent.parcel.too_large = f"{sent.size} bytes for {sent.output.topic}"
                    continue
            else:
                pause = True
                self._publisher.failed(self, sent.output.topic, why_refused(error, sent.output.topic))
            again.append(sent)
        if pause:
            await asyncio.sleep(self._backoff.next_s())
        if refused:
            await self._new_producer(max(sent.line for sent, _ in refused))
        queued = []
        for sent in again:
            once_more = await self._queue(sent.output, sent.parcel, alone=is_too_large(_error_of(sent)))
            if once_more is not None:
                queued.append(once_more)
        return queued

    async def _new_producer(self, number: int) -> None:
        while True:
            try:
                await self._line.replace(number)
            except (KafkaError, TimeoutError) as away:
                self._publisher.failed(self, "Kafka", why_refused(away, "Kafka"))
                await asyncio.sleep(self._backoff.next_s())
            else:
                return

    async def _queue(self, output: Output, parcel: Parcel, *, alone: bool) -> _Sent | None:
        """Until the producer has it in its queue; None when it is too large for the producer itself."""
        while True:
            if not self._ours():
                raise FencedError(f"{output.topic}: what it was made from has another owner by now")
            line = self._line.number
            try:
                send = self._line.send_alone if alone else self._line.send
                return _Sent(output, parcel, await send(output), line, alone)
            except (KafkaError, TimeoutError) as refused:
                if is_too_large(refused):
                    parcel.too_large = f"{len(output.value or b'')} bytes for {output.topic}"
                    return None
                if self._line.stopped:
                    raise PublishError(f"{output.topic}: the publisher is stopped") from refused
                self._publisher.failed(self, output.topic, why_refused(refused, output.topic))
                await asyncio.sleep(self._backoff.next_s())


def _error_of(sent: _Sent) -> BaseException:
    return sent.future.exception() or KafkaError("")
