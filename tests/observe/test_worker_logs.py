"""The worker's own log and headers: one JSON object a line, no word of an article, the trace carried to the outputs."""

from __future__ import annotations

import json

import orjson
from aiokafka import AIOKafkaProducer

from tests.observe.watched import WatchedWorker, article
from tests.paths import POISON
from tests.running import Reader, claimwire, prepare
from worker.local.tansu import LocalBroker, free_ports

_WORD = "Quibblesnork"
_TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _records():
    """Good, broken in each way, and with a word in every field that would be found again in a log."""
    body = f"Mayor {_WORD} said that the bridge would open in May. “We are proud,” {_WORD} said."
    yield article("good", headline=_WORD, body=body)
    yield article("status", status=_WORD, body=body)
    yield article("date", published_at=_WORD, body=body)
    yield article("language", language=_WORD, body=body)
    yield b"k", orjson.dumps({"uri": "https://a.example/1", "text": _WORD, "title": _WORD})
    yield b"k", orjson.dumps({"uri": 7, "body": body})
    yield b"k", b'{"uri": "https://a.example/2", "body": "' + _WORD.encode()
    for path in sorted(POISON.glob("*.bin")):
        yield path.stem.encode(), path.read_bytes()


def test_without_kafka_the_last_line_says_so(tmp_path):
    (port,) = free_ports(1)
    done = claimwire(
        LocalBroker("none", f"127.0.0.1:{port}", idempotent_producers=True, stop=lambda: None),
        "none.",
        "run",
        CLAIMWIRE_WEB_PORT="0",
        CLAIMWIRE_DATA_DIR=str(tmp_path),
        CLAIMWIRE_LOG_FORMAT="json",
    )
    assert done.returncode == 1
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["level"], last["logger"]) == ("error", "run")
    assert last["event"].startswith("The worker has ended, exit code 1: ")
    assert f"127.0.0.1:{port}" in last["event"]
    assert "CLAIMWIRE_BROKERS" in last["event"]


async def test_no_word_of_an_article_is_logged_and_the_trace_goes_on(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix, partitions=1)
    worker = WatchedWorker(broker, topics_prefix, tmp_path, processes=1, log_format="json", breaker_least=1000)
    worker.start()
    try:
        records = list(_records())
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
        await producer.start()
        for key, value in records:
            await producer.send_and_wait(topics.raw, value, key=key, headers=[("traceparent", _TRACE)])
        await producer.stop()
        worker.until_ready()
        worker.wait("all", lambda: worker.sum("claimwire_records_total", agent="ingest") == len(records), 120)
        async with Reader(broker, topics.extracted, topics.claims, topics.dead) as reader:
            await reader.until(lambda r: r.records[topics.claims] and len(r.records[topics.dead]) >= 8)
        assert worker.stop() == 0
    finally:
        worker.stop()
    text = worker.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"at", "level", "logger", "event"} <= line.keys() for line in lines)
    assert _WORD.casefold() not in text.casefold()
    assert not [line for line in lines if line["level"] == "info" and line["logger"].startswith(("faust", "aiokafka"))]
    assert lines[-1]["event"] == "The worker has ended, exit code 0: it was stopped and has finished what it had begun"
    buried = [line for line in lines if line.get("reason") and line.get("topic") == topics.raw]
    assert buried
    assert all("partition" in line and "offset" in line for line in buried)
    for topic in (topics.extracted, topics.claims, topics.dead):
        for record in reader.records[topic]:
            assert dict(record.headers)["traceparent"] == _TRACE, topic
