"""Statements in the article's own voice and presupposed ones, on sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


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
            "12:40 NOON: The ferry lies on its side in the harbour. (Reporting by Ida Holm)",
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
        "12:40 PHOTO: The ferry lies on its side in the harbour. (Picture: Ida Holm)",
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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Long before the bridge fell in 2019, engineers had warned the town.", "The bridge fell in 2019"),
        ("Even after the mine closed in May, 200 men kept coming to the gate.", "The mine closed in May"),
        ("The day before the vote was held in Lund, the archive burned down.", "The vote was held in Lund"),
        ("Two weeks after the ferry sank off Malmo, its owner left for Chile.", "The ferry sank off Malmo"),
        ("Shortly after the bank failed in 2009, its owner left for Chile.", "The bank failed in 2009"),
        ("Just as the gates were opened at noon, the lights went out.", "The gates were opened at noon"),
        ("Only because the dam had been raised in 2014 was the town spared.", "The dam had been raised in 2014"),
        (
            "The masts he has been building since 2011 stand in nine harbours.",
            "He has been building the masts since 2011",
        ),
        ("The owner left for Chile two days after the ferry sank off Malmo.", "The ferry sank off Malmo"),
        ("After the plant closed in 2012, 400 people left.", "The plant closed in 2012"),
        ("The dam that had cost 40 million euros was never filled.", "The dam had cost 40 million euros"),
        (
            "The trail is hard in May, after the novelist Jo Vale explained it to me.",
            "[The trail is hard in May.] The novelist Jo Vale explained it to me",
        ),
        # a deed that somebody is judged for
        ("The court fined the firm for hiding a leak in 2019.", "The firm hid a leak in 2019"),
        ("Ida Vale was sentenced for ignoring 40 warnings.", "Ida Vale ignored 40 warnings"),
        ("The mayor praised the crews for not leaving the ship in May.", "The crews did not leave the ship in May"),
    ],
)
def test_what_is_granted_is_the_clause_behind_its_conjunction(pipeline, body, text):
    assert text in [claim.content.text for claim in claims(pipeline, body, Voice.PRESUPPOSED)]


@pytest.mark.parametrize(
    "body",
    [
        "Once you have sold the house in May, the bank pays 900 euros. The bank opened in 2004.",
        "Nobody believed the claim that the mayor had hidden 3 million euros. The mayor left in May.",
    ],
)
def test_what_is_supposed_or_only_claimed_is_not_granted(pipeline, body):
    assert claims(pipeline, body, Voice.PRESUPPOSED) == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # the conjunction of a clause or phrase that is part of the statement
        (
            "If the river rises again, the village will be cut off for 10 days.",
            "If the river rises again, the village will be cut off for 10 days",
        ),
        (
            "As the fog lifted, the ferry left the harbour with 90 people on board.",
            "As the fog lifted, the ferry left the harbour with 90 people on board",
        ),
        (
            "After the brewery closed in 2019, the town lost 400 jobs.",
            "After the brewery closed in 2019, the town lost 400 jobs",
        ),
        (
            "As a former pilot, Ida Holm flew 40 missions over the desert.",
            "As a former pilot, Ida Holm flew 40 missions over the desert",
        ),
        (
            "As with every other bridge on the river, the new one has four lanes.",
            "As with every other bridge on the river, the new one has four lanes",
        ),
        ("So far this year 300 boats have sunk off Malmo.", "So far this year 300 boats have sunk off Malmo"),
        ("After a long strike, the smelter lost 40 orders.", "After a long strike, the smelter lost 40 orders"),
        # the conjunction before the statement itself, with its adverb
        ("But after the ferry sank, 40 crews stayed in port.", "After the ferry sank, 40 crews stayed in port"),
        ("Even though the harvest was poor, exports rose by 12 per cent.", "The harvest was poor"),
        ("And the mill burned down in May 2011.", "The mill burned down in May 2011"),
        # what the verb needs
        (
            "The quarrel of 2014 looks like it is coming to an end.",
            "The quarrel of 2014 looks like it is coming to an end",
        ),
        # a branch of the parse that crosses another one
        (
            "The 40 tenants read the contracts that they had to sign.",
            "The 40 tenants read the contracts that they had to sign",
        ),
        # a bracket is closed
        (
            "The roof is made of 40 sheets of steel (coated with zinc).",
            "The roof is made of 40 sheets of steel (coated with zinc)",
        ),
    ],
)
def test_a_statement_has_all_of_its_words(pipeline, body, text):
    assert text in [claim.content.text for claim in claims(pipeline, body, Voice.AUTHOR)]


def test_nobody_says_what_a_dispute_is_between(pipeline):
    assert claims(pipeline, "A dispute between the two dairies looks like it is coming to an end in May.") == []


def test_a_comparison_takes_nothing_for_granted(pipeline):
    assert claims(pipeline, "The 40 drums were not as loud as they seemed from the hall.", Voice.PRESUPPOSED) == []


@pytest.mark.parametrize(
    ("body", "done"),
    [
        (
            "The airline cancelled 40 flights on Monday, saying its staff were ill.",
            "The airline cancelled 40 flights on",
        ),
        ("Saying she was tired, the coach left the pitch before the end.", "The coach left the pitch before the end"),
        ("A judge has blocked the law on parades, ruling that it is void.", "A judge has blocked the law on parades"),
        ("The union called off the strike in March, adding that talks had helped.", "The union called off the strike"),
        ("The council closed the bridge in May after engineers warned that it could fall.", "The council closed the"),
        ("After engineers warned that it could fall, the council closed the bridge in May.", "The council closed the"),
    ],
)
def test_who_says_something_by_the_way_does_something_else(pipeline, body, done):
    (own,) = claims(pipeline, body, Voice.AUTHOR)
    assert own.content.text.startswith(done)
    assert len(claims(pipeline, body, Voice.ATTRIBUTED)) == 1


def test_who_answers_by_saying_something_does_nothing_else(pipeline):
    assert claims(pipeline, "The mayor replied on Monday, saying that the bridge was safe.", Voice.AUTHOR) == []
