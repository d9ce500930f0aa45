from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.replay.claims import event
from worker.contract.claim import Act, ClaimStatus, Modality, ModalityKind, Polarity
from worker.replay.diff.changed_words import marked_words
from worker.replay.diff.compare import ChangeKind, changed_fields, compared, essence


def test_who_made_a_claim_and_how_often_it_was_published_makes_no_difference():
    one = event()
    other = event(pipeline="2", offset=9, revision=4, status=ClaimStatus.ASSERTED, supersedes="x")
    assert essence(one) == essence(other)
    assert changed_fields(one, other) == ()


def test_fields_are_named_one_level_deep():
    before = event()
    after = event(
        act=Act.DENY, polarity=Polarity.NEGATIVE, modality=Modality(kind=ModalityKind.DEONTIC), confidence=0.1
    )
    assert essence(before) != essence(after)
    assert changed_fields(before, after) == ("act", "confidence", "modality.kind", "polarity")
    assert changed_fields(before, after, {"confidence", "modality"}) == ("act", "polarity")


def test_what_is_ignored_makes_claims_equal():
    before, after = event(confidence=0.5), event(confidence=0.6)
    assert essence(before) != essence(after)
    assert essence(before, {"confidence"}) == essence(after, {"confidence"})
    after["attribution"][0]["cue"] = None
    assert essence(before, {"confidence"}) != essence(after, {"confidence"})
    assert essence(before, {"confidence", "attribution.cue"}) == essence(after, {"confidence", "attribution.cue"})


def test_a_link_of_the_chain_is_compared_part_by_part_and_a_longer_chain_as_a_whole():
    before, after = event(), event()
    after["attribution"][0]["cue"]["exact"] = "claimed"
    assert changed_fields(before, after) == ("attribution.cue",)
    after["attribution"].append(after["attribution"][0])
    assert changed_fields(before, after) == ("attribution",)


def test_another_id_at_the_same_place_is_one_change_and_not_two():
    before = event(content="the bridge would open in May")
    after = event(content="the bridge would open")
    (change,) = compared([before], [after])
    assert (change.kind, change.moved) == (ChangeKind.CHANGED, True)
    assert "content.text" in change.fields


def test_claims_at_other_places_are_gone_and_new():
    changes = compared([event(content="one", start=10)], [event(content="other", start=200)])
    assert [c.kind for c in changes] == [ChangeKind.GONE, ChangeKind.NEW]


def test_in_another_version_of_the_text_the_words_decide():
    before, after = (
        event(content="the bridge would open in May", start=10),
        event(content="the bridge would open", start=90),
    )
    after["article"]["text_sha256"] = "another"
    (change,) = compared([before], [after])
    assert change.moved


_PLACES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc")), unique=True, max_size=8)


@given(_PLACES, _PLACES)
def test_every_claim_is_in_one_change_at_most(before, after):
    old = [event(content=word * 6, start=20 * place) for place, word in before]
    new = [event(content=word * 6, start=20 * place) for place, word in after]
    old = list({c["claim_id"]: c for c in old}.values())
    new = list({c["claim_id"]: c for c in new}.values())
    changes = compared(old, new)
    seen_old = [c.before["claim_id"] for c in changes if c.before]
    seen_new = [c.after["claim_id"] for c in changes if c.after]
    assert len(seen_old) == len(set(seen_old))
    assert len(seen_new) == len(set(seen_new))
    same = {c["claim_id"] for c in old if any(essence(c) == essence(d) for d in new)}
    assert set(seen_old) == {c["claim_id"] for c in old} - same
    assert set(seen_new) == {c["claim_id"] for c in new} - same


@given(st.text(max_size=60), st.text(max_size=60))
def test_marked_words_joined_are_the_text(before, after):
    left, right = marked_words(before, after)
    assert "".join(p.text for p in left) == before
    assert "".join(p.text for p in right) == after


def test_the_words_that_differ_are_marked():
    left, right = marked_words("the old bridge is shut", "the new bridge is shut")
    assert [p.text for p in left if p.differs] == ["old "]
    assert [p.text for p in right if p.differs] == ["new "]
