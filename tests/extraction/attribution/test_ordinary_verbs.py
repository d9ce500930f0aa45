"""Verbs of speech that report nothing here: deeds, topics, what is pointed back to; and cues amid their words."""

from __future__ import annotations

import pytest

from tests.extraction.attribution.told import told
from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    "text",
    [
        "Police questioned two men over the theft.",
        "Stahl found the net after ten minutes.",
        "The novel tells the story of two sisters.",
        "The visitors claimed all three points.",
        "The storm threatens the coast and the harbour.",
        "The deal will see him become the oldest coach in the league.",
        "The novel describes a village in winter.",
        "He knows the city well.",
        "The winger supports that decision.",
        "The survey asked 900 cooks.",
    ],
)
def test_no_statement(pipeline, text):
    assert told(pipeline, text) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The guerrillas claimed responsibility for the blast.", "The guerrillas"),
        ("The poll shows a small gap between the two.", "The poll"),
        ("The landlord threatened legal action.", "The landlord"),
        ("The singer described the verdict as cruel.", "The singer"),
    ],
)
def test_statements_all_the_same(pipeline, text, source):
    assert [name for name, _ in told(pipeline, text)] == [source]


def test_a_content_goes_on_behind_its_cue(pipeline):
    (claim,) = claims(pipeline, "The letter, she said, mentioned neither the date nor the place.")
    assert (claim.content.text, claim.polarity) == ("The letter mentioned neither the date nor the place", "negative")


def test_each_quote_has_the_cue_beside_it(pipeline):
    text = (
        "Reporters questioned treasurer Ivar Sund and his deputy, Nora Vik, on Friday. "
        "“The figures are right,” he said. “They are not,” she replied. “We will check them,” he conceded."
    )
    assert [name for name, _ in told(pipeline, text)] == ["Ivar Sund", "Nora Vik", "Ivar Sund"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("He denied taking money from the sponsor.", "He took money from the sponsor"),
        ("She admitted lying to her coach.", "She lied to her coach"),
        ("He refused to say where he had been.", "He refused to say where he had been"),
    ],
)
def test_a_source_that_stays_a_pronoun_is_the_subject_all_the_same(pipeline, text, says):
    (claim,) = claims(pipeline, text)
    assert claim.content.text == says


def test_the_police_of_a_sentence_say_it(pipeline):
    text = "Three boats sank, the coast guard said. Police searched the club, they said."
    assert [name for name, _ in told(pipeline, text)] == ["the coast guard", "Police"]


def test_the_titles_of_other_articles_say_nothing(pipeline):
    text = "READ MORE: Coach says club must sell\n\nThe striker is fit, the doctor said."
    assert told(pipeline, text) == [("the doctor", "The striker is fit")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“This is the best concert hall in the north.”\n\nMarta Solberg, violinist", "Marta Solberg"),
        ("★★★★ “A triumph” – The Lorne Herald", "Lorne Herald"),
    ],
)
def test_signatures(pipeline, text, source):
    (name, _), = told(pipeline, text)  # fmt: skip
    assert source in (name or "")


def test_far_from_negates(pipeline):
    (claim,) = claims(pipeline, "The star is far from finished, his doctor said.")
    assert claim.polarity == "negative"
