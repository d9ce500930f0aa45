"""What is no part of a speaker's name, and what is: words before a surname, further given names, an owner's 's."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "Whatever Pylo did for comfort is working. Pylo says each saddle weighs 90 grams.",
            "90 grams",
            "Pylo",
        ),
        (
            "Corvia held its yearly Meet Corvia event in Lund. Corvia said the app would warn of ice.",
            "warn of ice",
            "Corvia",
        ),
        (
            (
                "Woman Tells What Thing Brandt Did For Her Farm\n\nThe crowd cheered on Monday. Brandt said the "
                "loan had been small."
            ),
            "loan had been small",
            "Brandt",
        ),
        (
            "City Hands A Bill To Renner After Flood\n\nRenner said he would not pay it.",
            "would not pay",
            "Renner",
        ),
        (
            (
                "Did Orbis know of the leak? Since Orbis closed the line, nobody has been hurt. Orbis said the "
                "valve was new."
            ),
            "valve was new",
            "Orbis",
        ),
        (
            "When Halvor Strand spoke, the hall went quiet. Strand said the pier would be rebuilt.",
            "pier would be rebuilt",
            "Halvor Strand",
        ),
        (
            "Inside Tarn, the mood is grim. Tarn said its kilns would stay cold until May.",
            "kilns would stay cold",
            "Tarn",
        ),
        (
            "The Try Fenno campaign ended in June. Fenno said sales had doubled.",
            "sales had doubled",
            "Fenno",
        ),
        (
            "Imke Sarstedt won the race. Sarstedt said her knee still hurt.",
            "knee still hurt",
            "Imke Sarstedt",
        ),
        (
            "Only Varga knows the code. Varga said he would take it to his grave.",
            "take it to his grave",
            "Varga",
        ),
        (
            "Lt. Gen. Karim Yusuf Chaudry said the pass was open. Chaudry said nobody was hurt.",
            "nobody was hurt",
            "Karim Yusuf Chaudry",
        ),
        (
            (
                "In Holt's view the dam is safe. Lena Holt built it. On Holt's claim that the dam is safe, Brun "
                "said she was unsure."
            ),
            "the dam is safe",
            "Lena Holt",
        ),
        (
            "Women Cheer Cecilie Richter At Olm\n\n“A woman stopped me,” said Richter.",
            "stopped me",
            "Cecilie Richter",
        ),
    ],
)
def test_a_surname_is_called_by_the_name_that_the_text_gives_and_by_no_other_word(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name
