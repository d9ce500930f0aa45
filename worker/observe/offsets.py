"""Asks the brokers where partitions begin and end and what a group has committed, beside the worker's own consumers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, GroupLoadInProgressError, KafkaError

__all__ = ["OffsetReader", "OffsetsUnknownError"]


T = TypeVar("T")


class OffsetsUnknownError(Exception):
    """The brokers did not answer in time, or said no."""


class OffsetReader:
    """Two clients, connected at the first question and anew after a failure; they join no group.

    `end_offsets` of the embedded broker is the last batch's first offset + 1: take the larger of it and of what a
    fetch has told.
    """

    def __init__(self, brokers: str, *, limit_s: float = 4.0) -> None:
        self._brokers, self._limit = brokers, limit_s
        self._consumer: AIOKafkaConsumer | None = None
        self._admin: AIOKafkaAdminClient | None = None

    async def partitions(self, topic: str) -> list[TopicPartition]:
        """Empty when the topic is not there. Raises OffsetsUnknownError."""

        async def ask() -> list[TopicPartition]:
            consumer, _ = await self._clients()
            topics = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - consumers know only what they read
            return [TopicPartition(topic, number) for number in sorted(topics.partitions_for_topic(topic) or ())]

        return await self._within(ask())

    async def ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset of the next record of each. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            consumer, _ = await self._clients()
            found: dict[TopicPartition, int] = await consumer.end_offsets(list(partitions))
            return found

        return await self._within(ask())

    async def beginnings(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset of the oldest record of each. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            consumer, _ = await self._clients()
            found: dict[TopicPartition, int] = await consumer.beginning_offsets(list(partitions))
            return found

        return await self._within(ask())

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        """What the group has committed; partitions without are left out. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            _, admin = await self._clients()
            while True:
                try:
                    answer = await admin.list_consumer_group_offsets(group)
                    break
                except (GroupCoordinatorNotAvailableError, GroupLoadInProgressError):
                    await asyncio.sleep(0.2)  # a cluster that is just up is still making it
            return {partition: at.offset for partition, at in answer.items() if at.offset >= 0}

        return await self._within(ask())

    async def timestamps(self, starts: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Milliseconds since 1970 of the record at (or next after) each offset. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            consumer, _ = await self._clients()
            found: dict[TopicPartition, int] = {}
            for partition, offset in starts.items():
                consumer.assign([partition])
                consumer.seek(partition, offset)
                rows = await consumer.getmany(timeout_ms=int(self._limit * 250), max_records=1)
                for row in rows.get(partition, []):
                    found[partition] = row.timestamp
            consumer.unsubscribe()
            return found

        return await self._within(ask(), self._limit * max(len(starts), 1))

    async def close(self) -> None:
        consumer, admin, self._consumer, self._admin = self._consumer, self._admin, None, None
        for client in (consumer and consumer.stop(), admin and admin.close()):
            if client is not None:
                try:
                    await asyncio.wait_for(client, 2.0)
                except (KafkaError, TimeoutError, OSError):
                    continue  # it was broken: that is why it is closed

    async def _clients(self) -> tuple[AIOKafkaConsumer, AIOKafkaAdminClient]:
        if self._consumer is None or self._admin is None:
            limit_ms = int(self._limit * 1000)
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._brokers, enable_auto_commit=False, request_timeout_ms=limit_ms
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
            admin = AIOKafkaAdminClient(bootstrap_servers=self._brokers, request_timeout_ms=limit_ms)
            try:
                await admin.start()
            except BaseException:
                await admin.close()
                raise
            self._admin = admin
        return self._consumer, self._admin

    async def _within(self, question: Coroutine[Any, Any, T], limit_s: float | None = None) -> T:
        try:
            return await asyncio.wait_for(question, limit_s or self._limit)
        except (KafkaError, TimeoutError, OSError) as failed:
            await self.close()
            raise OffsetsUnknownError(f"no answer from Kafka at {self._brokers}: {failed!r}") from failed
