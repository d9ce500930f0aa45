"""Claims, groups, relations and standing of a long history over a real Kafka, while workers are killed all the time.

    make linking-load VERSIONS=20000

What is published must equal, byte for byte, what the youngest versions make by brute force: 12 partitions, three
workers that keep a standby, and a SIGKILL to one of them every 20 seconds. On a machine on which a worker takes longer
than that to load, it waits until something was done since the last one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time

import msgspec
import orjson
import pytest

from tests.link.copies.stories import drawn
from tests.link.live.whole import whole
from tests.operation.linked_events import Events
from tests.operation.linked_topics import followed_by, left_to_read, published
from tests.running import RunningWorker, prepare, read_all, send
from worker.contract.alert import Watch
from worker.contract.claim import Claim, ClaimStatus
from worker.contract.relation import RelationKind
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import Kind
from worker.streaming.topics.offset_reader import OffsetReader

VERSIONS = int(os.environ.get("CLAIMWIRE_TEST_LINKED_VERSIONS", "400"))
KILL_EVERY_S = 20
LIMIT_S = 600 + VERSIONS
AT_ONCE = 500
WATCHES = {
    "hospitals": Watch(words="new hospital"),
    "bridges": Watch(words="bridge", relations=[RelationKind.CONTRADICTS, RelationKind.REVISES]),
}
OPTIONS = {"model": "false", "processes": 1, "audit_sample_s": 0, "link": "true", "link_standby": "true"}

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(LIMIT_S + 1200)]


def say(*words):
    print(f"{time.strftime('%H:%M:%S')}", *words, flush=True)


async def kill_now_and_then(workers, killed, progress):
    random = drawn(3)
    while True:
        before = dict(progress)
        await asyncio.sleep(KILL_EVERY_S)
        while progress == before:
            await asyncio.sleep(1)
        worker = random.choice(workers)
        worker.kill()
        killed.append(worker)
        worker.start()


async def all_read(broker, topics, prefix, progress):
    """Waits until nothing is left to read, twice in a row, and shows what is left."""
    quiet, said = 0, 0.0
    async with (
        OffsetReader(broker.brokers, limit_s=20, isolation="read_committed") as offsets,
        asyncio.timeout(LIMIT_S),
    ):
        while quiet < 2:
            left = {}
            for group, read in followed_by(topics, prefix).items():
                name = group.rpartition("-")[2]
                left[name] = await left_to_read(offsets, group, read)
                progress[name] = sum((await offsets.committed(group)).values())
            quiet = 0 if any(left.values()) else quiet + 1
            if time.monotonic() - said > KILL_EVERY_S:
                said = time.monotonic()
                say("left to read:", left)
            await asyncio.sleep(1)


async def asserted(broker, topics):
    """The claims that stand for a reader of the compacted topic, by id, without what says how they came to be."""
    last = {}
    for record in sorted(await read_all(broker, topics.claims), key=lambda r: (r.partition, r.offset)):
        last[record.key.decode()] = record.value
    claims = (msgspec.convert(orjson.loads(value), Claim) for value in last.values() if value is not None)
    return {claim.claim_id: said_in(claim) for claim in claims if claim.status is ClaimStatus.ASSERTED}


def said_in(claim):
    article = claim.article
    return article.uri, article.version, article.text_sha256, claim.content, claim.attribution, claim.proposition


async def test_all_that_is_published_is_what_the_youngest_versions_make_though_workers_are_killed(
    kafka, topics_prefix, tmp_path, rules
):
    topics = await prepare(kafka, topics_prefix, partitions=12, link=True)
    history, killed, begun = Events(11), [], time.monotonic()
    workers = []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        workers.append(RunningWorker(kafka, topics_prefix, tmp_path / name, **OPTIONS))
        workers[-1].start()
    progress = {}
    killing = asyncio.create_task(kill_now_and_then(workers, killed, progress))
    try:
        await send(kafka, topics.watches, [(name.encode(), orjson.dumps(watch)) for name, watch in WATCHES.items()])
        for start in range(0, VERSIONS, AT_ONCE):
            await send(kafka, topics.raw, history.go_on(min(AT_ONCE, VERSIONS - start)))
        await all_read(kafka, topics, topics_prefix, progress)
    finally:
        killing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await killing
        codes = [worker.stop() for worker in workers]
    say(f"{len(history.sent)} records, {history.kinds}: {time.monotonic() - begun:.0f} s, {len(killed)} kills")
    claims, texts = history.truth(rules)
    stand = await asserted(kafka, topics)
    assert stand == {claim_id: said_in(claim) for claim_id, claim in claims.items()}
    watches = {name: (0, watch) for name, watch in WATCHES.items()}
    expected = whole(claims, texts, NeighbourBounds(), watches, dict.fromkeys(claims, 1))
    held = await published(kafka, topics)
    say(
        len(texts), "texts,", len(claims), "claims,", {kind.value: sum(k is kind for k, _ in expected) for kind in Kind}
    )
    wrong = {key for key in held.keys() | expected.keys() if held.get(key) != expected.get(key)}
    assert not wrong, (len(wrong), [(key, held.get(key), expected.get(key)) for key in sorted(wrong)[:3]])
    assert {kind for kind, _ in expected} == set(Kind)
    assert len(history.kinds) == 7
    assert codes == [0, 0, 0]
