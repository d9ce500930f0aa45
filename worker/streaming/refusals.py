"""Why the broker did not take an output, in words that say what to do. Pure."""

from __future__ import annotations

from aiokafka import errors

__all__ = ["is_too_large", "why_refused"]


def is_too_large(error: BaseException) -> bool:
    """Sending it again as it is would not help."""
    return isinstance(error, (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError))


def why_refused(error: BaseException, topic: str) -> str:
    name = type(error).__name__
    match error:
        case errors.TopicAuthorizationFailedError():
            return f"{name}: the worker may not write to it; grant it WRITE and DESCRIBE on the topic {topic}"
        case errors.ClusterAuthorizationFailedError():
            return f"{name}: the worker may not write at all; grant it IDEMPOTENT_WRITE on the cluster"
        case errors.UnknownTopicOrPartitionError():
            return f"{name}: the topic {topic} is missing; `claimwire topics --create` makes it"
        case errors.NotEnoughReplicasError() | errors.NotEnoughReplicasAfterAppendError():
            return f"{name}: fewer copies are in sync than the topic's min.insync.replicas asks for"
        case errors.NotLeaderForPartitionError() | errors.LeaderNotAvailableError():
            return f"{name}: a partition has no leader"
        case errors.OutOfOrderSequenceNumber() | errors.UnknownProducerId() | errors.ProducerFenced():
            return f"{name}: the broker has lost track of this producer, a new one takes over"
        case TimeoutError() | errors.KafkaTimeoutError() | errors.RequestTimedOutError():
            return f"{name}: no answer in time"
        case errors.KafkaConnectionError() | errors.NodeNotReadyError() | errors.NoBrokersAvailable():
            return f"{name}: no connection to a broker"
        case _:
            return f"{name}: {error}"
