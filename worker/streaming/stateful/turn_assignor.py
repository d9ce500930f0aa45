"""Gives all partitions to one member of a group: the one whose state is the freshest.

So the turn stays where it is when workers come and go, and goes to one that has much of the state when its holder ends.
Without it the turn would go to whichever member has the lowest id, which is drawn anew at each start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

__all__ = ["TurnAssignor"]


class TurnAssignor(RoundRobinPartitionAssignor):
    """Each member tells the group how fresh its state is; the member that Kafka lets decide compares."""

    name = "claimwire-turn"

    def __init__(self, freshness: Callable[[], int]) -> None:
        """`freshness`: of the state that this member has, greater for a fresher one; 0 for none."""
        self._freshness = freshness

    def metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        return ConsumerProtocolMemberMetadata(self.version, list(topics), str(self._freshness()).encode())

    def assign(
        self, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        chosen = max(members, key=lambda member: (_told(members[member]), member))
        topics = [(t, sorted(cluster.partitions_for_topic(t) or ())) for t in members[chosen].subscription]
        return {
            member: ConsumerProtocolMemberAssignment(self.version, topics if member == chosen else [], b"")
            for member in members
        }


def _told(metadata: ConsumerProtocolMemberMetadata) -> int:
    told = metadata.user_data or b""
    return int(told) if told.isdigit() and len(told) < 20 else 0
