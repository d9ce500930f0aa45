"""What docs/acts.md says of each act holds: its examples get it."""

from __future__ import annotations

import re

import pytest

from tests.paths import ROOT
from worker.contract.article import RawArticle
from worker.contract.claim import Act, Voice
from worker.extraction.lexicon.act_words import lexicon

PAGE = (ROOT / "docs" / "acts.md").read_text(encoding="utf-8")
EXAMPLES = [
    (act, example)
    for act, examples in re.findall(r"^\*\*(\w+)\*\* - .*?\n\n((?:- .*\n)+)", PAGE, re.MULTILINE)
    for example in re.findall(r"^- (.*)$", examples, re.MULTILINE)
]
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip


def test_each_act_has_two_examples():
    assert sorted(act for act, _ in EXAMPLES) == sorted([*Act, *Act])


@pytest.mark.parametrize(("act", "example"), EXAMPLES, ids=lambda value: value[:40])
def test_an_example_is_its_act(pipeline, act, example):
    (outcome,) = pipeline.extract([RawArticle(uri="acts", body=example, language="en")])
    acts = [claim.act for claim in outcome.extraction.claims if claim.voice is Voice.ATTRIBUTED]
    assert set(acts) == {act}  # one that takes sides inside a quote is a claim of its own, with the same act


def test_plover_types_are_those_of_the_ontology():
    assert set(lexicon().plover.values()) <= PLOVER
    for act, code in lexicon().plover.items():
        row = next(line for line in PAGE.splitlines() if line.startswith("| ") and re.search(rf"\b{act}\b", line))
        assert code in row


@pytest.mark.parametrize(
    ("sentence", "addressees"),
    [
        ("“We call on Norland and Sudland to open their ports,” the envoy said.", ["Norland", "Sudland"]),
        ("The coach told reporters that the game was lost.", ["reporters"]),
        ("The committee urged the council to publish the letter.", ["the council"]),
        ("The bishop appealed to the kidnappers to let the boy go.", ["the kidnappers"]),
        ("The clerk said the office was closed.", []),
    ],
)
def test_addressees(pipeline, sentence, addressees):
    (outcome,) = pipeline.extract([RawArticle(uri="acts", body=sentence, language="en")])
    claim = next(claim for claim in outcome.extraction.claims if claim.voice is Voice.ATTRIBUTED)
    assert [each.span.exact for each in claim.attribution[-1].addressees] == addressees
