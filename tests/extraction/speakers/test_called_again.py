"""Persons whom the text calls again by a description, or describes before it names them."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Dan Merrow left the show on Monday. “We lost everything,” Merrow said.\n\n“You never know why,” "
                "said the actor."
            ),
            "never know why",
            "Dan Merrow",
        ),
        (
            (
                "Dan Merrow left the show on Monday. “We lost everything,” Merrow said.\n\n“It was hard,” the "
                "“Night Ferry” star previously said."
            ),
            "It was hard",
            "Dan Merrow",
        ),
        (
            (
                "Otto Falk wants more patrols. “We need boats,” Falk said.\n\n“It has to be fast,” the "
                "presumptive Liberal nominee told Radio Olm."
            ),
            "has to be fast",
            "Otto Falk",
        ),
        (
            (
                "Committee chairman Jan Teller asked for an inquiry on Tuesday. In the letter to the prosecutor, "
                "Dora D. Pell, the Ohio Republican asked for an inquiry into the deleted files."
            ),
            "into the deleted files",
            "Jan Teller",
        ),
        (
            (
                "Rep. Jan Teller said the levy was dead. He has fought with Otto Falk for years. The Texas Democrat "
                "said Falk had lied."
            ),
            "Falk had lied",
            "Jan Teller",
        ),
        (
            (
                "The driver was hurt when Dan Merrow crossed the road. Merrow said he was sorry. The driver said he "
                "had seen nobody."
            ),
            "had seen nobody",
            "driver",
        ),
        (
            (
                "Dan Merrow and Max Adler played the brothers. Adler said it was fun. The actor said the ending was "
                "weak."
            ),
            "ending was weak",
            "Max Adler",
        ),
        (
            (
                "Coach Marek Dub praised Ola Lie after the match. “He was superb,” Dub said.\n\nThe striker said "
                "he was tired."
            ),
            "he was tired",
            "Ola Lie",
        ),
        (
            (
                "Ida Brun has written nine songs about Olm. “It rains there,” Brun said.\n\nThe singer said she "
                "would never move."
            ),
            "never move",
            "Ida Brun",
        ),
        (
            (
                "Ida Brun saw the crash. “It was loud,” Brun said.\n\nAn actor who was passing called for help. "
                "The actor said the driver was calm."
            ),
            "driver was calm",
            "actor",
        ),
        (
            "Ida Brun met Per Holm and Max Adler at the fair. The tycoon said the bridge would cost a million.",
            "cost a million",
            "tycoon",
        ),
        (
            (
                "Vera Lind sued the studio in May. Her lawyer, Jon Prent, called it theft.\n\n“It was theft,” the "
                "actress told reporters."
            ),
            "It was theft",
            "Vera Lind",
        ),
        (
            (
                "Sen. Greta Lind wrote to Judge Ole Moe on Friday. “It stinks,” Lind said. The Maine Republican "
                "said the bench was for sale."
            ),
            "bench was for sale",
            "Greta Lind",
        ),
        (
            (
                "Host Ole Moe laughs at Otto Falk\n\nNow that Otto Falk has claimed the moon is hollow, the "
                "Liberal nominee said he would prove it."
            ),
            "would prove it",
            "Otto Falk",
        ),
        (
            (
                "Dan Merrow left the show on Monday. “We lost everything,” Merrow said. The actor then left the "
                "room.\n\n“It was hard,” the “Night Ferry” actor said."
            ),
            "It was hard",
            "Dan Merrow",
        ),
        (
            (
                "‘Orchestra cannot live on hope’, director says\n\n“We cannot live on hope,” Nora Brandt told "
                "staff on Monday. The director of Olm Opera said nine posts would go."
            ),
            "nine posts",
            "Nora Brandt",
        ),
    ],
)
def test_whom_a_profession_or_an_origin_calls_again(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "A Leeds man said he had found a bomb in his garden.\n\nPeter Crane, 61, was digging a pond when "
                "his spade hit metal."
            ),
            "found a bomb",
            "Peter Crane",
        ),
        (
            "A Hull woman has admitted stealing 40 sheep.\n\nDonna Pike, 39, will be sentenced in May.",
            "stealing 40 sheep",
            "Donna Pike",
        ),
        (
            "A man said he saw the light.\n\nThe mayor, Peter Crane, 61, did not believe it.",
            "saw the light",
            "man",
        ),
        (
            (
                "Man, 61, says he found a bomb in his garden\n\nA Leeds man said he had found a bomb in his "
                "garden.\n\nPeter Crane, 61, was digging a pond when his spade hit metal."
            ),
            "had found a bomb",
            "Peter Crane",
        ),
        (
            (
                "A Leeds man said he had found a bomb. The army came.\n\nBaker Peter Crane, 61, was digging a "
                "pond when his spade hit metal."
            ),
            "had found a bomb",
            "Peter Crane",
        ),
        (
            "A woman said she saw the crash.\n\nPeter Crane, 61, was killed at once.",
            "saw the crash",
            "woman",
        ),
        (
            "A woman told police that Ole Moe, 40, had taken the boat.\n\nPolice found it in Olm.",
            "had taken the boat",
            "woman",
        ),
        (
            (
                "The council meets on Friday.\n\nThe fair is back.\n\nA farmer said the field was "
                "wet.\n\nPeter Crane, 61, sells sausages."
            ),
            "field was wet",
            "farmer",
        ),
        (
            (
                "Olm man says he hates Ida Brun\n\nAn Olm man said he had written to Ida Brun nine "
                "times.\n\nPeter Crane, 61, will be sentenced in May."
            ),
            "written to Ida Brun",
            "Peter Crane",
        ),
    ],
)
def test_whom_a_lead_describes_before_he_is_named(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name
