"""Reads single records by their offsets, beside the worker's consumers."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from worker.brokers import Brokers
from worker.streaming.access.beside import ended, started
from worker.streaming.access.client_options import client_options
from worker.streaming.record import Record

__all__ = ["RecordReader"]


class RecordReader:
    """One client, connected at its first question and again after a failure; it joins no group."""

    def __init__(self, brokers: Brokers, *, limit_s: float = 10.0) -> None:
        self._brokers, self._limit_s = brokers, limit_s
        self._consumer: AIOKafkaConsumer | None = None
        self._asking = asyncio.Lock()

    async def at(self, partition: TopicPartition, offset: int) -> Record | None:
        """The record at an offset that was read before; None when compaction or retention has taken it.

        Raises:
            KafkaError, TimeoutError, OSError: no answer within `limit_s` seconds.
        """
        async with self._asking:
            try:
                async with asyncio.timeout(self._limit_s):
                    return await self._read(partition, offset)
            except (KafkaError, TimeoutError, OSError):
                await self._close()
                raise

    async def close(self) -> None:
        async with self._asking:
            await self._close()

    async def _read(self, partition: TopicPartition, offset: int) -> Record | None:
        consumer = self._consumer or await self._connected()
        consumer.assign([partition])
        consumer.seek(partition, offset)
        try:
            while True:  # until the limit: what was read before is there, or a later record is
                fetched = await consumer.getmany(partition, timeout_ms=500, max_records=1)
                for row in fetched.get(partition, ()):
                    return Record.of(row) if row.offset == offset else None
        except OffsetOutOfRangeError:
            return None

    async def _connected(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            **client_options(self._brokers),
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            fetch_max_wait_ms=50,
        )
        self._consumer = await started(consumer, consumer.stop)
        return consumer

    async def _close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await ended(consumer.stop())
