"""The indexed parse answers as spaCy's own does, and bounds the length of a sentence."""

from __future__ import annotations

import random

import pytest
import spacy

from worker.extraction.text import parser
from worker.extraction.text.indexed import IndexedDoc
from worker.extraction.text.parser import MODEL, load_parser

TEXTS = [
    "The bank, she argued, would fail, and the mayor of Oslo, who had paid for it, told reporters that it must not.",
    'Anna Berg and Bo Lind (both of the council) said: "We, the people ... did it!" Nobody believed them -- or him.',
    "Prices, which rose by 5 percent in May after the strike was called off, fell; that, he said, is what they want.",
    "  \n\nHeadline without a verb\n\nWhat Berg did, and why the ministry let him, is unclear.\tMore on page 3.",
    "On Monday the minister whom critics say the party had asked to leave left for Rome. To what end is not known.",
    "The tenants disliked the contracts that they had to sign, and what the guards will have to do is unclear.",
]


@pytest.fixture(scope="module")
def of_spacy():
    """The parse of spaCy alone, with the same components before ours."""
    load_parser()  # registers them
    nlp = spacy.load(MODEL)
    nlp.add_pipe("claimwire_lines", before="parser")
    return nlp


@pytest.mark.parametrize("text", TEXTS)
def test_every_relation_is_spacys(of_spacy, text):
    doc = of_spacy(text)
    indexed = IndexedDoc(doc)
    for ours, theirs in zip(indexed, doc, strict=True):
        for name in ("children", "lefts", "rights", "ancestors", "conjuncts"):
            assert [t.i for t in getattr(ours, name)] == [t.i for t in getattr(theirs, name)], (name, theirs)
        # spaCy's is in the order of the tree: "they had that to sign"
        assert [t.i for t in ours.subtree] == sorted(t.i for t in theirs.subtree), theirs
        for name in ("head", "left_edge", "right_edge"):
            assert getattr(ours, name).i == getattr(theirs, name).i, (name, theirs)
        assert (ours.sent.start, ours.sent.end) == (theirs.sent.start, theirs.sent.end)
        for name in (
            "text",
            "lower_",
            "lemma_",
            "tag_",
            "pos_",
            "ent_type_",
            "is_punct",
            "is_alpha",
            "like_num",
        ):
            assert getattr(ours, name) == getattr(theirs, name)
        # spaCy calls the root of a blank "dep" or nothing
        assert ours.dep_ == ("ROOT" if ours.head is ours else theirs.dep_)


@pytest.mark.parametrize("text", TEXTS)
def test_every_phrase_is_spacys(of_spacy, text):
    doc = of_spacy(text)
    indexed = IndexedDoc(doc)
    some = random.Random(1)  # noqa: S311
    for _ in range(400):
        a, b = sorted(some.sample(range(len(doc) + 1), 2))
        ours, theirs = indexed[a:b], doc[a:b]
        assert (ours.text, ours.start_char, ours.end_char) == (theirs.text, theirs.start_char, theirs.end_char)
        assert ours.root.i == theirs.root.i, theirs
        assert [(e.start, e.label_) for e in ours.ents] == [(e.start, e.label_) for e in theirs.ents]
        assert [c.start for c in ours.noun_chunks] == [c.start for c in theirs.noun_chunks]
        first, last = sorted(some.sample(range(len(text) + 1), 2))
        for mode in ("strict", "expand", "contract"):
            span = doc.char_span(first, last, alignment_mode=mode)
            found = indexed.char_span(first, last, alignment_mode=mode)
            assert (found is None) == (span is None)
            assert found is None or (found.start, found.end) == (span.start, span.end)


def test_a_deep_sentence_is_cut_into_pieces_each_with_one_root():
    doc = load_parser()("he says " * 2000)
    lengths = [len(sentence) for sentence in doc.sents]
    assert sum(lengths) == 4000
    assert max(lengths) <= parser._MAX_SENTENCE_TOKENS
    for sentence in doc.sents:
        assert len([token for token in sentence if token.head is token]) == 1
        assert sentence.root.subtree == list(sentence)


def test_an_ordinary_sentence_is_left_whole():
    text = "The council said that " + "the mayor of the old town, who was there, agreed, and " * 7 + "nobody left."
    assert len(list(load_parser()(text).sents)) == 1


def test_a_root_that_was_cut_out_is_called_a_root():
    text = "Berg left, " + "and Lind slept, and Olsen ate, and Dahl drank, " * 20 + "and he wept, and she sang."
    doc = load_parser()(text)
    roots = [token for token in doc if token.head is token]
    assert len(roots) > 1
    assert {root.dep_ for root in roots} == {"ROOT"}
