"""The judgements of check-worthiness can be used: each is on the scale, and the passes agree as their README says."""

from __future__ import annotations

import html
import json
import re
import statistics
from pathlib import Path

import pytest

from tests.paths import SEEDS

FOLDER = Path(__file__).parent
STATED = re.compile(r"^\| all \| (\d+) \|.*\| ([\d.]+) \|$", re.MULTILINE)


def ranks(values):
    """Ranks from 1, equal values sharing the mean of theirs, as Spearman's coefficient asks."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in values]


@pytest.fixture(scope="module")
def judgements():
    lines = (FOLDER / "check_worthiness.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_each_is_a_sentence_judged_twice_on_the_scale(judgements):
    assert len({judgement["sentence"] for judgement in judgements}) == len(judgements)
    for judgement in judgements:
        assert judgement.keys() == {"sentence", "origin", "first", "second"}
        assert {judgement["first"], judgement["second"]} <= {0, 1, 2, 3, 4}


def test_sentences_taken_from_a_seed_occur_in_it(judgements):
    bodies = {
        path.stem: html.unescape(json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False))
        for path in SEEDS.glob("*.json")
    }
    for judgement in judgements:
        if judgement["origin"] != "written":
            assert judgement["sentence"] in bodies[judgement["origin"]].replace('\\"', '"'), judgement


def test_the_two_passes_agree_as_the_readme_states(judgements):
    passes = [[judgement[which] for judgement in judgements] for which in ("first", "second")]
    agreement = statistics.correlation(*map(ranks, passes))
    stated = STATED.search((FOLDER / "README-check-worthiness.md").read_text(encoding="utf-8"))
    assert stated is not None
    assert (int(stated[1]), float(stated[2])) == (len(judgements), round(agreement, 2))
