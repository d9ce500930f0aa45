"""Groups that are kept up to date are those that are found in the same articles at once."""

from __future__ import annotations

import pytest

from tests.link.copies.stories import article, drawn, found_in, stories
from worker.link.copies.bands import compared_pairs, pairs_that_change
from worker.link.copies.sketch import sketch_of
from worker.link.live.copies import LiveArticle, LiveCopies
from worker.link.live.database import LinkDatabase

STORIES = [text for _, text in stories(6, seed=9)]
FURNITURE = "Sign up to the newsletter of the Post and read what others do not print about the harbour"


@pytest.fixture
def live(tmp_path):
    database = LinkDatabase(tmp_path / "live" / "link.sqlite")
    yield LiveCopies(database)
    database.close()


def put(live, one):
    live.put(
        LiveArticle(one.uri, one.publisher, one.published, bool(one.headline), str(hash(one.text)), sketch_of(one.text))
    )


def drawn_article(rng, uri):
    """A text that may be a copy, a cut, an overview, and may have lines of its publisher."""
    first, second = rng.sample(STORIES, 2)
    sentences = first.split(". ")
    text = rng.choice([first, ". ".join(sentences[: len(sentences) * 2 // 3]), f"{first} {second}", second])
    if rng.random() < 0.5:
        text = f"{text}\n{FURNITURE}\n{FURNITURE} and elsewhere"
    published = rng.choice([None, f"2026-03-0{rng.randint(1, 9)}T09:00:00Z"])
    headline = rng.choice(["", f"Headline {rng.randint(1, 6)} of it"])
    return article(uri, text, headline, rng.choice([None, "The Post", "Wire"]), published)


@pytest.mark.parametrize("seed", range(6))
def test_articles_that_come_change_and_go_leave_the_groups_of_those_that_are_there(tmp_path, live, seed):
    rng, there, groups = drawn(seed), {}, {}
    for step in range(60):
        uri = f"https://{rng.choice('abc')}.example/{rng.randint(1, 9)}"
        if rng.random() < 0.25:
            there.pop(uri, None)
            live.remove(uri)
        else:
            there[uri] = drawn_article(rng, uri)
            put(live, there[uri])
        if step % 3:
            continue
        for group_id, group in live.settle().groups.items():
            if group is None:
                groups.pop(group_id, None)
            else:
                groups[group_id] = group
        expected = {group.group: group for group in found_in(tmp_path, list(there.values()))}
        assert groups == expected
        assert {g: live.describe(g) for g in groups} == expected


def test_texts_that_too_many_have_in_common_are_grouped_alike(tmp_path, live):
    rng, there, groups = drawn(3), {}, {}
    for number in [*range(44), *range(20), *range(50, 60)]:
        uri = f"https://{number * 37 % 61}.example/"
        if uri in there:
            del there[uri]
            live.remove(uri)
        else:
            text = rng.choice(STORIES[:2])
            there[uri] = article(uri, text, f"Headline {number}", f"Paper {number}")
            put(live, there[uri])
        groups.update(live.settle().groups)
    expected = {group.group: group for group in found_in(tmp_path, list(there.values()))}
    assert {g: group for g, group in groups.items() if group} == expected


@pytest.mark.parametrize("count", [2, 39, 40, 41, 42, 60, 90])
def test_a_text_in_a_band_changes_which_of_the_others_are_compared(count):
    texts = list(range(count))
    for place in range(count):
        others = [*texts[:place], *texts[place + 1 :]]
        lost = set(compared_pairs(others)) - set(compared_pairs(texts))
        assert set(pairs_that_change(place, texts)) == lost


def test_who_counts_for_another_group_is_told(live):
    put(live, article("https://b.example/1", STORIES[0], publisher="B", published="2026-03-02T09:00:00Z"))
    assert live.settle().uris == set()
    put(live, article("https://c.example/1", STORIES[0], publisher="C", published="2026-03-03T09:00:00Z"))
    assert live.settle().uris == {"https://b.example/1", "https://c.example/1"}
    put(live, article("https://d.example/1", STORIES[1], publisher="D", published="2026-03-03T09:00:00Z"))
    assert live.settle().uris == set()
    live.remove("https://b.example/1")
    assert live.settle().uris == {"https://b.example/1", "https://c.example/1"}
