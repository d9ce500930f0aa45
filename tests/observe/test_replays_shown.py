"""How far a replay is comes to the worker's page from the topic `replays`."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from tests.observe.watched import article
from tests.running import prepare, send
from worker.replay.manage.status import ReplayStatus
from worker.settings import Settings


@pytest.mark.kafka
@pytest.mark.slow
async def test_a_replay_stands_with_its_records_and_claims(kafka, topics_prefix, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_TOPIC_PREFIX", topics_prefix)
    monkeypatch.setenv("CLAIMWIRE_APP_ID", topics_prefix.strip("."))
    monkeypatch.setenv("CLAIMWIRE_BROKERS", kafka.bootstrap)
    settings = Settings(brokers=kafka.bootstrap, topic_prefix=topics_prefix, app_id=topics_prefix.strip("."))
    topics = await prepare(kafka, topics_prefix)
    standing = ReplayStatus(settings)
    assert await standing.look() == []
    await send(kafka, topics.raw, [*(article(n) for n in range(5)), (b"broken", b"{")])
    command = [sys.executable, "-m", "worker", "replay", "--name", "again", "--processes", "1", "--rules-only"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (shown,) = await standing.look()
    assert (shown["name"], shown["state"], shown["done"], shown["total"]) == ("again", "done", 6, 6)
    assert shown["claims"] > 5
    assert shown["errors"] == 1
    assert shown["remaining_s"] is None
