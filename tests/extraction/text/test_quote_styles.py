"""Quotation marks of every style become those of one, and nothing else of a line changes."""

from __future__ import annotations

import pytest

from worker.extraction.text.quote_styles import in_one_style


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("‘The trams’ brakes won’t fail,’ said Ek.", "“The trams’ brakes won’t fail,” said Ek."),
        ("'We leave at six,' he said. 'Don't be late.'", "“We leave at six,” he said. “Don't be late.”"),
        ("She wants ‘a clean break’, her aide says.", "She wants “a clean break”, her aide says."),
        ("‘She said “no” twice,’ he said.", "“She said ‘no’ twice,” he said."),
        ("``We won,'' she said.", "“ We won, ” she said."),
        ("''We won,'' she said. ''Twice.''", "“ We won, ” she said. “ Twice. ”"),
        ("‘‘We won,’’ she said.", "“ We won, ” she said."),
        ("It was “a win for all.’’ So be it.", "It was “a win for all. ” So be it."),
        ("''We went on, and the next day", "“ We went on, and the next day"),
        ("« Personne », he said.", "“ Personne ”, he said."),
        ("„Wir bleiben“, said Dorn.", "“Wir bleiben”, said Dorn."),
        ("»Wir bleiben«, said Dorn.", "“Wir bleiben”, said Dorn."),
        ('"He wrote, "Stay away," and left," she said.', '"He wrote, ‘Stay away,’ and left," she said.'),
        ('A 9" blade was found. "It is mine," he said.', 'A 9″ blade was found. "It is mine," he said.'),
    ],
)
def test_other_styles_are_read_as_double_marks(line, expected):
    assert in_one_style(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "The players' coach left the girls' school in the '90s.",
        "rock 'n' roll, and get 'em all",
        "A board of 5'' by 6'' was found.",
        "“She said, ‘Go,’ and left,” he said.",
        '"Go," he said. "Now."',
        "Ole ‘the Wall’ Brandt kept goal.",
        '"We have 12" was all he said.',
        "“A quote that the next paragraph goes on with",
        "Don't, won't, it's, Bo's.",
    ],
)
def test_apostrophes_and_double_marks_stay(line):
    assert in_one_style(line) == line


def test_offsets_stay():
    text = "``Go,'' he said.\n\n« Non », said Luc's aide. 'Why?' asked Ann. „Ja“, she said."
    assert len(in_one_style(text)) == len(text)


def test_a_quote_in_single_marks_goes_on_over_paragraphs():
    text = (
        "‘My ministers will cut the workers’ taxes.\n\n‘They will say “no” to none of the towns’ wishes.\n\n"
        "‘I thank you all.’\n\nHe left, and the farmers’ leaders stayed."
    )
    assert in_one_style(text) == (
        "“My ministers will cut the workers’ taxes.\n\n“They will say ‘no’ to none of the towns’ wishes.\n\n"
        "“I thank you all.”\n\nHe left, and the farmers’ leaders stayed."
    )


def test_an_opening_mark_alone_begins_no_quote_where_the_next_paragraph_opens_none():
    text = "‘Tis late, and the workers stay.\n\n‘Cause of fire unknown\n\nHe left."
    assert in_one_style(text) == text


def test_many_marks_take_linear_work():
    """Ends in time: a line of unmatched marks is looked at a few times, not once for each mark."""
    assert in_one_style("a 'b " * 3_000)
    assert in_one_style('"' * 3_000)
