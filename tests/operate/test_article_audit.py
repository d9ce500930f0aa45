"""The comparison of one article: right where the lifecycle was, and each way of being wrong has its word."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.articles import URI, MemoryTopics, compacted, extraction, id_of, record_of
from worker.contract.coordinates import Coordinates
from worker.operate.article_audit import Wrong, audit_article
from worker.operate.audit_rows import PendingRow, UnreadableError, claim_row, extraction_row, state_row
from worker.streaming.outcome import Output
from worker.streaming.record import Record


def _audit(kafka, *more, stray=None):
    return audit_article(URI, [*kafka.rows(), *more], kafka.topics, stray)


def _wrong(kafka, *more):
    return {(found.wrong, found.claim_id) for found in _audit(kafka, *more).findings}


def _again(kafka, offset, **changed):
    """Writes a claim that was written before once more, as a worker that lost its partition might."""
    old = kafka.claims[offset]
    value = orjson.loads(old.value) | changed
    kafka.claim(Output(kafka.topics.claims, old.key, orjson.dumps(value), list(old.headers)))


@pytest.fixture
def kafka():
    kafka = MemoryTopics()
    kafka.extract(extraction(["a", "b"], version="1", raw=1))
    kafka.extract(extraction(["b", "c"], version="2", raw=2))
    return kafka


def test_versions_that_the_lifecycle_followed_are_right(kafka):
    audit = _audit(kafka)
    assert (audit.findings, audit.asserted, audit.without_state) == ([], 2, False)


def test_a_claim_of_an_older_version_that_is_asserted_again_is_named_with_both_records(kafka):
    _again(kafka, 0)
    (found,) = _audit(kafka).findings
    assert (found.wrong, found.claim_id, found.uri) == (Wrong.NOT_MADE, id_of("a"), URI)
    assert found.claim == Coordinates("claims", 0, kafka.claims[-1].offset)
    assert found.support == Coordinates("articles.extracted", 0, 1)


def test_a_claim_without_a_record_or_retracted_is_missing(kafka):
    kafka.claims = [record for record in kafka.claims if record.key != id_of("c").encode()]
    _again(kafka, 1, status="retracted", revision=3)
    assert _wrong(kafka) == {(Wrong.MISSING, id_of("b")), (Wrong.MISSING, id_of("c"))}


def test_a_claim_whose_last_record_is_of_an_older_version_is_outdated(kafka):
    _again(kafka, 1)
    assert (Wrong.OUTDATED, id_of("b")) in _wrong(kafka)


def test_a_revision_that_went_back_is_named(kafka):
    last = max(r.offset for r in kafka.claims if r.key == id_of("b").encode())
    _again(kafka, last, revision=7)
    assert _wrong(kafka) == {(Wrong.REVISION, id_of("b"))}


def test_nothing_may_be_asserted_of_a_deleted_article(kafka):
    kafka.delete(raw=3)
    assert _wrong(kafka) == set()
    _again(kafka, 0)
    assert _wrong(kafka) == {(Wrong.DELETED, id_of("a"))}
    kafka.extracted = []  # the tombstone, too, is compacted away: the state still says so
    assert _wrong(kafka) == {(Wrong.DELETED, id_of("a"))}


def test_nothing_may_be_asserted_of_a_cancelled_article(kafka):
    kafka.extract(extraction([], version="3", raw=3, cancelled=True))
    assert _wrong(kafka) == set()
    _again(kafka, 0)
    assert _wrong(kafka) == {(Wrong.CANCELLED, id_of("a"))}


def test_a_claim_of_an_article_that_nobody_knows_is_named(kafka):
    kafka.extracted, kafka.live = [], []
    assert _wrong(kafka) == {(Wrong.UNKNOWN_ARTICLE, id_of("b")), (Wrong.UNKNOWN_ARTICLE, id_of("c"))}


def test_an_article_with_a_record_that_waits_for_the_lifecycle_is_not_compared(kafka):
    _again(kafka, 0)
    audit = _audit(kafka, PendingRow(uri=URI, partition=0, offset=9, timestamp=0))
    assert (audit.is_open, audit.findings) == (True, [])


def test_an_older_version_that_came_last_does_not_count_though_compaction_left_only_it(kafka):
    kafka.extract(extraction(["old"], version="1", raw=0))
    kafka.extracted = compacted(kafka.extracted)
    assert _wrong(kafka) == set()


def test_one_text_of_two_raw_records_is_right_though_compaction_left_the_earlier_that_came_again():
    kafka, texts = MemoryTopics(), ["a", "b"]
    for raw in (1, 2, 1):
        kafka.extract(extraction(texts, version="1", raw=raw))
    kafka.extracted, kafka.live, kafka.claims = map(compacted, (kafka.extracted, kafka.live, kafka.claims))
    assert _wrong(kafka) == set()
    _again(kafka, 0, provenance={"pipeline": "1", "models": {}, "topic": "articles.raw", "partition": 0, "offset": 1})
    assert {wrong for wrong, _ in _wrong(kafka)} == {Wrong.OUTDATED}


def test_a_version_published_after_a_deletion_counts_and_one_from_before_it_does_not(kafka):
    kafka.delete(raw=5)
    kafka.extract(extraction(["late"], version="3", raw=4))
    assert _wrong(kafka) == set()
    kafka.extract(extraction(["anew"], version="1", raw=6))
    assert (_wrong(kafka), _audit(kafka).asserted) == (set(), 1)


def test_a_state_that_is_of_an_older_version_is_named(kafka):
    kafka.live.append(replace(kafka.live[0], offset=len(kafka.live)))
    assert _wrong(kafka) == {(Wrong.STATE, "")}


def test_an_article_whose_state_has_expired_is_compared_by_its_extraction(kafka):
    kafka.live.append(Record("articles.live", 0, len(kafka.live), 0, URI.encode(), None, ()))
    audit = _audit(kafka)
    assert (audit.findings, audit.without_state) == ([], True)
    _again(kafka, 0)
    assert _wrong(kafka) == {(Wrong.NOT_MADE, id_of("a"))}


def test_a_dead_extraction_owes_nothing(kafka):
    dead = record_of(extraction(["d"], version="3", raw=3), "articles.extracted", 2)
    rows = kafka.rows()
    lost = {found.wrong for found in audit_article(URI, [*rows, extraction_row(dead)], kafka.topics).findings}
    assert Wrong.MISSING in lost
    kafka.dead.append(dead)
    kafka.extracted.append(dead)
    audit = audit_article(URI, [*kafka.rows(), extraction_row(dead)], kafka.topics)
    assert (audit.findings, audit.in_dead_letters) == ([], 1)


def test_a_tombstone_that_does_not_name_its_article_ends_a_claim(kafka):
    stray = claim_row(Record("claims", 0, len(kafka.claims), 0, id_of("b").encode(), None, ()))
    found = _audit(kafka, stray={stray.claim_id: stray}).findings
    assert [(each.wrong, each.claim_id) for each in found] == [(Wrong.MISSING, id_of("b"))]


@pytest.mark.parametrize(
    ("read", "topic", "value"),
    [
        (extraction_row, "articles.extracted", b"{}"),
        (extraction_row, "articles.extracted", b"\xff"),
        (claim_row, "claims", b"[]"),
        (claim_row, "claims", b'{"claim_id": "other"}'),
        (state_row, "articles.live", b"\x02nothing"),
        (state_row, "articles.live", b"nothing"),
    ],
)
def test_a_foreign_record_says_so(read, topic, value):
    with pytest.raises(UnreadableError):
        read(Record(topic, 0, 0, 0, b"key", value, ()))


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["version", "version", "version", "again", "late", "delete", "cancel", "pipeline"]),
        st.sets(st.sampled_from("abcd")),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(max_examples=400)
@given(_STEPS, st.booleans(), st.booleans())
def test_whatever_the_lifecycle_reads_is_right_and_each_claim_changed_afterwards_is_found(steps, shrink, dated):
    kafka, made = MemoryTopics(), []
    for raw, (step, texts, back) in enumerate(steps, 1):
        if step == "delete":
            kafka.delete(raw=raw)
        elif step == "again" and made:
            kafka.extract(made[-1 - back % len(made)])
        elif step == "pipeline" and made:
            old = made[-1]
            kafka.extract(
                extraction(sorted(texts), version=old.article.version, raw=old.provenance.offset, pipeline=str(raw))
            )
        else:
            number = raw if step != "late" else max(raw - back, 1)
            version = f"2026-11-{number:02}" if dated else str(number)
            made.append(extraction(sorted(texts), version=version, raw=raw, cancelled=step == "cancel"))
            kafka.extract(made[-1])
    if shrink:
        kafka.extracted, kafka.live = compacted(kafka.extracted), compacted(kafka.live)
        kafka.claims = compacted(kafka.claims)
        kafka.extracted = [record for record in kafka.extracted if record.value is not None]
    assert _wrong(kafka) == set()
    for record in compacted(kafka.claims):
        status = orjson.loads(record.value)["status"] if record.value is not None else None
        if status == "asserted":
            kafka.claim(Output("claims", record.key, None, [("ce_subject", URI.encode())]))
            assert (Wrong.MISSING, record.key.decode()) in _wrong(kafka)
        elif status is not None:
            kafka.claim(
                Output("claims", record.key, orjson.dumps(orjson.loads(record.value) | {"status": "asserted"}), [])
            )
            assert record.key.decode() in {claim_id for _, claim_id in _wrong(kafka)}
