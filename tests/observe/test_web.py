"""The worker's web server: what it answers, to whom, and that it gives away nothing else."""

from __future__ import annotations

import asyncio

import aiohttp
import orjson
import pytest
from aiokafka import TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from tests.observe.happenings import claims, dead, done, extracted, raw
from worker.contract.published.examples import example_extraction
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.watch.condition import Condition


@pytest.fixture
def replays():
    """What the page's look at the replays finds."""
    return []


@pytest.fixture
async def served(replays):
    """An observation that serves its page, without a broker: it is told what a worker would tell."""

    async def look():
        return list(replays)

    (port,) = free_ports(1)
    made = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition(["ingest"]), look)
    made.watch.look = _no_broker
    await made.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        yield made, Observers(made.health._condition, *made.listeners), client
    await made.stop()


async def _no_broker():
    return None


def _work(told, count=1):
    told.assigned("ingest", [TopicPartition("articles.raw", 0)], 1)
    for offset in range(count):
        told.record_taken("ingest", raw(offset))
        told.settled("ingest", raw(offset), done(publisher="Bee", seconds=(("parse", 0.01),)))
        told.record_taken("lifecycle", extracted(offset))
        told.settled("lifecycle", extracted(offset), claims())


async def test_metrics_in_both_forms(served):
    _, told, client = served
    _work(told, 3)
    async with client.get("/metrics", headers={"Accept": "text/plain"}) as answer:
        families = {f.name: f for f in text_string_to_metric_families(await answer.text())}
    read = families["claimwire_records_read"].samples
    assert {(s.labels["agent"], s.value) for s in read} >= {("ingest", 3.0), ("lifecycle", 3.0)}
    async with client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}) as answer:
        assert answer.content_type == "application/openmetrics-text"
        assert (await answer.text()).endswith("# EOF\n")


async def test_health_says_503_with_the_reason_and_then_200(served):
    _, told, client = served
    async with client.get("/health/ready") as answer:
        assert answer.status == 503
        assert "loading" in (await answer.json())["reason"]
    async with client.get("/health/live") as answer:
        assert answer.status == 200
        assert "idle" in (await answer.json())["reason"]
    _work(told)
    async with client.get("/health/ready") as answer:
        assert answer.status == 200
        assert {check["name"] for check in (await answer.json())["checks"]} >= {"assigned", "broker", "work"}


async def test_the_state_says_what_the_metrics_say(served):
    _, told, client = served
    _work(told, 5)
    told.record_taken("ingest", raw(9))
    told.settled("ingest", raw(9), dead())
    async with client.get("/api/state") as answer:
        state = await answer.json()
    assert (state["totals"]["read"], state["totals"]["ok"], state["totals"]["dead"]) == (6, 5, 1)
    assert state["totals"]["claims"] == 5
    assert {"agent": "ingest", "outcome": "dead", "reason": "not_json", "count": 1} in state["outcomes"]
    assert state["stages"][0]["stage"] == "parse"
    assert state["costliest"]["seconds"][0]["publisher"] == "Bee"


async def test_claims_come_with_the_text_that_their_spans_count_in(served):
    _, told, client = served
    _work(told, 2)
    async with client.get("/api/claims?after=1") as answer:
        found = await answer.json()
    assert found["seen"] == 2
    (newest,) = found["claims"]
    async with client.get(f"/api/articles/{newest['article']}") as answer:
        text = (await answer.json())["text"]
    for span in newest["claim"]["content"]["spans"]:
        assert text[span["start"] : span["end"]] == span["exact"]
    assert text == example_extraction().text
    async with client.get("/api/articles/articles.extracted/0/777") as answer:
        assert answer.status == 404


async def _events(client, path, wanted):
    found = {}
    async with client.get(path) as answer:
        assert answer.content_type == "text/event-stream"
        name = ""
        async for line in answer.content:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                found.setdefault(name, orjson.loads(line[6:]))
            if wanted <= found.keys():
                return found
    return found


