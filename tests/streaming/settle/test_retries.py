from __future__ import annotations

from worker.contract.coordinates import origin_of
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.reasons import DeadReason, RetryReason
from worker.streaming.outcome import Dead, Output, Retry
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import Completeness, dead_letter
from worker.streaming.settle.retries import RetryOptions, again_or_dead, due_ms

OPTIONS = RetryOptions(topic="articles.retry", attempts=4, max_wait_s=30.0)
FIRST = Record("articles.raw", 3, 1207, 111, b"key", b"value", (("traceparent", b"t"), ("claimwire_x", b"y")))
NOW = 1_700_000_000_000


def _as_read(output, offset=0):
    return Record(output.topic, 0, offset, NOW, output.key, output.value, tuple(output.headers))


def test_a_record_comes_back_with_its_bytes_its_first_place_and_a_count_until_its_chances_are_used_up():
    record, waits = FIRST, []
    for attempt in range(1, OPTIONS.attempts):
        again = again_or_dead(record, Retry(RetryReason.TRANSIENT, "busy", 10.0), OPTIONS, NOW)
        assert isinstance(again, Output)
        assert (again.topic, again.key, again.value) == ("articles.retry", b"key", b"value")
        ticket = ticket_of(again.headers)
        assert ticket.attempt == attempt
        assert (ticket.topic, ticket.partition, ticket.offset, ticket.timestamp) == ("articles.raw", 3, 1207, 111)
        assert ("traceparent", b"t") in again.headers
        assert len({key for key, _ in again.headers}) == len(again.headers)
        waits.append(ticket.not_before - NOW)
        record = _as_read(again, attempt)
    assert waits == [10_000, 20_000, 30_000]  # twice as long each time, up to the longest
    dead = again_or_dead(record, Retry(RetryReason.TRANSIENT, "busy", 10.0), OPTIONS, NOW)
    assert isinstance(dead, Dead)
    assert dead.reason is DeadReason.RETRIES_EXHAUSTED
    assert "busy" in dead.error


def test_what_costs_a_process_gets_one_more_chance_and_then_its_own_reason():
    retry = Retry(RetryReason.CHILD_DIED, "exit code -9", 1.0)
    again = again_or_dead(FIRST, retry, OPTIONS, NOW)
    assert isinstance(again, Output)
    dead = again_or_dead(_as_read(again), retry, OPTIONS, NOW)
    assert isinstance(dead, Dead)
    assert dead.reason is DeadReason.CHILD_DIED


def test_the_wait_stays_finite_however_often_a_record_was_tried():
    options = RetryOptions(topic="articles.retry", attempts=2**40, max_wait_s=30.0)
    first = again_or_dead(FIRST, Retry(RetryReason.TRANSIENT, "busy", 10.0), options, NOW)
    headers = [(k, b"2147483647" if k == "claimwire_attempt" else v) for k, v in first.headers]
    tried = Record("articles.retry", 0, 0, NOW, b"key", b"value", tuple(headers))
    again = again_or_dead(tried, Retry(RetryReason.TRANSIENT, "busy", 10.0), options, NOW)
    assert dict(again.headers)["claimwire_not_before"] == str(NOW + 30_000).encode()


def test_one_attempt_means_no_retries():
    options = RetryOptions(topic="articles.retry", attempts=1, max_wait_s=30.0)
    for reason in RetryReason:
        assert isinstance(again_or_dead(FIRST, Retry(reason, "x", 1.0), options, NOW), Dead)


def test_a_dead_letter_after_retries_names_the_first_place_and_the_tries():
    again = again_or_dead(FIRST, Retry(RetryReason.TRANSIENT, "busy", 1.0), OPTIONS, NOW)
    letter = dead_letter("articles.dead", _as_read(again), Dead(DeadReason.RETRIES_EXHAUSTED, "busy"))
    headers = dict(letter.headers)
    assert len(headers) == len(letter.headers)
    assert headers["claimwire_topic"] == b"articles.raw"
    assert headers["claimwire_offset"] == b"1207"
    assert headers["claimwire_attempts"] == b"2"
    assert "claimwire_not_before" not in headers
    assert letter.value == b"value"
    assert origin_of(letter.headers).offset == 1207


def test_a_dead_letter_with_less_keeps_where_the_rest_stands():
    for completeness in (Completeness.WITHOUT_VALUE, Completeness.COORDINATES):
        letter = dead_letter("articles.dead", FIRST, Dead(DeadReason.NOT_JSON, "x"), completeness)
        headers = dict(letter.headers)
        assert letter.value == b""
        assert headers["claimwire_value_left_out"] == b"True"
        assert headers["claimwire_value_bytes"] == b"5"
        assert headers["claimwire_offset"] == b"1207"
    assert letter.key is None
    assert "traceparent" not in headers


def test_a_record_is_held_until_its_time_and_never_longer_than_the_longest_wait():
    again = _as_read(again_or_dead(FIRST, Retry(RetryReason.TRANSIENT, "busy", 10.0), OPTIONS, NOW))
    assert due_ms(again, 30.0, NOW) == NOW + 10_000
    assert (
        due_ms(again, 30.0, NOW - 3_600_000) == NOW - 3_600_000 + 30_000
    )  # the clock was an hour ahead when it failed
    assert due_ms(FIRST, 30.0, NOW) == NOW


def test_headers_that_are_no_ticket_mean_a_first_attempt():
    broken = (("claimwire_attempt", b"many"), ("claimwire_topic", b"t"))
    assert ticket_of(broken) is None
    assert origin_of(broken) is None
    assert ticket_of(()) is None
