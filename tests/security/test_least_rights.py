"""The rights that docs/security.md gives are enough for each command, and one fewer is named."""

from __future__ import annotations

import asyncio
import json
import time
import traceback
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, Producer

from tests.paths import ROOT
from tests.running import RunningWorker
from tests.security.secured_kafka import PASSWORD, Acl
from worker.cli import main
from worker.commands.errors.start_check import StartRefusedError, check_start
from worker.contract.codec import encode
from worker.contract.published.examples import example_review
from worker.contract.reasons import DeadReason
from worker.contract.topics import Topics
from worker.local.tansu import free_ports
from worker.rights import rights_of, table
from worker.settings import load_settings
from worker.streaming.access.rights import Operation, Resource, missing_rights
from worker.streaming.outcome import Dead
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import dead_letter
from worker.streaming.topics.admin import create_missing

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    # aiokafka closes a connection that was refused without waiting for its end
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PREFIX, APP = "least.", "cw"
TOPICS = Topics.with_prefix(PREFIX)
REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "The bridge would reopen in May",
    "author": {"name": "The Checkers"},
    "url": "https://checks.example/bridge",
    "reviewRating": {"alternateName": "False"},
}
ARTICLE = {
    "uri": "urn:least:1",
    "title": "Mayor speaks",
    "published_at": "2026-11-20T09:00:00Z",
    "body": 'Mayor Anna Berg said on Friday that the bridge would reopen in May. "We will not raise taxes," she said.',
}


def login(user, listener="SASL_SSL", mechanism="SCRAM-SHA-512", **more):
    """The settings of a user of the secured Kafka, as environment variables give them."""

    def of(secured):
        brokers = secured.brokers(listener, user=user, mechanism=mechanism)
        settings = {
            "brokers": brokers.addresses,
            "security_protocol": brokers.protocol,
            "ssl_ca_file": str(secured.ours.path),
            "sasl_mechanism": mechanism,
            "sasl_username": user,
            "sasl_password": PASSWORD,
            "topic_prefix": PREFIX,
            "app_id": APP,
        }
        return {f"CLAIMWIRE_{name.upper()}": str(value) for name, value in (settings | more).items()}

    return of


def acl(user, right):
    return Acl(user, right.operation.name, right.resource.value, right.name, prefixed=right.prefixed)


def settle(brokers, right, *, held):
    """Waits until the broker's authorizer knows of a change."""
    until = time.monotonic() + 60
    while (not asyncio.run(missing_rights(brokers, [right]))) != held:
        assert time.monotonic() < until, right
        time.sleep(0.05)


class Granted:
    """A user with some rights, which are taken away again at the end."""

    def __init__(self, secured, user, rights):
        self.secured, self.user, self.rights = secured, user, list(rights)
        self.brokers = secured.brokers("SASL_SSL", user=user, mechanism="SCRAM-SHA-512")

    def __enter__(self):
        self.secured.grant(*(acl(self.user, right) for right in self.rights))
        for right in self.rights:
            settle(self.brokers, right, held=True)
        return self

    def __exit__(self, *_):
        self.secured.revoke(*(acl(self.user, right) for right in self.rights))
        for right in self.rights:
            settle(self.brokers, right, held=False)

    def without(self, right):
        """Another block, in which one of the rights is taken away."""
        return Without(self, right)


class Without:
    def __init__(self, granted, right):
        self._granted, self._right = granted, right

    def __enter__(self):
        granted = self._granted
        granted.secured.revoke(acl(granted.user, self._right))
        settle(granted.brokers, self._right, held=False)

    def __exit__(self, *_):
        granted = self._granted
        granted.secured.grant(acl(granted.user, self._right))
        settle(granted.brokers, self._right, held=True)


@pytest.fixture(scope="module")
def filled(secured, tmp_path_factory):
    """The topics after a worker with the least rights has made claims of an article; strangers wrote and read."""
    asyncio.run(create_missing(secured.administrator, TOPICS.specs(link=True), partitions=1, replication=1))
    settings, _ = load_settings(login("worker")(secured))
    parts = ("run", "run with audit_sample_s", "run with link")
    needed = list(dict.fromkeys(right for part in parts for right in rights_of(part, settings)))
    secured.grant(Acl("producer", "WRITE", "topic", TOPICS.raw), Acl("reader", "READ", "topic", TOPICS.claims))
    secured.grant(Acl("reader", "READ", "group", "strangers"))
    folder = tmp_path_factory.mktemp("worker")
    with Granted(secured, "worker", needed):
        (port,) = free_ports(1)
        told = {"processes": 1, "data_dir": folder / "data", "web_port": port, "log_level": "debug", "link": "true"}
        worker = RunningWorker(secured.cluster, PREFIX, folder)
        # PLAIN, since only there the password itself is in what the client sends, and could be in its log
        worker._environment |= login("worker", mechanism="PLAIN", **told)(secured)
        worker.start()
        try:
            claims = _claims_read_by_a_stranger(secured, worker)
            _wait_for_links(worker)
            pages = {path: _page(port, path) for path in PAGES}
        finally:
            worker.stop()
    return Filled(claims, worker.log.read_text(), pages)


