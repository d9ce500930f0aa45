"""Times as ordinary news writes them: clocks with zones and ranges, reporting periods, names that are months."""

from __future__ import annotations

from datetime import date

import pytest

from worker.extraction.text.parser import load_parser, same_length
from worker.extraction.values.times.stage import find_times

FRIDAY = date(2025, 3, 14)


@pytest.fixture(scope="module")
def parser():
    return load_parser()


def times(parser, text, published=FRIDAY):
    found = find_times(parser(same_length(text)), text, published)
    return [(text[slice(*t.span)], t.timex, t.start, t.end) for t in found]


@pytest.mark.parametrize(
    ("text", "timex", "start"),
    [
        ("The reactor was shut down at 14:30 GMT.", "2025-03-14T14:30", "2025-03-14T14:30Z"),
        ("The reactor was shut down at 14:30 GMT on Thursday.", "2025-03-13T14:30", "2025-03-13T14:30Z"),
        ("On Thursday at 18:05 CET the alarm went off.", "2025-03-13T18:05", "2025-03-13T17:05Z"),
        ("The vessel was last seen at 0610 UTC on 2 March.", "2025-03-02T06:10", "2025-03-02T06:10Z"),
        ("Trading stopped at 3:45 pm PKT on Wednesday.", "2025-03-12T15:45", "2025-03-12T10:45Z"),
        ("The bell rang at 9.30am in London on Wednesday.", "2025-03-12T09:30", "2025-03-12"),
        ("The match kicks off at half past seven on Saturday.", "2025-03-15T07:30", "2025-03-15"),
        ("The bus left at a quarter to six this morning.", "2025-03-14T05:45", "2025-03-14"),
        ("The hall was full by 9 last night.", "2025-03-13T21:00", "2025-03-13"),
        ("The train left at six on Thursday evening.", "2025-03-13T18:00", "2025-03-13"),
        ("The last ferry leaves at midnight on Sunday.", "2025-03-16T00:00", "2025-03-16"),
    ],
)
def test_a_clock_time_takes_its_day_and_zone(parser, text, timex, start):
    assert [t[1:3] for t in times(parser, text)] == [(timex, start)]


def test_a_clock_time_is_on_the_day_of_the_one_before(parser):
    text = "The first blast came at 9:12 a.m. on Tuesday. A second one followed at 9:40 GMT."
    assert [t[1] for t in times(parser, text)] == ["2025-03-11T09:12", "2025-03-11T09:40"]


def test_a_clock_time_ahead_is_not_on_a_day_behind(parser):
    text = "The office shut at 5 p.m. on Thursday. It will open again at 9 a.m. GMT."
    assert [t[1] for t in times(parser, text)] == ["2025-03-13T17:00", "2025-03-14T09:00"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Burglars broke in between 2 and 4 pm on Wednesday.", "2025-03-12T14:00", "2025-03-12T16:00"),
        ("Roads will close from 8am to 10am on Saturday.", "2025-03-15T08:00", "2025-03-15T10:00"),
        ("The library will open 10am-1pm on Saturday.", "2025-03-15T10:00", "2025-03-15T13:00"),
        ("The clinic was open from noon to 3 p.m. on Thursday.", "2025-03-13T12:00", "2025-03-13T15:00"),
        ("Witnesses saw her between 7 and 9 last night.", "2025-03-13T19:00", "2025-03-13T21:00"),
        ("Polls were open from 0800 to 1800 GMT on Sunday.", "2025-03-09T08:00", "2025-03-09T18:00"),
        ("The road was shut from 11pm on Tuesday to 2am on Wednesday.", "2025-03-11T23:00", "2025-03-12T02:00"),
        ("Rain fell from 11pm to 2am on Tuesday.", "2025-03-11T23:00", "2025-03-12T02:00"),
        ("The power failed between 10:15 and 11:40 on Monday.", "2025-03-10T10:15", "2025-03-10T11:40"),
        ("The board sat from 9 to 11 in the morning on Monday.", "2025-03-10T09:00", "2025-03-10T11:00"),
    ],
)
def test_a_range_of_clocks_is_two_times(parser, text, first, last):
    assert [t[1] for t in times(parser, text)] == [first, last]


