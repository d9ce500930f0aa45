"""The hand-judged articles can be used: all load, and what they say of one article does not contradict itself."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from tests.golden.folders import DEVELOPMENT, HELD_OUT
from worker.contract.claim import Act, Voice
from worker.measure.golden import GoldError, counts, load_article, load_folder

FILES = [path for folder in (DEVELOPMENT, HELD_OUT) for path in sorted(folder.glob("*.json"))]


@pytest.fixture(scope="module")
def articles():
    return [article for folder in (DEVELOPMENT, HELD_OUT) for article in load_folder(folder)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestEachFile:
    def test_it_loads_and_lies_in_the_folder_of_its_split(self, path):
        article = load_article(path)
        assert article.split == {"articles": "development", "held_out": "held_out"}[path.parent.name]
        assert article.claims
        assert article.text.strip()
        assert article.headline.strip()

    def test_its_publication_has_a_time_zone_and_a_plausible_year(self, path):
        published = load_article(path).published_at
        assert published.tzinfo is not None
        assert datetime(2000, 1, 1, tzinfo=UTC) < published < datetime(2030, 1, 1, tzinfo=UTC)

    def test_its_spans_are_inside_and_hold_their_words(self, path):
        article = load_article(path)
        for claim in article.claims:
            named = [claim.source, claim.cue, *claim.content, *claim.addressees]
            measured = [time.span for time in claim.times] + [quantity.span for quantity in claim.quantities]
            for span in [span for span in named if span is not None] + measured:
                assert 0 <= span.start < span.end <= len(article.text)
                assert article.text[span.start : span.end] == span.exact

    def test_a_source_is_outside_of_what_it_says(self, path):
        for claim in load_article(path).claims:
            for said in claim.content:
                assert claim.source is None or not overlaps(claim.source, said), claim.id

    def test_spans_of_a_content_are_in_order_and_do_not_overlap(self, path):
        for claim in load_article(path).claims:
            for earlier, later in zip(claim.content, claim.content[1:], strict=False):
                assert earlier.end <= later.start, claim.id

    def test_quantities_lie_in_the_content_and_their_bounds_are_in_order(self, path):
        for claim in load_article(path).claims:
            for quantity in claim.quantities:
                within = any(s.start <= quantity.span.start and quantity.span.end <= s.end for s in claim.content)
                assert within, (claim.id, quantity.span.exact)
                if quantity.min is not None and quantity.max is not None:
                    assert quantity.min <= quantity.max, (claim.id, quantity.span.exact)

    def test_only_what_is_attributed_has_a_source(self, path):
        for claim in load_article(path).claims:
            if claim.voice == Voice.ATTRIBUTED:
                assert claim.cue or claim.source or claim.speaker, claim.id
            if claim.voice == Voice.AUTHOR:
                assert claim.source is claim.cue is claim.speaker is claim.within is None, claim.id
                assert not claim.negated, claim.id
                assert not claim.addressees, claim.id

    def test_a_nested_claim_lies_in_the_content_of_another(self, path):
        article = load_article(path)
        by_id = {claim.id: claim for claim in article.claims}
        for claim in article.claims:
            if claim.within is not None:
                outer = by_id[claim.within]
                assert all(any(overlaps(inner, o) for o in outer.content) for inner in claim.content), claim.id

    def test_days_are_days_of_the_calendar(self, path):
        for claim in load_article(path).claims:
            for time in claim.times:
                day = time.timex.split("T")[0]
                if len(day) == 10 and day[:4].isdigit() and day[5:7].isdigit() and day[8:].isdigit():
                    date.fromisoformat(day)  # raises ValueError for 31 February

    def test_an_act_of_leaving_unsaid_is_marked_negated(self, path):
        for claim in load_article(path).claims:
            if claim.act in {Act.DECLINE, Act.SILENT}:
                assert claim.negated, claim.id

    def test_an_alternative_is_not_the_judgement_again(self, path):
        for claim in load_article(path).claims:
            assert claim.act not in claim.acts_ok, claim.id
            assert claim.certainty not in claim.certainty_ok, claim.id


def test_ids_are_unique(articles):
    assert [name for name, times in Counter(article.id for article in articles).items() if times > 1] == []


def test_both_folders_together_are_thirty_articles_or_more(articles):
    if not HELD_OUT.is_dir():
        pytest.skip("tests/golden/held_out is not there")
    assert len(articles) >= 30


def test_the_development_articles_show_each_phenomenon_at_least_twice():
    shown = Counter(number for article in load_folder(DEVELOPMENT) for number in set(article.phenomena))
    assert {number: shown[number] for number in range(1, 31) if shown[number] < 2} == {}


def test_the_readme_states_the_counts_of_today():
    readme = (DEVELOPMENT.parent / "README.md").read_text(encoding="utf-8")
    for name, number in counts(load_folder(DEVELOPMENT)).items():
        assert f"  {name:<24}{number:>6}\n" in readme


def overlaps(a, b):
    return a.start < b.end and b.start < a.end


CLAIM = {
    "id": "c1",
    "voice": "attributed",
    "within": None,
    "source": "Aas",
    "cue": "said",
    "content": ["the ferry sank"],
    "act": "assert",
    "polarity": "positive",
    "certainty": "certain",
    "modality": "none",
}
ARTICLE = {
    "id": "ferry",
    "split": "development",
    "headline": "Ferry sinks",
    "published_at": "2025-03-14T10:00:00Z",
    "publisher": "Elsen Post",
    "phenomena": [19],
    "text": "Aas said the ferry sank. The ferry was old, he thought.",
}


def file(folder, **changes):
    path = folder / "01-ferry.json"
    path.write_text(json.dumps({**ARTICLE, "claims": [{**CLAIM, **changes}]}), encoding="utf-8")
    return path


def test_words_become_code_point_offsets(tmp_path):
    text = "\N{SHIP}\N{VARIATION SELECTOR-16} " + ARTICLE["text"]
    path = tmp_path / "01-ferry.json"
    path.write_text(json.dumps({**ARTICLE, "text": text, "claims": [CLAIM]}), encoding="utf-8")
    claim = load_article(path).claims[0]
    assert (claim.source.start, claim.source.end) == (3, 6)
    assert text[claim.content[0].start : claim.content[0].end] == "the ferry sank"


def test_the_occurrence_that_was_meant_is_taken(tmp_path):
    claim = load_article(file(tmp_path, content=[["ferry", 2]])).claims[0]
    assert claim.content[0].start == ARTICLE["text"].rindex("ferry")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"content": ["the ferry sailed"]}, "'the ferry sailed' does not occur"),
        ({"content": ["ferry"]}, "'ferry' occurs 2 times"),
        ({"content": [["ferry", 3]]}, "there is no occurrence 3"),
        ({"content": [["he", 1]]}, "cuts a word"),
        ({"content": []}, "no content"),
        ({"act": "mutter"}, "'mutter'"),
        ({"acts_ok": ["mutter"]}, "'mutter'"),
        ({"certainty": "sure"}, "'sure'"),
        ({"within": "c7"}, "within 'c7'"),
        ({"times": [{"text": "old", "timex": "yesterday"}]}, "'yesterday'"),
        ({"mood": "good"}, "`mood`"),
    ],
)
def test_what_is_wrong_is_refused_with_the_file_and_the_claim(tmp_path, changes, says):
    with pytest.raises(GoldError) as raised:
        load_article(file(tmp_path, **changes))
    assert says in str(raised.value)
    assert "01-ferry.json" in str(raised.value)
    assert "c1" in str(raised.value)


def test_a_claim_id_used_twice_is_refused(tmp_path):
    path = tmp_path / "01-ferry.json"
    path.write_text(json.dumps({**ARTICLE, "claims": [CLAIM, CLAIM]}), encoding="utf-8")
    with pytest.raises(GoldError, match="'c1' is used more than once"):
        load_article(path)
