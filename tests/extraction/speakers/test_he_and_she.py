"""Whom "he" and "she" mean who speak: nobody whom their own verb or quote names, and whoever acts just before."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "Ivo Brand met the press. In June he wrote to Olaf Renner and asked for a new key.",
            "new key",
            "Ivo Brand",
        ),
        (
            (
                "“We will not pay,” said Olaf Renner, the landlord. Ivo Brand was furious. In June, he had written "
                "a letter to Renner asking that the rent be cut."
            ),
            "rent be cut",
            "Ivo Brand",
        ),
        (
            (
                "“The offer stands,” said Olaf Renner. Ivo Brand has left the board. On Friday he told Renner that "
                "the offer was an insult."
            ),
            "insult",
            "Ivo Brand",
        ),
        (
            "Ivo Brand has left the board. Olaf Renner has not replied. He called Brand a coward.",
            "coward",
            "Olaf Renner",
        ),
        (
            "Lena Holt won in May. Ida Brun lost. She said Holt had lied about the port.",
            "lied about the port",
            "Ida Brun",
        ),
    ],
)
def test_who_is_named_beside_the_pronoun_is_another(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Otto Falk was impressed. “He has it, he can win,” he told advisers, according to Uli Arend, Falk's "
                "former aide."
            ),
            "he can win",
            "Otto Falk",
        ),
        (
            (
                "“The levy stands,” said Bo Riis.\n\nOtto Falk also made a stop in Olm. His critics in the south "
                "argue that Falk is a show-off."
            ),
            "show-off",
            "critics in the south of Otto Falk",
        ),
    ],
)
def test_who_is_named_in_an_aside_can_be_meant(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "“I think Otto Falk is honest,” Bo Riis said. “I know he made a mistake, and he even said it was "
                "not the deal he wanted.”"
            ),
            "not the deal",
            "Otto Falk",
        ),
        (
            (
                "Otto Falk opened the debate. “He tried to do something,” Bo Riis said. “You may not like it. He "
                "said it was not the best thing to do.”"
            ),
            "not the best thing",
            "Otto Falk",
        ),
        (
            "“My sister Ida Brun never slept,” Lena Holt said. “If she thought the milk was off, she threw it out.”",
            "milk was off",
            "Ida Brun",
        ),
        (
            (
                "Max Adler spoke first, then Bo Riis did. “Otto Falk is the best keeper we have,” Riis said. “We "
                "were worried because he said his knee hurt.”"
            ),
            "knee hurt",
            "Otto Falk",
        ),
        (
            (
                "Polly Strand spoke for Lena Holt. “Lena was here on the day,” Strand said. “She spoke of our dead. "
                "She said nobody could hide.”"
            ),
            "nobody could hide",
            "Lena Holt",
        ),
    ],
)
def test_who_is_quoted_is_not_the_he_of_his_quote(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Tom Arden and Bo Riis walked down to the lake. “Mind the ice,” Riis said. At the shore the two "
                "began to talk. Arden pointed to two poles. “This is where we measured it,” he said."
            ),
            "where we measured",
            "Tom Arden",
        ),
        (
            (
                "“It is cold,” said Bo Riis.\n\nTom Arden opened the shed and took out a drill. “This one is "
                "new,” he said."
            ),
            "This one is new",
            "Tom Arden",
        ),
        (
            (
                "Mayor Lena Holt said the dam was safe.\n\nIda Brun runs the bakery below it. “Nobody asked me,” "
                "she said."
            ),
            "Nobody asked me",
            "Ida Brun",
        ),
    ],
)
def test_who_acts_in_the_sentence_before_a_quote_says_it(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Senator Ashley Grane was among those who settled the feud between Otto Falk and Bo Riis. Grane "
                "told Radio Olm he was worried about the vote.\n\n“Falk was ahead by ten points, and now it is "
                "close,” he said."
            ),
            "ahead by ten points",
            "Ashley Grane",
        ),
        (
            (
                "Coach Lindsey Orr told the Courier he had no time for excuses.\n\n“Ben Adler trains harder than "
                "anybody,” he said."
            ),
            "trains harder",
            "Lindsey Orr",
        ),
        (
            "Jude Kern told the Courier that he was tired of Max Adler.\n\n“Adler never pays,” he said.",
            "never pays",
            "Jude Kern",
        ),
    ],
)
def test_whom_a_quote_names_does_not_say_it(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name
