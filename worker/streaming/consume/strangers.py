"""Notices members of the group that are no workers: what they read, no worker reads, and they commit it as read."""

from __future__ import annotations

import asyncio
import logging

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import DescribeGroupsRequest

from worker.streaming.consume.client import is_expelled
from worker.visible_text import visible

__all__ = ["Strangers"]

log = logging.getLogger("claimwire.intake")

_EVERY_S = 5.0
_NO_SUCH_GROUP = 69
_TIMES_SURE = 2
"""A group that is being made, or has moved to another coordinator, is not known for a moment."""


class Strangers:
    """Every worker has the group's name as its client id (client.py); other programs have names of their own."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._times_unknown = 0
        self.reason: str | None = None
        """In words for an operator; None while the group has no stranger, as far as is known."""

    async def watch(self, consumer: AIOKafkaConsumer) -> None:
        """Asks at intervals who is in the group, until cancelled. While Kafka does not answer, all stays as it was."""
        while True:
            try:
                async with asyncio.timeout(_EVERY_S):
                    members = await _members(consumer, self._group)
            except (KafkaError, TimeoutError):
                pass
            else:
                self._times_unknown = 0 if members is not None else self._times_unknown + 1
                if members:
                    self.seen(members)
                elif self._times_unknown >= _TIMES_SURE:
                    self.seen_another_protocol()
            await asyncio.sleep(_EVERY_S)

    def seen(self, members: list[tuple[str, str]]) -> None:
        """Client id and host of each member."""
        strangers = [
            f"{client or 'without a client id'} at {host.lstrip('/')}"
            for client, host in members
            if client != self._group
        ]
        self._found(visible(", ".join(sorted(strangers))))

    def seen_another_protocol(self) -> None:
        """Kafka turns a group into one of the new protocol when a consumer with group.protocol=consumer joins, and lets
        the others stay. No worker speaks it.
        """
        self._found("consumers of the new protocol, group.protocol=consumer")

    def _found(self, strangers: str) -> None:
        before, self.reason = self.reason, self._words(strangers) if strangers else None
        if self.reason is not None and self.reason != before:
            log.error("%s", self.reason)
        elif before is not None and self.reason is None:
            log.warning(
                "group %s has no member any more that is no worker; `claimwire audit` says what it took", self._group
            )

    def _words(self, strangers: str) -> str:
        return (
            f"group {self._group} has members that are no workers ({strangers}): no worker reads what they take. End "
            "them, or give them a group of their own; `claimwire audit` names what was lost"
        )


async def _members(consumer: AIOKafkaConsumer, group: str) -> list[tuple[str, str]] | None:
    """Empty: it is not known at the moment. None: Kafka does not know the group as one of the classic protocol."""
    coordinator = getattr(consumer._coordinator, "coordinator_id", None)  # noqa: SLF001 - the client has no public way
    if coordinator is None or is_expelled(consumer):
        return []
    # not on the connection to the coordinator of its own, where it would wait behind a rebalance
    answer = await consumer._client.send(coordinator, DescribeGroupsRequest([group]))  # noqa: SLF001
    found = next(iter(answer.groups), None)
    if found is None:
        return []
    code, _, state, _, _, members, *_ = found
    if not members and (code == _NO_SUCH_GROUP or state == "Dead"):
        return None
    return [(client, host) for _, client, host, *_ in members]
