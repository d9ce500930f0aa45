"""What an article claims now, over versions, repeats, late comers, cancellations and deletions."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.agents.lifecycle import decide
from worker.agents.live_claims import pack, unpack
from worker.contract.article import ArticleStatus
from worker.contract.claim import Provenance
from worker.contract.codec import encode
from worker.contract.examples import example_extraction
from worker.contract.ids import claim_id, extraction_id
from worker.contract.topics import Topics
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
        self.state, self.claims, self.history, self._offset = None, {}, [], 0

    def take(self, message):
        self._offset += 1
        if isinstance(message, tuple):
            headers, value = (("ce_source", f"/articles.raw/3/{message[1]}".encode()),), None
        else:
            headers, value = (), encode(message)
        record = Record("articles.extracted", 0, self._offset, 0, URI.encode(), value, headers)
        outcome, self.state = decide(record, self.state, TOPICS)
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


def test_a_repeat_gives_the_same_events_again():
    topic = _Topic()
    first = _extraction("1", ["the quay is shut", "the crane fell"], offset=1)
    second = _extraction("2", ["the quay is shut"], offset=2)
    for message in (first, second):
        topic.take(message)
    claims, state = dict(topic.claims), topic.state
    topic.take(second)
    assert (topic.claims, topic.state) == (claims, state)


def test_a_repeat_whose_table_was_not_written_yet_gives_the_same_bytes():
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
    claims, state = dict(topic.claims), topic.state
    outcome = topic.take(_extraction(version, ["the quay is shut"], offset=offset))
    assert isinstance(outcome, Drop)
    assert outcome.reason == "stale_version"
    assert (topic.claims, topic.state) == (claims, state)


def test_numbered_versions_are_compared_as_numbers_and_others_by_their_place():
    topic = _Topic()
    topic.take(_extraction("9", ["the quay is shut"], offset=5))
    assert isinstance(topic.take(_extraction("10", ["the quay is open"], offset=4)), Ok)
    named = _Topic()
    named.take(_extraction("second", ["the quay is shut"], offset=5))
    assert isinstance(named.take(_extraction("third", ["the quay is open"], offset=6)), Ok)
    assert isinstance(named.take(_extraction("first", ["the quay is shut"], offset=4)), Drop)


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
    assert disturbed.state == plain.state


def test_the_state_comes_back_as_it_was_packed():
    topic = _Topic()
    topic.take(_extraction("1", ["the quay is shut"], offset=1))
    assert pack(unpack(topic.state)) == topic.state
