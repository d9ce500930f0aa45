"""Files published to articles.raw: nothing lost, what is refused is named, a run that was killed goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.running import claimwire, prepare, read_all
from tests.submit.submitted import article, uris
from worker.contract.codec import decode_article
from worker.local.kafka import start_kafka

FEED = (
    "<rss><channel><title>The Gazette</title>"
    + "".join(
        f"<item><link>https://gazette.example/{n}</link><description>Text {n} of it.</description></item>"
        for n in (1, 2)
    )
    + "</channel></rss>"
)
PAGE = (
    "<!DOCTYPE html><html><head><link rel='canonical' href='https://gazette.example/bridge'><title>Bridge</title></head>"
    "<body><article><p>The mayor said on Monday that the bridge is safe.</p></article></body></html>"
)


@pytest.fixture
def folder(tmp_path):
    """One file of each kind, with three values among them that are no articles."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jsonl").write_text(
        json.dumps(article("u1")) + "\n{broken\n\n" + json.dumps({"items": [article("u2"), {"url": "u3"}]}) + "\n",
        encoding="utf-8",
    )
    (tmp_path / "b" / "c.json").write_text(json.dumps([article("u4"), 7], indent=1), encoding="utf-8")
    (tmp_path / "d.xml").write_text(FEED, encoding="utf-8")
    (tmp_path / "e.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "f.txt").write_text("The mayor said no.", encoding="utf-8")
    return tmp_path


async def test_a_folder_of_all_kinds_is_published_and_what_is_refused_is_named(broker, topics_prefix, folder):
    topics = await prepare(broker, topics_prefix)
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(folder))
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert f"{folder}/a.jsonl:2: not_json: not JSON" in said
    assert f"{folder}/a.jsonl:4[1]: unknown_shape: no known form" in said
    assert f"{folder}/b/c.json[1]: unknown_shape: an article is a JSON object" in said
    assert done.stdout.decode().startswith("7 articles, ")
    assert "3 refused" in done.stdout.decode()
    published = await read_all(broker, topics.raw)
    assert sorted(record.key.decode() for record in published) == [
        f"file:{folder}/f.txt",
        "https://gazette.example/1",
        "https://gazette.example/2",
        "https://gazette.example/bridge",
        "u1",
        "u2",
        "u4",
    ]
    for record in published:
        assert decode_article(record.value).uri == record.key.decode()
    assert decode_article(next(r.value for r in published if r.key.endswith(b"/1"))).publisher == "The Gazette"


async def test_a_dry_run_says_the_same_and_sends_nothing(broker, topics_prefix, folder):
    topics = await prepare(broker, topics_prefix)
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(folder), "--dry-run")
    assert done.returncode == 1
    assert "7 articles, " in done.stdout.decode()
    assert "would go to" in done.stdout.decode()
    assert "a.jsonl:2: not_json" in done.stderr.decode()
    assert await uris(broker, topics.raw) == []


async def test_standard_input_is_published(broker, topics_prefix):
    topics = await prepare(broker, topics_prefix)
    given = b"\n".join(json.dumps(article(f"u{n}")).encode() for n in range(3))
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", "-", given=given)
    assert (done.returncode, await uris(broker, topics.raw)) == (0, ["u0", "u1", "u2"])


async def test_articles_of_one_uri_come_in_the_order_of_the_file(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix)
    lines = [article(f"u{n % 3}", version=str(n)) for n in range(60)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(tmp_path / "a.jsonl"))
    for uri in ("u0", "u1", "u2"):
        versions = [
            int(decode_article(r.value).version) for r in await read_all(broker, topics.raw) if r.key == uri.encode()
        ]
        assert versions == sorted(versions)
        assert len(versions) == 20


async def test_an_article_larger_than_the_topic_takes_is_refused_and_the_others_are_sent(
    broker, topics_prefix, tmp_path
):
    topics = await prepare(broker, topics_prefix)
    lines = [article("u1"), article("large", "x" * 11_000_000), article("u2")]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(tmp_path / "a.jsonl"))
    assert "a.jsonl:2: too_large" in done.stderr.decode()
    assert (done.returncode, await uris(broker, topics.raw)) == (1, ["u1", "u2"])


