"""A page without a worker behind it: an observation that is told of claims, beside a file of linking made by hand."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager

from aiokafka import TopicPartition

from tests.observe.happenings import TOPICS, extracted
from worker.consumer_groups import link_state_path
from worker.contract.codec import encode
from worker.link.live.stage import LiveLinks
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.outcome import Ok, Output
from worker.streaming.watch.condition import Condition


async def _no_broker():
    return None


@asynccontextmanager
async def told_page(folder, **settings):
    """The address, and a function that tells of claims."""
    (port,) = free_ports(1)
    condition = Condition(["ingest"])
    made = Observation(
        Settings(web_port=port, brokers="127.0.0.1:1", data_dir=str(folder), link=True, **settings), condition
    )
    made.watch.look = _no_broker
    await made.start()
    told = Observers(condition, *made.listeners)
    told.assigned("ingest", [TopicPartition("articles.raw", 0)], 1)
    offsets = iter(range(1_000_000))

    def tell(*claims):
        outputs = [Output(TOPICS.claims, each.claim_id.encode(), encode(each), []) for each in claims]
        told.settled("lifecycle", extracted(next(offsets)), Ok(tuple(outputs)))

    try:
        yield f"http://127.0.0.1:{port}", tell
    finally:
        await made.stop()


def write_links(folder, claims, texts=(), gone=(), reviews=()):
    """Puts claims and reviews into the file of linking, and takes claims out. `texts`: uri, hash, text of articles."""
    links = LiveLinks(link_state_path(Settings(data_dir=str(folder))))
    links.begin()
    for uri, sha, text in texts:
        links.put_text(uri, sha, text, 1)
    for claim in claims:
        links.put_claim(claim, 1)
    for review in reviews:
        links.put_review(review)
    for claim in gone:
        links.remove_claim(claim.claim_id)
    links.settle()
    links.database.set_note("written_ms", str(int(time.time() * 1000)))
    links.commit()
    links.close()
