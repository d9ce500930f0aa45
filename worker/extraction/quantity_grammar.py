"""The words that state a quantity: rules over word classes."""

from __future__ import annotations

from collections.abc import Iterator

from worker.extraction.lexing import Hit, Lexed, Rules

__all__ = ["recognise"]

_WORD = "(?:TENS(?: HYPHEN? ONES)?|SMALL|NUM)"
_MACROS = {
    "NUMBER": (
        f"(?:HALF_OF ART (?:SCALE|DOZEN|(?=PERCENTAGE|PERCENT_WORD|PER CENT))|(?:ART|{_WORD}) HYPHEN? (?:SCALE(?: HYPHEN? SCALE)?(?: AND? {_WORD}(?: SCALE)?)?|DOZEN)|{_WORD} SCALE_SHORT|"
        f"NUM FRACTION|{_WORD}(?: AND ART HALF_OF SCALE?)?|FRACTION)"
    ),
    "BOUND": (
        "(?:AT LEAST|(?:NO|NOT) (?:FEWER|MORE) THAN|(?:WELL|ONLY)? (?:MORE|FEWER) THAN|(?:WELL|ONLY)? (?:OVER|UNDER|ABOVE|BELOW)|"
        "UPWARDS OF|UP TO|AS (?:MANY|MUCH|FEW|LITTLE) AS|AT MOST|ART (?:MINIMUM|MAXIMUM) OF|MINIMUM|MAXIMUM|"
        "AT? ABOUT|NEARLY|CLOSE TO|SOME|ART ESTIMATED|ESTIMATED AT)"
    ),
    "MONEYX": "(?:CURRENCY_OF? MONEY|CURRENCY_CODE)",
    "MONEYS": "(?:CURRENCY_OF? CURRENCY_OF? CURRENCY_WORD|MONEY|CURRENCY_CODE)",
    "PERCENT": "(?:PERCENT_SIGN|HYPHEN? PERCENT_WORD|HYPHEN? PER CENT|HYPHEN? PERCENTAGE HYPHEN? POINT|HYPHEN? BASIS POINT)",
    "UNITS_OF": "(?:MONEYS|PERCENT)",
    "RANGEX": "(?:TO|HYPHEN|DASH|OR)",
    "MINUSX": "(?:MINUS|DASH|HYPHEN)",
}
_RULES: tuple[tuple[str, str], ...] = (
    # "between 800 and 1,200", "€3 million to €4.5 million"
    (
        "range",
        "(?:(?P<bound>BOUND)|FROM)? BETWEEN (?P<cur1>MONEYX)? (?P<low>NUMBER) (?P<of1>UNITS_OF)? AND (?P<cur2>MONEYX)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?",
    ),
    (
        "part_in",
        "(?P<bound>BOUND)? (?P<low>NUMBER) (?:IN|OUT OF|OF EVERY) (?:EVERY)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?",
    ),
    ("part_in", "(?P<bound>BOUND)? (?P<low>ONE) PLAIN IN (?:EVERY)? (?P<high>NUMBER)(?! UNITS_OF)"),
    (
        "range",
        "(?P<from>FROM)? (?P<bound>BOUND)? (?P<cur1>MONEYX)? (?P<low>NUMBER) (?P<of1>UNITS_OF)? (?P<join>RANGEX) (?P<cur2>MONEYX)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?",
    ),
    ("times", "(?P<bound>BOUND)? (?P<factor>TWICE|FOLD)"),
    ("times", "(?P<bound>BOUND)? (?P<low>NUMBER) HYPHEN? (?:TIME_WORD|FOLD_WORD)"),
    ("times", "(?P<bound>BOUND)? (?P<factor>FACTOR)"),
    ("part", "(?P<bound>BOUND)? (?P<low>ONE|ART|SMALL) HYPHEN? (?P<part>PART_WORD)(?! HYPHEN)"),
    ("part", "(?P<bound>BOUND)? (?P<part>HALF_OF)(?! HYPHEN|ART (?:SCALE|DOZEN|PERCENTAGE|PERCENT_WORD|PER CENT))"),
    ("part", "(?P<bound>BOUND)? (?P<part>FRACTION) (?=OF)"),
    ("vague", "(?P<bound>BOUND)? (?P<vague>(?:TENS_OF|VAGUE) OF VAGUE|VAGUE)"),
    ("most_of", "(?:THE|ART)? (?P<most>MAJORITY|MOST) OF"),
    ("much_of", "MUCH OF"),
    (
        "amount",
        "(?P<bound>BOUND)? (?P<minus>MINUSX)? (?P<cur1>MONEYX)? (?P<minus2>MINUSX)? (?P<low>NUMBER) (?P<plus>HYPHEN? PLUS)? (?P<of1>UNITS_OF)? (?P<after>OR (?:MORE|FEWER|SO)|HYPHEN? ODD)?",
    ),
    ("amount", "ART (?P<low>SINGLE) (?P<of1>UNITS_OF)?"),
    ("zero", "NO SUCH? (?!ONE|MORE|FEWER)"),
    ("none", "NONE (?!OTHER_WORD)"),
)
_GRAMMAR = Rules(_RULES, _MACROS)


def recognise(lexed: Lexed) -> Iterator[tuple[str, Hit]]:
    """The quantities in their order, none inside another, each with the name of what reads it."""
    return _GRAMMAR.hits(lexed)
