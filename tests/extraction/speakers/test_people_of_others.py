"""Somebody told of by the name of another is not that other: the mother of a boy, police who look for him."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of
from worker.contract.article import RawArticle

SAID = "said on Monday that the house was empty."


def without_article(words):
    return words.removeprefix("The ").removeprefix("An ").removeprefix("A ")


@pytest.mark.parametrize(
    "somebody",
    [
        "Police investigating the disappearance of 16-year-old Callum Reed",
        "Doctors treating Amy Lorne",
        "The mother of 12-year-old Iris Bell",
        "Detectives hunting the killers of shopkeeper Omar Siddiq",
        "The wife of singer Paul Denning",
        "Campaigners supporting former teacher Ruth Gale",
        "A woman suing the comedian Kurt Vale",
        "The family of murdered student Kate Dolan",
        "A friend of the late MP Joan Birch",
        "An aide to Prime Minister Karin Holt",
        "The lawyer for defendant Ray Cole",
        "Teachers including Jill Ross",
    ],
)
def test_the_name_of_another_is_not_the_speaker(pipeline, somebody):
    assert name_of(pipeline, f"{somebody} {SAID}", "house was empty") == without_article(somebody)


@pytest.mark.parametrize(
    ("somebody", "name"),
    [
        ("Head of marketing Anna Lund", "Anna Lund"),
        ("The club's director of football Tim Howe", "Tim Howe"),
        ("Acting chief executive Bob Lowe", "Bob Lowe"),
        ("Lead author of the study Ken Obuya", "Ken Obuya"),
        ("Chair of governors Jill Ross", "Jill Ross"),
        ("Secretary of State for Defence John Hale", "John Hale"),
        ("Victim's father Mark Doyle", "Mark Doyle"),
    ],
)
def test_an_office_before_a_name_is_the_speakers(pipeline, somebody, name):
    assert name_of(pipeline, f"{somebody} {SAID}", "house was empty") == name


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # the wife is not "he", the uncle is not "she"
        ("The wife of singer Paul Denning says he is recovering.", "Paul Denning is recovering"),
        ("The uncle of Ann Lee said she had left.", "Ann Lee had left"),
        # either can be meant
        ("A spokesman for striker Ben Moss said he was happy.", "He was happy"),
        ("The mother of 12-year-old Iris Bell says she is proud of her.", "She is proud of her"),
    ],
)
def test_he_and_she_of_somebody_told_of_by_another(pipeline, body, text):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=body, language="en")])
    assert [claim.content.text for claim in outcome.extraction.claims if claim.attribution] == [text]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("A senior party figure said he was finished.", "person"),
        ("Official figures show a rise of 4 per cent.", "document"),
        ("The 61-year-old said he never saw the letter.", "person"),
        ("Of 2,000 teachers, 54% said workload was the main reason.", "group"),
        ("The family of Kate Dolan said the trial was unfair.", "group"),
        ("The wife of Paul Denning said the trial was unfair.", "person"),
        ("Economists at Halden Bank disagree. They think rates have peaked.", "group"),
        ("“Great food, awful service.” – Anna, Leeds", "person"),
        ("Unite, the union, said workers had been treated with contempt.", "organisation"),
        ("“I heard three bangs,” Marit Sund told TV2.", "person"),
    ],
)
def test_the_kind_of_who_speaks(pipeline, body, kind):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=body, language="en")])
    assert [claim.attribution[-1].source.kind for claim in outcome.extraction.claims if claim.attribution] == [kind]
