"""Asks the brokers for offsets, beside the worker's consumers: first, next, by time, committed by a group."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Literal, NamedTuple, Self, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from worker.brokers import Brokers
from worker.streaming.access.beside import ended, started
from worker.streaming.access.client_options import client_options
from worker.streaming.denied import what_to_grant
from worker.streaming.topics.names import partitions_by_topic

__all__ = ["Commit", "Isolation", "OffsetReader", "OffsetsUnknownError", "committed_offsets"]

T = TypeVar("T")

Isolation = Literal["read_committed", "read_uncommitted"]
_PATIENCE_S = 20.0
_RETRY_S = 0.2


class Commit(NamedTuple):
    """A group's committed offset of a partition; `note` is the metadata of the commit."""

    offset: int
    note: str


class OffsetsUnknownError(KafkaError):
    """The brokers did not answer in time, or refused."""

    def __str__(self) -> str:
        return RuntimeError.__str__(self)


class OffsetReader:
    """Two clients, connected at their first question and again after a failure; they join no group.

    Each question takes `limit_s` seconds at most. With `read_committed` the end of a partition is before the first open
    transaction. The embedded broker answers `ends` with the first offset of the last batch + 1, which is too low: take
    the larger of it and of the offsets that were fetched.
    """

    def __init__(self, brokers: Brokers, *, limit_s: float = 4.0, isolation: Isolation = "read_uncommitted") -> None:
        self._brokers, self._limit_s, self._isolation = brokers, limit_s, isolation
        self._consumer: AIOKafkaConsumer | None = None
        self._admin: AIOKafkaAdminClient | None = None
        self._connecting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def partitions(self, topic: str) -> list[TopicPartition]:
        """Empty when the topic does not exist. Raises OffsetsUnknownError."""
        return (await self.partitions_of([topic]))[topic]

    async def partitions_of(self, topics: Sequence[str]) -> dict[str, list[TopicPartition]]:
        """The partitions of each topic, by one question; empty for a topic that does not exist. Raises
        OffsetsUnknownError.
        """

        async def ask() -> dict[str, list[TopicPartition]]:
            consumer = await self._connected_consumer()
            known = await partitions_by_topic(consumer._client, topics)  # noqa: SLF001 - it knows only its own topics
            return {topic: [TopicPartition(topic, number) for number in known.get(topic, ())] for topic in topics}

        return await self._within(ask)

    async def ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset of the next record of each partition. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            return dict(await (await self._connected_consumer()).end_offsets(list(partitions)))

        return await self._within(ask)

    async def ends_known(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """As `ends`, without the partitions whose leader does not answer. Raises OffsetsUnknownError: none answers."""

        async def ask() -> dict[TopicPartition, int]:
            consumer = await self._connected_consumer()
            leader_of = consumer._client.cluster.leader_for_partition  # noqa: SLF001 - end_offsets gives all or nothing
            by_leader: defaultdict[int | None, list[TopicPartition]] = defaultdict(list)
            for partition in partitions:
                by_leader[leader_of(partition)].append(partition)
            answers = await asyncio.gather(
                *(_soon(consumer.end_offsets(led), self._limit_s / 2) for led in by_leader.values())
            )
            known = [answer for answer in answers if not isinstance(answer, BaseException)]
            if by_leader and not known:
                raise answers[0]
            return {partition: end for answer in known for partition, end in answer.items()}

        return await self._within(ask)

    async def beginnings(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset of the oldest record of each partition. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            return dict(await (await self._connected_consumer()).beginning_offsets(list(partitions)))

        return await self._within(ask)

    async def first_at(self, partitions: Iterable[TopicPartition], timestamp: int) -> dict[TopicPartition, int | None]:
        """The first offset of each partition with a timestamp (milliseconds since 1970) of at least `timestamp`.

        None for a partition without such a record. Raises OffsetsUnknownError.
        """

        async def ask() -> dict[TopicPartition, int | None]:
            consumer = await self._connected_consumer()
            found = await consumer.offsets_for_times(dict.fromkeys(partitions, max(timestamp, 0)))
            return {partition: None if answer is None else answer.offset for partition, answer in found.items()}

        return await self._within(ask)

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        """The offset that the group has committed, by partition. See `commits`."""
        return {partition: commit.offset for partition, commit in (await self.commits(group)).items()}

    async def commits(
        self, group: str, partitions: Sequence[TopicPartition] | None = None
    ) -> dict[TopicPartition, Commit]:
        """The commit of the group by partition, for all partitions unless some are named.

        Partitions without a commit are left out. Waits for the coordinator within the limit: a cluster that never had
        a group must first create its topic of offsets. Raises OffsetsUnknownError.
        """

        async def ask() -> dict[TopicPartition, Commit]:
            answer = await (await self._connected_admin()).list_consumer_group_offsets(group, partitions=partitions)
            return {key: Commit(at.offset, at.metadata or "") for key, at in answer.items() if at.offset >= 0}

        return await self._within(partial(self._once_coordinated, ask), group=group)

    async def has_members(self, group: str) -> bool:
        """Whether somebody is in the group now. Raises OffsetsUnknownError."""

        async def ask() -> bool:
            answers = await (await self._connected_admin()).describe_consumer_groups([group])
            return any(members for answer in answers for _, _, _, _, _, members, *_ in answer.groups)

        return await self._within(partial(self._once_coordinated, ask), group=group)

    async def _once_coordinated(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Asks again while the coordinator of a group is not there yet, within the limit. Raises KafkaError."""
        until = time.monotonic() + self._limit_s
        while True:
            try:
                return await ask()
            except KafkaError as refused:
                if not refused.retriable or time.monotonic() + 2 * _RETRY_S > until:
                    raise
                await asyncio.sleep(_RETRY_S)

    async def timestamps(self, starts: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Milliseconds since 1970 of the record at each offset, or of the next one. Raises OffsetsUnknownError."""

        async def ask() -> dict[TopicPartition, int]:
            consumer = await self._connected_consumer()
            found: dict[TopicPartition, int] = {}
            for partition, offset in starts.items():
                consumer.assign([partition])
                consumer.seek(partition, offset)
                rows = await consumer.getmany(timeout_ms=int(self._limit_s * 250), max_records=1)
                for row in rows.get(partition, []):
                    found[partition] = row.timestamp
            consumer.unsubscribe()
            return found

        return await self._within(ask, self._limit_s * max(len(starts), 1))

    async def close(self) -> None:
        consumer, admin, self._consumer, self._admin = self._consumer, self._admin, None, None
        for client in (consumer and consumer.stop(), admin and admin.close()):
            if client is not None:
                await ended(client)

    async def _connected_consumer(self) -> AIOKafkaConsumer:
        async with self._connecting:
            return self._consumer or await self._new_consumer()

    async def _new_consumer(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            **client_options(self._brokers),
            enable_auto_commit=False,
            isolation_level=self._isolation,
            request_timeout_ms=int(self._limit_s * 1000),
        )
        self._consumer = await started(consumer, consumer.stop)
        return consumer

    async def _connected_admin(self) -> AIOKafkaAdminClient:
        async with self._connecting:
            return self._admin or await self._new_admin()

    async def _new_admin(self) -> AIOKafkaAdminClient:
        admin = AIOKafkaAdminClient(**client_options(self._brokers), request_timeout_ms=int(self._limit_s * 1000))
        self._admin = await started(admin, admin.close)
        return admin

    async def _within(
        self, ask: Callable[[], Awaitable[T]], limit_s: float | None = None, *, group: str | None = None
    ) -> T:
        """`group`: whose rights are in question."""
        try:
            async with asyncio.timeout(limit_s or self._limit_s):
                return await ask()
        except (KafkaError, TimeoutError, OSError) as failed:
            await self.close()
            denied = what_to_grant(failed, group)
            raise OffsetsUnknownError(denied or f"no answer from Kafka at {self._brokers}: {failed!r}") from failed


async def _soon(question: Awaitable[T], limit_s: float) -> T | KafkaError | TimeoutError:
    """The answer, or why there is none."""
    try:
        async with asyncio.timeout(limit_s):
            return await question
    except (KafkaError, TimeoutError) as failed:
        return failed


async def committed_offsets(
    brokers: Brokers, group: str, partitions: Iterable[TopicPartition] | None = None
) -> dict[TopicPartition, Commit]:
    """As `OffsetReader.commits`, for one question. Raises OffsetsUnknownError."""
    wanted = None if partitions is None else list(partitions)
    if wanted is not None and not wanted:
        return {}
    async with OffsetReader(brokers, limit_s=_PATIENCE_S) as reader:
        return await reader.commits(group, wanted)
