"""All that observes one worker, put together: who listens, who asks the brokers, who serves the page."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sized
from typing import Any

from aiokafka import TopicPartition
from mode import Service

from worker import __version__
from worker.contract.topics import Topics
from worker.observe.groups import groups_of
from worker.observe.health import Health
from worker.observe.lag import LagWatch, Positions
from worker.observe.metrics import Metrics
from worker.observe.recent import Recent
from worker.observe.recorder import Recorder
from worker.observe.state import State
from worker.observe.topn import Costliest
from worker.observe.web import WebServer
from worker.settings import Settings, SettingsError
from worker.streaming.condition import Condition
from worker.streaming.observer import Observer

__all__ = ["Observation"]

log = logging.getLogger("claimwire.observe")

_REPLAYS_EVERY_S = 10.0


class Observation:
    """`listeners` go to the streaming side; `start` and `stop` run the server and the watches in the event loop."""

    def __init__(self, settings: Settings, condition: Condition) -> None:
        self._settings = settings
        groups = groups_of(settings)
        topics = Topics.with_prefix(settings.topic_prefix)
        self.metrics = Metrics()
        self.costliest = Costliest()
        self.health = Health(condition)
        self.positions = Positions()
        self.recent = Recent(topics.claims)
        self.recorder = Recorder(self.metrics, claims_topic=topics.claims, costliest=self.costliest)
        self.listeners: list[Observer] = [self.recorder, self.positions, self.health, self.recent]
        self._traces = _traces(settings)
        if self._traces is not None:
            self.listeners.append(self._traces)
        self.watch = LagWatch(settings.brokers, {g.agent: g.group for g in groups}, self.positions, self.metrics)
        self.health.broker_silent = self._broker_silent
        started = time.time()
        self.state = State(
            self.metrics,
            self.health,
            self.positions,
            self.costliest,
            about={
                "app_id": settings.app_id,
                "host": socket.gethostname(),
                "version": __version__,
                "brokers": settings.brokers,
                "started_at": started,
            },
        )
        self.web = WebServer(self.metrics, self.health, self.state, self.recent, refresh=self.refresh)
        self.metrics.in_flight_limit_bytes.set(settings.in_flight_bytes)
        self.metrics.start_time.set(started)
        for group in groups:
            self.metrics.expect(group.agent, (topics.extracted, topics.claims, topics.retry, topics.dead))
        self.metrics.pool_processes.set(settings.processes or os.cpu_count() or 1)
        self.replays: Callable[[], Awaitable[list[dict[str, Any]]]] | None = None
        """Asked every ten seconds while a page listens: {name, state, done, total, claims, errors, remaining_s} of each."""
        self._tasks: list[asyncio.Task[None]] = []
        self._followers: list[Any] = []
        self._tables: dict[str, Sized] = {}

    def follow(self, app: Any, agent: str, topic: str) -> None:
        """Listens to which partitions Faust has for an agent of its own; it does not tell the streaming side."""

        async def assigned(_: Any, partitions: Any, **__: Any) -> None:
            told = [TopicPartition(p.topic, p.partition) for p in partitions if p.topic == topic]
            for listener in self.listeners:
                listener.assigned(agent, told, int(app.consumer_generation_id or 0))

        async def revoked(_: Any, partitions: Any, **__: Any) -> None:
            told = [TopicPartition(p.topic, p.partition) for p in partitions if p.topic == topic]
            for listener in self.listeners:
                listener.revoked(agent, told, 0)

        # kept: signals hold their receivers weakly
        self._followers += [app.on_partitions_assigned.connect(assigned), app.on_partitions_revoked.connect(revoked)]

    def table(self, name: str, table: Sized) -> None:
        self._tables[name] = table

    def refresh(self) -> None:
        """Brings up to date what is not counted as it happens."""
        self.recorder.loop_time.settle()
        self.watch.show()
        for name, table in self._tables.items():
            self.metrics.table_keys.labels(name).set(len(table))
        self.metrics.live.set(self.health.live().ok)
        self.metrics.ready.set(self.health.ready().ok)

    async def start(self) -> None:
        """Raises OSError: the web server's address is taken."""
        if self._settings.web_port:
            await self.web.start(self._settings.web_host, self._settings.web_port)
            log.info("The page: http://%s:%d/", self._settings.web_host, self._settings.web_port)
            self._tasks = [
                asyncio.create_task(self._every_second(), name="observe-seconds"),
                asyncio.create_task(self.watch.run(), name="observe-lag"),
                asyncio.create_task(self._measure_delay(), name="observe-delay"),
                asyncio.create_task(self._look_for_replays(), name="observe-replays"),
            ]

    @property
    def service(self) -> Any:
        """`start` and `stop` as a service of the worker."""
        observation = self

        class Observing(Service):
            async def on_start(self) -> None:
                await observation.start()

            async def on_stop(self) -> None:
                await observation.stop()

        return Observing()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.web.stop()
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)

    def _broker_silent(self) -> tuple[float, str] | None:
        since = self.watch.failing_since
        return None if since is None else (since, self.watch.error)

    async def _every_second(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            try:
                self.refresh()
                self.state.sample()
                await self.web.tick()
            except Exception:
                log.exception("The page's data was not renewed; tried again in a second")
            due = max(due + 1.0, loop.time())
            await asyncio.sleep(due - loop.time())

    async def _look_for_replays(self) -> None:
        while True:
            if self.replays is not None and self.web.listeners:
                try:
                    self.state.replays = await self.replays()
                except Exception:
                    log.exception("The replays could not be looked up; tried again in %gs", _REPLAYS_EVERY_S)
            await asyncio.sleep(_REPLAYS_EVERY_S if self.web.listeners else 1.0)

    async def _measure_delay(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.5
            await asyncio.sleep(0.5)
            self.metrics.event_loop_delay_seconds.observe(max(loop.time() - due, 0.0))


def _traces(settings: Settings) -> Any:
    """Raises SettingsError: an endpoint is set, and the extra is not installed."""
    if not settings.traces_endpoint:
        return None
    try:
        from worker.observe.tracing import Traces  # noqa: PLC0415 - nothing of it is loaded without an endpoint
    except ImportError as missing:
        raise SettingsError(
            f"traces_endpoint = {settings.traces_endpoint!r}, but {missing.name} is not installed: "
            "pip install claimwire[tracing]"
        ) from missing
    return Traces(settings.traces_endpoint, app_id=settings.app_id, share=min(settings.traces_share, 1.0))