@dataclass(frozen=True)
class Filled:
    claims: list
    log: str
    pages: dict


PAGES = ("/", "/metrics", "/api/state", "/api/claims", "/api/history", "/health/ready")


def _page(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def _wait_for_links(worker):
    until = time.monotonic() + 60
    while "-link: open with" not in (log := worker.log.read_text()):
        assert time.monotonic() < until, log[-3000:]
        assert worker.process.poll() is None, log[-3000:]
        time.sleep(0.2)


def _claims_read_by_a_stranger(secured, worker):
    producer = Producer(secured.foreign_login("SASL_SSL", "SCRAM-SHA-256", "producer"))
    producer.produce(TOPICS.raw, key="broken", value="{}")
    producer.produce(TOPICS.raw, key=ARTICLE["uri"], value=json.dumps(ARTICLE))
    assert producer.flush(60) == 0
    reading = {"group.id": "strangers", "auto.offset.reset": "earliest", "isolation.level": "read_committed"}
    consumer = Consumer(secured.foreign_login("SASL_SSL", "SCRAM-SHA-512", "reader") | reading)
    consumer.subscribe([TOPICS.claims])
    claims, until = [], time.monotonic() + 180
    try:
        while not claims:
            assert time.monotonic() < until, worker.log.read_text()[-3000:]
            assert worker.process.poll() is None, worker.log.read_text()[-3000:]
            message = consumer.poll(0.5)
            if message is not None:
                assert message.error() is None, message.error()
                claims.append(json.loads(message.value()))
    finally:
        consumer.close()
    return claims


def test_a_stranger_reads_the_claims_of_an_article_that_a_stranger_wrote(filled):
    assert any("Anna Berg" in json.dumps(claim) for claim in filled.claims)
    assert "grant the worker" not in filled.log


def test_no_secret_is_in_the_log_the_page_the_metrics_or_what_commands_print(secured, filled, monkeypatch):
    """The password of the worker is the canary; at debug level aiokafka logs each request that it sends."""
    assert "Request to" in filled.log
    shown = {"log": filled.log, **filled.pages}
    for name, value in login("worker", oauth_client_secret=PASSWORD, web_token=f"{PASSWORD}-web")(secured).items():
        monkeypatch.setenv(name, value)
    for arguments in (["config"], ["config", "--json"], ["topics"], ["lag"]):
        done = _run(secured, arguments)
        shown[" ".join(arguments)] = done.stdout + done.stderr
    settings, _ = load_settings()
    shown["repr"] = repr(settings) + repr(settings.kafka)
    monkeypatch.setattr("worker.streaming.topics.description.describe_topics", lambda *_: 1 / 0)
    broken = _run(secured, ["topics"])
    shown["traceback"] = "".join(traceback.format_exception(*broken.exc_info))
    assert "ZeroDivisionError" in shown["traceback"]
    assert [name for name, text in shown.items() if PASSWORD in text] == []


def test_what_a_start_lacks_is_named_at_once(secured, filled):
    settings, _ = load_settings(login("least")(secured))
    needed = [*rights_of("run", settings), *rights_of("run with audit_sample_s", settings)]
    with Granted(secured, "least", needed) as granted:
        asyncio.run(check_start(settings))
        for right in needed:
            with granted.without(right), pytest.raises(StartRefusedError) as refused:
                asyncio.run(check_start(settings))
            assert f"grant User:least {right} (" in str(refused.value)


def test_a_start_without_any_right_names_them_all(secured, filled):
    settings, _ = load_settings(login("nobody")(secured))
    with pytest.raises(StartRefusedError) as refused:
        asyncio.run(check_start(settings))
    assert all(str(right) in str(refused.value) for right in rights_of("run", settings))


def _asked(folder):
    """Arguments of each command, by its name in the table of rights."""
    dumped = folder / "dumped.jsonl"
    return {
        "topics": ["topics"],
        "lag": ["lag", "--json"],
        "tail": ["tail", "--from-beginning", "--count", "1"],
        "said": ["said", "Anna Berg"],
        "about": ["about", "Anna Berg"],
        "reviews add": ["reviews", "add", str(folder / "review.json")],
        "reviews ls": ["reviews", "ls"],
        "reviews rm": ["reviews", "rm", example_review().url],
        "watch add": ["watch", "add", "quay", "--words", "quay"],
        "watch ls": ["watch", "ls"],
        "watch alerts": ["watch", "alerts"],
        "watch rm": ["watch", "rm", "quay"],
        "dump": ["dump", TOPICS.raw, str(folder / f"{uuid.uuid4()}.jsonl")],
        "load": ["load", str(dumped), TOPICS.dropped],
        "publish": ["publish", str(folder / "article.json")],
        "audit": ["audit"],
        "dead ls": ["dead", "ls"],
        "dead purge": ["dead", "purge", "--all", "--yes"],
    }


@pytest.mark.parametrize("command", _asked(Path()))
def test_the_least_rights_are_enough_and_one_fewer_is_named(secured, filled, command, monkeypatch, tmp_path):
    for name, value in login("least")(secured).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "article.json").write_text(json.dumps(ARTICLE), encoding="utf-8")
    (tmp_path / "review.json").write_text(json.dumps(REVIEW), encoding="utf-8")
    (tmp_path / "dumped.jsonl").write_text('{"key": "a", "value": "{}"}\n', encoding="utf-8")
    topic = {"dump": TOPICS.raw, "load": TOPICS.dropped}.get(command, "")
    rights = rights_of(command, load_settings()[0], topic)
    with Granted(secured, "least", rights) as granted:
        done = _run(secured, _asked(tmp_path)[command])
        assert done.exit_code == 0, done.stderr
        for right in rights:
            with granted.without(right):
                done = _run(secured, _asked(tmp_path)[command])
            assert done.exit_code == 1, (right, done.stdout, done.stderr)
            assert str(right) in done.stderr, (right, done.stderr)
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr


