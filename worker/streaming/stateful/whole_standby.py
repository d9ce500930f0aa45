"""A state that is kept up to date beside the owner's, so that the next turn begins at once. It writes nothing to Kafka.

It reads up to the offsets of the owner's transactions and no further: so its state is, at each of them, what the owner
published, and the mark of the transaction shows whether it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from functools import partial

from aiokafka.errors import KafkaError

from worker.streaming.backoff import Backoff
from worker.streaming.stateful.whole_follower import WholeFollower, marks_of
from worker.streaming.stateful.whole_state import WholeParts
from worker.streaming.topics.window import WindowError

__all__ = ["WholeStandby"]

log = logging.getLogger("claimwire.whole")

_LOOK_S = 3.0
_AT_ONCE_RECORDS = 100
"""Few, since the turn begins when they are done."""


class WholeStandby:
    """`run` until `close`, while it is another's turn."""

    def __init__(self, parts: WholeParts) -> None:
        self._parts = parts
        self._closed = asyncio.Event()
        self._follower = WholeFollower(parts)
        self.is_warm = False
        """Whether it holds what was published last."""

    def close(self) -> None:
        self._closed.set()
        self._follower.stop()

    async def run(self) -> None:
        backoff = Backoff(1.0, 30.0)
        while not self._closed.is_set():
            wait_s = _LOOK_S
            try:
                await self._follow()
                backoff.reset()
            except (KafkaError, WindowError, TimeoutError, OSError, sqlite3.Error) as broken:
                wait_s = backoff.next_s()
                log.warning("%s: the standby is begun again: %s", self._parts.group, broken)
            finally:
                self.is_warm = False
                await self._follower.close()
            await self._wait(wait_s)

    async def _follow(self) -> None:
        """Until it is closed or has to be opened again."""
        parts = self._parts
        follower = self._follower = WholeFollower(parts)
        await follower.open()
        while not self._closed.is_set() and not await follower.has_other_partitions():
            commits = await parts.offsets.commits(parts.group, list(follower.positions))
            await follower.catch_up(
                {partition: commit.offset for partition, commit in commits.items()}, _AT_ONCE_RECORDS
            )
            mark = marks_of(commit.note for commit in commits.values())
            if mark is not None:
                await follower.let_go_until(partial(self._holds, mark))
            await follower.in_thread(follower.state.touch)
            await follower.in_thread(follower.state.flush)
            self._say(warm=self._holds(mark))
            await follower.show_size()
            await self._wait(_LOOK_S)

    def _holds(self, mark: str | None) -> bool:
        return self._follower.state.mark == mark

    def _say(self, *, warm: bool) -> None:
        if warm != self.is_warm:
            log.info("%s: the standby %s", self._parts.group, "is up to date" if warm else "is not up to date")
        self.is_warm = warm

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), seconds)
