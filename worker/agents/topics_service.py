"""Looks every minute how the topics are set: a topic that somebody lets delete what must stay loses it in silence."""

from __future__ import annotations

import asyncio

from mode import Service

from worker.operate.topic_watch import TopicWatch
from worker.settings import Settings

__all__ = ["TopicsService"]

_EVERY_S = 60.0


class TopicsService(Service):
    """Begins a minute after the start, which has looked itself."""

    def __init__(self, settings: Settings, every_s: float = _EVERY_S) -> None:
        super().__init__()
        self._watch, self._every_s = TopicWatch(settings), every_s
        self._looking: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        self._looking = asyncio.create_task(self._look_on())

    async def on_stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self._watch.look()
