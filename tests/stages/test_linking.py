"""What linking holds of the records of claims and extractions: the last one of each key, of the last days."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from tests.link.copies.stories import stories
from tests.link.relations.making import made_claim
from worker.contract.alert import Watch
from worker.contract.claim import ClaimStatus
from worker.contract.codec import encode
from worker.contract.published.examples import example_extraction
from worker.contract.relation import RelationKind
from worker.contract.review import Rating, Review
from worker.contract.topics import Topics
from worker.link.live.stage import hash_of
from worker.stages import linking
from worker.stages.linking import Linking, read_so_far
from worker.streaming.record import Record

TOPICS = Topics()
DAY = 24 * 3600 * 1000
OPEN = made_claim("The northern quay was open", subject="the northern quay")
SHUT = made_claim(
    "The northern quay was closed", source="Port of Lund", uri="https://b.example/1", subject="the northern quay"
)
OTHER = made_claim(
    "The northern quay was open", source="Anna Holm", uri="https://c.example/1", subject="the northern quay"
)


@pytest.fixture
def opened(tmp_path):
    """Opens the state in one folder, again and again."""
    states = []

    def again(days=30):
        states.append(Linking(tmp_path / "link.sqlite", TOPICS, days=days))
        return states[-1]

    yield again
    for state in states:
        state.close()


def record(claim, *, at=DAY * 20_000, value=b"", offset=0):
    value = encode(claim) if value == b"" else value
    return Record(TOPICS.claims, 0, offset, at, claim.claim_id.encode(), value, ())


def step(state, *records, offset=1):
    """By topic and key what is given out: the value, None for a deletion."""
    outputs = state.take(records, {(TOPICS.claims, 0): offset})
    state.keep()
    return {(output.topic, output.key): output.value for output in outputs}


def topics_of(outputs):
    return sorted(topic for topic, _ in outputs)


def test_claims_that_contradict_each_other_give_a_relation_and_the_standing_of_both(opened):
    outputs = step(opened(), record(OPEN), record(SHUT))
    assert topics_of(outputs) == [TOPICS.relations, TOPICS.standing, TOPICS.standing]
    for (topic, key), value in outputs.items():
        field = "relation_id" if topic == TOPICS.relations else "cluster_id"
        assert orjson.loads(value)[field].encode() == key


@pytest.mark.parametrize("status", [ClaimStatus.RETRACTED, ClaimStatus.SUPERSEDED, None])
def test_a_claim_that_is_retracted_superseded_or_deleted_takes_all_of_it_back(opened, status):
    state = opened()
    given = step(state, record(OPEN), record(SHUT))
    over = record(OPEN, value=None) if status is None else record(replace(OPEN, status=status, revision=2))
    assert step(state, over) == dict.fromkeys(given)


def test_what_comes_a_second_time_changes_nothing(opened):
    state = opened()
    step(state, record(OPEN), record(SHUT))
    assert step(state, record(OPEN), record(SHUT)) == {}


def test_a_record_that_is_no_claim_counts_as_none(opened):
    state = opened()
    given = step(state, record(OPEN), record(SHUT))
    assert step(state, record(SHUT, value=b'{"claim_id": 3}')) == dict.fromkeys(given)
    assert step(state, record(SHUT, value=b"\xff\x00"), record(SHUT, value=encode(OPEN))) == {}


def test_a_claim_that_cannot_be_read_for_linking_costs_itself_alone(opened, monkeypatch):
    state = opened()
    monkeypatch.setattr("worker.link.live.claims.reading_of", lambda _: 1 / 0)
    assert step(state, record(OPEN)) == {}
    monkeypatch.undo()
    assert len(step(state, record(SHUT))) == 0
    assert len(step(state, record(OPEN))) == 3


def test_a_cluster_and_a_text_that_cannot_be_worked_out_cost_themselves_alone(opened, monkeypatch):
    state = opened()
    with monkeypatch.context() as broken:
        broken.setattr("worker.link.live.stage.standing_of", lambda *_: 1 / 0)
        broken.setattr("worker.link.live.stage.sketch_of", lambda _: 1 / 0)
        text = Record(TOPICS.extracted, 0, 0, 0, b"urn:x", encode(example_extraction()), ())
        assert topics_of(step(state, text, record(OPEN), record(SHUT))) == [TOPICS.relations]
    again = step(state, text, record(OPEN, value=None))
    assert topics_of(again) == [TOPICS.relations]


def test_claims_of_earlier_days_count_no_more_once_a_later_record_comes(opened):
    state = opened(days=2)
    given = step(state, record(OPEN), record(SHUT))
    other = made_claim("Rain fell", source="Milan Dorr", uri="https://c.example/1")
    assert step(state, record(other, at=DAY * 20_002)) == {}
    assert step(state, record(OPEN, at=DAY * 20_002)) == {}
    assert step(state, record(other, at=DAY * 20_003)) == dict.fromkeys(given)
    assert step(state, record(SHUT, at=DAY * 20_000)) == {}
    assert step(state, record(SHUT, at=DAY * 20_003)) == given


def test_a_text_is_there_when_its_claims_come_a_day_later(opened):
    """As when both topics are read anew, one after the other."""
    state = opened(days=2)
    base, (first, second) = example_extraction(), (OPEN, SHUT)
    body = "\n\n".join(stories(1, seed=4)[0])
    texts, claims = [], []
    for claim in (first, second):
        article = replace(claim.article, text_sha256="t")
        value = encode(replace(base, article=article, text=body))
        texts.append(Record(TOPICS.extracted, 0, 0, DAY * 20_000 - 1, article.uri.encode(), value, ()))
        claims.append(record(replace(claim, article=article), at=DAY * 20_001))
    step(state, *texts)
    later = made_claim("Rain fell", source="Milan Dorr", uri="https://c.example/1")
    step(state, record(later, at=DAY * 20_003 - 1))
    assert TOPICS.groups in topics_of(step(state, *claims))
    step(state, record(later, at=DAY * 20_009))
    assert state._links.database.one("SELECT count(*) FROM text") == (0,)


def test_a_day_that_ends_is_let_go_of_in_bites(opened, monkeypatch):
    monkeypatch.setattr(linking, "_EXPIRED_AT_ONCE", 1)
    state = opened(days=1)
    given = step(state, record(OPEN), record(SHUT))
    other = made_claim("Rain fell", source="Milan Dorr", uri="https://c.example/1")
    gone = step(state, record(other, at=DAY * 20_005))
    assert state.has_more
    while state.has_more:
        gone |= step(state)
    assert gone == dict.fromkeys(given)


def test_its_place_and_mark_are_on_disk_and_nothing_that_was_not_kept(opened):
    state = opened()
    assert (state.positions, state.written_ms) == ({}, None)
    step(state, record(OPEN), record(OTHER), offset=7)
    state.flush()
    mark = state.mark
    state.take([record(SHUT)], {(TOPICS.claims, 0): 8})
    assert state.mark != mark
    state.drop()
    assert (state.mark, state.positions) == (mark, {(TOPICS.claims, 0): 7})
    state.close()
    again = opened()
    assert (again.mark, again.positions) == (mark, {(TOPICS.claims, 0): 7})
    assert step(again, record(SHUT))


def test_what_was_kept_and_not_flushed_is_lost_with_a_step_that_is_dropped_and_not_with_a_closed_file(opened):
    state = opened()
    step(state, record(OPEN), record(SHUT), offset=2)
    state.flush()
    step(state, record(OPEN, value=None), offset=3)
    state.take([record(OPEN)], {(TOPICS.claims, 0): 4})
    state.drop()
    assert state.positions == {(TOPICS.claims, 0): 2}
    assert len(step(state, record(OPEN, value=None), offset=3)) == 3
    state.close()
    assert opened().positions == {(TOPICS.claims, 0): 3}


def test_the_mark_is_of_what_holds_and_not_of_the_way_there(opened, tmp_path):
    state = opened()
    empty = state.mark
    step(state, record(OPEN), record(OTHER))
    step(state, record(OPEN, value=None), record(SHUT))
    step(state, record(OPEN))
    other = Linking(tmp_path / "other.sqlite", TOPICS, days=30)
    step(other, record(SHUT), record(OTHER))
    assert other.mark != state.mark
    step(other, record(OPEN))
    assert other.mark == state.mark != empty
    step(other, *(record(claim, value=None) for claim in (OPEN, SHUT, OTHER)))
    assert other.mark == empty
    other.close()


def test_another_number_of_days_begins_anew_under_another_mark(opened):
    state = opened()
    step(state, record(OPEN), record(SHUT))
    mark = state.mark
    state.close()
    again = opened(days=3)
    assert (again.positions, again.size()[0]) == ({}, 0)
    assert again.mark != mark


def test_only_what_differs_from_a_topic_is_written_to_it(opened):
    state = opened()
    given = step(state, record(OPEN), record(SHUT))
    standing = {key: value for (topic, key), value in given.items() if topic == TOPICS.standing}
    there = {key: hash_of(value) for key, value in standing.items()}
    assert list(state.differences(TOPICS.standing, there)) == []
    first, second = standing
    wrong = {first: state.hashed(b"old"), b"gone": state.hashed(b"x")}
    differences = {output.key: output.value for output in state.differences(TOPICS.standing, wrong)}
    assert differences == {**standing, b"gone": None}
    (relation,) = state.differences(TOPICS.relations, {})
    assert orjson.loads(relation.value)["relation"] == "contradicts"
    assert second in differences


def test_what_other_code_linked_is_not_gone_on_with(opened, monkeypatch):
    state = opened()
    step(state, record(OPEN), record(SHUT))
    mark = state.mark
    state.close()
    monkeypatch.setattr("worker.link.live.database.code_digest", lambda: "other")
    again = opened()
    assert again.mark != mark
    assert again.size()[0] == 0


def watching(watch, *, name="mine", at=DAY * 20_000):
    value = watch if watch is None or isinstance(watch, bytes) else encode(watch)
    return Record(TOPICS.watches, 0, 0, at, name.encode(), value, ())


def test_a_watch_is_told_of_what_comes_after_it_and_ends_with_its_alerts(opened):
    state = opened()
    step(state, record(OPEN, at=DAY * 20_000 - 1))
    assert step(state, watching(Watch(words="quay"))) == {}
    given = step(state, record(SHUT))
    assert topics_of(given).count(TOPICS.alerts) == 1
    (alert,) = [orjson.loads(value) for (topic, _), value in given.items() if topic == TOPICS.alerts]
    assert (alert["claim"]["claim_id"], alert["watch"]) == (SHUT.claim_id, "mine")
    assert topics_of(step(state, record(OPEN))) == [TOPICS.alerts]  # it came again
    ended = step(state, watching(None))
    assert topics_of(ended) == [TOPICS.alerts] * 2
    assert set(ended.values()) == {None}


def test_a_watch_of_relations_is_told_when_one_comes_and_when_it_falls(opened):
    state = opened()
    step(state, watching(Watch(source="Anna Berg", relations=[RelationKind.CONTRADICTS])), record(OPEN))
    given = step(state, record(SHUT))
    ((key, alert),) = [(key, orjson.loads(value)) for (topic, key), value in given.items() if topic == TOPICS.alerts]
    assert (alert["claim"]["source"], alert["relation"]["relation"]) == ("Port of Lund", "contradicts")
    assert step(state, record(SHUT, value=None))[TOPICS.alerts, key] is None


@pytest.mark.parametrize("broken", [b"{", b"[]", b"{}", b'{"acts": ["dance"]}', encode(Watch())])
def test_what_is_no_watch_or_asks_for_nothing_ends_the_one_of_its_name(opened, broken):
    state = opened()
    assert topics_of(step(state, watching(Watch(words="quay")), record(OPEN))) == [TOPICS.alerts]
    assert set(step(state, watching(broken)).values()) == {None}
    assert step(state, record(SHUT)).keys() & {TOPICS.alerts} == set()


def reviewing(review, *, value=b""):
    value = encode(review) if value == b"" else value
    return Record(TOPICS.reviews, 0, 0, DAY * 10_000, review.review_id.encode(), value, ())


REVIEW = Review(
    review_id="r1",
    claim="The northern quay was open",
    author="The Checkers",
    url="https://checks.example/1",
    rating=Rating(words="False", value=1, worst=1, best=5),
    published_at="2021-01-01T00:00:00Z",
)


def verdicts_in(outputs):
    values = [orjson.loads(value) for (topic, _), value in outputs.items() if topic == TOPICS.standing and value]
    return [verdict for value in values for verdict in value["verdicts"]]


@pytest.mark.parametrize("claim_first", [True, False])
def test_a_verdict_stands_beside_a_claim_and_goes_when_it_is_withdrawn(opened, claim_first):
    state = opened()
    records = [record(OPEN), reviewing(REVIEW)] if claim_first else [reviewing(REVIEW), record(OPEN)]
    given = {**step(state, records[0]), **step(state, records[1])}
    (verdict,) = verdicts_in(given)
    assert (verdict["author"], verdict["rating"], verdict["score"]) == ("The Checkers", "False", 0.0)
    assert (verdict["member"], verdict["claim"]) == (OPEN.claim_id, REVIEW.claim)
    assert 0.5 <= verdict["confidence"] <= 1
    corrected = step(state, reviewing(replace(REVIEW, rating=Rating(words="True", value=5, worst=1, best=5))))
    assert [(each["rating"], each["score"]) for each in verdicts_in(corrected)] == [("True", 1.0)]
    assert step(state, reviewing(REVIEW, value=None)) == dict.fromkeys(corrected)  # a lone claim has no standing


def test_a_verdict_is_on_all_that_say_so_and_goes_with_the_claim(opened):
    state = opened()
    step(state, record(OPEN), record(SHUT), record(OTHER))
    given = step(state, reviewing(REVIEW))
    assert {verdict["member"] for verdict in verdicts_in(given)} == {OPEN.claim_id, OTHER.claim_id}
    left = step(state, record(OTHER, value=None))
    assert {verdict["member"] for verdict in verdicts_in(left)} <= {OPEN.claim_id}
    again = step(state, record(OTHER))
    assert OTHER.claim_id in {verdict["member"] for verdict in verdicts_in(again)}


@pytest.mark.parametrize("broken", [b"{", b"[]", b"{}", encode(replace(REVIEW, review_id="another"))])
def test_what_is_no_review_gives_no_verdict_and_says_so(opened, broken, caplog):
    state = opened()
    step(state, record(OPEN), reviewing(REVIEW))
    given = step(state, reviewing(REVIEW, value=broken))
    assert set(given.values()) == {None}
    assert "claims.reviews[0]@0" in caplog.text
    assert "gives no verdict" in caplog.text


def test_how_far_a_file_has_read_is_known_without_opening_the_state(opened, tmp_path, monkeypatch):
    path = tmp_path / "link.sqlite"
    assert read_so_far(path) == 0
    state = opened()
    state.take([record(OPEN)], {(TOPICS.claims, 0): 7, (TOPICS.extracted, 2): 5})
    state.keep()
    state.flush()
    assert read_so_far(path) == 12  # while it is in use
    state.close()
    monkeypatch.setattr(linking, "code_digest", lambda: "other")
    assert read_so_far(path) == 0
    path.write_bytes(b"no database")
    assert read_so_far(path) == 0
