"""Who speaks by the lines of a page: interviews, transcripts, posts, signed quotes, lists, live blogs, notes."""

from __future__ import annotations

import pytest

from tests.extraction.attribution.told import own_voice, told


def test_a_label_names_the_speaker_of_its_line(pipeline):
    body = (
        "The union's new head took questions on Friday.\n\nGazette: When does the strike begin?\n\n"
        "Ruth Sand: The strike begins on Monday at six.\n\nGazette: Who will be affected?\n\n"
        "Ruth Sand: No hospital will be touched."
    )
    assert told(pipeline, body) == [
        ("Ruth Sand", "The strike begins on Monday at six"),
        ("Ruth Sand", "No hospital will be touched"),
    ]


def test_answers_below_q_belong_to_who_is_introduced(pipeline):
    body = (
        "Mia Falk coached the team for a decade. We met her in Norby.\n\nQ: Why do you leave?\n\n"
        "A: I want to see my children.\n\nQ: Who comes next?\n\nA: The board has asked Ole Brandt."
    )
    found = told(pipeline, body)
    assert ("Mia Falk", "I want to see my children") in found
    assert ("Mia Falk", "The board has asked Ole Brandt") in found


def test_answers_below_questions_without_labels(pipeline):
    body = (
        "Mia Falk has coached the team since May. She met the Courier in Norby.\n\nWhy did you sell the striker?\n\n"
        "The club needed the money. He wanted to leave.\n\nWill you buy another one?\n\nWe will look in January."
    )
    found = told(pipeline, body)
    assert ("Mia Falk", "The club needed the money. He wanted to leave") in found
    assert "We will look in January" in [content for _, content in found]
    assert not any("Why did you" in content for _, content in found)


def test_a_question_in_a_report_makes_no_interview(pipeline):
    body = (
        "The council met on Monday.\n\nWhat happens next?\n\nThe plan goes to the county.\n\n"
        "Who pays?\n\nThe county pays half of the sum."
    )
    assert told(pipeline, body) == []


def test_a_post_belongs_to_its_account(pipeline):
    body = (
        "The ferries stayed in port.\n\n"
        "All crossings are cancelled until noon. — Skerra Line (@skerraline) 22 November 2026\n\n"
        "The storm passed at ten."
    )
    assert ("Skerra Line", "All crossings are cancelled until noon") in told(pipeline, body)


def test_a_signed_quote_belongs_to_its_name(pipeline):
    body = "Readers wrote to us.\n\n“The new bridge is a blessing for the valley.” – Nils Aker, farmer"
    assert [content for _, content in told(pipeline, body)] == ["The new bridge is a blessing for the valley"]


@pytest.mark.parametrize("bullet", ["•", "-", "*"])
def test_items_of_a_list_belong_to_who_introduces_it(pipeline, bullet):
    body = (
        "The auditors wrote in their report that:\n\n"
        f"{bullet} the cash was never counted\n\n{bullet} two invoices were paid twice\n\nThe mayor was away."
    )
    found = told(pipeline, body)
    assert [content for _, content in found] == ["the cash was never counted", "two invoices were paid twice"]
    assert {source.casefold() for source, _ in found} == {"the auditors"}


def test_clock_stamps_of_a_live_blog_are_no_part_of_what_is_said(pipeline):
    body = (
        "11.20 Two lifeboats are on their way, the coastguard says.\n\n"
        "11.45 “Everybody is off the ship,” captain Ruth Sand has told the owners.\n\n12:10 Police: the quay is closed."
    )
    found = told(pipeline, body)
    assert ("the coastguard", "Two lifeboats are on their way") in found
    assert ("Ruth Sand", "Everybody is off the ship") in found
    assert not any("1.20" in content or "2:10" in source for source, content in found)


def test_what_an_earlier_version_said_is_no_claim(pipeline):
    body = (
        "The tunnel cost 40 million euros, the ministry said.\n\n"
        "Correction: An earlier version of this article said that the tunnel cost 400 million euros."
    )
    assert [content for _, content in told(pipeline, body)] == ["The tunnel cost 40 million euros"]


def test_credits_and_notes_on_authors_state_nothing(pipeline):
    body = (
        "Travellers wait in Norby on Sunday. Photograph: Ann Moss/NorPix\n\n"
        "The line was closed at noon. Two trains stood in a tunnel.\n\n"
        "Ann Moss writes about railways. Follow her on X at @annmoss."
    )
    assert not any("Moss" in content for content in own_voice(pipeline, body))


def test_letters_with_a_full_stop_label_an_interview_as_well(pipeline):
    body = (
        "Mia Falk coached the team for a decade. We met her in Norby.\n\nQ. Why do you leave?\n\n"
        "A. I want to see my children.\n\nQ. Who comes next?\n\nA. The board has asked Ole Brandt."
    )
    assert ("Mia Falk", "I want to see my children") in told(pipeline, body)


def test_initials_label_whose_name_was_told(pipeline):
    body = (
        "Diver Olga Prinz came up on Friday.\n\nHerald: Was it cold?\n\nOP: I could not feel my hands.\n\n"
        "Herald: Will you go again?\n\nOP: We leave in May."
    )
    assert ("Olga Prinz", "We leave in May") in told(pipeline, body)


def test_a_post_that_begins_with_its_account_belongs_to_it(pipeline):
    found = told(pipeline, "@skerraline: The noon ferry will not sail.\n\nThe storm passed at ten.")
    assert found == [("@skerraline", "The noon ferry will not sail")]


def test_a_letter_belongs_to_who_signs_it(pipeline):
    body = (
        "Dear Editor,\n\nThe new kerb has no ramp. My chair cannot climb it.\n\n"
        "Yours sincerely,\nIda Marsh\nCorn Lane, Arle"
    )
    found = told(pipeline, body)
    assert {source for source, _ in found} == {"Ida Marsh"}
    assert any("The new kerb has no ramp" in content for _, content in found)


def test_rubrics_say_nothing(pipeline):
    body = "TRAFFIC: The bridge is shut until noon.\n\nCOURTS: A baker was fined 400 euros. He will appeal, he said."
    assert [content for _, content in told(pipeline, body)] == ["He will appeal"]
