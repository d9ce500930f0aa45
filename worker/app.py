"""Builds the Faust app: the ingest service, the lifecycle agent. Importing it starts nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import faust

from worker.agents.ingest import INGEST, RETRY, IngestService
from worker.agents.lifecycle import LIFECYCLE, decide
from worker.contract.topics import LARGEST_RECORD, Topics
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.accounts import Accounts
from worker.streaming.acked_table import AckedTable
from worker.streaming.condition import Condition
from worker.streaming.faust_recovery import OrderedTableManager
from worker.streaming.guard import Guard
from worker.streaming.observer import Observers
from worker.streaming.publisher import Publisher
from worker.streaming.watchdog import Watchdog

__all__ = ["Seams", "build_app"]

LIFECYCLE_BATCH = 64
"""Extractions whose claims are published before one wait for the broker: the wait is the costly part."""


@dataclass(frozen=True, slots=True)
class Seams:
    """What others may look at and listen to: `app.claimwire`. More listeners: `observers.listeners.append(...)`."""

    observers: Observers
    accounts: Accounts
    condition: Condition
    observation: Observation
    """`observation.service` is started by the worker before the app: it answers while that is still loading."""


def build_app(settings: Settings) -> Any:
    """The app, not started; `faust.Worker` runs it."""
    topics = Topics.with_prefix(settings.topic_prefix)
    app = faust.App(
        settings.app_id,
        broker=[f"aiokafka://{broker.strip()}" for broker in settings.brokers.split(",")],
        autodiscover=False,
        datadir=Path(settings.data_dir),
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,  # worker/observe has its own: Faust's shows tables and settings to whoever asks
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.session_timeout_s / 4,
        broker_commit_interval=settings.commit_interval_s,
        producer_max_request_size=LARGEST_RECORD,
        stream_wait_empty=True,  # without it SIGTERM loses what is in flight
        table_standby_replicas=0,
        TableManager=OrderedTableManager,
        Table=AckedTable,
    )
    accounts, condition = Accounts(), Condition((INGEST, RETRY))
    observation = Observation(settings, condition)
    observers = Observers(accounts, condition, *observation.listeners)
    app.claimwire = Seams(observers, accounts, condition, observation)
    publisher = Publisher(
        settings.brokers,
        idempotent=settings.idempotent_producer,
        compression=settings.compression,
        dead_topic=topics.dead,
        dropped_topic=topics.dropped,
        client_id=f"{settings.app_id}-lifecycle",
        request_timeout_s=settings.request_timeout_s,
        observer=observers,
    )

    @app.service
    class Ingest(IngestService):
        def __init__(self, **service: Any) -> None:
            super().__init__(settings, observers, accounts, **service)

    publishing = asyncio.Event()

    @app.service
    class LifecyclePublisher(faust.Service):
        async def on_start(self) -> None:
            await publisher.start()
            publishing.set()

        async def on_stop(self) -> None:
            await publisher.stop()

    if settings.watchdog_s:

        @app.service
        class Watching(faust.Service):
            async def on_start(self) -> None:
                self.watchdog = Watchdog(
                    observers, limit_s=settings.watchdog_s, ends=settings.watchdog_ends, idle_stages=(RETRY,)
                )
                observers.listeners.append(self.watchdog)
                self.watchdog.start()

            async def on_stop(self) -> None:
                self.watchdog.stop()

    observation.replays = _replays(settings)
    observation.follow(app, LIFECYCLE, topics.extracted)

    channel = app.topic(topics.extracted, key_serializer="raw", value_serializer="raw", internal=False)
    changelog = app.topic(
        topics.live, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", acks=False
    )
    live = app.Table(
        "live",
        key_type=bytes,
        value_type=bytes,
        changelog_topic=changelog,
    )
    observation.table("live", live)
    guard = Guard(LIFECYCLE, publisher, observers, table=live, generation=lambda: int(app.consumer_generation_id))

    @app.agent(channel, concurrency=1, name=LIFECYCLE)
    async def lifecycle(stream: Any) -> None:
        await publishing.wait()  # agents start before services, and a waiting topic gives events at once
        await guard.follow(stream, partial(decide, topics=topics), app.crash, most=LIFECYCLE_BATCH)

    return app


def _replays(settings: Settings) -> Any:
    """Looks up how far replays are; what does that is loaded when a page first asks."""
    standing: list[Any] = []

    async def look() -> list[dict[str, Any]]:
        if not standing:
            from worker.replay.standing import Standing  # noqa: PLC0415 - a worker without a page needs nothing of it

            standing.append(Standing(settings))
        found: list[dict[str, Any]] = await standing[0].look()
        return found

    return look
