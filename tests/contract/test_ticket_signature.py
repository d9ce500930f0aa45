"""A signed ticket holds for its record, in its topic, for as long as its key is one of the keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worker.contract.coordinates import first_read
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.headers.ticket_signature import TicketKeys
from worker.contract.reasons import RetryReason
from worker.contract.topics import Topics
from worker.streaming.outcome import Retry
from worker.streaming.record import Record
from worker.streaming.settle.retries import RetryOptions, again_or_dead

TOPICS = Topics()
OLD, NEW = "an-old-key-of-24-letters", "a-new-key-of-24-letters."
RAW = Record("articles.raw", 3, 17, 5, b"k", b'{"uri": "k"}', (("traceparent", b"t"), ("claimwire_redrives", b"1")))


def _retried(keys, record=RAW):
    """The record of articles.retry, as a worker with these keys writes it."""
    options = RetryOptions(topic=TOPICS.retry, attempts=5, max_wait_s=600.0, keys=TicketKeys(keys) if keys else None)
    out = again_or_dead(record, Retry(RetryReason.TRANSIENT, "busy", 1.0), options, 1_000_000)
    return Record(out.topic, 0, 99, 1_000_000, out.key, out.value, tuple(out.headers))


def _believed(record, keys):
    rule = replace(BelievedHeaders.of_topic(TOPICS.retry, TOPICS), keys=TicketKeys(keys))
    return Record.of(record, rule.of_record)


@pytest.mark.parametrize(
    ("signed_with", "accepted"),
    [(OLD, OLD), (OLD, f"{NEW},{OLD}"), (f"{NEW}, {OLD}", NEW), (f"{NEW},{OLD}", f"{OLD},{NEW}")],
)
def test_a_key_can_be_changed_while_tickets_wait(signed_with, accepted):
    read = _believed(_retried(signed_with), accepted)
    assert ticket_of(read.headers).attempt == 1
    assert first_read(read).offset == 17


def test_another_attempt_has_a_signature_of_its_own():
    again = _retried(NEW, _believed(_retried(OLD), f"{NEW},{OLD}"))
    assert ticket_of(_believed(again, NEW).headers).attempt == 2
    assert [name for name, _ in again.headers].count("claimwire_signature") == 1


def _with_header(record, name, value):
    kept = [pair for pair in record.headers if pair[0] != name]
    return replace(record, headers=(*kept, (name, value)))


FORGERIES = {
    "no signature": lambda r: replace(r, headers=tuple(p for p in r.headers if p[0] != "claimwire_signature")),
    "two signatures": lambda r: replace(r, headers=(*r.headers, ("claimwire_signature", b"0" * 64))),
    "an empty signature": lambda r: _with_header(r, "claimwire_signature", b""),
    "a signature that is null": lambda r: _with_header(r, "claimwire_signature", None),
    "another attempt": lambda r: _with_header(r, "claimwire_attempt", b"0"),
    "another offset": lambda r: _with_header(r, "claimwire_offset", b"18"),
    "a header more": lambda r: replace(r, headers=(*r.headers, ("claimwire_raw_timestamp", b"1"))),
    "a header that is null": lambda r: replace(r, headers=(*r.headers, ("claimwire_x", None))),
    "another value": lambda r: replace(r, value=b"{}"),
    "a deletion": lambda r: replace(r, value=None),
    "another key": lambda r: replace(r, key=b"l"),
    "no key": lambda r: replace(r, key=None),
    "another topic": lambda r: replace(r, topic="other.articles.retry"),
    "bytes moved from the key to the value": lambda r: replace(r, key=b"", value=r.key + r.value),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_what_was_changed_is_not_believed(forge):
    read = _believed(forge(_retried(OLD)), OLD)
    assert [name for name, _ in read.headers] == ["traceparent"]
    assert first_read(read).offset == 99  # its own, in the retry topic


def test_a_ticket_of_another_key_is_not_believed():
    assert ticket_of(_believed(_retried(NEW), OLD).headers) is None


def test_without_a_key_nothing_is_signed():
    record = _retried("")
    assert "claimwire_signature" not in dict(record.headers)
    rule = BelievedHeaders.of_topic(TOPICS.retry, TOPICS)
    assert ticket_of(Record.of(record, rule.of_record).headers).attempt == 1
