"""`claimwire eval FOLDER` counts each attribute by itself and refuses what it cannot read."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from worker.cli import main
from worker.contract.claim import Source, Span
from worker.measure.attributes import same_name, same_predicate, same_subject, score
from worker.measure.golden import load_article
from worker.measure.matching import located

ARTICLE = {
    "id": "ferry",
    "split": "development",
    "headline": "Ferry sinks off Elsen",
    "published_at": "2025-03-14T10:00:00Z",
    "publisher": "Elsen Post",
    "phenomena": [19],
    "text": "The harbour master said the ferry had sunk. The ferry company denied that the ferry was old.",
    "claims": [
        {
            "id": "c1",
            "voice": "attributed",
            "source": "The harbour master",
            "cue": "said",
            "content": ["the ferry had sunk"],
            "speaker": "the harbour master",
            "act": "assert",
            "polarity": "positive",
            "certainty": "certain",
            "modality": "none",
            "subject": "the ferry",
            "predicate": "sink",
        },
        {
            "id": "c2",
            "voice": "attributed",
            "source": "The ferry company",
            "cue": "denied",
            "content": ["the ferry was old"],
            "act": "deny",
            "polarity": "negative",
            "certainty": "certain",
            "modality": "none",
        },
    ],
}


@pytest.fixture
def write(tmp_path):
    """Writes the article with the first claim changed, and gives the folder."""

    def write(**changes):
        article = json.loads(json.dumps(ARTICLE))
        article["claims"][0] |= changes
        (tmp_path / "01-ferry.json").write_text(json.dumps(article), encoding="utf-8")
        return tmp_path

    return write


def figures(pipeline, folder):
    return score(pipeline, [load_article(folder / "01-ferry.json")]).figures()


def test_a_prediction_that_is_all_right_scores_a_hundred(rules, write):
    made = figures(rules, write())
    for name in (
        "claims F1",
        "source",
        "cue",
        "act",
        "act macro-F1",
        "polarity",
        "negative F1",
        "predicate",
        "subject",
    ):
        assert made[name] == 100.0, name


def test_a_wrong_attribute_counts_against_itself_alone(rules, write):
    made = figures(rules, write(act="promise", polarity="negative", certainty="possible"))
    assert (made["act"], made["polarity"], made["certainty"]) == (50.0, 50.0, 50.0)
    assert made["negative recall"] == 50.0
    assert made["claims F1"] == made["source"] == 100.0


def test_another_act_that_the_reader_accepts_is_right(rules, write):
    assert figures(rules, write(act="promise", acts_ok=["assert"]))["act"] == 100.0


def test_the_command_writes_one_json_object(write):
    done = CliRunner().invoke(main, ["eval", str(write()), "--json", "--rules-only"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["articles"] == 1
    assert report["figures"]["act"] == 100.0


def test_the_command_names_what_goes_wrong(write):
    done = CliRunner().invoke(main, ["eval", str(write(act="promise")), "--errors", "--rules-only"])
    assert "ferry c1: assert for promise" in done.output


def test_the_command_refuses_a_folder_without_articles(tmp_path):
    done = CliRunner().invoke(main, ["eval", str(tmp_path), "--rules-only"])
    assert done.exit_code == 2
    assert "no *.json" in done.output


def test_spans_are_found_again_where_the_text_was_cleaned():
    text = "Ferry sinks.\n\nThe  ferry sank. The ferry was old."
    assert min(located([Span(start=60, end=69, exact="The ferry")], text, 20)) == text.rindex("The ferry")
    assert located([Span(start=0, end=5, exact="trams")], text, 0) == frozenset()


def test_names_and_predicates_are_compared_leniently():
    source = Source(span=Span(start=0, end=9, exact="the mayor"), name="Anna Berg")
    assert same_name("Anna Berg", source)
    assert same_name("mayor", source)
    assert not same_name("Ole Lie", source)
    assert same_predicate("turn over", "turn")
    assert not same_predicate("turn", None)
    assert same_subject("the old ferry of Elsen", "old ferry")
    assert not same_subject("the ferry", "the harbour")
