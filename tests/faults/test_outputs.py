"""Faults of what goes out and comes in: refused outputs, outputs too large, poison."""

from __future__ import annotations

import asyncio
import re

from tests.faults.stream import RECORDS, SPAN_S, records, slow_article, uri
from tests.running import configure


def _config(scene, topic, **changed):
    (spec,) = [spec for spec in scene.topics.specs() if spec.name == topic]
    return dict(spec.config) | changed


async def test_outputs_refused(scene):
    """The broker refuses every extraction for 20 seconds: to a topic set up so, each record's timestamp is too old."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        topic = s.topics.extracted
        await configure(s.cluster, topic, _config(s, topic, **{"message.timestamp.before.max.ms": "0"}))
        await asyncio.sleep(20)
        await configure(s.cluster, topic, _config(s, topic))
        s.mark()
        row = await s.finish()
        row.note = "20 s of INVALID_TIMESTAMP for every extraction"
        _was_refused(s, row)
    scene.finished(row)


async def test_outputs_short_of_replicas(scene, cluster):
    """One node is down for 20 seconds, and the topic of extractions asks for all three: every write is refused."""
    async with scene() as s:
        topic = s.topics.extracted
        await configure(s.cluster, topic, _config(s, topic, **{"min.insync.replicas": "3"}))
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        victim = next(node for node in cluster.nodes if node != cluster.controller)
        await asyncio.to_thread(cluster.kill, victim)
        await asyncio.sleep(20)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"min.insync.replicas 3 with node {victim} down for 20 s; recovery counts from its port being open"
        _was_refused(s, row)
    scene.finished(row)


def _was_refused(scene, row):
    """A fault that never was would prove nothing."""
    if not any("takes no outputs" in log for log in scene.logs):
        row.fell_short.append("the broker refused nothing")


async def test_outputs_too_large(scene):
    """The broker's limit is below some extractions: those go to the dead letters, all others come out."""
    large = max(2, RECORDS // 250)
    async with scene(compression="none") as s:
        topic = s.topics.extracted
        await configure(s.cluster, topic, _config(s, topic, **{"max.message.bytes": "60000"}))
        rows = list(records())
        step = len(rows) // large
        for number in range(large):
            key = 20_000 + number
            rows.insert(number * step, (uri(key), slow_article(key, 1, paragraphs=100)))
        s.feed(rows=rows, seconds=SPAN_S)
        s.start()
        row = await s.finish()
        row.note = f"{large} extractions larger than the topic's max.message.bytes"
        if row.dead != large:
            row.fell_short.append(f"{row.dead} dead, {large} were too large")
    scene.finished(row)


async def test_poison_some(scene, short):
    """One record in a hundred is broken: each goes to the dead letters, all others come out."""
    rows = list(records(poison=0.03 if short else 0.01))
    poison = sum(key.startswith(b"poison") for key, _ in rows)
    async with scene() as s:
        s.feed(rows=rows, seconds=SPAN_S)
        s.start()
        row = await s.finish()
        row.note = f"{poison} of {len(rows)} records broken"
        if row.dead != poison:
            row.fell_short.append(f"{row.dead} dead, {poison} were broken")
    scene.finished(row)


async def test_poison_all(scene):
    """Every record is broken: the breaker stops each worker; set aside by a setting, all go to the dead letters."""
    async with scene() as s:
        s.feed(poison=1.0, seconds=10)
        s.start()
        await s.until(
            lambda: all(re.search(r"breaker", log, re.IGNORECASE) for log in s.logs), 90, "the breakers' messages"
        )
        await asyncio.sleep(10)  # the pause must hold: there is no event to wait for when nothing happens
        at_the_pause = len(s.ledger.first)
        s._supervised = False
        for worker in s.workers:
            await asyncio.to_thread(worker.stop)
            worker._environment["CLAIMWIRE_BREAKER_SHARE"] = "1"
        s.mark()
        s.start(supervised=False)
        row = await s.finish()
        row.note = f"the breakers held {row.records - at_the_pause} of {row.records} back; then breaker_share = 1"
        if at_the_pause > RECORDS / 2:
            row.fell_short.append(f"{at_the_pause} went dead before the pause")
    scene.finished(row)
