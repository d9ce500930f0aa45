"""The link service: keeps groups, relations and standing published, while it is this worker's turn.

One worker does it for all: docs/decisions.md says why, and what it is up to.
"""

from __future__ import annotations

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from mode import Service

from worker.agents.crash import end_with
from worker.consumer_groups import LINK, link_group, link_state_path
from worker.contract.topics import Topics
from worker.publishers import link_writer
from worker.settings import Settings
from worker.stages.linking import Linking, read_so_far
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.observer import Observer
from worker.streaming.stateful.turn import Turn
from worker.streaming.stateful.whole import WholeOwner
from worker.streaming.stateful.whole_standby import WholeStandby
from worker.streaming.stateful.whole_state import WholeParts
from worker.streaming.topics.offset_reader import OffsetReader

__all__ = ["LinkService", "collect_seldom"]

_MAX_BATCH = 500
_FETCH_BYTES = 1024 * 1024
_COLLECTIONS_BEFORE_ALL = 100
"""Of young objects before a collection that looks at all; Python's own 10 are for programs that keep little."""


class LinkService(Service):
    """If its turn stops or fails, so does the service, and the worker exits."""

    def __init__(self, settings: Settings, observer: Observer) -> None:
        super().__init__()
        self._settings, self._observer = settings, observer
        self._topics = Topics.with_prefix(settings.topic_prefix)
        self._group = link_group(settings.installation)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="link")
        self._offsets = OffsetReader(settings.kafka, limit_s=10.0, isolation="read_committed")
        self._running: asyncio.Task[None] | None = None
        self._path = link_state_path(settings)
        self.turn = Turn(
            self._options(),
            observer,
            self._owner,
            self._freshness,
            self._new_standby if settings.link_standby else None,
        )

    def _options(self) -> ConsumerOptions:
        settings = self._settings
        return ConsumerOptions(
            brokers=settings.kafka,
            group=self._group,
            topic=self._topics.claims,
            stage=LINK,
            drain_timeout_s=settings.drain_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            max_fetch_bytes=_FETCH_BYTES,
            instance_id=settings.group_instance_id,
        )

    def _parts(self) -> WholeParts:
        settings, topics = self._settings, self._topics
        return WholeParts(
            stage=LINK,
            group=self._group,
            inputs=(topics.watches, topics.reviews, topics.extracted, topics.claims),
            outputs=(topics.groups, topics.relations, topics.standing, topics.alerts),
            brokers=settings.kafka,
            writer_of=partial(link_writer, settings),
            state_of=partial(Linking, self._path, topics, days=settings.link_days),
            offsets=self._offsets,
            observer=self._observer,
            threads=self._threads,
            batch_records=_MAX_BATCH,
        )

    def _owner(self) -> WholeOwner:
        return WholeOwner(self._parts())

    def _new_standby(self) -> WholeStandby:
        return WholeStandby(self._parts())

    def _freshness(self) -> int:
        """How many offsets its file has read: who has read most has least to read when its turn comes."""
        return read_so_far(self._path)

    async def on_start(self) -> None:
        collect_seldom()
        self._running = asyncio.create_task(self.turn.run())
        self.add_future(end_with(self._running))

    async def on_stop(self) -> None:
        await self.turn.stop()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)
        await self._offsets.close()
        self._threads.shutdown()


def collect_seldom() -> None:
    """What was read of claims is kept in a million objects without cycles: a look at all of them each few thousand
    claims was a twentieth of the CPU of linking, and held up the loop.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _COLLECTIONS_BEFORE_ALL)
