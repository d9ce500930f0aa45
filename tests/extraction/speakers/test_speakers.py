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


@pytest.mark.parametrize(
    ("body", "words", "name"),
    [
        # by gender, of two who are named together
        (
            "Conductor Clara Weil and pianist Hugo Holm met the press on Monday. She said the hall was cold.",
            "She",
            "Clara Weil",
        ),
        (
            "Conductor Clara Weil and pianist Hugo Holm met the press on Monday. He said the hall was cold.",
            "He",
            "Hugo Holm",
        ),
        # what a text calls a person again
        (
            "Swimmer Ines Sund won again on Sunday. The 24-year-old said that the water was cold.",
            "The 24-year-old",
            "Ines Sund",
        ),
        (
            "Swimmer Ines Sund won again on Sunday. The mother of three said that the water was cold.",
            "The mother of three",
            "Ines Sund",
        ),
        (
            "Swimmer Ines Sund won again on Sunday. The Belgian said that the water was cold.",
            "The Belgian",
            "Ines Sund",
        ),
        # one person who is "they"
        (
            "Kim Aldane teaches in Bergen. Aldane said the school was full. They said a class had 40 pupils.",
            "They",
            "Kim Aldane",
        ),
        # people named together
        ("Clara Weil and Hugo Holm own the bakery. They said that flour was dear.", "They", "Clara Weil and Hugo Holm"),
        ("Two residents called the police. They said that a window had been broken.", "They", "Two residents"),
        # who is behind a relative pronoun
        (
            "The strike was called off by the dockers' union, which said that pay would rise.",
            "which",
            "the dockers' union",
        ),
        # the owner of a promise
        ("Mayor Hugo Holm lost his office in May. His promise to build a bridge was forgotten.", "His", "Hugo Holm"),
        # a person with the name of a place
        ("Florence Holm and Per Lie own the bakery. Florence said that flour was dear.", "Florence", "Florence Holm"),
        # a body by its abbreviation
        (
            "The Norland Bakers' Guild (NBG) met on Monday. The NBG said that flour was dear.",
            "The NBG",
            "Norland Bakers' Guild",
        ),
    ],
)
def test_whom_a_description_calls_again(pipeline, body, words, name):
    found = sources(pipeline, body)
    assert words in found, list(found)
    assert found[words].name == name


def test_the_one_who_hears_is_no_description_of_two(pipeline):
    found = sources(
        pipeline,
        "Minister Clara Weil met minister Hugo Holm on Monday. The minister said that the talks were short.",
    )
    assert len(found["The minister"].candidates) == 2
