"""What an article claims now, over versions, repeats, late comers, cancellations and deletions."""

from __future__ import annotations

import time
from dataclasses import replace

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contract.article import ArticleStatus
from worker.contract.claim import Provenance
from worker.contract.codec import encode
from worker.contract.ids import claim_id, extraction_id
from worker.contract.published.examples import example_extraction
from worker.contract.topics import Topics
from worker.stages.article_state import kept, pack, unpack
from worker.stages.claim_changes import changes
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Dead, Drop, Ok
from worker.streaming.record import Record

TOPICS = Topics()
URI = example_extraction().article.uri


def _extraction(version, texts, *, offset, status=ArticleStatus.USABLE, pipeline="1", source="The port authority"):
    """An article at `offset` of articles.raw[3] that has its source say each of the texts."""
    base = example_extraction()
    (pattern,) = base.claims
    article = replace(base.article, version=version, text_sha256=f"{version}{texts}")
    provenance = Provenance(pipeline=pipeline, topic="articles.raw", partition=3, offset=offset)
    link = pattern.attribution[0]
    chain = [replace(link, source=replace(link.source, name=source))]
    claims = [
        replace(
            pattern,
            claim_id=claim_id(URI, source, text),
            article=article,
            attribution=chain,
            content=replace(pattern.content, text=text),
            provenance=provenance,
        )
        for text in texts
    ]
    return replace(
        base,
        extraction_id=extraction_id(URI, version, article.text_sha256, pipeline),
        article=article,
        status=status,
        claims=claims,
        claims_count=len(claims),
        provenance=provenance,
    )


def _tombstone(offset):
    return ("deleted", offset)


class _Topic:
    """The agent over a table and a compacted topic in memory."""

    def __init__(self):
        self.state, self.claims, self.history, self.log = None, {}, [], []

    @property
    def what_holds(self):
        """The state without the offset of what it is of."""
        return self.state and msgspec.structs.replace(unpack(self.state), offset=None)

    def take(self, message, raw_ms=None):
        if isinstance(message, tuple):
            headers, value = (("ce_source", f"/articles.raw/3/{message[1]}".encode()),), None
        else:
            headers, value = (), encode(message)
        if raw_ms is not None:
            headers += (("claimwire_raw_timestamp", str(raw_ms).encode()),)
        return self._take(value, headers)

    def _take(self, value, headers):
        record = Record("articles.extracted", 0, len(self.log), 0, URI.encode(), value, headers)
        self.log.append(record)
        outcome, self.state = decide(record, self.state, TOPICS)
        if isinstance(outcome, Drop) and outcome.newest is not None:
            newest = self.log[outcome.newest]
            assert self._take(newest.value, newest.headers).newest is None
        if isinstance(outcome, Ok):
            for output in outcome.outputs:
                assert output.topic == TOPICS.claims
                self.history.append((output.key.decode(), output.value))
                if output.value is None:
                    self.claims.pop(output.key.decode(), None)
                else:
                    self.claims[output.key.decode()] = orjson.loads(output.value)
        return outcome

    def with_status(self, status):
        return {c["content"]["text"] for c in self.claims.values() if c["status"] == status}


def test_the_first_version_asserts_all_it_says():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut", "the crane fell"], offset=1))
    assert topic.with_status("asserted") == {"the quay is shut", "the crane fell"}
    assert {c["revision"] for c in topic.claims.values()} == {1}


def test_a_new_version_keeps_what_it_says_again_supersedes_what_it_says_otherwise_and_retracts_the_rest():
    topic = _Topic()
    topic.take(
        _extraction("1", ["the quay is shut", "at least 40 ships wait outside the port", "nobody was hurt"], offset=1)
    )
    topic.take(_extraction("2", ["the quay is shut", "at least 42 ships wait outside the port"], offset=2))
    assert topic.with_status("asserted") == {"the quay is shut", "at least 42 ships wait outside the port"}
    assert topic.with_status("superseded") == {"at least 40 ships wait outside the port"}
    assert topic.with_status("retracted") == {"nobody was hurt"}
    by_text = {c["content"]["text"]: c for c in topic.claims.values()}
    old, new = by_text["at least 40 ships wait outside the port"], by_text["at least 42 ships wait outside the port"]
    assert new["supersedes"] == old["claim_id"]
    assert (old["revision"], new["revision"], by_text["the quay is shut"]["revision"]) == (2, 1, 2)


def test_another_source_does_not_supersede():
    topic = _Topic()
    topic.take(_extraction("1", ["at least 40 ships wait outside the port"], offset=1))
    topic.take(_extraction("2", ["at least 42 ships wait outside the port"], offset=2, source="A fisherman"))
    assert topic.with_status("retracted") == {"at least 40 ships wait outside the port"}
    assert [c["supersedes"] for c in topic.claims.values() if c["status"] == "asserted"] == [None]


