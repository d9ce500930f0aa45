"""Numbers as ordinary news writes them, in the conventions of many countries."""

from __future__ import annotations

from datetime import date

import pytest

from worker.extraction.text.parser import load_parser, same_length
from worker.extraction.values.quantities.stage import find_quantities
from worker.extraction.values.times.stage import find_times


@pytest.fixture(scope="module")
def parser():
    return load_parser()


def quantities(parser, text):
    doc = parser(same_length(text))
    found = find_quantities(doc, text, [t.span for t in find_times(doc, text, date(2025, 3, 14))])
    return [(a.min, a.max, a.approximate, a.unit) for a in found]


def exactly(number, unit):
    return number, number, False, unit


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("The board bought 816 000 t of grain.", 816_000, "t"),
        ("The board bought 3 200 000 tonnes of grain.", 3_200_000, "tonnes"),
        ("The bill came to 1.234,56 euros.", 1234.56, "EUR"),
        ("The dam cost €12.500.000 to mend.", 12_500_000, "EUR"),
        ("The canton has 1'200 cows.", 1200, "cows"),
        ("The branch lost €1,5 Mio in a year.", 1_500_000, "EUR"),
        ("The branch lost 2,75 Mrd. euros in a year.", 2_750_000_000, "EUR"),
        ("The firm earned $1MM from the sale.", 1_000_000, "USD"),
        ("The state will spend Rs 40 crore on the canal.", 400_000_000, "INR"),
        ("The levy raised 7½ million pounds.", 7_500_000, "GBP"),
        ("The town owes one and a quarter million dollars.", 1_250_000, "USD"),
        ("The herd ate 4.6 lakh tonnes of hay.", 460_000, "tonnes"),
        ("The state will spend Rs. 2,500 crore on the canal.", 25_000_000_000, "INR"),
        ("The plan will cost 1.5 lakh crore rupees.", 1_500_000_000_000, "INR"),
        ("A farmer lost 2.5 lakh rupees.", 250_000, "INR"),
        ("The fine is ₹1,50,000 for a firm.", 150_000, "INR"),
        ("Crowds of 3 lakh people came.", 300_000, "people"),
        ("The temperature fell to minus 12 degrees.", -12, "degrees"),
        ("The index stood at -0.2 points.", -0.2, "points"),
        ("The water was 4°C in May.", 4, "degrees Celsius"),
        ("It was 30C in the shade.", 30, "degrees Celsius"),
        ("The air cooled to -10C at night.", -10, "degrees Celsius"),
        ("It was 86F in the shade.", 86, "degrees Fahrenheit"),
        ("The state paid a quarter of a million euros for the barn.", 250_000, "EUR"),
        ("A quarter of a million homes lost power.", 250_000, "homes"),
        ("The storm cost three quarters of a billion dollars.", 750_000_000, "USD"),
        ("The storm cost three-quarters of a million pounds.", 750_000, "GBP"),
        ("Half a billion litres of milk were thrown away.", 500_000_000, "litres"),
        ("Wages were up 5pc in spring.", 5, "percent"),
        ("The yield rose 12bps.", 12, "basis points"),
        ("The yield rose by 12 bp.", 12, "basis points"),
        ("The suspect is 5ft 10in tall.", 70, "inches"),
        ("The goalkeeper is 6'2\" tall.", 74, "inches"),
        ("The goalkeeper is 6 feet 2 inches tall.", 74, "inches"),
        ("The baby weighed 7lb 3oz at birth.", 115, "ounces"),
        ("The boxer weighed 11st 4lb.", 158, "pounds"),
        ("A 40-strong crew left the ship.", 40, "people"),
        ("The million-strong union will strike.", 1_000_000, "people"),
        ("Twenty-six soldiers deserted.", 26, "soldiers"),
        ("The quarterly result was a net loss of $(3.4) million.", -3_400_000, "USD"),
        ("The beam runs at 14 TeV in the tunnel.", 14, "TeV"),
        ("The train ran at 160 km/h.", 160, "km/h"),
    ],
)
def test_one_number(parser, text, number, unit):
    assert quantities(parser, text) == [exactly(number, unit)]


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("The parcels weighed 5 and 6 kg.", (5, 6), "kg"),
        ("Prices rose 3 and 4 percent in Arle and Norby.", (3, 4), "percent"),
        ("Fines of 200 and 300 euros were paid.", (200, 300), "EUR"),
        ("Inflation was 2.1 and 2.4 percent in two towns.", (2.1, 2.4), "percent"),
        ("The gangs stole 40 and 60 bicycles.", (40, 60), "bicycles"),
        ("The three funds lost 4, 5 and 9 percent.", (4, 5, 9), "percent"),
        ("The wells gave 300, 420 and 510 litres.", (300, 420, 510), "litres"),
        ("Turnout fell from 52 to 41 percent.", (52, 41), "percent"),
    ],
)
def test_numbers_that_share_a_unit(parser, text, numbers, unit):
    found = [q for q in quantities(parser, text) if q[3] == unit]
    assert found == [exactly(number, unit) for number in numbers]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Several hundred people slept in the hall.", (200, None, True, "people")),
        ("A few thousand homes were flooded.", (2000, None, True, "homes")),
        ("Only a handful of trains ran.", (3, None, True, "trains")),
        ("A couple of hundred flights were cancelled.", (200, 200, True, "flights")),
        ("A couple of trees fell.", (2, 2, True, "trees")),
        ("Some 3 lakh families will benefit.", (300_000, 300_000, True, "families")),
        ("The error is plus or minus 2 points.", (2, 2, False, "points")),
        ("The beam runs at 12.8–13.0 TeV.", (12.8, 13.0, False, "TeV")),
        ("Police seek a man of about 6ft 2in.", (74, 74, True, "inches")),
    ],
)
def test_a_number_in_words_or_with_bounds(parser, text, wanted):
    assert wanted in quantities(parser, text)


