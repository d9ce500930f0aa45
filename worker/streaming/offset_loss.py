"""What is done when Kafka no longer has the records that come next: never anything in silence. Pure."""

from __future__ import annotations

from enum import StrEnum

from aiokafka import TopicPartition

__all__ = ["OffsetLostError", "OnOffsetLost", "what_was_lost"]


class OnOffsetLost(StrEnum):
    STOP = "stop"
    EARLIEST = "earliest"
    LATEST = "latest"


class OffsetLostError(Exception):
    """The next offset is out of the partition's range, and the setting says to stop."""


def what_was_lost(
    group: str, partition: TopicPartition, wanted: int, earliest: int, end: int, policy: OnOffsetLost
) -> str:
    """The message, whatever the policy does: which records, why, and what happens now or can be done."""
    where = f"{partition.topic}[{partition.partition}]"
    if wanted < earliest:
        gone = (
            f"{where}: the next offset of group {group} is {wanted}, but Kafka's earliest is {earliest}: retention has "
            f"removed up to {earliest - wanted} records that were not read"
        )
    else:
        gone = (
            f"{where}: the next offset of group {group} is {wanted}, but the partition ends at {end}: the topic was "
            f"made anew or its log was cut"
        )
    match policy:
        case OnOffsetLost.EARLIEST:
            return f"{gone}. on_offset_lost = earliest: reading goes on at {earliest}"
        case OnOffsetLost.LATEST:
            return f"{gone}. on_offset_lost = latest: reading goes on at {end}, what lies between is passed over"
        case OnOffsetLost.STOP:
            return (
                f"{gone}. The worker stops (on_offset_lost = stop) and has committed nothing over it. To go on, set "
                f"on_offset_lost = earliest (read what is left, from {earliest}) or latest (only what comes from now "
                f"on), or set the group's offset with Kafka's own tools; see claimwire audit for what is missing"
            )
