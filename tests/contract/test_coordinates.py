from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.contract.coordinates import Coordinates, first_read
from worker.streaming.record import Record

_TOPICS = st.text(alphabet="abcXYZ019._-", min_size=1)


@given(_TOPICS, st.integers(0, 10**6), st.integers(0, 2**63 - 1))
def test_coordinates_come_back_from_the_header_of_an_event(topic, partition, offset):
    at = Coordinates(topic, partition, offset)
    assert Coordinates.from_source(at.source) == at
    assert Coordinates.in_event([("ce_id", b"x"), ("ce_source", at.source.encode())]) == at


def test_other_sources_give_no_coordinates():
    assert Coordinates.in_event([("ce_source", b"/odd/topic/x/17"), ("other", b"")]) is None
    assert Coordinates.in_event([("ce_source", b"\xff/1/2/")]) is None
    assert Coordinates.in_event([("ce_source", None)]) is None
    assert Coordinates.in_event([]) is None


def test_a_record_was_read_first_where_its_headers_say_and_else_where_it_is():
    headers = (("claimwire_topic", b"articles.raw"), ("claimwire_partition", b"3"), ("claimwire_offset", b"1207"))
    plain = Record("articles.retry", 0, 5, 99, None, b"", ())
    assert first_read(plain).coordinates == Coordinates("articles.retry", 0, 5)
    assert first_read(plain).timestamp == 99
    retried = Record("articles.retry", 0, 5, 99, None, b"", (*headers, ("claimwire_timestamp", b"7")))
    assert first_read(retried).coordinates == Coordinates("articles.raw", 3, 1207)
    assert first_read(retried).timestamp == 7
    incomplete = Record("articles.retry", 0, 5, 99, None, b"", headers[:2])
    assert first_read(incomplete).coordinates == Coordinates("articles.retry", 0, 5)