async def test_a_damaged_file_ends_it_behind_what_came_before(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix)
    lines = "\n".join(json.dumps(article(f"u{n}", "x" * 500)) for n in range(2000)).encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines)[:-2000])
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(tmp_path))
    assert done.returncode == 2
    assert "a.jsonl.gz: broken after line" in done.stderr.decode()
    sent = await uris(broker, topics.raw)
    assert len(sent) > 100
    assert f"{len(sent):,} articles" in done.stdout.decode()


async def test_a_topic_or_broker_that_is_not_there_is_named(broker, topics_prefix, folder):
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(folder))
    assert done.returncode == 2
    assert f"there is no topic {topics_prefix}articles.raw" in done.stderr.decode()
    away = await asyncio.to_thread(
        claimwire, broker, topics_prefix, "publish", str(folder), CLAIMWIRE_BROKERS="127.0.0.1:1"
    )
    assert away.returncode == 1
    assert "127.0.0.1:1" in away.stderr.decode()


def start(broker, prefix, *arguments):
    environment = os.environ | {"CLAIMWIRE_BROKERS": broker.bootstrap, "CLAIMWIRE_TOPIC_PREFIX": prefix}
    return subprocess.Popen(
        [sys.executable, "-m", "worker", "publish", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def some_were_sent(broker, topic, process, count):
    end = time.monotonic() + 60
    while len(await read_all(broker, topic)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_run_that_was_ended_goes_on_where_its_mark_is(broker, topics_prefix, tmp_path, how):
    topics = await prepare(broker, topics_prefix)
    for name in ("a", "b"):
        lines = [json.dumps(article(f"{name}{n:04}")) for n in range(40)] + ["{broken"]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    arguments = (str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--mark", str(tmp_path / "mark"))
    process = start(broker, topics_prefix, *arguments, "--rate", "20")
    await some_were_sent(broker, topics.raw, process, 45)  # in the second file
    process.send_signal(how)
    _, said = await asyncio.to_thread(process.communicate)
    before = len(await read_all(broker, topics.raw))
    assert before < 80
    if how is signal.SIGTERM:
        assert process.returncode == 3
        assert f"stopped behind {tmp_path}/b.jsonl:" in said.decode()
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", *arguments)
    assert "goes on behind" in done.stderr.decode()
    sent = await uris(broker, topics.raw)
    assert sorted(set(sent)) == sorted(f"{name}{n:04}" for name in "ab" for n in range(40))
    assert len(sent) - 80 <= (20 if how is signal.SIGKILL else 0)  # at most the batch that had no mark yet
    again = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", *arguments)
    assert (again.returncode, len(await uris(broker, topics.raw))) == (0, len(sent))


async def test_a_mark_of_other_files_is_refused(broker, topics_prefix, tmp_path):
    await prepare(broker, topics_prefix)
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(article(name)), encoding="utf-8")
    mark = ("--mark", str(tmp_path / "mark"))
    await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(tmp_path / "a.jsonl"), *mark)
    done = await asyncio.to_thread(claimwire, broker, topics_prefix, "publish", str(tmp_path / "b.jsonl"), *mark)
    assert done.returncode == 2
    assert "is the mark of other files" in done.stderr.decode()


@pytest.mark.kafka
@pytest.mark.slow
async def test_a_broker_that_goes_away_meanwhile_is_waited_for(topics_prefix, tmp_path):
    kafka = start_kafka()
    try:
        topics = await prepare(kafka, topics_prefix)
        lines = [json.dumps(article(f"u{n:04}")) for n in range(120)]
        (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        process = start(kafka, topics_prefix, str(tmp_path / "a.jsonl"), "--rate", "20")
        await some_were_sent(kafka, topics.raw, process, 20)
        kafka.kill(1)
        await asyncio.sleep(6)  # long enough for sends to fail
        kafka.start(1)
        _, said = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0, said
        assert set(await uris(kafka, topics.raw)) == {f"u{n:04}" for n in range(120)}
    finally:
        kafka.stop()