_REPLAY = ("replay", "--rules-only", "--processes", "1", "--name")


@pytest.fixture(scope="module")
def replayed(secured, filled):
    """The replay `r`, made with the least rights; and a dead letter that can be sent back."""
    letter = dead_letter(TOPICS.dead, Record(TOPICS.raw, 0, 0, 0, b"broken", b"{}", ()), Dead(DeadReason.NOT_JSON, "x"))
    secured.write(letter.topic, letter.value, letter.key, letter.headers)
    with pytest.MonkeyPatch.context() as patched:
        _log_in(secured, patched)
        with Granted(secured, "least", rights_of("replay", load_settings()[0])):
            done = _run(secured, [*_REPLAY, "r"])
    assert done.exit_code == 0, (done.stdout, done.stderr, done.exception)
    return done.stdout


_AFTER_IT = {
    "diff": ["diff", "r"],
    "promote": ["promote", "r", "--yes", "--wait", "0"],
    "dead redrive": ["dead", "redrive", "--yes"],
}


@pytest.mark.parametrize("command", _AFTER_IT)
def test_the_least_rights_are_enough_for_what_follows_a_replay(secured, replayed, command, monkeypatch):
    _log_in(secured, monkeypatch)
    with Granted(secured, "least", rights_of(command, load_settings()[0])):
        done = _run(secured, _AFTER_IT[command])
    assert done.exit_code == 0, (done.stdout, done.stderr, done.exception)
    said = {"diff": "claims", "promote": "Published", "dead redrive": "1 sent back"}[command]
    assert said in done.stdout


@pytest.mark.parametrize("command", ["replay", *_AFTER_IT])
def test_one_right_fewer_is_named_before_a_command_begins(secured, replayed, command, monkeypatch):
    """Not for rights to create what is there already, nor for those on topics that a replay has yet to make."""
    _log_in(secured, monkeypatch)
    rights = rights_of(command, load_settings()[0])
    arguments = [*_REPLAY, "least"] if command == "replay" else _AFTER_IT[command]
    with Granted(secured, "least", rights) as granted:
        for right in rights:
            if right.operation is Operation.CREATE or (right.prefixed and right.resource is Resource.TOPIC):
                continue
            with granted.without(right):
                done = _run(secured, arguments)
            assert done.exit_code == 1, (right, done.stdout, done.stderr)
            assert str(right) in done.stderr, (right, done.stderr)
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_replay_that_may_not_write_its_topics_ends_and_says_so(secured, replayed, monkeypatch):
    """The publisher would try it again without end."""
    _log_in(secured, monkeypatch)
    side = f"{PREFIX}claims.replay.unwritable"
    secured.create_topics(side, f"{side}.extracted", f"{side}.live", f"{side}.passed")
    rights = rights_of("replay", load_settings()[0])
    kept = [right for right in rights if not (right.operation is Operation.WRITE and right.prefixed)]
    assert len(kept) == len(rights) - 1
    with Granted(secured, "least", kept):
        done = _run(secured, [*_REPLAY, "unwritable"])
    assert done.exit_code == 1, (done.stdout, done.stderr)
    assert f"WRITE on the topic {side}" in done.stderr


def _log_in(secured, monkeypatch):
    for name, value in login("least", processes=1)(secured).items():
        monkeypatch.setenv(name, value)


def _run(secured, arguments):
    if "purge" in arguments:  # what was there is gone after the first time
        secured.write(TOPICS.dead, b"a letter")
    if "rm" in arguments and "reviews" in arguments:
        review = example_review()
        secured.write(TOPICS.reviews, encode(review), review.review_id.encode())
    return CliRunner(mix_stderr=False).invoke(main, arguments)


def test_the_page_shows_the_rights_of_each_command():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in table() if row not in page] == []
