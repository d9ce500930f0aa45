"""The fault suite's ledger sees what it is there to see: losses, repeats, disorder, standstill."""

from __future__ import annotations

import orjson

from tests.faults.ledger import Ledger
from tests.faults.stream import records
from worker.contract.topics import Topics
from worker.streaming.record import Record

T = Topics()


def ledger(outcomes, *, sent=4, claims=True):
    """`sent` records of one key, one a second from 100 on; outcomes as (offset, time)."""
    made = Ledger(T)
    for offset in range(sent):
        made.note(Record(T.raw, 0, offset, (100 + offset) * 1000, b"k", b"", ()), 100 + offset)
    for number, (offset, at) in enumerate(outcomes):
        value = orjson.dumps({"claims": [{"claim_id": f"c{offset}"}]})
        source = (("ce_source", f"/{T.raw}/0/{offset}".encode()),)
        made.note(Record(T.extracted, 0, number, 0, b"k", value, source), at)
        if claims:
            made.note(Record(T.claims, 0, number, 0, b"c%d" % offset, b'{"status": "asserted"}', ()), at)
    return made


def test_all_is_well():
    made = ledger([(0, 101), (1, 102), (2, 103), (3, 104)])
    assert (made.lost, made.duplicates, made.order_violations) == ([], 0, 0)
    assert not made.claims_lost
    assert made.longest_gap() == 1


def test_a_loss_is_seen_in_records_and_in_claims():
    made = ledger([(0, 101), (1, 102), (3, 104)], claims=False)
    assert made.lost == [(0, 2)]
    assert made.claims_lost == {"c0", "c1", "c3"}
    made.removed = {(0, 2)}
    assert made.lost == []


def test_a_repeat_after_a_crash_is_a_duplicate_and_no_disorder():
    made = ledger([(0, 101), (1, 102), (0, 110), (1, 111), (2, 112), (3, 113)])
    assert made.duplicates == 2
    assert made.order_violations == 0


def test_disorder_is_seen_between_first_outcomes_and_in_the_end():
    assert ledger([(0, 101), (2, 102), (1, 103), (3, 104)]).order_violations == 1
    assert ledger([(0, 101), (1, 102), (2, 103), (3, 104), (2, 105)]).order_violations == 1


def test_a_gap_counts_only_while_something_waits():
    made = ledger([(0, 100.5), (1, 101.5), (2, 130), (3, 131)])
    assert made.longest_gap() == 130 - 102  # the third record was sent at 102, nothing waited before
    assert made.recovery([110]) == 20
    assert made.recovery([101.6]) == 28


def test_dead_and_dropped_records_are_outcomes():
    made = ledger([(0, 101)])
    for topic, offset in ((T.dead, 1), (T.dropped, 2)):
        headers = {"claimwire_topic": T.raw, "claimwire_partition": "0", "claimwire_offset": str(offset)}
        pairs = tuple((name, value.encode()) for name, value in headers.items())
        made.note(Record(topic, 0, 0, 0, b"k", b"", pairs), 105)
    assert made.lost == [(0, 3)]
    assert made.kinds == {"ok": 1, "dead": 1, "dropped": 1}


def test_the_stream_has_rising_versions_of_each_key_and_its_share_of_poison():
    rows = list(records(1000, poison=0.1, keys=10))
    versions = {}
    for key, value in rows:
        if not key.startswith(b"poison"):
            version = int(orjson.loads(value)["version"])
            assert version == versions.get(key, 0) + 1
            versions[key] = version
    assert len(versions) == 10
    assert 60 < len(rows) - sum(versions.values()) < 140
