"""The fault suite's ledger sees losses, repeats, disorder, wrong claims and standstill, so that a fault without them
passed for a reason.
"""

from __future__ import annotations

import orjson

from tests.faults.ledger import Ledger
from tests.faults.stream import article, records
from worker.contract.codec import decode_article
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
            made.note(claim(f"c{offset}"), at)
    return made


def claim(claim_id, status="asserted", revision=1):
    """An event of `claims`; status None: its tombstone."""
    value = None if status is None else orjson.dumps({"status": status, "revision": revision})
    return Record(T.claims, 0, 0, 0, claim_id.encode(), value, ())


def extraction(offset, claims, key=b"k"):
    """The extraction of the raw record at `offset`; claims None: the deletion of its article."""
    value = None if claims is None else orjson.dumps({"claims": [{"claim_id": c} for c in claims]})
    return Record(T.extracted, 0, 0, 0, key, value, (("ce_source", f"/{T.raw}/0/{offset}".encode()),))


def claims_after(*records):
    made = Ledger(T)
    for record in records:
        made.note(record, 100)
    return made


def test_without_a_fault_nothing_is_lost_repeated_or_out_of_order():
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


def test_claims_that_follow_the_youngest_version_are_right():
    made = claims_after(extraction(0, "ab"), claim("a"), claim("b"))
    made.note(extraction(1, "bc"), 101)
    assert made.missing == {"c"}
    assert made.ghosts == {"a"}
    for event in (claim("b"), claim("c"), claim("a", "superseded", 2)):
        made.note(event, 102)
    assert (made.ghosts, made.missing, made.revisions_back) == (set(), set(), 0)


def test_a_claim_of_an_older_version_that_is_asserted_is_a_ghost():
    """As a worker leaves it that went on with an old state: the repeat of an older extraction changes no truth."""
    late = (extraction(0, "a"), claim("a", "asserted", 3))
    made = claims_after(
        extraction(0, "a"), claim("a"), extraction(1, "b"), claim("a", "retracted", 2), claim("b"), *late
    )
    assert made.ghosts == {"a"}
    assert made.missing == set()


def test_a_claim_that_was_retracted_though_its_article_makes_it_is_missing():
    made = claims_after(extraction(0, "ab"), claim("a"), claim("b"), claim("b", "retracted", 2))
    assert made.missing == {"b"}
    assert not made.claims_lost


def test_a_revision_that_went_back_is_seen_but_not_after_a_deletion():
    made = claims_after(extraction(0, "a"), claim("a", "asserted", 13), claim("a", "asserted", 11))
    assert made.revisions_back == 1
    made = claims_after(extraction(0, "a"), claim("a", "retracted", 13), claim("a", None), claim("a", "asserted", 1))
    assert made.revisions_back == 0


def test_nothing_may_be_asserted_of_a_deleted_article():
    made = claims_after(extraction(0, "a"), claim("a"), extraction(1, None))
    assert made.ghosts == {"a"}
    made.note(claim("a", None), 101)
    assert made.ghosts == set()


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
    versions, deleted = {}, 0
    for key, value in rows:
        if value is None:
            assert versions[key] > 0
            deleted += 1
        elif not key.startswith(b"poison"):
            version = int(orjson.loads(value)["version"])
            assert version == versions.get(key, 0) + 1
            versions[key] = version
    assert len(versions) == 10
    assert 5 < deleted < 40
    assert 60 < len(rows) - deleted - sum(versions.values()) < 140


def test_from_version_to_version_claims_stay_end_and_come_again(rules):
    """Else a ledger of claims would prove nothing."""
    outcomes = rules.extract([decode_article(article(7, version)) for version in range(3, 7)])
    made = [{claim.claim_id for claim in outcome.extraction.claims} for outcome in outcomes]
    assert len(made[0]) >= 3
    assert made[0] & made[1] & made[2] - made[3], "stays for three versions"
    assert (made[0] & made[2]) - made[1], "comes again"
    assert made[1] - made[0] - made[2] - made[3], "is made once"
