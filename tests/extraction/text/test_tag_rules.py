"""Rules that are remembered give each token what spaCy's own component gives it."""

from __future__ import annotations

import pytest
import spacy

from worker.extraction.text.parser import MODEL, load_parser, same_length
from worker.extraction.text.tag_rules import RememberedRules

TEXTS = [
    "Let's go; she's gonna leave. There's nothin' that y'all ain't seen, and you gotta admit it wasn't me.",
    "It is he who did it because the council, which had met that day, would not do so unless I did.",
    "He got what he gets. C'mon! \n\n Once there were two bridges\n\tThose were the days; but they've been closed.",
    "there is there are there was expl.",
    "got",
    "",
    "\n",
]
GIVEN = ("tag_", "dep_", "pos_", "lemma_", "morph")


@pytest.fixture(scope="module")
def ours():
    load_parser()  # registers the components
    nlp = spacy.load(MODEL)
    nlp.add_pipe("claimwire_tag_rules", after="attribute_ruler")
    nlp.disable_pipes("attribute_ruler")
    return nlp


@pytest.fixture(scope="module")
def theirs():
    return spacy.load(MODEL)


def given(doc):
    return [(token.text, *(str(getattr(token, name)) for name in GIVEN)) for token in doc]


@pytest.mark.parametrize("text", TEXTS)
def test_each_token_gets_what_the_rules_give_it_the_first_and_the_second_time(ours, theirs, text):
    wanted = given(theirs(same_length(text)))
    assert given(ours(same_length(text))) == wanted
    assert given(ours(same_length(text))) == wanted


def test_tokens_in_other_orders_and_with_other_tags_get_what_the_rules_give_them(ours, theirs, seed_texts):
    for text in seed_texts:
        words = text.split()
        for shuffled in (words[::-1], words[1::2] + words[::2]):
            line = same_length(" ".join(shuffled))
            assert given(ours(line)) == given(theirs(line))


@pytest.fixture(scope="module")
def seed_texts():
    return [
        "The minister said on Monday that those who had been there didn't know whether it is true, or so he thought.",
        "Save the date, she wrote, once you've let us know what you'll do: have it or not, then it's done.",
    ]


def test_a_rule_that_looks_at_more_is_refused():
    nlp = spacy.load(MODEL)
    nlp.get_pipe("attribute_ruler").add([[{"SHAPE": "Xx"}]], {"POS": "X"})
    with pytest.raises(ValueError, match="looks at more"):
        RememberedRules(nlp)
