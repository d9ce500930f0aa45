"""Standing follows from the claims that stand: not from the order of events, and not from what was taken back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.link.relations.making import made_claim
from tests.link.standing.whole import standings
from worker.contract.claim import ClaimStatus, Polarity

SOURCES = ("Anna Berg", "Port of Lund", "Milan Dorr")
QUAY = "the northern quay"


def claim_of(source, article, shut, day):
    text = f"The northern quay was {'closed' if shut else 'open'}"
    return made_claim(text, source=source, uri=f"https://{article}.example/1", day=f"2026-03-0{day}", subject=QUAY)


CLAIMS = [
    claim_of(source, f"{source[0].lower()}{article}", shut, day)
    for source in SOURCES
    for article, shut, day in ((1, False, 2), (2, False, 4), (3, True, 6))
]
CLAIMS += [replace(CLAIMS[0], claim_id="n", polarity=Polarity.NEGATIVE)]

events_of = st.lists(st.tuples(st.sampled_from(CLAIMS), st.sampled_from(["assert", "retract", "delete"])), max_size=12)


def after(events):
    """What a reader of `claims` holds after the events: of each claim the last one."""
    last = {}
    for claim, what in events:
        if what == "delete":
            last.pop(claim.claim_id, None)
        else:
            revision = last[claim.claim_id].revision + 1 if claim.claim_id in last else 1
            status = ClaimStatus.ASSERTED if what == "assert" else ClaimStatus.RETRACTED
            last[claim.claim_id] = replace(claim, revision=revision, status=status)
    return list(last.values())


@given(events_of, st.randoms())
def test_any_order_of_what_stands_gives_the_same_standing(events, random):
    claims = after(events)
    shuffled = random.sample(claims, len(claims))
    assert standings(shuffled) == standings(claims)


@given(events_of, st.sampled_from(CLAIMS), st.sampled_from(["retract", "delete"]))
def test_what_is_added_and_taken_away_leaves_no_trace(events, claim, how):
    before = [one for one in after(events) if one.claim_id != claim.claim_id]
    added = after([*((c, "assert") for c in before if c.status is ClaimStatus.ASSERTED), (claim, "assert")])
    assert claim.claim_id in {one.claim_id for one in added}
    events = [*((c, "assert") for c in before if c.status is ClaimStatus.ASSERTED), (claim, "assert"), (claim, how)]
    assert standings(after(events)) == standings(before)


@given(st.permutations(CLAIMS))
def test_each_claim_that_stands_is_a_member_of_one_cluster(claims):
    members = [member for standing in standings(claims).values() for member in standing.members]
    assert sorted(members) == sorted(claim.claim_id for claim in claims)
