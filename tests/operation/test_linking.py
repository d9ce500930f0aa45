"""Groups, relations and standing over a real Kafka: what is published follows from the youngest versions of articles,
whoever was killed meanwhile.
"""

from __future__ import annotations

import asyncio

import orjson
import pytest

from tests.link.live.whole import whole
from tests.operation.linked_articles import History
from tests.operation.linked_topics import published, settled
from tests.running import RunningWorker, prepare, send
from worker.contract.alert import Watch
from worker.contract.relation import RelationKind
from worker.contract.review import Rating, Review, review_id
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import Kind

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

OPTIONS = {"model": "false", "processes": 1, "audit_sample_s": 0, "link": "true"}


WATCHES = {
    "berg": Watch(source="Berg"),
    "contradicted": Watch(words="quay", relations=[RelationKind.CONTRADICTS, RelationKind.REVISES]),
}


def reviewed(claim, author, words):
    url = f"https://checks.example/{author}"
    return Review(
        review_id=review_id(url, author, claim),
        claim=claim,
        author=author,
        url=url,
        rating=Rating(words=words),
        published_at="2024-05-01T00:00:00Z",
    )


OPEN = reviewed("The northern quay was open", "Checkers", "False")
CRANE = reviewed("The harbour needed a new crane", "Others", "True")
SUNK = reviewed("The ferry to Lund had sunk", "Checkers", "Unproven")


def in_topic(*reviews, withdrawn=False):
    return [(each.review_id.encode(), None if withdrawn else orjson.dumps(each)) for each in reviews]


async def assert_what_follows(broker, topics, history, rules, *reviews):
    claims, texts = history.truth(rules)
    watches = {name: (0, watch) for name, watch in WATCHES.items()}  # they are there before any claim
    expected = whole(claims, texts, NeighbourBounds(), watches, dict.fromkeys(claims, 1), reviews)
    held = await published(broker, topics)
    wrong = {key for key in held.keys() | expected.keys() if held.get(key) != expected.get(key)}
    assert not wrong, [(key, held.get(key), expected.get(key)) for key in sorted(wrong)[:3]]
    assert {kind for kind, _ in expected} == set(Kind), "the history is too plain to show anything"
    standing = [orjson.loads(value) for (kind, _), value in expected.items() if kind is Kind.STANDING]
    on = {verdict["review_id"] for each in standing for verdict in each["verdicts"]}
    assert on == {review.review_id for review in reviews}, "a review that nobody was about shows nothing"


def has_turn(worker):
    """Whether a worker says that it was the last to link, of what it has logged since it started."""
    return "it is this worker's turn" in worker.log.read_text(encoding="utf-8")


async def its_turn(*workers):
    async with asyncio.timeout(120):
        while True:
            for worker in workers:
                if has_turn(worker):
                    return worker
            await asyncio.sleep(0.3)


async def test_two_workers_of_which_one_is_killed_publish_what_the_youngest_versions_make(
    kafka, topics_prefix, tmp_path, rules
):
    topics = await prepare(kafka, topics_prefix, partitions=4, link=True)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    workers = [RunningWorker(kafka, topics_prefix, folder, **OPTIONS) for folder in folders]
    history = History(7)
    try:
        for worker in workers:
            worker.start()
        await send(kafka, topics.watches, [(name.encode(), orjson.dumps(watch)) for name, watch in WATCHES.items()])
        await send(kafka, topics.reviews, in_topic(OPEN, SUNK))
        await send(kafka, topics.raw, history.go_on(60))
        linking = await its_turn(*workers)
        (other,) = [worker for worker in workers if worker is not linking]
        await settled(kafka, topics, topics_prefix)
        await assert_what_follows(kafka, topics, history, rules, OPEN, SUNK)
        await send(kafka, topics.raw, history.go_on(40))
        await send(kafka, topics.reviews, in_topic(SUNK, withdrawn=True))
        linking.kill()
        await send(kafka, topics.reviews, in_topic(CRANE))
        await send(kafka, topics.raw, history.go_on(30))
        await its_turn(other)
        linking.log.unlink()
        linking.start()
        await send(kafka, topics.raw, history.go_on(30))
        await settled(kafka, topics, topics_prefix)
        assert other.stop() == 0
        await its_turn(linking)
        await send(kafka, topics.raw, history.go_on(20))
        await settled(kafka, topics, topics_prefix)
        await assert_what_follows(kafka, topics, history, rules, OPEN, CRANE)
    finally:
        codes = [worker.stop() for worker in workers]
    assert codes == [0, 0]
    assert len(history.kinds) == 7
