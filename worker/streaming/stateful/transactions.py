"""One batch's outputs, states and offset reach Kafka together, or not at all.

A transactional producer whose id belongs to one partition: starting it makes every write and commit of an older
producer of the same id fail (Kafka: "zombie fencing"), and aborts what that one had begun. A worker that lost a
partition without knowing it can therefore not write any more, however late it wakes. Kafka Streams did it so before
KIP-447, which aiokafka does not have.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    IllegalOperation,
    InvalidProducerEpoch,
    InvalidTransactionTimeout,
    KafkaError,
    ProducerFenced,
    TopicAuthorizationFailedError,
)
from aiokafka.structs import OffsetAndMetadata

from worker.brokers import Brokers
from worker.streaming.access.client_options import client_options
from worker.streaming.denied import WriteDeniedError
from worker.streaming.outcome import Output
from worker.streaming.publish.compression import compression_type
from worker.streaming.publish.sending import Sending

__all__ = [
    "CommitOffsets",
    "FencedOutError",
    "NextOffset",
    "PlainWriter",
    "ProducerOptions",
    "TransactionTooLongError",
    "TransactionalWriter",
    "Writer",
]

log = logging.getLogger("claimwire.transactions")


class FencedOutError(Exception):
    """A newer owner of the partition has started: nothing of this one can be written any more."""


class TransactionTooLongError(Exception):
    """The brokers allow no transaction of the length that the writer needs. Says what to do."""

    @classmethod
    def of(cls, needed_s: float) -> TransactionTooLongError:
        return cls(
            f"Kafka allows no transactions of {needed_s:g} s: transaction.max.timeout.ms of the brokers is lower "
            f"(900000 where nothing is set). Set it to {needed_s * 1000:.0f} or more. The worker ends, and has written "
            f"nothing"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerOptions:
    brokers: Brokers
    client_id: str
    compression: str
    max_request_bytes: int
    request_timeout_s: float
    transaction_timeout_s: float = 30.0
    """Seconds after which Kafka aborts what a writer has begun and not ended: readers wait for it so long at most."""


@dataclass(frozen=True, slots=True)
class NextOffset:
    """The offset of the next record to read, committed for a group together with what came of those below it."""

    group: str
    partition: TopicPartition
    offset: int
    metadata: str = ""


class Writer(Protocol):
    async def start(self) -> None: ...

    async def write(self, outputs: Sequence[Output], upto: NextOffset | None) -> list[int]:
        """Returns the offset of each output once the broker has all of them and the input's offset.

        Raises:
            FencedOutError: the partition has another owner; nothing was written.
            KafkaError, TimeoutError: nothing, or everything, was written; start again and see.
        """
        ...

    async def stop(self) -> None: ...


class _ProducerHolder:
    """The producer of a writer, from `start` to `stop`."""

    def __init__(self, options: ProducerOptions) -> None:
        self._options = options
        self._started: AIOKafkaProducer | None = None

    @property
    def _producer(self) -> AIOKafkaProducer:
        """Raises KafkaError: the writer is not started, or stopped."""
        if self._started is None:
            raise KafkaError("the writer is stopped")
        return self._started

    async def _start(self, limit_s: float | None, **more: object) -> None:
        options = self._options
        producer = AIOKafkaProducer(
            **client_options(options.brokers),
            client_id=options.client_id,
            acks="all",
            compression_type=compression_type(options.compression),
            max_request_size=options.max_request_bytes,
            request_timeout_ms=int(options.request_timeout_s * 1000),
            **more,
        )
        try:
            async with asyncio.timeout(limit_s):
                await producer.start()
        except BaseException:
            await _stopped(producer)
            raise
        self._started = producer

    async def stop(self) -> None:
        producer, self._started = self._started, None
        if producer is not None:
            await _stopped(producer)


class TransactionalWriter(_ProducerHolder):
    """`start` fences out every older writer of the same `transactional_id`."""

    def __init__(self, options: ProducerOptions, transactional_id: str) -> None:
        super().__init__(options)
        self._id = transactional_id

    async def start(self) -> None:
        """Raises TransactionTooLongError, KafkaError, TimeoutError."""
        options = self._options
        try:
            await self._start(
                options.transaction_timeout_s + options.request_timeout_s,
                transactional_id=self._id,
                transaction_timeout_ms=int(options.transaction_timeout_s * 1000),
                linger_ms=0,
                max_batch_size=256 * 1024,
                retry_backoff_ms=50,
            )
        except InvalidTransactionTimeout as refused:
            raise TransactionTooLongError.of(options.transaction_timeout_s) from refused

    async def write(self, outputs: Sequence[Output], upto: NextOffset | None) -> list[int]:
        return await self.write_upto(outputs, [] if upto is None else [upto])

    async def write_upto(self, outputs: Sequence[Output], upto: Sequence[NextOffset]) -> list[int]:
        """As `write`, with the offsets of several partitions, all for one group."""
        producer = self._producer
        try:
            async with asyncio.timeout(self._options.transaction_timeout_s):
                await producer.begin_transaction()
                written = await _sent(producer, outputs)
                if upto:
                    offsets = {each.partition: OffsetAndMetadata(each.offset, each.metadata) for each in upto}
                    await producer.send_offsets_to_transaction(offsets, upto[0].group)
                await producer.commit_transaction()
        except (ProducerFenced, InvalidProducerEpoch) as newer:
            raise FencedOutError(f"{self._id}: {newer}") from newer
        except IllegalOperation as over:  # no KafkaError of aiokafka's; the transaction ended meanwhile
            raise KafkaError(f"{self._id}: {over}") from over
        return written


class CommitOffsets(Protocol):
    async def __call__(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None: ...


class PlainWriter(_ProducerHolder):
    """For brokers without transactions, as the embedded one of the demo: outputs first, then the offset. No fence."""

    def __init__(self, options: ProducerOptions, commit: CommitOffsets) -> None:
        super().__init__(options)
        self._commit = commit

    async def start(self) -> None:
        await self._start(None, enable_idempotence=False)

    async def write(self, outputs: Sequence[Output], upto: NextOffset | None) -> list[int]:
        producer = self._producer
        written: list[int] = []
        for _, together in groupby(outputs, key=lambda output: output.topic):
            # in order, so that a state is never there without what it was made with
            written += await _sent(producer, list(together))
        if upto is not None:
            await self._commit({upto.partition: OffsetAndMetadata(upto.offset, upto.metadata)})
        return written


async def _sent(producer: AIOKafkaProducer, outputs: Sequence[Output]) -> list[int]:
    """The offset of each output, once the broker has them all. Raises the first error when all have ended."""
    sending = Sending(producer)
    refused: IllegalOperation | None = None
    try:
        await sending.send(outputs)
    except IllegalOperation as over:
        refused = over  # a record before it has ended the transaction: that one's error says why
    finally:
        ends = await sending.ended()  # what was sent before an error is waited for as well
    offsets = []
    for end in ends:
        if isinstance(end, TopicAuthorizationFailedError):
            raise WriteDeniedError(*end.args) from end
        if isinstance(end, BaseException):
            raise end
        offsets.append(end)
    if refused is not None:
        raise refused
    return offsets


async def _stopped(producer: AIOKafkaProducer) -> None:
    """What the producer still has queued is not waited for long: a transaction that did not end is none."""
    try:
        async with asyncio.timeout(5.0):
            await producer.stop()
    except (KafkaError, TimeoutError) as late:
        log.info("A producer was not stopped in order: %r", late)
    transaction = getattr(producer._txn_manager, "_transaction_waiter", None)  # noqa: SLF001 - there is no other way
    if transaction is not None and transaction.done() and not transaction.cancelled():
        transaction.exception()  # what ended it was told already; unseen, it would be logged as an error of the worker
