"""Who speaks: pronouns, roles, documents and bodies lead back to who was introduced, or are left open."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


def sources(pipeline, body):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=body)])
    assert isinstance(outcome, Extracted)
    return {
        claim.attribution[-1].source.span.exact: claim.attribution[-1].source
        for claim in outcome.extraction.claims
        if claim.attribution and claim.attribution[-1].source.span
    }


@pytest.mark.parametrize(
    ("body", "words", "name"),
    [
        # a role that was given in an apposition, and one given as a title
        (
            (
                "Anna Berg, the harbour master, said on Monday that two cranes had failed.\n\n"
                "Paul Okoro, the union's chairman, said that nobody was hurt.\n\n"
                "The harbour master said that the port would open again within a week."
            ),
            "The harbour master",
            "Anna Berg",
        ),
        (
            (
                "Finance Minister Clara Duarte said that taxes would not rise.\n\n"
                "The minister said that the budget would be ready by May."
            ),
            "The minister",
            "Clara Duarte",
        ),
        # a statement speaks for whoever made it
        (
            (
                "The fire brigade denied that any alarm had been missed.\n\n"
                "The statement said that two officers had left their posts in June."
            ),
            "The statement",
            "The fire brigade",
        ),
        # a firm by its kind
        (
            (
                "Norwind Energy said on Tuesday that its turbines had been repaired.\n\n"
                "The company said that it expects a profit this year."
            ),
            "The company",
            "Norwind Energy",
        ),
        # a pronoun stays with who spoke, over a sentence without a cue
        (
            (
                "Anna Berg said that two cranes had failed. The harbour was quiet on Monday. "
                "She added that the port would open again within a week."
            ),
            "She",
            "Anna Berg",
        ),
        # a surname and the full name
        (
            "Senator Ruth Alvarez said that the bill was dead.\n\nAlvarez said that she would try again in the autumn.",
            "Alvarez",
            "Ruth Alvarez",
        ),
    ],
)
def test_whom_the_words_name(pipeline, body, words, name):
    found = sources(pipeline, body)
    assert words in found, list(found)
    assert found[words].name == name


def test_what_the_text_leaves_open_names_the_candidates(pipeline):
    found = sources(
        pipeline,
        "Tom Hale, a professor of law, said that the ruling was weak.\n\n"
        "Martin Reyes, a professor of history, said that the ruling was strong.\n\n"
        "The professor said that an appeal was likely.",
    )
    assert len(found["The professor"].candidates) == 2
    assert found["The professor"].name == "The professor"


def test_a_role_that_nobody_was_given_is_not_guessed(pipeline):
    found = sources(
        pipeline,
        "Tom Hale, a professor of law, said that the ruling was weak.\n\nThe mayor said that an appeal was likely.",
    )
    assert found["The mayor"].name == "The mayor"
    assert found["The mayor"].candidates == []


def test_two_clintons_stay_two(pipeline):
    found = sources(
        pipeline,
        "Hillary Clinton said that she would visit Ohio.\n\nBill Clinton said that he would go to Texas.",
    )
    assert {found["Hillary Clinton"].name, found["Bill Clinton"].name} == {"Hillary Clinton", "Bill Clinton"}