async def _listened(made):
    async with asyncio.timeout(5):
        while not made.web.listeners:
            await asyncio.sleep(0.02)


async def test_what_is_new_comes_by_itself(served):
    made, told, client = served
    _work(told)
    waiting = asyncio.create_task(_events(client, "/api/events", {"state", "claims", "dead"}))
    await _listened(made)
    told.settled("lifecycle", extracted(8), claims(2))
    told.settled("ingest", raw(9), dead())
    found = await asyncio.wait_for(waiting, 5)
    assert [each["number"] for each in found["claims"]["claims"]] == [2, 3]  # the first had passed before
    assert found["dead"]["dead"][0]["reason"] == "not_json"
    assert found["dead"]["dead"][0]["offset"] == 9


async def test_a_flood_of_claims_is_sent_by_its_newest(served):
    made, told, client = served
    waiting = asyncio.create_task(_events(client, "/api/events", {"claims"}))
    await _listened(made)
    told.settled("lifecycle", extracted(1), claims(10_000))
    found = (await asyncio.wait_for(waiting, 5))["claims"]
    assert found["seen"] == 10_000
    assert found["claims"][-1]["number"] == 10_000
    assert len(found["claims"]) == 40


async def test_a_stop_does_not_wait_for_readers(served):
    made, _, client = served
    waiting = asyncio.create_task(_events(client, "/api/events", {"never"}))
    await _listened(made)
    await asyncio.wait_for(made.stop(), 4)
    assert "never" not in await asyncio.wait_for(waiting, 2)


@pytest.mark.parametrize(
    "path", ["/page/../observation.py", "/page/%2e%2e/web.py", "/page/web.py", "/page/", "/nothing"]
)
async def test_only_the_pages_own_files_are_served(served, path):
    _, _, client = served
    async with client.get(path) as answer:
        assert answer.status == 404


async def test_the_page_may_load_nothing_from_elsewhere(served):
    _, _, client = served
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
    assert "http://" not in page
    assert "https://" not in page


async def test_on_loopback_another_name_is_refused(served):
    _, _, client = served
    async with client.get("/api/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with client.get("/api/state", headers={"Host": "localhost:1"}) as answer:
        assert answer.status == 200


async def test_a_port_that_is_taken_is_said_at_the_start(served):
    made, _, _ = served
    other = Observation(Settings(web_port=made._settings.web_port), Condition([]))
    with pytest.raises(OSError, match="in use"):
        await other.start()


async def test_replays_show_with_their_progress(served, replays):
    made, _, client = served
    replay = {
        "name": "may",
        "state": "running",
        "done": 40,
        "total": 100,
        "claims": 9,
        "errors": 0,
        "remaining_s": 12.5,
    }
    replays.append(replay)
    listening = asyncio.create_task(_events(client, "/api/events", {"never"}))
    await _listened(made)
    async with asyncio.timeout(8):
        shown = []
        while not shown:
            await asyncio.sleep(0.1)
            async with client.get("/api/state") as answer:
                shown = (await answer.json())["replays"]
    assert shown == [replay]
    listening.cancel()


async def test_claims_are_searched_among_those_that_are_kept(served):
    _, told, client = served
    told.settled("lifecycle", extracted(1), claims(3))
    for query, found in {
        "source=authority&words=quays": 3,
        "entity=port&act=assert&after=1": 2,
        "act=deny": 0,
        "words=ferry": 0,
    }.items():
        async with client.get(f"/api/claims?{query}") as answer:
            body = await answer.json()
        assert (len(body["claims"]), body["kept"], body["seen"]) == (found, 3, 3), query
    for query in ("act=shout", f"words={'x' * 201}"):
        async with client.get(f"/api/claims?{query}") as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]


async def test_a_worker_that_does_not_link_says_so(served):
    _, _, client = served
    for path in (f"/api/clusters/{'a' * 32}", "/api/clusters?claims="):
        async with client.get(path) as answer:
            assert answer.status == 404
            assert "link = true" in (await answer.json())["error"]
    async with client.get("/cluster?id=none") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
