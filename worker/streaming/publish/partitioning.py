"""The partition that a key belongs to, for a number of partitions that stays as it was when more are added."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka.partitioner import murmur2

from worker.streaming.outcome import Output

__all__ = ["kept_in", "partition_of"]


def partition_of(key: bytes, partitions: int) -> int:
    """As Kafka's own clients choose it, so that what they wrote and what is written here lie together."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions


def kept_in(partitions: int, topic: str, outputs: Iterable[Output]) -> tuple[Output, ...]:
    """The outputs, those for `topic` with a key and without a partition in the one that the key belongs to."""
    return tuple(
        Output(output.topic, output.key, output.value, output.headers, partition_of(output.key, partitions))
        if output.topic == topic and output.partition is None and output.key is not None
        else output
        for output in outputs
    )
