"""Which articles are grouped: copies however they were changed, and nothing that only looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.copies import pair_scores, rand_index
from bench.copies_recipe import copies_of_stories
from tests.link.copies.stories import article, drawn, found_in, groups_in, stories
from worker.link.copies.index import CopyIndex

STORY, OTHER, THIRD = (text for _, text in stories(3, seed=5))


def test_a_text_of_two_publishers_is_a_group_whatever_their_headlines(tmp_path):
    found = groups_in(tmp_path, [article("a", STORY), article("b", STORY, "Another"), article("c", OTHER)])
    assert found == {frozenset("ab")}


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        (lambda sentences: sentences[len(sentences) // 2 :], "excerpt"),
        (lambda sentences: sentences[len(sentences) // 2 :] + sentences[: len(sentences) // 2], "copy"),
        (lambda sentences: [*OTHER.split(". ")[:3], *sentences[3:]], "copy"),
        (lambda sentences: [*OTHER.split(". "), *sentences, *THIRD.split(". ")], "contains"),
    ],
)
def test_a_copy_is_recognised_and_says_how_much_it_has_in_common(tmp_path, changed, kind):
    sentences = STORY.rstrip(".").split(". ")
    copy = ". ".join(changed(sentences)) + "."
    published = {"published": "2026-03-01T09:00:00Z"}, {"published": "2026-03-02T09:00:00Z"}
    (group,) = found_in(tmp_path, [article("a", STORY, **published[0]), article("z", copy, **published[1])])
    assert group.parent == "a"
    parent, member = group.members
    assert (parent.kind, parent.share, parent.of_parent) == ("parent", 1.0, 1.0)
    assert member.kind == kind
    assert member.share > 0.9 if kind == "excerpt" else member.of_parent > 0.6


def test_an_overview_joins_the_story_that_most_of_it_is_and_makes_no_other_one_of_it(tmp_path):
    longer, shorter = sorted((STORY, OTHER), key=len, reverse=True)
    both = f"{longer} {shorter}"
    found = groups_in(
        tmp_path, [article("a", longer), article("b", shorter), article("b2", shorter), article("overview", both)]
    )
    assert found == {frozenset({"a", "overview"}), frozenset({"b", "b2"})}


def test_a_quotation_that_two_reports_share_makes_no_copies_of_them(tmp_path):
    quotation = f"“{' '.join(THIRD.split()[:120])}” she said."
    found = groups_in(tmp_path, [article("a", f"{STORY}\n\n{quotation}"), article("b", f"{OTHER}\n\n{quotation}")])
    assert found == set()


def test_a_text_whose_quotations_are_translated_is_a_copy(tmp_path):
    ours, theirs = " ".join(OTHER.split()[:150]), " ".join(THIRD.split()[:150])
    made = [article("a", f"{STORY}\n\n“{ours}”"), article("b", f"{STORY}\n\n“{theirs}”")]
    assert groups_in(tmp_path, made) == {frozenset("ab")}


def test_what_a_publisher_has_below_all_its_articles_makes_no_copies_of_them(tmp_path):
    texts = [" ".join(text.split()[:60]) for _, text in stories(5, seed=9)]
    made = [article(str(number), f"{text}\n\n{STORY}", f"Headline {number}") for number, text in enumerate(texts)]
    assert groups_in(tmp_path, made) == set()


def test_a_passage_that_is_most_of_two_pages_makes_no_copies_of_stories_about_others(tmp_path):
    passage = " ".join(STORY.split()[:160])
    names = ("In May Lindau and Kressbronn met Anna Sommer", "In May Genoa and Savona met Carlo Ponti")
    made = [
        article(uri, f"{text} {' '.join(own.split()[:110])}\n\n{passage}")
        for uri, text, own in zip("ab", names, (OTHER, THIRD), strict=True)
    ]
    assert groups_in(tmp_path, made) == set()
    made[1] = article(
        "b", made[0].text.replace("met Anna Sommer", "saw Anna Sommer").removeprefix("A headline of its own")
    )
    assert groups_in(tmp_path, made) == {frozenset("ab")}


def test_a_text_at_several_addresses_of_one_publisher_is_no_furniture(tmp_path):
    made = [article(str(number), STORY) for number in range(6)]
    assert groups_in(tmp_path, made) == {frozenset("012345")}


def test_a_form_with_other_names_and_numbers_is_no_copy(tmp_path):
    words = STORY.split()

    def filled(seed):
        rng = drawn(seed)
        return " ".join(str(rng.randint(100, 9999)) if place % 6 == 3 else word for place, word in enumerate(words))

    assert groups_in(tmp_path, [article("a", filled(1)), article("b", filled(2))]) == set()


def test_texts_of_a_few_words_are_no_copies(tmp_path):
    made = [article(uri, "No words here today.", "Brief") for uri in "ab"]
    assert groups_in(tmp_path, made) == set()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_groups_do_not_depend_on_the_order_of_the_articles(tmp_path, seed):
    made = [one.article for one in copies_of_stories(stories(140), originals=20, singles=20, seed=seed)]
    wanted = found_in(tmp_path, made)
    assert len(wanted) >= 15
    for shuffle in range(3):
        drawn(shuffle).shuffle(made)
        assert found_in(tmp_path, made) == wanted


def test_without_an_article_the_groups_are_as_if_it_had_never_been_there(tmp_path):
    made = [one.article for one in copies_of_stories(stories(140), originals=20, singles=20, seed=3)]
    drawn(1).shuffle(made)
    gone = {one.uri for one in made[: len(made) // 3]}
    assert found_in(tmp_path, made, gone) == found_in(tmp_path, [one for one in made if one.uri not in gone])


def test_a_newer_version_takes_the_place_of_the_article(tmp_path):
    index = CopyIndex(tmp_path / "index")
    for one in (article("a", STORY), article("b", STORY), article("b", OTHER, version="2")):
        index.add(one)
    assert list(index.groups()) == []
    assert index.version_of("b") == ("2", None)
    index.add(article("a", OTHER))
    assert [group.parent for group in index.groups()] == ["a"]
    index.close()


def test_the_parent_is_the_earliest_of_the_complete_texts(tmp_path):
    cut = ". ".join(STORY.split(". ")[:8]) + "."
    made = [
        article("cut", cut, published="2026-03-01T08:00:00Z"),
        article("late", STORY, published="2026-03-01T12:00:00Z"),
        article("first", STORY, published="2026-03-01T09:00:00Z"),
        article("undated", STORY),
    ]
    (group,) = found_in(tmp_path, made)
    assert group.parent == "first"
    assert [member.uri for member in group.members] == ["cut", "first", "late", "undated"]
    earlier = [replace(one, published="2026-03-01T07:00:00Z") if one.uri == "late" else one for one in made]
    assert found_in(tmp_path, earlier)[0].parent == "late"


def test_a_band_with_many_copies_costs_no_square_and_hangs_together(tmp_path):
    made = [article(f"{number:03}", STORY, f"Headline {number % 3}") for number in range(150)]
    (group,) = found_in(tmp_path, made)
    assert len(group.members) == 150


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20_000,
        "w" * 1_000_000,
        "“" * 50_000,
        "\n" * 50_000 + STORY,
        "a\ud800b " * 2000,
        '" ' * 50_000,
        "1 " * 9000,
    ],
)
def test_a_hostile_text_is_grouped_with_its_copy_or_not_at_all_and_costs_no_more_than_others(tmp_path, text):
    made = [article(f"{uri}\ud800", text, publisher="half a \ud800") for uri in "ab"]
    assert len(found_in(tmp_path, [*made, article("c", OTHER)])) <= 1


@pytest.mark.slow
def test_the_promised_figures_hold_on_stories_of_invented_words(tmp_path):
    made = copies_of_stories(stories(900, seed=4), originals=150, singles=150, seed=11)
    found = {}
    for number, group in enumerate(found_in(tmp_path, [one.article for one in made])):
        found |= dict.fromkeys((member.uri for member in group.members), number)
    for one in made:
        found.setdefault(one.article.uri, -1 - len(found))

    def scores(some):
        return [one.group for one in some], [found[one.article.uri] for one in some]

    assert rand_index(*scores(made)) >= 0.94
    precision, recall = pair_scores(*scores([one for one in made if one.kind != "30 % edited"]))
    assert precision >= 0.99
    assert recall >= 0.95