def test_a_repeat_changes_nothing_and_is_counted_as_one():
    topic = _Topic()
    first = _extraction("1", ["the quay is shut", "the crane fell"], offset=1)
    second = _extraction("2", ["the quay is shut"], offset=2)
    for message in (first, second):
        topic.take(message)
    claims, state, events = dict(topic.claims), topic.what_holds, len(topic.history)
    for again in (second, first):
        outcome = topic.take(again)
        assert isinstance(outcome, Drop)
        assert outcome.reason == "repeated"
    assert (topic.claims, topic.what_holds, len(topic.history)) == (claims, state, events)


def test_the_same_extraction_in_the_same_state_gives_the_same_bytes():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut", "the crane fell"], offset=1))
    before = topic.state
    second = _extraction("2", ["the quay is shut"], offset=2)
    topic.take(second)
    once = topic.history[-2:]
    topic.state = before  # killed between the outputs and the table
    topic.take(second)
    assert topic.history[-2:] == once


@pytest.mark.parametrize(("version", "offset"), [("1", 1), ("1", 9), ("2", 1)])
def test_an_older_version_that_comes_late_changes_nothing(version, offset):
    topic = _Topic()
    topic.take(_extraction("2", ["the quay is open"], offset=5))
    claims, state = dict(topic.claims), topic.what_holds
    outcome = topic.take(_extraction(version, ["the quay is shut"], offset=offset))
    assert isinstance(outcome, Drop)
    assert outcome.reason == "stale_version"
    assert (topic.claims, topic.what_holds) == (claims, state)
    assert topic.log[-1].value == topic.log[0].value  # the newest is the last again


def test_numbered_versions_are_compared_as_numbers_and_others_by_their_place():
    topic = _Topic()
    topic.take(_extraction("9", ["the quay is shut"], offset=5))
    assert isinstance(topic.take(_extraction("10", ["the quay is open"], offset=4)), Ok)
    named = _Topic()
    named.take(_extraction("second", ["the quay is shut"], offset=5))
    assert isinstance(named.take(_extraction("third", ["the quay is open"], offset=6)), Ok)
    assert isinstance(named.take(_extraction("first", ["the quay is shut"], offset=4)), Drop)


@pytest.mark.parametrize(
    ("older", "younger"),
    [
        ("2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T12:00:00+02:00", "2026-11-20T10:30:00Z"),
        ("2026-11-20", "2026-11-21"),
        ("v9", "v10"),
        ("1.9", "1.10"),
    ],
)
def test_versions_that_are_dates_or_numbers_order_as_their_publishers_mean(older, younger):
    topic = _Topic()
    topic.take(_extraction(younger, ["the quay is open"], offset=1))
    assert isinstance(topic.take(_extraction(older, ["the quay is shut"], offset=2)), Drop)
    other = _Topic()
    other.take(_extraction(older, ["the quay is shut"], offset=2))
    assert isinstance(other.take(_extraction(younger, ["the quay is open"], offset=1)), Ok)


def test_when_it_was_updated_counts_more_than_the_version():
    topic = _Topic()
    early, late = (
        replace(e, article=replace(e.article, updated_at=at))
        for e, at in (
            (_extraction("7", ["the quay is shut"], offset=1), "2026-11-20T09:00:00Z"),
            (_extraction("3", ["the quay is open"], offset=2), "2026-11-20T11:00:00Z"),
        )
    )
    topic.take(early)
    assert isinstance(topic.take(late), Ok)
    assert isinstance(topic.take(early), Drop)
    assert topic.with_status("asserted") == {"the quay is open"}


def test_the_same_version_with_another_text_replaces_the_former_one():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut"], offset=1))
    assert isinstance(topic.take(_extraction("1", ["the quay is open"], offset=2)), Ok)
    assert topic.with_status("asserted") == {"the quay is open"}


def test_a_raw_topic_that_was_made_again_goes_on_where_the_old_one_ended():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut"], offset=60), raw_ms=1_000_000)
    topic.take(_tombstone(61), raw_ms=1_000_100)
    assert isinstance(topic.take(_extraction("5", ["the quay is open"], offset=3), raw_ms=2_000_000), Ok)
    assert isinstance(topic.take(_extraction("5", ["the quay is busy"], offset=4), raw_ms=2_000_100), Ok)
    assert topic.with_status("asserted") == {"the quay is busy"}
    assert isinstance(topic.take(_tombstone(5), raw_ms=2_000_200), Ok)
    assert topic.claims == {}


