"""What an ACL of Kafka denies, in words that say what to grant. Pure.

READ and WRITE on a topic or a group contain DESCRIBE: Kafka's authorizer allows what is implied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

__all__ = ["NotAllowedError", "WriteDeniedError", "chain", "what_to_grant"]


class WriteDeniedError(TopicAuthorizationFailedError):
    """A producer may not write to the topic; the client's own error does not tell it from reading."""


class NotAllowedError(Exception):
    """Kafka does not allow the worker what it needs: says what to grant. The worker ends."""

    @classmethod
    def of(cls, error: BaseException, group: str) -> NotAllowedError | None:
        """None where the error is of another kind."""
        grant = what_to_grant(error, group)
        return None if grant is None else cls(f"{grant}. The worker ends, nothing unfinished is committed")


def what_to_grant(error: BaseException, group: str | None = None) -> str | None:
    """Of an error that came of a missing right, or of its cause; None for any other. `group`: the one that was used."""
    for each in chain(error):
        words = ", ".join(_names(each.args))
        match each:
            case WriteDeniedError():
                wanted = f"WRITE on the topic {words}"
            case TopicAuthorizationFailedError():
                wanted = f"READ on the topic {words or 'that it reads'}"
            case GroupAuthorizationFailedError():
                wanted = f"READ on the group {group or words}"
            case TransactionalIdAuthorizationFailed():
                wanted = f"WRITE on the transactional ids that begin with {group or words}"
            case ClusterAuthorizationFailedError():
                wanted = "WRITE on the topics that it writes to (or IDEMPOTENT_WRITE on the cluster)"
            case _:
                continue
        return f"{type(each).__name__}: Kafka does not allow it; grant the worker {wanted}"
    return None


def chain(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    seen: set[int] = set()
    while each is not None and id(each) not in seen:  # Faust raises an error from itself when it has crashed
        seen.add(id(each))
        yield each
        each = each.__cause__


def _names(arguments: Iterable[object]) -> Iterator[str]:
    for argument in arguments:
        if isinstance(argument, str):
            yield argument
        elif isinstance(argument, Iterable):
            yield from sorted(map(str, argument))
