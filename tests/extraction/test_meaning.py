"""Polarity, certainty and kind of modality, propositions and readable texts, on sentences written for it."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.contract.claim import Voice
from worker.extraction.pipeline import Pipeline


def claims(pipeline, body, voice=Voice.ATTRIBUTED):
    (outcome,) = pipeline.extract([RawArticle(uri="meaning", body=body, language="en")])
    return [claim for claim in outcome.extraction.claims if claim.voice is voice]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("The clerk said the bridge was not safe.", "negative"),
        ("The clerk said nobody had crossed the bridge.", "negative"),
        ("The clerk said the bridge was no longer in use.", "negative"),
        ("The clerk said there was no evidence of a leak.", "negative"),
        ("The clerk said neither bridge had been checked.", "negative"),
        ("The clerk said the town had never paid for it.", "negative"),
        ("The clerk said not all doors were locked.", "negative"),
        ("The clerk denied that the bridge was closed.", "negative"),
        ("The clerk denied that there had been no checks.", "positive"),
        ("The clerk rejected the claim that the bridge was closed.", "negative"),
        ("The clerk does not think that the bridge is safe.", "negative"),
        ("The clerk said he could not rule out a new leak.", "positive"),
        ("The clerk said there was no doubt that the bridge was safe.", "positive"),
        ("The clerk said the bridge was not only old but also rusty.", "positive"),
        ("The clerk said the town had failed to check the bridge.", "positive"),
        ("The clerk said the man who did not sign had left the town.", "positive"),
        ("The clerk said the bridge had been closed because nobody had checked it.", "positive"),
        ("The clerk did not mention the bridge.", "positive"),
    ],
)
def test_polarity(rules, sentence, polarity):
    assert claims(rules, sentence)[0].polarity == polarity


@pytest.mark.parametrize(
    ("sentence", "certainty", "kind"),
    [
        ("The firm said the valve had burst.", "certain", "none"),
        ("The firm said the valve might burst.", "possible", "epistemic"),
        ("The firm said the valve could burst again.", "possible", "epistemic"),
        ("The firm said the owner could not be reached.", "certain", "none"),
        ("The firm said it could not rule out a new leak.", "possible", "epistemic"),
        ("The firm said the valve would probably burst.", "probable", "epistemic"),
        ("The firm said prices were expected to rise.", "probable", "epistemic"),
        ("Analysts expect the price to fall.", "probable", "epistemic"),
        ("The firm believes the valve was old.", "probable", "epistemic"),
        ("Residents fear the dam will burst.", "possible", "epistemic"),
        ("The treaty says that troops must leave the island.", "certain", "deontic"),
        ("The firm said the crews were to leave by noon.", "certain", "deontic"),
        ("The council urged both sides to accept a mediator.", "certain", "deontic"),
        ("The firm said the plant would close if the price fell.", "unknown", "conditional"),
        ("The firm said the plant would close even if the price rose.", "certain", "none"),
        ("The committee asked whether the valve had burst.", "unknown", "none"),
        ("The firm has not said whether the valve had burst.", "unknown", "none"),
        ("The owner threatened to sell the club.", "unknown", "none"),
    ],
)
def test_modality(rules, sentence, certainty, kind):
    modality = claims(rules, sentence)[0].modality
    assert (modality.certainty, modality.kind) == (certainty, kind)


@pytest.mark.parametrize(
    ("sentence", "subject", "predicate", "thing"),
    [
        ("The clerk said the town had sold two bridges to a bank.", "the town", "sell", "two bridges"),
        ("The clerk said the crews were to leave the island.", "the crews", "leave", "the island"),
        ("The council urged both sides to accept a mediator.", "both sides", "accept", "a mediator"),
        ("Anna Berg said she would leave the party.", "Anna Berg", "leave", "the party"),
        ("The governor promised to rebuild the school.", "The governor", "rebuild", "the school"),
        ("The mayor praised the crews for staying at their posts.", "the crews", "stay", None),
        ("The clerk said there were no soldiers on the island.", "soldiers on the island", "be", None),
        ("The clerk said it was vital that the town keep the bridge.", "the town", "keep", "the bridge"),
    ],
)
def test_proposition(rules, sentence, subject, predicate, thing):
    made = claims(rules, sentence)[0].proposition
    assert (made.subject, made.predicate, made.object) == (subject, predicate, thing)


def test_arguments_have_their_preposition(rules):
    made = claims(rules, "The clerk said the town had sold two bridges to a bank in May.")[0].proposition
    assert [(each.role, each.text) for each in made.arguments][:1] == [("to", "a bank")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("“I have sold the bridge,” Anna Berg said.", "Anna Berg has sold the bridge"),
        ("Anna Berg said that she would leave the party.", "Anna Berg would leave the party"),
        ("The bank said it was safe.", "The bank was safe"),
        ("The clerk said it was raining.", "It was raining"),
        ("The clerk said that “nobody came”.", "Nobody came"),
    ],
)
def test_a_text_reads_alone(rules, body, text):
    made = claims(rules, body)[0].content.text
    assert made[:1].isupper()
    assert made.casefold() == text.casefold()


@pytest.mark.parametrize(
    ("body", "voice", "words"),
    [
        (
            "Norland is the largest exporter of copper, while Sudland sells most of the tin.",
            "author",
            "Sudland sells most of the tin",
        ),
        ("The dam, which was built in 1911, feeds three towns.", "author", "The dam, which was built in 1911"),
        ("The dam, which was built in 1911, feeds three towns.", "author", "The dam … feeds three towns"),
        ("The clerk was fined 300 euros after the deadline was ignored.", "presupposed", "the deadline was ignored"),
        (
            "The envoy said the mercenaries they are hiring would leave.",
            "presupposed",
            "the mercenaries they are hiring",
        ),
        ("ELSEN, May 3 (Wire) - The market burned down on Monday.", "author", "The market burned down on Monday"),
        (
            "12:40 PHOTO: The ferry lies on its side in the harbour. (Picture: Ida Holm)",
            "author",
            "The ferry lies on its side in the harbour",
        ),
    ],
)
def test_own_voice(rules, body, voice, words):
    found = [" … ".join(span.exact for span in claim.content.spans) for claim in claims(rules, body, Voice(voice))]
    assert words in found


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The harbour of Elsen has three ferries.",
        "(Reporting by Ida Holm; the editor is Ole Lie)",
        "By Ida Holm",
        "Sign up for our newsletter: it has all the news of Elsen.",
        "Did the market burn down on Monday?",
    ],
)
def test_what_is_no_statement_gives_no_claim(rules, line):
    body = f"The market in the old town burned down on Monday.\n\n{line}"
    assert len(claims(rules, body, Voice.AUTHOR)) == 1


def test_nothing_is_both_attributed_and_the_articles_own(rules):
    body = "The market burned down on Monday, the mayor said, after the alarm failed. “Nobody was hurt,” she said."
    said = [span for claim in claims(rules, body) for span in claim.content.spans]
    assert len(said) >= 2
    for claim in claims(rules, body, Voice.AUTHOR):
        for span in claim.content.spans:
            assert not any(span.start < other.end and other.start < span.end for other in said)


def test_the_threshold_of_the_own_voice():
    body = "The heat wave killed about 1,400 people in July. The view was nice."
    counts = [
        len(claims(Pipeline.load(model=False, own_voice_least=least), body, Voice.AUTHOR)) for least in (0, 0.3, 1)
    ]
    assert counts == [2, 1, 0]