def test_a_tombstone_under_a_key_that_names_no_article_is_told():
    topic = _Topic()
    outcome = topic.take(_tombstone(3))
    assert isinstance(outcome, Drop)
    assert outcome.reason == "unknown_article"
    assert URI in outcome.detail


def test_another_pipeline_over_the_same_version_replaces_what_the_old_one_found():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut", "noise"], offset=5))
    outcome = topic.take(_extraction("1", ["the quay is shut"], offset=5, pipeline="2"))
    assert isinstance(outcome, Ok)
    assert topic.with_status("retracted") == {"noise"}
    kept = next(c for c in topic.claims.values() if c["status"] == "asserted")
    assert (kept["revision"], kept["provenance"]["pipeline"]) == (2, "2")


def test_a_cancelled_article_retracts_all_it_said():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut", "the crane fell"], offset=1))
    topic.take(_extraction("2", [], offset=2, status=ArticleStatus.CANCELED))
    assert topic.with_status("retracted") == {"the quay is shut", "the crane fell"}
    assert not topic.with_status("asserted")


def test_a_claim_that_comes_back_goes_on_with_its_revisions():
    topic = _Topic()
    for version, texts in (("1", ["the quay is shut"]), ("2", []), ("3", ["the quay is shut"])):
        topic.take(_extraction(version, texts, offset=int(version)))
    (claim,) = topic.claims.values()
    assert (claim["status"], claim["revision"]) == ("asserted", 3)


def test_a_deletion_retracts_and_leaves_nothing_of_any_version():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut", "the crane fell"], offset=1))
    topic.take(_extraction("2", ["the quay is shut"], offset=2))
    before = len(topic.history)
    topic.take(_tombstone(3))
    assert topic.claims == {}
    retracted = [value for _, value in topic.history[before:] if value is not None]
    assert len(retracted) == 1
    assert b'"status":"retracted"' in retracted[0]
    assert unpack(topic.state).claims == []
    again = len(topic.history)
    topic.take(_tombstone(3))
    assert len(topic.history) == again


def test_what_stood_before_a_deletion_stays_deleted_and_what_comes_after_lives():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut"], offset=1))
    topic.take(_tombstone(5))
    assert isinstance(topic.take(_extraction("2", ["the quay is shut"], offset=4)), Drop)
    assert topic.claims == {}
    assert isinstance(topic.take(_extraction("1", ["the quay is open"], offset=6)), Ok)
    assert topic.with_status("asserted") == {"the quay is open"}
    assert isinstance(topic.take(_tombstone(5)), Drop)
    assert topic.with_status("asserted") == {"the quay is open"}


def test_what_is_no_extraction_goes_to_the_dead_letters_and_leaves_the_table():
    state = b"as it was"
    outcome, after = decide(Record("articles.extracted", 0, 1, 0, b"k", b"{", ()), None, TOPICS)
    assert isinstance(outcome, Dead)
    assert after is None
    assert state


_STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.integers(1, 4),
            st.lists(st.sampled_from(["a b c d", "a b c e", "x y", "z"]), max_size=3, unique=True),
        ),
        st.just("delete"),
    ),
    max_size=8,
)


@given(_STEPS, st.randoms(use_true_random=False))
def test_repeats_and_late_comers_never_change_what_holds_in_the_end(steps, random):
    messages = []
    for offset, step in enumerate(steps):
        messages.append(_tombstone(offset) if step == "delete" else _extraction(str(step[0]), step[1], offset=offset))
    plain = _Topic()
    for message in messages:
        plain.take(message)
    disturbed = _Topic()
    for index, message in enumerate(messages):
        disturbed.take(message)
        for _ in range(random.randint(0, 2)):
            disturbed.take(random.choice(messages[: index + 1]))
    assert disturbed.claims == plain.claims
    assert disturbed.what_holds == plain.what_holds
    if messages:
        assert disturbed.log[-1].value == plain.log[-1].value


def test_the_state_comes_back_as_it_was_packed():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut"], offset=1))
    assert pack(unpack(topic.state)) == topic.state


@pytest.mark.parametrize("wording", ["Anna Berg said {0} is {1} of {2}.", "The same words again and again, {1}."])
def test_two_large_versions_are_compared_in_near_linear_time(wording):
    def cost(count):
        texts = [wording.format(f"a{i % 97}", f"b{i}", f"c{i % 31}") for i in range(count)]
        before = [kept(claim) for claim in _extraction("1", texts, offset=1).claims]
        now = _extraction("2", [f"{text} Now" for text in texts], offset=2).claims
        begun = time.process_time()
        found = changes(before, {}, 0, now)
        assert len(found.over) == len(found.made) == count
        return time.process_time() - begun

    cost(200)  # warm
    assert cost(4000) < 10 * cost(1000) + 0.5  # sixteen times as much where each is compared with each
