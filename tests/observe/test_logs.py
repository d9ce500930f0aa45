"""A log line is one event with its coordinates, and gives away neither an article's words nor a secret."""

from __future__ import annotations

import io
import json
import logging
import signal

import pytest

from tests.observe.happenings import Clock, raw
from worker.contract.reasons import DeadReason
from worker.observe.logs import LogHandler, configure_logs


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stream():
    return io.StringIO()


@pytest.fixture
def log(stream, clock):
    made = logging.getLogger("claimwire.test")
    made.setLevel("DEBUG")
    made.propagate = False
    handler = LogHandler(stream, as_json=True, clock=clock)
    made.addHandler(handler)
    yield made
    made.removeHandler(handler)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_the_records_coordinates_and_the_reason(log, stream):
    log.warning("%s goes to the dead letters: %s: %s", raw(7, partition=3), DeadReason.NOT_JSON, "not JSON: at 3")
    (line,) = lines(stream)
    assert (line["topic"], line["partition"], line["offset"]) == ("articles.raw", 3, 7)
    assert line["reason"] == "not_json"
    assert line["level"] == "warning"
    assert line["event"].endswith("not_json: not JSON: at 3")
    assert line["at"].endswith("Z")


def test_repeats_are_held_back_and_counted(log, stream, clock):
    for offset in range(100):
        log.info("%s passed by: %s", raw(offset), "language")
    assert len(lines(stream)) == 5
    clock.pass_(11)
    log.info("something else")
    assert [line["event"] for line in lines(stream)[5:]] == [
        "95 more in 11s; the last: articles.raw[0]@99 key='https://news.example/1' passed by: language",
        "something else",
    ]
    log.info("%s passed by: %s", raw(101), "language")
    assert len(lines(stream)) == 8


def test_what_was_held_back_is_said_at_the_end(stream, clock):
    handler = LogHandler(stream, as_json=True, clock=clock)
    for _ in range(9):
        handler.emit(logging.LogRecord("claimwire.x", logging.INFO, "", 0, "again", None, None))
    handler.close()
    assert lines(stream)[-1]["event"].startswith("4 more")


def test_other_libraries_are_heard_from_warning_on(stream, clock):
    handler = LogHandler(stream, as_json=True, clock=clock)
    for level in (logging.INFO, logging.WARNING):
        for name in ("aiokafka.consumer", "faust.worker", "worker.agents.ingest_service", "claimwire.intake"):
            handler.emit(logging.LogRecord(name, level, "", 0, "a line", None, None))
    shown = [(line["logger"], line["level"]) for line in lines(stream)]
    assert shown[0] == ("intake", "info")
    assert {level for _, level in shown[1:]} == {"warning"}
    assert len(shown) == 5


def test_at_debug_they_say_all(caplog):
    caplog.set_level(logging.NOTSET, "aiokafka")  # a replay in this process may have silenced it
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure_logs("debug", "json", stream)
        logging.getLogger("aiokafka.consumer").info("Discovered coordinator %s", 1)
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:] = before
        root.setLevel(level)
    assert [line["event"] for line in lines(stream)] == ["Discovered coordinator 1"]


def test_a_signal_is_no_reason(log, stream):
    log.info("Signal received: %s", signal.SIGTERM)
    assert "reason" not in lines(stream)[0]


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        (DeadReason.EXTRACTION_FAILED, "ValueError: could not convert string to float: 'the minister wept'"),
        (DeadReason.EXTRACTION_FAILED, "the minister wept"),
        (DeadReason.BAD_SCHEMA, "Invalid enum value 'the minister wept' - at `$.status`"),
        (DeadReason.LIFECYCLE_FAILED, "KeyError: the minister wept"),
        (DeadReason.RETRIES_EXHAUSTED, "transient: the minister wept"),
    ],
)
def test_an_articles_words_stay_out_of_the_log(log, stream, reason, error):
    log.warning("%s goes to the dead letters: %s: %s", raw(1), reason, error)
    assert "minister" not in stream.getvalue()
    assert lines(stream)[0]["reason"] == reason


def test_debug_may_quote(log, stream):
    log.debug("%s: %s: %s", raw(1), DeadReason.EXTRACTION_FAILED, "ValueError: the minister wept")
    assert "minister" in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "sasl password=hunter2",
        "connecting to http://me:hunter2@proxy:8080/",
        '{"api_key": "hunter2"}',
        "Token: hunter2",
    ],
)
def test_secrets_are_masked(log, stream, text):
    log.error("%s", text)
    assert "hunter2" not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_a_traceback_is_part_of_its_event(log, stream):
    try:
        raise RuntimeError("no")
    except RuntimeError:
        log.exception("It failed")
    (line,) = lines(stream)
    assert "RuntimeError: no" in line["traceback"]


def test_text_for_a_terminal(stream, clock):
    handler = LogHandler(stream, as_json=False, clock=clock)
    handler.emit(logging.LogRecord("claimwire.intake", logging.INFO, "", 0, "Assigned: %s", ("articles.raw[0]",), None))
    assert "INFO    intake     Assigned: articles.raw[0]" in stream.getvalue()
