"""Wires everything that observes one worker: the listeners, the lag watch, the web server and the page's state."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mode import Service

from worker import __version__
from worker.consumer_groups import groups_of, link_state_path
from worker.contract.topics import Topics
from worker.observe.clocks import Clocks
from worker.observe.costliest import Costliest
from worker.observe.health import Health
from worker.observe.lag import LagWatch, Positions
from worker.observe.metrics import Metrics
from worker.observe.page_state import PageState
from worker.observe.recent_claims import RecentClaims
from worker.observe.recorder import Recorder
from worker.observe.web.access import WebAccess
from worker.observe.web.cluster_requests import ClusterRequests
from worker.observe.web.server import WebServer
from worker.observe.web.tls import server_tls
from worker.settings import Settings, SettingsError
from worker.streaming.observer import Observer
from worker.streaming.watch.condition import Condition

if TYPE_CHECKING:
    from worker.observe.tracing import Traces

__all__ = ["Observation"]

log = logging.getLogger("claimwire.observe")

_REPLAYS_EVERY_S = 10.0


LookUpReplays = Callable[[], Awaitable[list[dict[str, object]]]]


class Observation:
    """`listeners` are for the streaming side; `start` and `stop` run the server and the watches in the event loop.

    `replays` is called every ten seconds while a page listens. It returns the replays, newest first:
    {name, state, done, total, claims, errors, remaining_s} of each.
    """

    def __init__(self, settings: Settings, condition: Condition, replays: LookUpReplays | None = None) -> None:
        self._settings, self._replays = settings, replays
        groups = groups_of(settings)
        topics = Topics.with_prefix(settings.topic_prefix)
        self.metrics = Metrics()
        self.costliest = Costliest()
        self.positions = Positions()
        self.watch = LagWatch(settings.kafka, {g.agent: g.group for g in groups}, self.positions, self.metrics)
        self.health = Health(condition, self.watch.broker_silent)
        self.recent = RecentClaims(topics.claims)
        self.recorder = Recorder(self.metrics, claims_topic=topics.claims, costliest=self.costliest)
        self.listeners: list[Observer] = [self.recorder, self.positions, self.health, self.recent, Clocks()]
        self._traces = _traces(settings)
        if self._traces is not None:
            self.listeners.append(self._traces)
        started = time.time()
        self.state = PageState(
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
                "links": settings.link,
            },
        )
        self.web = WebServer(
            self.metrics,
            self.health,
            self.state,
            self.recent,
            refresh=self.refresh,
            access=WebAccess.from_settings(settings),
            tls=server_tls(settings),
        )
        clusters = ClusterRequests(link_state_path(settings) if settings.link else None)
        self.web.more_routes.extend(clusters.routes)
        self.metrics.in_flight_limit_bytes.set(settings.in_flight_bytes)
        self.metrics.start_time.set(started)
        for group in groups:
            self.metrics.expect(group.agent, (topics.extracted, topics.claims, topics.retry, topics.dead))
        self.metrics.pool_processes.set(settings.processes or os.cpu_count() or 1)
        self._tasks: list[asyncio.Task[None]] = []

    def claims_sampled(self, articles: int, wrong: int) -> None:
        """Shows how many articles the last sample of the audit compared, and how many of their claims are wrong."""
        self.metrics.audit_sampled_articles.set(articles)
        self.metrics.audit_wrong_claims.set(wrong)
        self.metrics.audit_samples.inc()

    def refresh(self) -> None:
        """Brings the metrics up to date that are not counted by events."""
        self.recorder.loop_time.account()
        self.watch.show()
        self.metrics.live.set(self.health.live().ok)
        self.metrics.ready.set(self.health.ready().ok)

    async def start(self) -> None:
        """Raises OSError: the web server's address is taken."""
        if self._settings.web_port:
            await self.web.start(self._settings.web_port)
            scheme = "https" if self._settings.web_tls_cert_file else "http"
            log.info("The page: %s://%s:%d/", scheme, self._settings.web_host, self._settings.web_port)
            self._tasks = [
                asyncio.create_task(self._every_second(), name="observe-seconds"),
                asyncio.create_task(self.watch.run(), name="observe-lag"),
                asyncio.create_task(self._measure_delay(), name="observe-delay"),
                asyncio.create_task(self._look_for_replays(), name="observe-replays"),
            ]

    @property
    def service(self) -> Service:
        """`start` and `stop` as a service of the worker."""
        return ObservationService(self)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.web.stop()
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)

    async def _every_second(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            try:
                self.refresh()
                self.state.sample()
                await self.web.tick()
            except Exception:
                log.exception("The page's data was not updated; it is tried again in a second")
            due = max(due + 1.0, loop.time())
            await asyncio.sleep(due - loop.time())

    async def _look_for_replays(self) -> None:
        while True:
            if self._replays is not None and self.web.listeners:
                try:
                    self.state.show_replays(await self._replays())
                except Exception:
                    log.exception("The replays could not be looked up; it is tried again in %gs", _REPLAYS_EVERY_S)
            await asyncio.sleep(_REPLAYS_EVERY_S if self.web.listeners else 1.0)

    async def _measure_delay(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.5
            await asyncio.sleep(0.5)
            self.metrics.event_loop_delay_seconds.observe(max(loop.time() - due, 0.0))


class ObservationService(Service):
    """Runs an observation as a service that Faust's worker starts and stops."""

    def __init__(self, observation: Observation) -> None:
        super().__init__()
        self._observation = observation

    async def on_start(self) -> None:
        await self._observation.start()

    async def on_stop(self) -> None:
        await self._observation.stop()


def _traces(settings: Settings) -> Traces | None:
    """The tracing listener if an endpoint is set. Raises SettingsError: the extra `tracing` is not installed."""
    if not settings.traces_endpoint:
        return None
    try:
        from worker.observe.tracing import Traces  # noqa: PLC0415 - loaded only with an endpoint
    except ImportError as missing:
        raise SettingsError(
            f"traces_endpoint = {settings.traces_endpoint!r}, but {missing.name} is not installed: "
            "pip install claimwire[tracing]"
        ) from missing
    return Traces(settings.traces_endpoint, app_id=settings.app_id, share=min(settings.traces_share, 1.0))
