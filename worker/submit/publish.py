"""Publishes the articles of files to articles.raw, as fast as the broker acknowledges them, or at a rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import dropwhile, islice
from pathlib import Path

from worker.archives.found import Found, found_in
from worker.archives.kinds import ArchiveError
from worker.archives.transfer import TransferCounts
from worker.contract.codec import BrokenRecordError, OwnFields
from worker.contract.reasons import DeadReason
from worker.streaming.outcome import Output
from worker.streaming.pace import Pace
from worker.streaming.publish.delivery import OutputTooLargeError, PublishError, Receipt
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.submit.mark import Mark, write_mark
from worker.submit.raw_record import raw_record

__all__ = ["FilePublisher", "PublishOptions", "PublishedCounts", "Refusal"]

_BATCH_RECORDS, _BATCH_BYTES = 500, 8 * 1024 * 1024
_LOOK_EVERY_S = 1.0
_PATIENCE_S = 60.0
"""Seconds for which the broker may take nothing before the command gives up."""


@dataclass(slots=True)
class PublishedCounts(TransferCounts):
    """`records` and `bytes` are those that the broker has acknowledged; of a dry run, those that it would get."""

    refused: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is not published: the file and the place in it, and why."""

    where: str
    reason: DeadReason
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """`mark`: the file that keeps how far it has come. `refused` is called for each value that is no article, `seen`
    after each batch.
    """

    topic: str
    max_bytes: int
    own_fields: OwnFields
    refused: Callable[[Refusal], None]
    seen: Callable[[TransferCounts], None]
    mark: Path | None = None
    rate: float | None = None
    patience_s: float = _PATIENCE_S


@dataclass(frozen=True, slots=True)
class _Item:
    """A value of a file, with its record or what is wrong with it."""

    file: Path
    found: Found
    output: Output | BrokenRecordError


class FilePublisher:
    """`run` publishes. `publisher` None: a dry run, in which everything is read and nothing is sent."""

    def __init__(
        self, files: Sequence[Path], publisher: Publisher | None, options: PublishOptions, after: Mark | None = None
    ) -> None:
        """`after`: where an earlier run over the same files ended."""
        self._files, self._publisher, self._options, self._after = list(files), publisher, options, after
        self.counts = PublishedCounts()
        self.reached: Mark | None = after
        """The last value whose fate is known: acknowledged by the broker, or refused."""
        self._stopping = asyncio.Event()

    @property
    def stopped(self) -> bool:
        """Whether it ended because it was asked to."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Lets `run` end behind the articles that are on their way to the broker."""
        self._stopping.set()

    async def run(self) -> PublishedCounts:
        """Publishes all that is left. Articles of one uri come in the order of the files.

        Raises:
            ArchiveError: a file is damaged, what came before it is published; or the mark cannot be written.
            PublishError: the broker took nothing for `patience_s` seconds.
            KafkaError: no broker answers at the start.
        """
        pace = Pace(self._options.rate)
        items = self._items()
        at_once = _BATCH_RECORDS if pace.rate is None else max(1, min(_BATCH_RECORDS, int(pace.rate)))
        broken: ArchiveError | None = None
        while broken is None:
            batch, broken = await asyncio.to_thread(_next_batch, items, at_once)
            if not batch and broken is None:
                return self.counts
            outputs = [item for item in batch if isinstance(item.output, Output)]
            if await self._told_to_stop(pace.wait_s):
                return self.counts
            pace.take(len(outputs))
            too_large = await self._send(outputs)
            self._account(batch, too_large)
        raise broken

    async def _told_to_stop(self, within_s: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), within_s)
        return self._stopping.is_set()

    def _items(self) -> Iterator[_Item]:
        files, after = self._files, self._after
        if after is not None:
            files = list(dropwhile(lambda file: str(file) != after.file, files))
        for file in files:
            for found in found_in(file, self._options.own_fields):
                if after is None or str(file) != after.file or found.number > after.number:
                    yield _Item(file, found, self._record(found))

    def _record(self, found: Found) -> Output | BrokenRecordError:
        value = found.content.value if isinstance(found.content, Record) else found.content
        options = self._options
        if value is None:
            return BrokenRecordError(
                DeadReason.EMPTY, "a record that deletes an article: `claimwire load` publishes records as they were"
            )
        try:
            return raw_record(value, options.topic, max_bytes=options.max_bytes, own_fields=options.own_fields)
        except BrokenRecordError as broken:
            return broken

    async def _send(self, items: Sequence[_Item]) -> dict[int, str]:
        """Returns when the broker has all but those that it finds too large: of these, by their place in `items`'
        batch, what it said.
        """
        if self._publisher is None or not items:
            return {}
        receipts: dict[int, Receipt] = {}
        sending = asyncio.create_task(self._deliver(items, receipts))
        while not sending.done():
            await asyncio.wait([sending], timeout=_LOOK_EVERY_S)
            since = self._publisher.failing_since
            if since is not None and time.monotonic() - since > self._options.patience_s and not sending.done():
                sending.cancel()
                await asyncio.wait([sending])
                raise PublishError(
                    f"{self._options.topic}: Kafka has taken nothing for {self._options.patience_s:.0f} s"
                )
        sending.result()
        return {id(item): said for item in items if (said := _too_large(receipts[id(item)])) is not None}

    async def _deliver(self, items: Sequence[_Item], receipts: dict[int, Receipt]) -> None:
        assert self._publisher is not None  # noqa: S101 - of `_send`
        delivery = self._publisher.delivery()
        for item in items:
            if isinstance(item.output, Output):
                receipts[id(item)] = await delivery.add([item.output])
        await delivery.flush()

    def _account(self, batch: Sequence[_Item], too_large: dict[int, str]) -> None:
        for item in batch:
            output = item.output
            if isinstance(output, Output) and (said := too_large.get(id(item))) is not None:
                output = BrokenRecordError(DeadReason.TOO_LARGE, f"larger than the topic takes: {said}")
            if isinstance(output, Output):
                self.counts.records += 1
                self.counts.bytes += len(output.value or b"") + len(output.key or b"")
            else:
                self.counts.refused += 1
                self._options.refused(Refusal(f"{item.file}{item.found.place}", output.reason, output.error))
        if batch:
            self._reach(batch[-1])
        self._options.seen(self.counts)

    def _reach(self, item: _Item) -> None:
        before = self._after
        self.reached = Mark(
            tuple(map(str, self._files)),
            str(item.file),
            item.found.number,
            item.found.place,
            self.counts.records + (before.sent if before else 0),
            self.counts.refused + (before.refused if before else 0),
        )
        if self._options.mark is not None and self._publisher is not None:
            write_mark(self._options.mark, self.reached)


def _next_batch(items: Iterator[_Item], at_once: int) -> tuple[list[_Item], ArchiveError | None]:
    """The next values, and the error of a file that ends them."""
    batch: list[_Item] = []
    size = 0
    try:
        for item in islice(items, at_once):
            batch.append(item)
            size += len(item.output.value or b"") if isinstance(item.output, Output) else 0
            if size >= _BATCH_BYTES:
                break
    except ArchiveError as broken:
        return batch, broken
    return batch, None


def _too_large(receipt: Receipt) -> str | None:
    try:
        receipt.check()
    except OutputTooLargeError as said:
        return str(said)
    return None
