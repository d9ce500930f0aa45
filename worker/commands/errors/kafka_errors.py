"""What a command says of an error of Kafka: why it turned the client away, or which right is missing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from worker.settings import ENV, Settings

__all__ = ["WHERE", "KafkaUse", "lacking", "may_not", "words_for"]

WHERE = f"the address is set with --brokers or {ENV}BROKERS"


@dataclass(frozen=True, slots=True)
class KafkaUse:
    """Which command runs, as `dead purge`, and with which settings."""

    command: str
    settings: Settings
    topic: str = ""
    """The whole name of the topic that the command was given, if it was."""


def words_for(error: Exception, use: KafkaUse | None) -> str:
    """One sentence that says what to do. Asks Kafka again, for some seconds at most."""
    from worker.streaming.denied import what_to_grant

    if use is None:
        return f"Kafka: {error!r}"
    denied = what_to_grant(error)
    if denied:
        return asyncio.run(_lacking_if_told(use)) or f"Kafka at {use.settings.brokers}: {denied}"
    return asyncio.run(_turned_away(error, use))


async def lacking(use: KafkaUse, *, creating: bool = True) -> str | None:
    """Which rights the command's user lacks, in a sentence; None where Kafka names none, or cannot be asked for them.

    `creating`: also the right to create, which is not needed for a topic that is there. Raises KafkaConnectionError:
    Kafka does not answer at all.
    """
    from aiokafka.errors import KafkaConnectionError, KafkaError

    from worker.rights import rights_of
    from worker.streaming.access.coordinators import NoCoordinatorError
    from worker.streaming.access.rights import Operation, missing_rights

    needed = rights_of(use.command, use.settings, use.topic)
    if not creating:
        needed = [right for right in needed if right.operation is not Operation.CREATE]
    try:
        missing = await missing_rights(use.settings.kafka, needed)
    except NoCoordinatorError as none:
        return str(none)
    except KafkaConnectionError:
        raise
    except (KafkaError, OSError, TimeoutError):
        return None
    return may_not(use.command, use.settings, list(map(str, missing))) if missing else None


async def _lacking_if_told(use: KafkaUse) -> str | None:
    from aiokafka.errors import KafkaConnectionError

    try:
        return await lacking(use)
    except KafkaConnectionError:
        return None  # what is known already must do


def may_not(command: str, settings: Settings, missing: list[str]) -> str:
    user = settings.kafka.user
    return (
        f"Kafka does not allow `claimwire {command}` what it needs: grant {user} {', '.join(missing)} "
        "(docs/security.md has the least rights of each command)"
    )


async def _turned_away(error: Exception, use: KafkaUse) -> str:
    from aiokafka.errors import KafkaConnectionError, NodeNotReadyError, RequestTimedOutError

    from worker.streaming.access.diagnosis import why_turned_away
    from worker.streaming.denied import chain
    from worker.streaming.topics.offset_reader import OffsetsUnknownError

    brokers = use.settings.kafka
    unreached = (KafkaConnectionError, NodeNotReadyError, RequestTimedOutError, OffsetsUnknownError, TimeoutError)
    if not any(isinstance(each, unreached) for each in chain(error)):
        return f"Kafka at {brokers}: {error!r}"
    turned_away = await why_turned_away(brokers)
    if turned_away is None:
        return f"no answer from Kafka at {brokers} ({str(error) or 'nothing in time'}); {WHERE}"
    return str(turned_away) if turned_away.reached else f"{turned_away} ({WHERE})"
