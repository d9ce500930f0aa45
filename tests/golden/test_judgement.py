"""The kept judgement of real pages gives the figures that the documentation has; a reader's mistakes are named."""

from __future__ import annotations

import json
import re

import pytest

from bench.judging.pages import key_of
from bench.judging.sheets import as_sheet, sentences
from bench.judging.verdicts import agreement, read, shares
from tests.paths import ROOT

JUDGEMENT = ROOT / "bench/judging/2026-11-29.jsonl"
KEYS = {"p01": ["a", "b"], "p02": ["c"]}


def test_the_documentation_has_the_figures_of_the_judgement():
    rows = [json.loads(line) for line in JUDGEMENT.read_text(encoding="utf-8").splitlines()]
    claims = [row | {"faults": row["first"]} for row in rows if "claim" in row]
    documented = (ROOT / "docs/extraction.md").read_text(encoding="utf-8")
    for name, words in (("text", "standalone text"), ("attributed: source and content",) * 2, ("names",) * 2):
        before, after = (f"{shares(claims, version)[name][0]:.1f}" for version in ("before", "after"))
        assert re.search(rf"^\| {words} \| {before} \| {after} \|", documented, re.MULTILINE), (name, before, after)


def test_a_claim_that_is_not_named_has_no_fault():
    faults, said = read(["p01: 2 S T/fragment; said 1 3", ""], KEYS)
    assert faults == {"a": [], "b": ["S", "T/fragment"], "c": []}
    assert said == {"p01": [1, 3]}


@pytest.mark.parametrize("line", ["p03: 1 S", "p01: 3 S", "p01: 1 X", "p01: 1 S/cut", "p01: 1 T/wrong"])
def test_a_line_that_means_nothing_is_refused(line):
    with pytest.raises(ValueError, match="p0"):
        read([line], KEYS)


def test_names_and_values_count_where_there_are_some_or_one_is_missed():
    row = {"versions": ["after"], "voice": "author", "names": 0, "values": 1}
    rows = [row | {"faults": ["N"]}, row | {"faults": []}, row | {"faults": ["T/cut"], "versions": ["before"]}]
    figures = shares(rows, "after")
    assert figures["names"] == (0.0, 1)
    assert figures["values"] == (100.0, 2)
    assert figures["text"] == (100.0, 2)


def test_agreement_beyond_chance():
    first = {"a": ["S"], "b": [], "c": ["S"], "d": []}
    second = {"a": ["S"], "b": [], "c": [], "d": []}
    assert agreement(first, second)["source and content"] == (75.0, pytest.approx(0.5))


def test_a_sheet_names_no_version():
    judged = {
        "voice": "author", "chain": [], "text": "The weir at Olm is safe", "spans": ["The weir at Olm is safe"],
        "act": "assert", "polarity": "positive", "certainty": "certain", "names": [["Olm", "GPE"]], "times": [],
        "quantities": [],
    }  # fmt: skip
    page = {"id": "x", "truth": {"body": "The weir at Olm is safe. It was mended."}}
    sheet, keys = as_sheet("p01", page, [(key_of("x", judged), judged)], "first")
    assert keys == [key_of("x", judged)]
    assert not {"before", "after"} & set(re.findall(r"\w+", sheet.casefold()))
    assert "[2] It was mended." in sheet
    assert len(sentences(page["truth"]["body"])) == 2
