"""An address that accepts and never answers holds a client for a moment only, and a command for a bounded time."""

from __future__ import annotations

import socket
import time

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError, RequestTimedOutError
from click.testing import CliRunner

from worker.brokers import Brokers
from worker.cli import main
from worker.commands.errors.exit_codes import why_ended
from worker.commands.errors.kafka_errors import KafkaUse
from worker.settings import Settings
from worker.streaming.access import bootstrap, diagnosis
from worker.streaming.access.client_options import client_options


@pytest.fixture
def silent(monkeypatch):
    """The address of a port that accepts and never answers; waiting for it takes a second at most."""
    monkeypatch.setattr(bootstrap, "_WHILE_OTHERS_S", 1.0)
    monkeypatch.setattr(bootstrap, "_ALONE_S", 1.0)
    monkeypatch.setattr(diagnosis, "_LIMIT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield f"127.0.0.1:{taken.getsockname()[1]}"


async def _start(addresses):
    """Seconds until a producer is started."""
    producer, begun = AIOKafkaProducer(**client_options(Brokers(addresses))), time.monotonic()
    try:
        await producer.start()
        return time.monotonic() - begun
    finally:
        await producer.stop()


async def test_none_but_silent_addresses_end_within_the_bound(silent):
    begun = time.monotonic()
    with pytest.raises(KafkaConnectionError, match=silent):
        await _start(silent)
    assert time.monotonic() - begun < 10


@pytest.mark.kafka
async def test_others_are_asked_meanwhile_and_first_the_next_time(kafka, silent, monkeypatch):
    monkeypatch.setattr(bootstrap, "_ALONE_S", 30.0)
    monkeypatch.setattr(bootstrap, "collect_hosts", _as_given)
    assert await _start(f"{silent},{kafka.bootstrap}") < 20
    assert bootstrap._was_silent(silent)
    asked = []
    own = bootstrap._aiokafkas_own
    monkeypatch.setattr(
        bootstrap, "_aiokafkas_own", lambda client: asked.append(client._bootstrap_servers) or own(client)
    )
    await _start(f"{silent},{kafka.bootstrap}")
    assert asked == [kafka.bootstrap]


def _as_given(given):
    """In the order in which they are given: aiokafka's is one of chance."""
    return [(*address.rsplit(":", 1), socket.AF_INET) for address in given.split(",")]


_COMMANDS = [
    ["topics"],
    ["lag"],
    ["tail"],
    ["said", "Anna"],
    ["watch", "add", "x", "--words", "quay"],
    ["audit"],
    ["dead", "redrive", "--yes"],
    ["replay", "--rules-only"],
    ["diff", "r"],
    ["promote", "r", "--yes"],
]


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_a_command_ends_with_one_sentence(silent, command, monkeypatch):
    monkeypatch.setenv("CLAIMWIRE_BROKERS", silent)
    done = CliRunner(mix_stderr=False).invoke(main, command)
    assert done.exit_code == 1, (done.stdout, done.stderr)
    assert f"no answer from Kafka at {silent}" in done.stderr
    assert "CLAIMWIRE_BROKERS" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.parametrize("error", [TimeoutError(), NodeNotReadyError("node id 1"), RequestTimedOutError()], ids=repr)
def test_whatever_says_that_kafka_was_not_reached_is_told_as_that(silent, error):
    said = why_ended(error, KafkaUse("run", Settings(brokers=silent)))
    assert f"no answer from Kafka at {silent}" in said
    assert "CLAIMWIRE_BROKERS" in said
