"""The audit and its repair while the worker runs: it is fenced out for a moment, goes on, and nothing becomes wrong."""

from __future__ import annotations

import asyncio
import urllib.request

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from tests.running import Reader, RunningWorker, claimwire, prepare
from worker.local.tansu import free_ports

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

ARTICLES = 12
NAMES = ("Anna Lind", "Boris Hahn", "Clara Voss", "Dario Neri")


def _article(number, version):
    name, other = NAMES[version % 4], NAMES[(version + 1) % 4]
    said = (f"{name} said that the bridge would open in May.", f"{other} said that the harbour was closed.")
    body = "\n\n".join(["The council met in the town hall.", *said])
    return f"urn:{number}".encode(), orjson.dumps({"uri": f"urn:{number}", "version": str(version), "body": body})


def _metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return max((float(line.split()[-1]) for line in lines if line.startswith(name + " ")), default=None)


async def test_a_ghost_is_sampled_and_retracted_while_versions_come_in(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    (port,) = free_ports(1)
    worker = RunningWorker(kafka, topics_prefix, tmp_path, model="false", processes=1, audit_sample_s=2, web_port=port)
    worker.start()
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    sent = 0

    async def send(versions):
        nonlocal sent
        for version in versions:
            for number in range(ARTICLES):
                key, value = _article(number, version)
                await producer.send_and_wait(topics.raw, value, key)
                sent += 1

    try:
        async with Reader(kafka, topics.claims, topics.extracted) as reader:
            await send(range(1, 4))
            await reader.until(lambda seen: len(seen.records[topics.extracted]) == sent)
            await _clean(kafka, topics_prefix)
            first = reader.records[topics.claims][0]
            assert orjson.loads(first.value)["status"] == "asserted"
            last = [row for row in reader.records[topics.claims] if row.key == first.key][-1]
            assert orjson.loads(last.value)["status"] != "asserted"
            await producer.send_and_wait(topics.claims, first.value, first.key)
            sampled = asyncio.create_task(_until(lambda: _metric(port, "claimwire_audit_wrong_claims")))
            assert await sampled == 1
            assert f"of {orjson.loads(first.value)['article']['uri']} is wrong (not_made" in worker.log.read_text()

            busy = asyncio.create_task(_others(producer, topics, reader))
            told = await asyncio.to_thread(claimwire, kafka, topics_prefix, "audit", "--only", "claims", "--repair")
            sent += await busy
            assert f"RETRACTED {first.key.decode()}" in told.stdout.decode(), told.stdout + told.stderr
            assert told.returncode == 0

            await send([9])  # the partition that the repair took from the worker has its worker again
            await reader.until(lambda seen: len(seen.records[topics.extracted]) == sent)
            await _clean(kafka, topics_prefix)
    finally:
        await producer.stop()
        code = worker.stop()
    assert code == 0


async def _others(producer, topics, reader):
    """Versions of articles other than the one with the ghost, for as long as an audit takes. How many."""
    ghost = orjson.loads(reader.records[topics.claims][0].value)["article"]["uri"].encode()
    sent = 0
    for version in range(4, 8):
        for number in range(ARTICLES):
            key, value = _article(number, version)
            if key != ghost:
                await producer.send_and_wait(topics.raw, value, key)
                sent += 1
    return sent


async def _until(value, limit_s=60):
    """The first value that is not zero or None."""
    async with asyncio.timeout(limit_s):
        while not (found := await asyncio.to_thread(value)):
            await asyncio.sleep(0.2)
    return found


async def _clean(kafka, prefix):
    """Waits until the lifecycle has processed everything; nothing may be wrong by then, nor on the way."""

    def compared():
        told = claimwire(kafka, prefix, "audit", "--only", "claims", "--json")
        lines = [orjson.loads(line) for line in told.stdout.splitlines()]
        assert told.returncode == 0, lines or told.stderr
        (summary,) = (line["claims"] for line in lines if "claims" in line)
        return summary["articles"] == ARTICLES and not summary["open"]

    await _until(compared, limit_s=120)
