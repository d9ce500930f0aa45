"""Records that others, or a broken program, could write to the topics of an installation.

Each is deterministic, so that a test that fails names it by the same coordinates again.
"""

from __future__ import annotations

import orjson

from worker.contract.published.examples import example_claim, example_extraction
from worker.contract.reasons import DeadReason

ACTING = "\x1b]0;owned\x07\x1b[2J\u202egnp\u2066\nFORGED line\r\x9b8m"
"""Sets a window's title, clears the screen, turns the order of words round, forges a line and hides what follows."""

FIELDS = (
    b"",
    None,
    b"-1",
    b"+1",
    b" 7 ",
    b"1e5",
    b"0x10",
    b"NaN",
    b"9" * 5000,
    b"999999999999999999999999999999",
    str(2**63 - 1).encode(),
    str(2**63).encode(),
    "١٢".encode(),
    b"\xff\xfe\x80",
    b"\xed\xa0\x80",
    ACTING.encode(),
    b"[0]",
    b"x" * 100_000,
)
"""Values of a header that should be a number, a word or a place."""

HEADERS = {
    "reason": b"not_json",
    "error": b"because",
    "topic": b"articles.raw",
    "partition": b"0",
    "offset": b"0",
    "timestamp": b"1700000000000",
    "attempt": b"1",
    "not_before": b"0",
    "first_seen": b"0",
    "value_bytes": b"2",
    "value_sha256": b"0" * 64,
    "value_left_out": b"False",
    "redrives": b"0",
    "redriven_from": b"articles.dead/0/0",
    "outcome": b"dead",
    "raw_timestamp": b"1700000000000",
}


def headers(**changed):
    """A complete set of Claimwire's headers, with some that are others."""
    return [(f"claimwire_{name}", value) for name, value in (HEADERS | changed).items()]


def header_sets():
    """Each header that Claimwire writes with each bad value, without it, and twice; and what CloudEvents carry."""
    yield []
    yield [(ACTING, ACTING.encode()), ("", b""), ("claimwire_", b"x"), ("claimwire_claimwire_reason", b"x")]
    yield [(f"h{number}", b"") for number in range(2000)]
    for name in HEADERS:
        yield [(key, value) for key, value in headers() if key != f"claimwire_{name}"]
        yield [*headers(), (f"claimwire_{name}", b"second")]
        for value in FIELDS:
            yield headers(**{name: value})
    for source in ("/t/" + "9" * 5000 + "/1", "/t/0/" + "9" * 5000, "/t/0/-1", "//0/0", "/" + ACTING + "/0/0", "/t/0"):
        yield [("ce_source", source.encode()), ("ce_subject", ACTING.encode())]
    for value in FIELDS:
        yield [("ce_source", value), ("ce_subject", value), ("ce_id", value), ("content-type", value)]


def _nested(value, place=()):
    """Every place in decoded JSON, as a path of names and numbers."""
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inner:
        yield from _nested(item, (*place, name))


def _with(value, place, new):
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _with(copy[place[0]], place[1:], new)
    return copy


def _without(value, place):
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(place) == 1:
        del copy[place[0]]
    else:
        copy[place[0]] = _without(copy[place[0]], place[1:])
    return copy


WRONG = (None, True, -1, 2**63 - 1, 2**80, 0.5, "", ACTING, [], [[]], {}, {"": None})


def twisted(message):
    """An event as JSON with each field in turn missing, or of another type, or of another kind of text."""
    event = orjson.loads(orjson.dumps(message))
    for number, place in enumerate(_nested(event)):
        if place:
            yield _json(_without(event, place))
        # not all at every place: a hundred places times twelve
        for wrong in (WRONG[number % len(WRONG)], WRONG[(number * 5 + 3) % len(WRONG)]):
            yield _json(_with(event, place, wrong))


def _json(value):
    import json

    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")  # orjson stops at 64 bits


GARBAGE = (
    None,
    b"",
    b" \n",
    b"\x00",
    b"\xff\xfe\x00\x01",
    b"\xef\xbb\xbf{}",
    b"null",
    b"0",
    b"1e999",
    b"NaN",
    b'"\\ud800"',
    b"[]",
    b"{}",
    b'{"claim_id": "a"}',
    b"[" * 100_000,
    b'{"article":' * 20_000,
    b'{"claim_id": ' + b"9" * 6000 + b"}",
    b"\x02(\xb5/\xfd",
    b"(\xb5/\xfd\x00\x00\x00",
    ACTING.encode(),
    orjson.dumps({ACTING: ACTING}),
    b"x" * 900_000,
)
"""Values that are no event of any topic."""

KEYS = (None, b"", b"\xff\xfe", ACTING.encode(), b"urn:" + b"k" * 50_000, b"\x00claimwire.\xff")


def values():
    yield from GARBAGE
    yield from twisted(example_claim())
    yield from twisted(example_extraction())


def records():
    """Pairs of (key, value, headers), each hostile in one way or in several."""
    sets, bodies = list(header_sets()), list(values())
    for number in range(max(len(sets), len(bodies))):
        key = KEYS[number % len(KEYS)]
        body = bodies[number % len(bodies)]
        if number % 3 and body is not None:
            key = _own_key(body) or key
        yield key, body, sets[number % len(sets)]


def _own_key(body):
    """The key that an event has in its topic, so that it gets past the comparison of the two."""
    try:
        event = orjson.loads(body)
        found = event.get("claim_id") or event["article"]["uri"]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, IndexError):
        return None
    return found.encode("utf-8", "surrogatepass") if isinstance(found, str) else None


assert set(DeadReason)  # the reasons are what HEADERS names one of
