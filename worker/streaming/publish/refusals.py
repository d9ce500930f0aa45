"""Why the broker refused an output, in words that say what to do. Pure."""

from __future__ import annotations

from aiokafka import errors

__all__ = ["is_too_large", "why_refused"]


def is_too_large(error: BaseException) -> bool:
    """The output is too large: sending it again would not help."""
    return isinstance(error, (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError))


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (errors.TopicAuthorizationFailedError,),
        "the worker may not write to it; grant it WRITE on the topic {topic}",
    ),
    (
        (errors.ClusterAuthorizationFailedError,),
        "the worker may not write at all; grant it WRITE on the topic {topic} (or IDEMPOTENT_WRITE on the cluster)",
    ),
    ((errors.UnknownTopicOrPartitionError,), "the topic {topic} is missing; `claimwire topics --create` makes it"),
    (
        (errors.NotEnoughReplicasError, errors.NotEnoughReplicasAfterAppendError),
        "fewer copies are in sync than the topic's min.insync.replicas asks for",
    ),
    ((errors.NotLeaderForPartitionError, errors.LeaderNotAvailableError), "a partition has no leader"),
    (
        (errors.OutOfOrderSequenceNumber, errors.UnknownProducerId, errors.ProducerFenced),
        "the broker has lost track of this producer, a new one takes over",
    ),
    (
        (errors.InvalidTimestampError,),
        (
            "a record's time is further from the broker's clock than message.timestamp.before.max.ms and after.max.ms "
            "of the topic {topic} allow: compare the clocks, or raise the limits"
        ),
    ),
    (
        (errors.UnknownError,),
        (
            "the broker finds a record invalid, or it failed itself: its log says which. A topic with "
            "cleanup.policy=compact takes no record without a key: `claimwire topics` says how {topic} differs from "
            "what the worker needs"
        ),
    ),
    ((TimeoutError, errors.KafkaTimeoutError, errors.RequestTimedOutError), "no answer in time"),
    (
        (errors.KafkaConnectionError, errors.NodeNotReadyError, errors.NoBrokersAvailable),
        "no connection to a broker",
    ),
)


def why_refused(error: BaseException, topic: str) -> str:
    """The error's name and what an operator can do about it."""
    for kinds, words in _REASONS:
        if isinstance(error, kinds):
            return f"{type(error).__name__}: {words.format(topic=topic)}"
    return f"{type(error).__name__}: {error}"
