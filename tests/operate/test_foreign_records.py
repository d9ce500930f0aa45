"""Whatever is in a record: each reader of the operator's tools has a row for it, or says why it is none."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import cramjam
import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.strategies import json_values
from tests.operate.hostile_records import FIELDS, HEADERS, header_sets, values
from worker.commands.dead import _group_line, _print_letter
from worker.commands.options.times import printed_time
from worker.contract.coordinates import Coordinates, origin_of, raw_timestamp
from worker.contract.decimals import MAX_INT32, MAX_INT64
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.packed import unpacked
from worker.operate.article_buckets import ArticleBuckets
from worker.operate.audit_rows import UnreadableError, claim_row, extraction_row, state_row
from worker.operate.dead_letters import DeadLetterGroup, parse
from worker.replay.diff.claim_shape import (
    ForeignEventError,
    claim_event,
    claim_in_file,
    extracted_in_file,
    passed_in_file,
)
from worker.replay.diff.compare import compared, essence
from worker.replay.diff.text import facts, who
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import Filter, PlanError
from worker.replay.plan.registry import RegistryEntry
from worker.stages.article_state import BrokenStateError, unpack
from worker.streaming.record import Record

_VALUES = list(values())
_HEADERS = list(header_sets())
_names = st.sampled_from([f"claimwire_{name}" for name in HEADERS] + ["ce_source", "ce_subject"]) | st.text(max_size=20)
_headers = st.sampled_from(_HEADERS) | st.lists(
    st.tuples(_names, st.sampled_from(FIELDS) | st.none() | st.binary(max_size=30)), max_size=20
)
_values = st.sampled_from(_VALUES) | st.none() | st.binary(max_size=300) | json_values.map(msgspec.json.encode)
_state_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9) | st.binary(),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=25,
)
_states = _state_values.map(lambda state: b"\x02" + bytes(cramjam.zstd.compress(msgspec.msgpack.encode(state))))
_timestamps = st.integers(-(2**63), 2**63 - 1)
_records = st.builds(
    Record,
    st.just("t"),
    st.integers(0, 9),
    st.integers(0, MAX_INT64),
    _timestamps,
    st.none() | st.binary(max_size=40),
    _values,
    _headers.map(tuple),
)
_LOOSE = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@_LOOSE
@given(_records)
def test_a_dead_letter_is_counted_and_shown_or_is_none(record):
    letter = parse(record)
    if letter is None:
        return
    group = DeadLetterGroup(letter.reason, letter.topic)
    group.add(letter)
    with redirect_stdout(io.StringIO()) as shown:
        _print_letter(letter, "dead")
    assert len(shown.getvalue()) < 40_000
    assert len(_group_line(group)) < 1000
    assert letter.partition <= MAX_INT32
    assert letter.offset <= MAX_INT64


@_LOOSE
@given(_records)
def test_headers_give_coordinates_in_their_ranges_or_none(record):
    for found in (origin_of(record.headers), ticket_of(record.headers), Coordinates.in_event(record.headers)):
        if found is not None:
            assert 0 <= found.partition <= MAX_INT32
            assert 0 <= found.offset <= MAX_INT64
    assert (raw_timestamp(record.headers) or 1) > 0


@_LOOSE
@given(_records, _states | _values)
def test_the_audit_can_keep_what_it_reads_of_any_record(record, state):
    with_state = Record("t", 0, 0, record.timestamp, record.key, state, record.headers)
    with ArticleBuckets(10) as buckets:
        kept = 0
        for read, one in ((extraction_row, record), (claim_row, record), (state_row, with_state)):
            try:
                row = read(one)
            except UnreadableError as foreign:
                assert str(foreign)
                continue
            buckets.add(row)
            kept += 1
        assert sum(len(rows) for _, rows in buckets.articles()) == kept


@_LOOSE
@given(_states | _values)
def test_a_state_is_read_or_broken(value):
    try:
        unpack(value or b"")
    except BrokenStateError as broken:
        assert str(broken)


def test_a_state_that_becomes_gigabytes_is_broken():
    bomb = bytes(cramjam.zstd.compress(bytes(300 * 1024 * 1024)))
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match="become more than"):
        unpacked(bomb)
    with pytest.raises(BrokenStateError):
        unpack(b"\x02" + bomb)


@_LOOSE
@given(_values, _values)
def test_claims_are_compared_and_shown_or_are_foreign(one, other):
    events = []
    for value in (one, other):
        try:
            events.append(claim_event(value or b""))
        except ForeignEventError as foreign:
            assert str(foreign)
    for event in events:
        assert essence(event, {"attribution.cue", "content.text"})
        assert who(event)
        assert facts(event)
    compared(events[:1], events[1:])


@pytest.mark.parametrize("read", [claim_in_file, extracted_in_file, passed_in_file])
@_LOOSE
@given(value=_values)
def test_a_line_of_a_replays_files_is_read_or_foreign(read, value):
    try:
        assert read(value or b"")
    except ForeignEventError as foreign:
        assert str(foreign)


@_LOOSE
@given(st.sampled_from(["plan", "control", "finished", "report", "place"]), _values)
def test_a_part_of_a_replays_entry_is_read_or_refused(part, value):
    try:
        RegistryEntry().put("t", part, value or b"")
    except PlanError as foreign:
        assert str(foreign)


@_LOOSE
@given(json_values | st.builds(lambda inner: {"replay": "r", "reasons": inner, "read": inner}, json_values))
def test_the_text_of_a_commit_gives_counts_or_none(note):
    counts = ReplayCounts.from_note(msgspec.json.encode(note).decode(), "r")
    assert counts is None or counts.note("r")


@_LOOSE
@given(_records)
def test_a_filter_by_publisher_wants_a_record_or_not(record):
    assert Filter(publishers=("The Example",)).wanted()(record) in {True, False}


@given(_timestamps)
@example(-1)
@example(2**63 - 1)
def test_any_timestamp_can_be_printed(timestamp):
    assert printed_time(timestamp).isascii()
