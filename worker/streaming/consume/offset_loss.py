"""The policy for records that Kafka no longer has when they are next to be read, and its message. Pure."""

from __future__ import annotations

from enum import StrEnum

from aiokafka import TopicPartition

from worker.streaming.record import name_of

__all__ = ["OffsetLostError", "OnOffsetLost", "lost_offset_message"]


class OnOffsetLost(StrEnum):
    STOP = "stop"
    EARLIEST = "earliest"
    LATEST = "latest"


class OffsetLostError(Exception):
    """The next offset is outside of the partition's range, and the policy is to stop."""


def lost_offset_message(
    group: str, partition: TopicPartition, wanted: int, earliest: int, end: int, policy: OnOffsetLost
) -> str:
    """Says which records are lost, why, and what the policy does now or what the operator can do.

    `wanted` is the next offset of the group; the partition holds the offsets from `earliest` to below `end`.
    """
    where = name_of(partition)
    if wanted < earliest:
        gone = (
            f"{where}: the next offset of group {group} is {wanted}, but Kafka's earliest is {earliest}: retention has "
            f"removed up to {earliest - wanted} records that were not read"
        )
    else:
        gone = (
            f"{where}: the next offset of group {group} is {wanted}, but the partition ends at {end}: the topic was "
            f"deleted and created again, or its log was truncated"
        )
    match policy:
        case OnOffsetLost.EARLIEST:
            return f"{gone}. on_offset_lost = earliest: reading goes on at {earliest}"
        case OnOffsetLost.LATEST:
            return f"{gone}. on_offset_lost = latest: reading goes on at {end}, the records before it are skipped"
        case OnOffsetLost.STOP:
            return (
                f"{gone}. The worker stops (on_offset_lost = stop) and has committed nothing beyond it. To go on, set "
                f"on_offset_lost = earliest (read what is left, from {earliest}) or latest (only what comes from now "
                f"on), or set the group's offset with Kafka's own tools; `claimwire audit` lists what is missing"
            )
