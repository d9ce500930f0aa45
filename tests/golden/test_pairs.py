"""The hand-judged pairs of claims can be used: their words are in the articles, and they are what their README says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).parent / "pairs"
RELATIONS = {"restates", "corroborates", "contradicts", "tension", "revises", "none"}
OF_TRAP = {
    "copy": {"restates"},
    "repeat": {"restates"},
    "units": {"restates", "corroborates"},
}


def events():
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def test_each_side_is_in_its_article():
    for event in events():
        texts = {article["id"]: article["text"] for article in event["articles"]}
        for pair in event["pairs"]:
            for side in (pair["a"], pair["b"]):
                for words in side["content"]:
                    exact, which = words if isinstance(words, list) else (words, 1)
                    occurrences = len(re.findall(re.escape(exact), texts[side["article"]]))
                    assert occurrences >= which, (event["id"], pair["id"], words)
                    assert isinstance(words, list) or occurrences == 1, (event["id"], pair["id"], words)


def test_each_pair_has_a_relation_of_the_closed_set_and_a_trap_has_its_own():
    for event in events():
        for pair in event["pairs"]:
            assert pair["relation"] in RELATIONS
            assert pair["trap"] is None or pair["relation"] in OF_TRAP.get(pair["trap"], {"none"}), (event["id"], pair)


def test_a_revision_is_later_than_what_it_revises():
    for event in events():
        published = {article["id"]: article["published_at"] for article in event["articles"]}
        for pair in event["pairs"]:
            if pair["relation"] == "revises":
                assert published[pair["a"]["article"]] > published[pair["b"]["article"]], (event["id"], pair["id"])


def test_the_counts_of_the_readme_hold():
    pairs = [
        (int(path.name[:2]), pair)
        for path in sorted(FOLDER.glob("*.json"))
        for pair in json.loads(path.read_text())["pairs"]
    ]
    stated = (FOLDER / "README.md").read_text(encoding="utf-8")
    aside = sum(number % 3 == 0 for number, _ in pairs)
    traps = Counter(pair["trap"] for _, pair in pairs)
    traps.pop(None)
    assert f"{len(pairs)} pairs of claims" in stated
    assert f"({traps.total()}) are traps" in stated
    assert f"are put aside: {aside} pairs" in stated
    assert f"by the other {len(pairs) - aside}" in stated