def test_numbers_that_are_no_hours_are_no_range_of_clocks(parser):
    assert times(parser, "Between 7 and 9 judges will sit, and 2 to 4 seats are free.") == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Output rose in the three months to February.", "2024-12-01", "2025-03-01"),
        ("Profit fell in the six months ended 30 September 2024.", "2024-04-01", "2024-10-01"),
        ("In the week to 9 March 40 people fell ill.", "2025-03-03", "2025-03-10"),
        ("In the week ending Sunday 40 people fell ill.", "2025-03-03", "2025-03-10"),
        ("The orchestra lost money in the year to 31 August.", "2023-09-01", "2024-09-01"),
        ("Sales grew in the quarter ended December 31.", "2024-10-01", "2025-01-01"),
        ("Exports fell in the 12 months through June 2024.", "2023-07-01", "2024-07-01"),
        ("Rail fares rose in the four weeks to January 5, 2025.", "2024-12-09", "2025-01-06"),
        ("Rents rose in the year to November.", "2023-12-01", "2024-12-01"),
    ],
)
def test_a_reporting_period_ends_with_its_last_day(parser, text, start, end):
    assert [t[2:] for t in times(parser, text)] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "timex"),
    [
        ("The mine collapsed two years ago today.", "2023-03-14"),
        ("It was fifty years ago this week that the bridge fell.", "1975-W11"),
        ("The theatre burned down a year ago yesterday.", "2024-03-13"),
        ("Half a year ago the roof was new.", "2024-09"),
        ("The firm was sold a year and a half ago.", "2023"),
        ("They met a month ago.", "2025-02"),
        ("The ferry will return in a fortnight.", "2025-W13"),
        ("A ruling is due two weeks from Monday.", "2025-03-31"),
        ("The trial will open a week on Tuesday.", "2025-03-25"),
        ("The trial will open a week from today.", "2025-03-21"),
        ("The vote will be held a week tomorrow.", "2025-03-22"),
        ("The entry is dated 19-Nov-24.", "2024-11-19"),
        ("The entry is dated 19 Nov. 2024.", "2024-11-19"),
        ("The form is dated 25.11.2024.", "2024-11-25"),
        ("The form is dated 2024/11/25.", "2024-11-25"),
        ("The form is dated 25-11-2024.", "2024-11-25"),
    ],
)
def test_a_day_told_by_its_distance_or_in_figures(parser, text, timex):
    assert [t[1] for t in times(parser, text)] == [timex]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Buses will run for the next fortnight.", "2025-03-14", "2025-03-28"),
        ("The past fortnight cost the club two points.", "2025-02-28", "2025-03-14"),
        ("The last fortnight has been hard.", "2025-02-28", "2025-03-14"),
        ("The club came last in the 2023/24 season.", "2023-01-01", "2025-01-01"),
    ],
)
def test_a_stretch_of_time_has_its_interval(parser, text, start, end):
    assert {t[2:] for t in times(parser, text)} == {(start, end)}


@pytest.mark.parametrize(
    ("text", "timex"),
    [
        ("The lease began on 25/11/2019. It ended on 3/4/2024.", ["2019-11-25", "2024-04-03"]),
        ("The lease began on 11/25/2019. It ended on 3/4/2024.", ["2019-11-25", "2024-03-04"]),
        ("The fair opened on 5 May 2024. The permit ran out on 3/4/2024.", ["2024-05-05", "2024-04-03"]),
        ("The fair opened on May 5, 2024. The permit ran out on 3/4/2024.", ["2024-05-05", "2024-03-04"]),
        ("The permit ran out on 3/4/2024.", []),
        ("It began on 25/11/2019, grew on 11/25/2020 and ended on 3/4/2024.", ["2019-11-25", "2020-11-25"]),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_article(parser, text, timex):
    assert [t[1] for t in times(parser, text)] == timex


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May may return to the stage.",
        "Mrs May did not answer.",
        "June Moor and her daughter April waited outside.",
        "Augusta March, the editor, denied it.",
        "The striker April Jones scored twice.",
        "The Sunday Courier reported the deal.",
        "A reporter of the Sunday Times asked her.",
        "May I ask why?",
        "Troops march on the palace.",
        "One day the bridge will fall.",
        "Prices have been falling day by day.",
    ],
)
def test_names_and_verbs_are_no_times(parser, text):
    assert times(parser, text) == []


def test_a_month_is_a_name_where_the_article_has_a_person_of_that_name(parser):
    text = "Theresa May left the stage in June. May said she was tired. She sang in May 2019."
    assert [t[0] for t in times(parser, text)] == ["June", "May 2019"]


@pytest.mark.parametrize(
    ("text", "timex"),
    [
        ("She met the minister in May.", "2024-05"),
        ("May was warm in the north.", "2024-05"),
        ("Sunday was warm in the north.", "2025-03-09"),
        ("On Sunday President Moor will speak.", "2025-03-16"),
        ("The May election was close.", "2024-05"),
    ],
)
def test_months_and_weekdays_stay_times(parser, text, timex):
    assert [t[1] for t in times(parser, text)] == [timex]


