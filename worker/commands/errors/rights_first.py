"""Before a command begins: whether Kafka allows all that it will need.

A publisher tries again what Kafka refuses, since a right can be given while it waits: a command would seem to hang. And
where a topic or group may not be seen, a replay would seem not to be done.
"""

from __future__ import annotations

import click

from worker.commands.errors.kafka_errors import KafkaUse, lacking
from worker.settings import Settings
from worker.visible_text import visible

__all__ = ["refuse_without_rights"]


async def refuse_without_rights(settings: Settings, command: str) -> None:
    """Returns when no right is known to be missing. Of topics that do not exist yet Kafka says nothing.

    Raises:
        click.ClickException: names the missing rights; exit code 1.
        KafkaConnectionError: Kafka does not answer.
    """
    words = await lacking(KafkaUse(command, settings), creating=False)
    if words:
        raise click.ClickException(visible(words))
