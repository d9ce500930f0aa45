"""Builds the Faust app: the ingest service, the lifecycle agent. Importing it starts nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import faust

from worker.agents.ingest import IngestService
from worker.agents.lifecycle import settle
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.faust_recovery import OrderedTableManager
from worker.streaming.publisher import Publisher

__all__ = ["build_app"]

LIFECYCLE_BATCH = 64
"""Extractions whose claims are published before one wait for the broker: the wait is the costly part."""


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
        web_enabled=bool(settings.web_port),
        web_port=settings.web_port or 6066,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.session_timeout_s / 4,
        broker_commit_interval=settings.commit_interval_s,
        stream_wait_empty=True,  # without it SIGTERM loses what is in flight
        TableManager=OrderedTableManager,
    )
    publisher = Publisher(
        settings.brokers,
        idempotent=settings.idempotent_producer,
        compression=settings.compression,
        dead_topic=topics.dead,
        client_id=f"{settings.app_id}-lifecycle",
    )

    @app.service
    class Ingest(IngestService):
        def __init__(self, **service: Any) -> None:
            super().__init__(settings, **service)

    publishing = asyncio.Event()

    @app.service
    class LifecyclePublisher(faust.Service):
        async def on_start(self) -> None:
            await publisher.start()
            publishing.set()

        async def on_stop(self) -> None:
            await publisher.stop()

    channel = app.topic(topics.extracted, key_serializer="raw", value_serializer="raw", internal=False)

    @app.agent(channel, concurrency=1, name="lifecycle")
    async def lifecycle(stream: Any) -> None:
        await publishing.wait()  # agents start before services, and a waiting topic gives events at once
        async for events in stream.noack_take(LIFECYCLE_BATCH, within=0.05):
            try:
                await settle(events, topics, publisher)
            except Exception as broken:  # noqa: BLE001 - an agent that raises is restarted past its events
                await app.crash(broken)
                return
            for event in events:
                event.ack()

    return app