def test_them_are_those_counted_before(parser):
    found = quantities(parser, "Up to 20 people are missing, at least four of them children.")
    assert found == [(None, 20, False, "people"), (4, None, False, "people")]


@pytest.mark.parametrize(
    "text",
    [
        "No 10 said the 5G masts were safe.",
        "The U-21 team won, and Windows 11 failed.",
        "It is a Catch-22.",
        "It was one hell of a storm.",
        "One day the bridge will fall.",
        "Call 0131 496 0018 for help.",
        "Call +44 20 7946 0018 for help.",
        "The match ended 2-1 after 3-3 at half-time.",
        "A multi-million-pound deal is close.",
        "The patient, aged 44, is stable.",
        "An 18-year-old was arrested.",
        "The pump of a Boeing 737 failed.",
        "The case number is 26-004417.",
        "Forms go to PA 12345.",
        "The M25 is shut near junction 12.",
        "The team plays 4-4-2.",
        "The G20 met in the hall.",
    ],
)
def test_labels_and_names_are_no_quantities(parser, text):
    assert quantities(parser, text) == []


def test_an_amount_that_is_compared_has_the_currency_of_the_one_before(parser):
    found = quantities(parser, "The loss widened to 3.4 million pounds from a profit of 2.9 million.")
    assert found == [exactly(3_400_000, "GBP"), exactly(2_900_000, "GBP")]
    found = quantities(parser, "The club paid $3 million to 2 million farmers.")
    assert found[1] == exactly(2_000_000, "farmers")


def test_two_parts_of_a_whole_are_a_range(parser):
    assert quantities(parser, "Between a quarter and a third of patients wait.") == [(25, 33.33, False, "percent")]
    assert quantities(parser, "A half to two thirds of the reefs are dead.") == [(50, 66.67, False, "percent")]


def test_a_unit_at_the_end_of_a_sentence_is_a_word(parser):
    assert [token.text for token in parser("The cash was £30m.")][-2:] == ["m", "."]
    assert [token.text for token in parser("The air was -10C.")][-1] == "."


def test_rupees_end_no_sentence(parser):
    assert len(list(parser("The work cost Rs. 900 crore in all.").sents)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The park has 1.000 lamps along its paths.", [exactly(1000, "lamps")]),
        ("The stadium holds 25.000 fans.", [exactly(25_000, "fans")]),
        ("The nurse gave him 1.000 millilitres of saline.", [exactly(1, "millilitres")]),
        ("The probe weighs 2.500 kilograms.", [exactly(2.5, "kilograms")]),
        ("Nadia Brenn won the 400 metre hurdles.", [exactly(400, "metre")]),
        ("He came second in the 50 yard freestyle.", [exactly(50, "yard")]),
        ("The regiment sent 300 foot soldiers.", [exactly(300, "foot soldiers")]),
        ("The keeper tips the scales at 210 pounds.", [exactly(210, "pounds")]),
        ("The senator clocked in at 243 pounds.", [exactly(243, "pounds")]),
        ("The calf put on 40 pounds in spring.", [exactly(40, "pounds")]),
        ("The firm lost 40 million pounds in spring.", [exactly(40_000_000, "GBP")]),
        ("The rider lost 30 pounds at the races, and £5 to a friend.", [exactly(30, "GBP"), exactly(5, "GBP")]),
        (
            "Troops searched 21 villages. As many as 200 have been killed.",
            [exactly(21, "villages"), (None, 200, False, "people")],
        ),
        ("The quake shook 12 towns, and 40 were injured.", [exactly(12, "towns"), exactly(40, "people")]),
        ("Crews reached 8 miners, and 3 were injured.", [exactly(8, "miners"), exactly(3, "miners")]),
        ("It was not much of a contest.", []),
        ("The plants range from 30-600 MW.", [(30, 600, False, "MW")]),
        ("The galaxy is some 40 million light-years away.", [(40_000_000, 40_000_000, True, "light-years")]),
        ("The yard billed 900 man-hours.", [exactly(900, "man-hours")]),
        ("The barn doubles as a dance hall.", []),
        ("The town doubled its tax.", [exactly(2, "times")]),
        ("A film shows the Apollo 13 crew at sea.", []),
        ("The agency delayed the Artemis 2 test flight.", []),
        ("The ship carried 13 crew.", [exactly(13, "crew")]),
        ("Dispatchers received several 911 calls that night.", []),
    ],
)
def test_numbers_that_look_like_others(parser, text, expected):
    assert quantities(parser, text) == expected
