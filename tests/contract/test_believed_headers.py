"""A record of a topic that others write to says nothing about itself in Claimwire's own headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contract.coordinates import Coordinates, first_read, origin_of
from worker.contract.decimals import MAX_INT32, MAX_INT64
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.headers.retry_ticket import original_headers, sent_again, ticket_of
from worker.contract.topics import Topics
from worker.streaming.record import Record

TOPICS = Topics()
ORIGIN = (("claimwire_topic", b"other"), ("claimwire_partition", b"7"), ("claimwire_offset", b"123456789"))
TICKET = (
    *ORIGIN,
    ("claimwire_attempt", b"2"),
    ("claimwire_not_before", b"5"),
    ("claimwire_first_seen", b"4"),
    ("claimwire_reason", b"transient"),
)
REDRIVE = (("claimwire_redrives", b"1"), ("claimwire_redriven_from", b"articles.dead/0/17"))
RAW_TIME = ("claimwire_raw_timestamp", b"1700000000000")
OWN = (("traceparent", b"t"), ("x", b"y"))

_NAMES = [name for name, _ in (*TICKET, *REDRIVE, RAW_TIME)] + ["claimwire_timestamp", "claimwire_error", "x"]
_TEXTS = st.one_of(
    st.binary(max_size=40),
    st.integers(-(2**70), 2**70).map(lambda n: str(n).encode()),
    st.text(max_size=8).map(lambda t: t.encode()),
    st.sampled_from(["٣", "1_0", "+1", " 1", "0x1", "1e3", "-0", "²", "9" * 5000]).map(str.encode),
)
_HEADERS = st.lists(st.tuples(st.sampled_from(_NAMES), _TEXTS), max_size=12)


def _among(topic, headers):
    return tuple(BelievedHeaders.of_topic(topic, TOPICS).among(headers))


@pytest.mark.parametrize("topic", [TOPICS.raw, "somebody.elses", "file:dump.jsonl"])
def test_no_header_of_ours_is_believed_of_what_others_wrote(topic):
    assert _among(topic, (*OWN, *TICKET, RAW_TIME, ("claimwire_new", b"1"))) == OWN


@given(_HEADERS)
def test_a_raw_record_is_a_first_attempt_read_at_its_own_coordinates(headers):
    record = Record(TOPICS.raw, 3, 9, 99, b"k", b"", _among(TOPICS.raw, headers))
    assert ticket_of(record.headers) is None
    assert first_read(record).coordinates == Coordinates(TOPICS.raw, 3, 9)
    assert first_read(record).timestamp == 99


def test_a_record_that_comes_back_from_the_dead_letters_keeps_its_count():
    for topic in (TOPICS.raw, TOPICS.extracted):
        assert _among(topic, (*OWN, *TICKET, *REDRIVE)) == (*OWN, *REDRIVE)


@pytest.mark.parametrize(
    "forged",
    [
        REDRIVE[:1],
        REDRIVE[1:],
        (REDRIVE[0], ("claimwire_redriven_from", b"other.dead/0/17")),
        (REDRIVE[0], ("claimwire_redriven_from", b"articles.dead/0/99999999999999999999")),
        (("claimwire_redrives", b"-1000000"), REDRIVE[1]),
        (("claimwire_redrives", b"0"), REDRIVE[1]),
        (*REDRIVE, REDRIVE[0]),
        (REDRIVE[0], ("claimwire_redriven_from", None)),
    ],
)
def test_headers_that_no_redrive_writes_are_not_believed(forged):
    assert _among(TOPICS.raw, (*OWN, *forged)) == OWN


def test_records_of_our_own_topics_carry_tickets_and_origins():
    for topic in (TOPICS.retry, TOPICS.dead, TOPICS.dropped):
        assert _among(topic, TICKET) == TICKET


@given(_HEADERS)
def test_numbers_of_a_ticket_are_within_their_ranges_or_there_is_no_ticket(headers):
    ticket, origin = ticket_of([*TICKET, *headers]), origin_of([*ORIGIN, *headers])
    for found in (ticket, origin):
        if found is not None:
            assert 0 <= found.partition <= MAX_INT32
            assert 0 <= found.offset <= MAX_INT64
            assert -1 <= found.timestamp <= MAX_INT64
    if ticket is not None:
        assert 0 <= ticket.attempt <= MAX_INT32
        assert 0 <= ticket.not_before <= MAX_INT64
        assert 0 <= ticket.first_seen <= MAX_INT64


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("claimwire_offset", b"1000000000000000000000000000000"),
        ("claimwire_offset", b"9223372036854775808"),
        ("claimwire_partition", b"2147483648"),
        ("claimwire_partition", "٣".encode()),
        ("claimwire_partition", b"+3"),
        ("claimwire_timestamp", b"999999999999999999999999999999"),
        ("claimwire_timestamp", b"-2"),
    ],
)
def test_an_origin_with_a_number_out_of_range_is_none(name, value):
    assert origin_of([*ORIGIN, ("claimwire_timestamp", b"-1")]) is not None
    assert origin_of([*ORIGIN, ("claimwire_timestamp", b"-1"), (name, value)]) is None


def test_an_attempt_below_zero_makes_no_ticket():
    assert ticket_of(TICKET).attempt == 2
    assert ticket_of([*TICKET, ("claimwire_attempt", b"-1000000")]) is None


def test_an_extraction_keeps_the_time_of_its_raw_record_through_death_and_redrive():
    headers = _among(TOPICS.extracted, (*OWN, RAW_TIME))
    assert RAW_TIME in headers
    letter = [*original_headers(headers), *ORIGIN]
    assert sent_again(letter) == [*OWN, RAW_TIME]
    assert RAW_TIME in _among(TOPICS.extracted, (*sent_again(letter), *REDRIVE))
