from __future__ import annotations

from datetime import date

import pytest

from worker.extraction.parse import load_parser, same_length
from worker.extraction.times import find_times


@pytest.fixture(scope="module")
def parser():
    return load_parser()


# published on Friday, 29 January 2021 unless the case says otherwise
@pytest.mark.parametrize(
    ("text", "words", "timex"),
    [
        ("The deadline expired on Saturday.", "Saturday", "2021-01-23"),
        ("The council will meet on Saturday.", "Saturday", "2021-01-30"),
        ("He arrived on Friday.", "Friday", "2021-01-29"),
        ("She left last Friday.", "last Friday", "2021-01-22"),
        ("The vote was held yesterday.", "yesterday", "2021-01-28"),
        ("Last year, the group sent men.", "Last year", "2020"),
        ("Prices will fall next month.", "next month", "2021-02"),
        ("It was signed on October 23.", "October 23", "2020-10-23"),
        ("It was signed on 23 October 2019.", "23 October 2019", "2019-10-23"),
        ("The October ceasefire held.", "October", "2020-10"),
        ("The court will sit in March.", "March", "2021-03"),
        ("They may leave soon.", "soon", "FUTURE_REF"),
        ("They were to leave within three months.", "three months", "P3M"),
        ("He was jailed for two years.", "two years", "P2Y"),
        ("It happened five days ago.", "five days ago", "2021-01-24"),
        ("It grew in the 1980s.", "the 1980s", "198"),
        ("The work will begin next spring.", "next spring", "2021-SP"),
        ("In 2016 she won.", "2016", "2016"),
        ("About 2000 people came.", None, None),
        ("He spoke on 2021-01-05.", "2021-01-05", "2021-01-05"),
        ("The level is the highest in 30 years.", "30 years", "P30Y"),
    ],
)
def test_a_time(parser, text, words, timex):
    found = [(text[slice(*t.span)], t.timex) for t in find_times(parser(same_length(text)), text, date(2021, 1, 29))]
    assert found == ([(words, timex)] if words else [])


def test_an_interval_is_half_open(parser):
    (found,) = find_times(parser("Last year was dry."), "Last year was dry.", date(2021, 1, 29))
    assert (found.start, found.end) == ("2020-01-01", "2021-01-01")


def test_without_a_date_of_publication_only_what_needs_none(parser):
    text = "On Tuesday he said that the year 2016 was dry."
    assert [t.timex for t in find_times(parser(text), text, None)] == ["2016"]
