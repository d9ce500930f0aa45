"""Partitions that are added to a topic reach every kind of group: each member says how many it knows of.

Kafka leaves it to the group's leader to notice new partitions. With static membership nobody may know that it is the
leader: a leader that was restarted gets its old assignment back without a rebalance, and the client does not understand
the answer that says so (KIP-814). So each member's metadata carries its number of partitions. Kafka rebalances when a
member joins again with other metadata, whoever leads.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata

__all__ = ["PartitionCount"]

log = logging.getLogger("claimwire.intake")

_PATIENCE_S = 3.0
"""The leader, where there is one that knows it, is given so long to notice first."""


class PartitionCount:
    """Of one topic, for one membership: how many the client knows, and how many it has told the group."""

    def __init__(self, topic: str, now: Callable[[], float] = time.monotonic) -> None:
        self._topic, self._now = topic, now
        self._consumer: AIOKafkaConsumer | None = None
        self._told: int | None = None
        self._differs_since: float | None = None

    def assignor(self) -> RoundRobinPartitionAssignor:
        """The client's own round robin, under its name: members of earlier releases can be in the same group."""
        return _TellingAssignor(self._metadata)

    def attach(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    def check(self) -> None:
        """Call it regularly. Joins the group again when the number is another one for some time."""
        if self._consumer is None or self._told is None:
            return
        known = self._known()
        if known in (0, self._told):  # while a topic is deleted and made again, there is nothing to join for
            self._differs_since = None
            return
        now = self._now()
        if self._differs_since is None:
            self._differs_since = now
        elif now - self._differs_since >= _PATIENCE_S:
            self._differs_since = None
            log.warning(
                "%s has %d partitions, at the last rebalance it had %d: the group is joined again for them",
                self._topic,
                known,
                self._told,
            )
            self._consumer._coordinator.request_rejoin()  # noqa: SLF001 - the client has no public way to ask

    def _known(self) -> int:
        return len(self._consumer.partitions_for_topic(self._topic) or ()) if self._consumer is not None else 0

    def _metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        self._told = self._known()
        return ConsumerProtocolMemberMetadata(
            RoundRobinPartitionAssignor.version, list(topics), f"partitions={self._told}".encode()
        )


class _TellingAssignor(RoundRobinPartitionAssignor):
    def __init__(self, metadata: Callable[[Iterable[str]], ConsumerProtocolMemberMetadata]) -> None:
        self.metadata = metadata  # the client calls it on whatever object it is given
