"""The operator's tools over topics that are full of what others wrote: each record is named and passed by."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from tests.operate.hostile_records import records
from tests.running import claimwire, prepare
from worker.contract.codec import encode
from worker.contract.published.examples import example_claim
from worker.contract.topics import LARGEST_RECORD, Topics, TopicSpec
from worker.streaming.topics.admin import create_missing

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
_ACTS = [char.encode() for char in ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\r")]


@dataclass
class Hostile:
    broker: object
    prefix: str
    topics: Topics

    def run(self, *command, codes=(0,)):
        """Runs a command. It ends as it should, without a traceback, and nothing in its output acts on a terminal."""
        done = claimwire(self.broker, self.prefix, *command)
        said = done.stdout + done.stderr
        assert b"Traceback" not in said, said[-3000:].decode("utf-8", "replace")
        assert done.returncode in codes, said[-3000:].decode("utf-8", "replace")
        assert not [char for char in _ACTS if char in said]
        assert b"\nFORGED" not in said
        return done

    def passed_by(self, done, topic):
        """Coordinates of the records of a topic that a command says it passed by."""
        return set(re.findall(rf"^PASSED BY ({re.escape(topic)}\[\d\]@\d+): \S", done.stderr.decode(), re.MULTILINE))

    def send(self, topic, rows):
        """The coordinates of the records. Those that Kafka itself refuses (without key and value) are left out."""

        async def work():
            producer = AIOKafkaProducer(
                bootstrap_servers=self.broker.bootstrap, max_request_size=32 * 1024 * 1024, compression_type="zstd"
            )
            await producer.start()
            try:
                futures = [
                    await producer.send(topic, value, key=key, headers=headers)
                    for key, value, headers in rows
                    if key or value
                ]
                sent = [await future for future in futures]
            finally:
                await producer.stop()
            return [f"{at.topic}[{at.partition}]@{at.offset}" for at in sent]

        return asyncio.run(work())


@pytest.fixture(scope="module")
def hostile(kafka):
    """An installation whose topics are full of foreign records, with one good claim at the end."""
    there = Hostile(kafka, "hostile.", asyncio.run(prepare(kafka, "hostile.")))
    rows = list(records())
    keyed = [row for row in rows if row[0]]
    claim = example_claim()
    for topic in (there.topics.raw, there.topics.dead, there.topics.retry, there.topics.dropped):
        there.send(topic, rows)
    for topic in (there.topics.extracted, there.topics.live, there.topics.claims):
        there.send(topic, keyed)
    there.send(there.topics.claims, [(claim.claim_id.encode(), encode(claim), [])])
    return there


@pytest.mark.parametrize(
    "command", ["dead ls", "dead ls --json", "audit", "audit --json", "lag", "replay --name never --plan"]
)
def test_a_command_over_foreign_records_ends_as_over_others(hostile, command):
    hostile.run(*command.split(), codes=(0, 1) if command.startswith("audit") else (0,))


def test_tail_names_what_is_no_claim_and_shows_the_claim_behind_it(hostile):
    done = hostile.run("tail", "--from-beginning", "--count", "1", "--publisher", "The Example")
    assert b"northern quay" in done.stdout
    assert b"is no claim and is left out" in done.stderr


def test_a_redrive_sends_nothing_to_topics_that_a_letter_chooses(hostile):
    letter = [
        ("claimwire_reason", b"not_json"),
        ("claimwire_topic", hostile.topics.claims.encode()),
        ("claimwire_partition", b"0"),
        ("claimwire_offset", b"0"),
    ]
    far = [(name, b"77" if name.endswith("partition") else value) for name, value in letter]
    far[1] = ("claimwire_topic", hostile.topics.raw.encode())
    hostile.send(hostile.topics.dead, [(b"forged", b"value", letter), (b"forged", b"value", far)])
    done = hostile.run("dead", "redrive", "--key", "forged", "--dry-run")
    assert b"0  to be sent" in done.stdout
    assert b"2  not sent: not from a partition of" in done.stdout


def test_dead_ls_names_each_record_that_is_no_letter(hostile):
    places = hostile.send(hostile.topics.dead, [(b"k", b"v", []), (b"k", b"v", [("claimwire_reason", b"x" * 999)])])
    assert set(places) <= hostile.passed_by(hostile.run("dead", "ls"), hostile.topics.dead)


def test_dead_show_shows_or_refuses_every_record(hostile):
    listed = hostile.run("dead", "ls", "--json")
    places = [place for line in listed.stdout.splitlines() for place in orjson.loads(line)["examples"]]
    for place in places[:6]:
        hostile.run("dead", "show", place)
    foreign = min(hostile.passed_by(listed, hostile.topics.dead))
    partition, offset = re.findall(r"\[(\d+)\]@(\d+)", foreign)[0]
    assert b"it is no letter of the worker" in hostile.run("dead", "show", f"{partition}:{offset}", codes=(1,)).stderr


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_dump_keeps_all_of_them_and_a_load_gives_them_back(hostile, tmp_path, name):
    topic, copy = hostile.topics.dropped, f"{hostile.prefix}copy.{name}"
    spec = TopicSpec(name=copy, purpose="a copy", config={"max.message.bytes": str(LARGEST_RECORD)})
    asyncio.run(create_missing(hostile.broker.brokers, [spec], partitions=1, replication=1))
    hostile.run("dump", topic, str(tmp_path / name))
    hostile.run("load", str(tmp_path / name), copy, "--by-key")
    hostile.run("dump", copy, str(tmp_path / f"again-{name}"))
    if name == "a.jsonl":

        def contents(path):
            records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
            return sorted(orjson.dumps([r["key"], r["headers"], r["value"]]) for r in records)

        assert contents(tmp_path / f"again-{name}") == contents(tmp_path / name)


def test_a_diff_passes_by_what_is_no_claim(hostile, tmp_path):
    hostile.run("replay", "--name", "trial", "--yes", "--rules-only", codes=(0, 1))
    sides = {
        name: hostile.send(f"{hostile.prefix}claims.replay.trial{name}", [row for row in records() if row[0]])
        for name in ("", ".extracted", ".passed")
    }
    hostile.send(
        f"{hostile.prefix}replays",
        [
            (f"{name}/{part}".encode(), value, [])
            for name in ("trial", "other", "")
            for part in ("plan", "control", "finished", "report", "place", "x")
            for value in (b"", b"[]", b"{}", b"[" * 100_000, b'{"paused": 1, "by": [], "position": 1e9}')
        ],
    )
    hostile.run("replay", "--list")
    done = hostile.run(
        "diff", "trial", "--unfinished", "--html", str(tmp_path / "a.html"), "--json", str(tmp_path / "a.json")
    )
    assert hostile.passed_by(done, hostile.topics.claims)
    assert hostile.passed_by(done, f"{hostile.prefix}claims.replay.trial") <= set(sides[""])
    assert hostile.passed_by(done, f"{hostile.prefix}claims.replay.trial.passed")
