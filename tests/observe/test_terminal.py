"""claimwire top, lag and tail as their users run them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import orjson
import pytest
from aiokafka import TopicPartition

from tests.observe.happenings import claims, dead, done, extracted, raw
from tests.running import prepare, send
from worker.contract.codec import encode
from worker.contract.published.examples import example_claim
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.watch.condition import Condition


def _claimwire(*arguments, timeout=120):
    return subprocess.run(
        [sys.executable, "-m", "worker", *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )


async def test_lag_is_asked_of_kafka_without_a_worker(broker, topics_prefix, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_TOPIC_PREFIX", topics_prefix)
    monkeypatch.setenv("CLAIMWIRE_APP_ID", topics_prefix.strip("."))
    topics = await prepare(broker, topics_prefix, partitions=2)
    for number in range(7):  # one batch each: the embedded broker counts batches
        await send(broker, topics.raw, [(b"same", b"%d" % number)])
    told = await asyncio.to_thread(_claimwire, "lag", "--brokers", broker.bootstrap, "--json", "--fail-above", "6")
    assert told.returncode == 1, told.stderr
    rows = [orjson.loads(line) for line in told.stdout.splitlines()]
    by_agent = {agent: [r for r in rows if r["agent"] == agent] for agent in ("ingest", "retry", "lifecycle")}
    assert {agent: len(found) for agent, found in by_agent.items()} == {"ingest": 2, "retry": 2, "lifecycle": 2}
    (behind,) = [row for row in rows if row["records"]]
    assert (behind["topic"], behind["records"], behind["committed"]) == (topics.raw, 7, None)
    assert 0 <= behind["seconds"] < 120
    text = await asyncio.to_thread(_claimwire, "lag", "--brokers", broker.bootstrap)
    assert "7 records wait in 6 partitions" in text.stdout


async def test_lag_says_when_nobody_answers():
    (port,) = free_ports(1)
    told = await asyncio.to_thread(_claimwire, "lag", "--brokers", f"127.0.0.1:{port}")
    assert told.returncode == 1
    assert "no answer from Kafka" in told.stderr
    assert "CLAIMWIRE_BROKERS" in told.stderr
    assert "Traceback" not in told.stderr


async def test_tail_shows_what_the_filters_want(broker, topics_prefix, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_TOPIC_PREFIX", topics_prefix)
    topics = await prepare(broker, topics_prefix)
    claim = orjson.loads(encode(example_claim()))
    wanted = claim | {"claim_id": "wanted", "act": "deny"}
    unsure = wanted | {"claim_id": "unsure", "confidence": 0.2}
    records = [(c["claim_id"].encode(), orjson.dumps(c)) for c in (claim, unsure, wanted)]
    await send(broker, topics.claims, [*records, (b"gone", None), (b"broken", b"{")])
    filters = ("--act", "deny", "--source", "PORT", "--publisher", "example", "--min-confidence", "0.5")
    told = await asyncio.to_thread(
        _claimwire, "tail", "--brokers", broker.bootstrap, "--from-beginning", "--count", "1", *filters, "--json"
    )
    assert told.returncode == 0, told.stderr
    assert [orjson.loads(line)["claim_id"] for line in told.stdout.splitlines()] == ["wanted"]
    text = await asyncio.to_thread(
        _claimwire, "tail", "--brokers", broker.bootstrap, "--from-beginning", "--count", "3"
    )
    assert "The port authority said [assert]" in text.stdout
    assert "The Example, 90% sure" in text.stdout


async def test_tail_waits_for_what_comes(broker, topics_prefix, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_TOPIC_PREFIX", topics_prefix)
    topics = await prepare(broker, topics_prefix)
    value = encode(example_claim())
    await send(broker, topics.claims, [(b"before", value)])
    tail = subprocess.Popen(
        [sys.executable, "-m", "worker", "tail", "--brokers", broker.bootstrap, "--count", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while tail.poll() is None and time.monotonic() < end:
            await asyncio.sleep(1)
            await send(broker, topics.claims, [(b"after", value)])
        out, err = tail.communicate(timeout=5)
    finally:
        tail.kill()
    assert tail.returncode == 0, err
    assert len(out.splitlines()) == 1


@pytest.fixture
async def two_workers():
    """The URLs of two that serve; the second has stopped for its breaker."""
    made, urls = [], []
    for port in free_ports(2):
        observation = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition(["ingest"]))
        observation.watch.look = _no_broker
        await observation.start()
        told = Observers(observation.health._condition, *observation.listeners)
        told.assigned("ingest", [TopicPartition("articles.raw", 0)], 1)
        made.append((observation, told))
        urls.append(f"127.0.0.1:{port}")
    yield made, urls
    for observation, _ in made:
        await observation.stop()


async def _no_broker():
    return None


async def test_top_adds_up_several_workers_and_names_who_does_not_answer(two_workers):
    made, urls = two_workers
    going = asyncio.Event()

    async def work():
        offset = 0
        while not going.is_set():
            offset += 1
            for _, told in made:
                told.record_taken("ingest", raw(offset))
                told.settled("ingest", raw(offset), dead() if offset % 10 == 0 else done(seconds=(("parse", 0.01),)))
                told.record_taken("lifecycle", extracted(offset))
                told.settled("lifecycle", extracted(offset), claims(2))
            await asyncio.sleep(0.02)

    working = asyncio.create_task(work())
    (free,) = free_ports(1)
    told = await asyncio.to_thread(_claimwire, "top", "--once", "--interval", "2", *urls, f"127.0.0.1:{free}")
    going.set()
    await working
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    rows = [next(line for line in lines if line.startswith(url)) for url in urls]
    assert all("ready" in row for row in rows)
    rates = [float(row.split()[3]) for row in rows]
    both = float(next(line for line in lines if line.startswith("all")).split()[1])
    assert all(rate > 5 for rate in rates)
    assert both == pytest.approx(sum(rates), abs=0.2)
    assert "no answer" in next(line for line in lines if f":{free}" in line)
    assert "parse" in told.stdout
    assert "dead not_json" in told.stdout


async def test_top_says_when_nobody_answers():
    (port,) = free_ports(1)
    told = await asyncio.to_thread(_claimwire, "top", "--once", f"127.0.0.1:{port}")
    assert told.returncode == 1
    assert "no worker answers" in told.stderr
