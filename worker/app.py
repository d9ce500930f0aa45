"""Wires the worker: a Faust app with the ingest service, the lifecycle service and their observers. Starts nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import faust
from faust.app.base import BootStrategy
from mode import ServiceT

from worker.agents.articles_service import ArticlesService
from worker.agents.audit_service import AuditService
from worker.agents.ingest_service import IngestService
from worker.agents.lifecycle_service import LifecycleService
from worker.agents.link_service import LinkService
from worker.agents.topics_service import TopicsService
from worker.agents.watchdog_service import WatchdogService
from worker.consumer_groups import INGEST, LIFECYCLE, LINK, RETRY
from worker.observe.observation import LookUpReplays, Observation
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.watch.accounts import Accounts
from worker.streaming.watch.condition import Condition

if TYPE_CHECKING:
    from worker.replay.manage.status import ReplayStatus

__all__ = ["Seams", "WorkerApp", "build_app"]


@dataclass(frozen=True, slots=True)
class Seams:
    """The parts of the worker that others may read and listen to. `observers.add` takes more listeners."""

    observers: Observers
    accounts: Accounts
    condition: Condition
    observation: Observation
    """Start `observation.service` before the app: it answers while the app is still loading."""


class _WithoutKafka(BootStrategy):
    """Faust's own Kafka clients are not started: ingest and lifecycle have theirs (docs/decisions.md)."""

    def server(self) -> Iterable[ServiceT]:
        services: Iterable[ServiceT] = self._chain(self.sensors())
        return services


class WorkerApp(faust.App):
    """The Faust app as the worker needs it: services and their supervision. Its observers are at `claimwire`."""

    BootStrategy = _WithoutKafka

    def __init__(self, settings: Settings, seams: Seams) -> None:
        super().__init__(
            settings.app_id,
            broker=[f"aiokafka://{broker.strip()}" for broker in settings.brokers.split(",")],
            autodiscover=False,
            datadir=Path(settings.data_dir),
            store="memory://",
            topic_allow_declare=False,
            topic_disable_leader=True,
            web_enabled=False,  # worker/observe has its own: Faust's shows tables and settings to whoever asks
        )
        self.claimwire = seams

    async def _wait_for_table_recovery_completed(self) -> bool:
        return False  # no tables: services start at once


def build_app(settings: Settings) -> WorkerApp:
    """The app, not started; `faust.Worker` runs it."""
    stages = (INGEST, RETRY, LIFECYCLE, *([LINK] if settings.link else ()))
    accounts, condition = Accounts(), Condition(stages)
    observation = Observation(settings, condition, _replays(settings))
    observers = Observers(accounts, condition, *observation.listeners)
    app = WorkerApp(settings, Seams(observers, accounts, condition, observation))
    if settings.watchdog_s:
        app.service(WatchdogService(settings, observers))  # first: it hears what the others begin with
    app.service(IngestService(settings, observers, accounts))
    app.service(LifecycleService(settings, observers))
    if settings.link:
        app.service(LinkService(settings, observers))
    if settings.web_articles:
        app.service(ArticlesService(settings, observers, observation))
    if settings.audit_sample_s:
        app.service(AuditService(settings, observation.claims_sampled))
    app.service(TopicsService(settings))
    return app


def _replays(settings: Settings) -> LookUpReplays:
    """Looks up the progress of replays for the page. The code for it is imported when a page first asks."""
    standing: list[ReplayStatus] = []

    async def look() -> list[dict[str, object]]:
        if not standing:
            from worker.replay.manage.status import ReplayStatus  # noqa: PLC0415 - a worker without a page needs none of it

            standing.append(ReplayStatus(settings))
        return await standing[0].look()

    return look
