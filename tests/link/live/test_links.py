"""What is kept up to date equals what is computed at once from what is there, whatever came before, in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.link.copies.stories import drawn, stories
from tests.link.live.whole import whole
from tests.link.relations.making import made_claim
from worker.contract.alert import Watch
from worker.contract.claim import Act, Polarity
from worker.contract.relation import RelationKind
from worker.contract.review import Rating, Review, review_id
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import LiveLinks

BOUNDS = NeighbourBounds(near=3, keys=4)
"""Tight, so that claims come between others and bring them apart."""
STORIES = [text for _, text in stories(3, seed=11)]
STORIES[2] = STORIES[0].replace("a", "o", 9)
QUAY = "the northern quay"
SOURCES = ("Anna Berg", "Port of Lund", "Milan Dorr", "Dorr", "the port")
WATCHES = (
    Watch(source="Dorr"),
    Watch(words="quay open"),
    Watch(relations=[RelationKind.CONTRADICTS, RelationKind.TENSION], words="quay"),
    Watch(relations=[RelationKind.RESTATES], source="port"),
    Watch(acts=[Act.ASSERT], words="ferry"),
    Watch(relations=list(RelationKind)),
)
SAYINGS = (
    "The northern quay was open",
    "The northern quay was closed",
    "The northern quay would stay closed for 12 weeks",
    "The northern quay would stay closed for 3 weeks",
    "The ferry to Lund sank in the storm",
    "The ferry did not sink",
)


@pytest.fixture
def links(tmp_path):
    made = LiveLinks(tmp_path / "link.sqlite", BOUNDS)
    yield made
    made.close()


def claim_of(number, *, version="1"):
    """One of some hundred claims: who says what in which article on which day, all by its number."""
    rng = drawn(number)
    article = rng.randint(1, 9)
    day = f"2026-03-0{1 + article % 5}"
    text, source = rng.choice(SAYINGS), rng.choice(SOURCES)
    subject = QUAY if "quay" in text else "the ferry"
    claim = made_claim(text, source=source, uri=f"https://p{article % 4}.example/{article}", day=day, subject=subject)
    if rng.random() < 0.2:
        claim = replace(claim, attribution=[])
    if "not" in text:
        claim = replace(claim, polarity=Polarity.NEGATIVE)
    headline = "Harbour" if article % 2 else None
    return replace(claim, article=replace(claim.article, headline=headline, text_sha256=version))


def review_of(number):
    """One of some reviews, with one of three ratings."""
    rng = drawn(number)
    author, claim = f"Checker {number % 2}", rng.choice(SAYINGS)
    url = f"https://checks.example/{number % 4}"
    return Review(
        review_id=review_id(url, author, claim),
        claim=claim,
        author=author,
        url=url,
        rating=Rating(words="False", value=number % 3, worst=0, best=2),
        published_at=f"2024-0{1 + number % 4}-01T00:00:00Z",
        claimant=rng.choice((None, *SOURCES)),
        polarity=Polarity.NEGATIVE if "not" in claim else Polarity.POSITIVE,
    )


class World:
    """Claims and texts as they are, and the links that are told of each change."""

    def __init__(self, links):
        self.links, self.claims, self.texts, self.held = links, {}, {}, {}
        self.seen, self.watches, self.reviews, self.now = {}, {}, {}, -1

    def settle(self):
        for key, body in self.links.settle().items():
            assert body != self.held.get(key), key
            if body is None:
                del self.held[key]
            else:
                self.held[key] = body

    def check(self):
        self.settle()
        expected = whole(self.claims, self.texts, BOUNDS, self.watches, self.seen, self.reviews.values())
        assert self.held == expected
        assert {(kind, key) for kind, key, _ in self.links.given_out()} == set(expected)
        assert {key: self.links.value_of(*key) for key in expected} == expected

    def do(self, what, number):
        claim = claim_of(number, version=str(number % 3))
        uri = claim.article.uri
        self.now += 1
        if what == "claim":
            self.claims[claim.claim_id] = claim
            self.seen[claim.claim_id] = self.now
            self.links.put_claim(claim, self.now)
        elif what == "watch":
            name = f"watch {number % 5}"
            self.watches[name] = self.now, WATCHES[number % len(WATCHES)]
            self.links.put_watch(name, self.watches[name][1], self.now)
        elif what == "no watch":
            name = f"watch {number % 5}"
            self.watches.pop(name, None)
            self.links.remove_watch(name)
        elif what == "review":
            review = review_of(number)
            self.reviews[review.review_id] = review
            self.links.put_review(review)
        elif what == "no review":
            review = review_of(number)
            self.reviews.pop(review.review_id, None)
            self.links.remove_review(review.review_id)
        elif what == "drop":
            self.claims.pop(claim.claim_id, None)
            self.links.remove_claim(claim.claim_id)
        elif what == "text":
            self.texts[uri] = str(number % 3), STORIES[number % 3]
            self.links.put_text(uri, *self.texts[uri], number)
        elif what == "no text":
            self.texts.pop(uri, None)
            self.links.remove_text(uri)
        else:
            self.settle()


_KINDS = ["claim"] * 5 + ["text"] * 3 + ["review"] * 2
_KINDS += ["watch", "drop", "no text", "no watch", "no review", "settle"]
STEPS = st.tuples(st.sampled_from(_KINDS), st.integers(0, 120))


@given(st.lists(STEPS, max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_what_holds_is_what_follows_from_what_is_there(links, steps):
    links.clear()
    world = World(links)
    for what, number in steps:
        world.do(what, number)
    world.check()


@pytest.mark.parametrize("seed", range(4))
def test_a_long_history_leaves_what_follows_from_its_end(links, seed):
    rng, world = drawn(seed), World(links)
    for step in range(400):
        world.do(rng.choice([*_KINDS, "drop", "drop"]), rng.randint(0, 150))
        if step % 80 == 79:
            world.check()


@pytest.mark.parametrize("seed", range(3))
def test_what_is_added_and_taken_away_leaves_no_trace(links, seed):
    rng, world = drawn(seed), World(links)
    for number in range(30):
        world.do(rng.choice(["claim", "claim", "text"]), number)
    world.settle()
    before = dict(world.held)
    added = [n for n in range(200, 260) if claim_of(n).claim_id not in world.claims]
    for number in added:
        world.do("claim", number)
    world.settle()
    assert world.held != before
    for number in rng.sample(added, len(added)):
        world.do("drop", number)
    world.settle()
    assert world.held == before


def test_what_is_rolled_back_has_not_happened(links):
    world = World(links)
    links.begin()
    for number in range(20):
        world.do("claim", number)
        world.do("text", number)
    world.settle()
    links.commit()
    links.begin()
    for number in range(20, 40):
        links.put_claim(claim_of(number), number)
    links.remove_claim(claim_of(1).claim_id)
    links.settle()
    links.rollback()
    world.check()
    for number in range(30, 50):
        world.do("claim", number)
    world.check()


def test_what_is_on_disk_goes_on_where_it_was(tmp_path):
    path = tmp_path / "again.sqlite"
    links = LiveLinks(path, BOUNDS)
    world = World(links)
    for number in range(30):
        world.do("claim", number)
        world.do("text", number)
    world.settle()
    links.close()
    world.links = LiveLinks(path, BOUNDS)
    for number in range(20, 60):
        world.do("claim", number)
    world.check()
    world.links.close()


def test_claims_that_were_not_seen_for_long_count_no_more(links):
    world = World(links)
    for number in range(60):
        world.do("claim", number)
    last = {}
    for number in range(60):
        last[claim_of(number).claim_id] = number
    while links.expire(40, 5):
        pass
    world.claims = {claim_id: claim for claim_id, claim in world.claims.items() if last[claim_id] >= 40}
    world.check()


def test_a_new_version_that_says_the_same_gives_nothing_out(links):
    world = World(links)
    for number in range(40):
        world.do("claim", number)
    world.settle()
    compared = links.compared
    for claim in world.claims.values():
        article = replace(claim.article, version="2", updated_at="2026-03-09T00:00:00Z")
        links.put_claim(replace(claim, article=article, revision=2), 1000)
    assert links.settle() == {}
    assert links.compared == compared