@pytest.mark.parametrize(
    ("text", "timex", "start", "end"),
    [
        ("The wreaths were laid on Remembrance Sunday.", "2024-11-10", "2024-11-10", "2024-11-11"),
        ("Thieves broke in in the small hours of Sunday.", "2025-03-09", "2025-03-09", "2025-03-10"),
        ("Sirens were heard in the early hours of 3 March.", "2025-03-03", "2025-03-03", "2025-03-04"),
        ("A shed burned down overnight on Saturday.", "2025-03-08TNI", "2025-03-08", "2025-03-10"),
        ("The café opens at half seven on Saturday.", "2025-03-15T07:30", "2025-03-15", "2025-03-16"),
        ("Sales fell in the half year to 31 January.", "P6M", "2024-08-01", "2025-02-01"),
        ("Sales fell in the half to 30 September 2024.", "P6M", "2024-04-01", "2024-10-01"),
        ("The decade to 2020 was dry.", "P10Y", "2011-01-01", "2021-01-01"),
        ("Exports rose in the first nine months of 2024.", "P9M", "2024-01-01", "2024-10-01"),
        ("Exports will rise in the last three months of this year.", "P3M", "2025-10-01", "2026-01-01"),
        ("Three days before Christmas the dam broke.", "2024-12-22", "2024-12-22", "2024-12-23"),
        ("The shop will reopen in the new year.", "2026", "2026-01-01", "2026-05-01"),
        ("The result will not be known before the new year.", "2026", None, "2026-01-01"),
        ("He was born in the summer of '76.", "1976-SU", "1976-06-01", "1976-09-01"),
        ("The clocks went back on the last Sunday in October.", "2024-10-27", "2024-10-27", "2024-10-28"),
        ("It closed on the first Monday of May 2023.", "2023-05-01", "2023-05-01", "2023-05-02"),
        ("It shut in the second week of January.", "2025-W02", "2025-01-06", "2025-01-13"),
        ("They meet every other Tuesday.", "XXXX-WXX-2", None, None),
        ("It will rain over the next six to eight weeks.", "P8W", "2025-03-14", "2025-05-09"),
        ("The ship was lost 80 years ago last month.", "1945-02", "1945-02-01", "1945-03-01"),
        ("They met in '98.", "1998", "1998-01-01", "1999-01-01"),
    ],
)
def test_more_forms_of_news(parser, text, timex, start, end):
    assert [t[1:] for t in times(parser, text)] == [(timex, start, end)]


def test_the_day_behind_a_second_zone_holds_for_both_clock_times(parser):
    found = times(parser, "The gate opens at 0930 local time (1330 GMT) on 20 March.")
    assert [t[1:3] for t in found] == [("2025-03-20T09:30", "2025-03-20"), ("2025-03-20T13:30", "2025-03-20T13:30Z")]


def test_the_new_year_of_a_noun_is_no_time(parser):
    assert times(parser, "The new year group has 40 pupils.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The winner is named in the last week of the fair.",
        "The painter spent the last year of his life in Oslo.",
        "The tram stood still in the last month of the strike.",
        "The prize goes to the best film of the last weekend of the festival.",
    ],
)
def test_the_last_week_of_something_is_not_that_before_today(parser, text):
    assert times(parser, text) == []


@pytest.mark.parametrize(
    ("text", "timex"),
    [
        ("The rate rose in the last week of February.", "2025-W0"),
        ("Sales fell over the last month.", "P1M"),
        ("The last week of this month is a holiday.", "2025-03"),
    ],
)
def test_the_last_week_of_a_month_is_a_time(parser, text, timex):
    assert [t[1][: len(timex)] for t in times(parser, text)] == [timex]


@pytest.mark.parametrize(
    ("text", "timex"),
    [
        ("The coupe will reach 60 mph in 4.2 seconds.", "PT4.2S"),
        ("The lift will take them up in 40 seconds.", "PT40S"),
        ("The star exploded 13.8 billion years after the first one.", "P13800000000Y"),
    ],
)
def test_how_long_it_takes_is_no_day(parser, text, timex):
    assert [t[1:] for t in times(parser, text)] == [(timex, None, None)]


def test_the_prior_months_are_past(parser):
    ((_, timex, start, end),) = times(parser, "Rents rose over the prior six months.")
    assert (timex, str(start), str(end)) == ("P6M", "2024-09-14", "2025-03-14")


@pytest.mark.parametrize(
    "text",
    [
        "The Owls led by 12 points at halftime. Dane Orr scored twice in the third quarter.",
        "Left guard Ivo Lund missed two free throws in the second quarter and had nine rebounds.",
    ],
)
def test_a_quarter_of_a_match_is_none_of_a_year(parser, text):
    assert times(parser, text) == []


def test_a_quarter_of_a_firm_is_one_of_a_year(parser):
    text = "The maker of footballs scored a profit of $4 million in the third quarter."
    assert [t[1] for t in times(parser, text)] == ["2024-Q3"]


def test_pixels_are_no_years(parser):
    assert times(parser, "The screen has 1080 pixels by 1920 pixels.") == []
