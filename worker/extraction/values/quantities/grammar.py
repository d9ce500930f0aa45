"""The grammar of quantities: rules over the word classes of data/word_classes.toml."""

from __future__ import annotations

from collections.abc import Iterator

from worker.extraction.values.word_classes import Hit, Lexed, Rules

__all__ = ["recognise"]

_WORD = "(?:TENS(?: HYPHEN? ONES|(?! HYPHEN? ONES))|SMALL|NUM)"
_MACROS = {
    "NUMBER": (
        f"(?:(?:ART|SMALL) HYPHEN? PART_WORD OF ART SCALE|HALF_OF OF ART SCALE|{_WORD} SCALE_DOTTED DOT?|"
        f"HALF_OF ART (?:SCALE|DOZEN|(?=PERCENTAGE|PERCENT_WORD|PER CENT))|(?:ART|{_WORD}) HYPHEN? (?:SCALE(?: "
        f"HYPHEN? SCALE)?(?: AND? {_WORD}(?: SCALE)?)?|DOZEN)|{_WORD} SCALE_SHORT|"
        f"NUM FRACTION SCALE?|{_WORD}(?: AND (?:ART HALF_OF SCALE?|PART_OF_SCALE))?|FRACTION)"
    ),
    "BOUND": (
        "(?:AT LEAST|(?:NO|NOT) (?:FEWER|MORE) THAN|(?:WELL|ONLY|DEGREE|ART LITTLE)? (?:(?:MORE|FEWER) THAN|"
        "OVER|UNDER|ABOVE|BELOW)|(?:WELL)? IN EXCESS OF|(?:WELL|ONLY)? SHY OF|NOT QUITE_WORD|SOUTH OF|"
        "IN THE REGION OF|SOMETHING LIKE|ABOUT_SIGN|LIMIT_SIGN|"
        "UPWARDS OF|UP TO|AS (?:MANY|MUCH|FEW|LITTLE) AS|AT MOST|ART (?:MINIMUM|MAXIMUM) OF|MINIMUM|MAXIMUM|"
        "AT? ABOUT|NEARLY|CLOSE TO|SOME|ART ESTIMATED|ESTIMATED AT)"
    ),
    "MONEYX": "(?:UNITED_STATES? MONEY|CURRENCY_CODE|CURRENCY_LETTERS DOT?)",
    "MONEYS": (
        "(?:CURRENCY_OF? CURRENCY_OF? CURRENCY_WORD|MONEY|CURRENCY_CODE|CURRENCY_LETTERS (?!HYPHEN)|PENCE_LETTER)"
    ),
    "PERCENT": (
        "(?:PERCENT_SIGN|HYPHEN? PERCENT_WORD|HYPHEN? PER CENT|HYPHEN? PERCENTAGE HYPHEN? POINT|HYPHEN? BASIS POINT|"
        "BASIS_POINT|POINT_SHORT)"
    ),
    "UNITS_OF": "(?:MONEYS|PERCENT)",
    "PART_OF_SCALE": "(?:ART|SMALL) HYPHEN? PART_WORD SCALE",
    "A_PART": "(?:(?:ONE|ART|SMALL) HYPHEN? PART_WORD|HALF_OF)",
    "RANGEX": "(?:TO|HYPHEN|DASH|OR)",
    "WHOLEX": "(?:SCALE|DOZEN|PERCENTAGE|PERCENT_WORD|PER CENT)",
    "ITEM": "(?:NUM SCALE?|SMALL|TENS HYPHEN? ONES)",
    "MINUSX": "(?:MINUS|DASH|HYPHEN)",
}
_RULES: tuple[tuple[str, str], ...] = (
    # "5ft 10in", "6'2\"", "11st 4lb", "7lb 3oz"
    (
        "two_measures",
        "(?P<bound>BOUND)? (?P<low>NUM) HYPHEN? (?P<of1>FOOT) HYPHEN? (?P<high>NUM) HYPHEN? (?P<of2>INCH)",
    ),
    (
        "two_measures",
        "(?P<bound>BOUND)? (?P<low>NUM) (?P<of1>POSSESSIVE) (?P<high>NUM) (?P<of2>INCH_MARK|POSSESSIVE POSSESSIVE)",
    ),
    ("two_measures", "(?P<bound>BOUND)? (?P<low>NUM) (?P<of1>STONE) (?P<high>NUM) (?P<of2>POUND_MASS)"),
    ("two_measures", "(?P<bound>BOUND)? (?P<low>NUM) (?P<of1>POUND_MASS) (?P<high>NUM) (?P<of2>OUNCE)"),
    # "a metre and a half", "two miles and a half"
    (
        "and_a_half",
        (
            "(?P<bound>BOUND)? (?P<low>ART|SMALL|NUM) (?P<of>PLAIN|FOOT|INCH|STONE|POUND_MASS|OUNCE) "
            "AND ART HALF_OF (?!SCALE)"
        ),
    ),
    ("strong", "(?P<low>NUMBER|SCALE) (?:HYPHEN STRONG|STRONG (?!PLAIN))"),
    ("loss", "(?P<cur1>MONEYX) OPEN (?P<low>NUM SCALE?) CLOSE (?P<scale>SCALE|SCALE_SHORT)?"),
    ("loss", "OPEN (?P<cur1>MONEYX) (?P<low>NUM (?:SCALE|SCALE_SHORT)?) (?P<inside>CLOSE)"),
    # "between 800 and 1,200", "€3 million to €4.5 million"
    (
        "range",
        (
            "(?:(?P<bound>BOUND)|FROM)? BETWEEN (?P<cur1>MONEYX)? (?P<low>NUMBER) (?P<of1>UNITS_OF)? AND "
            "(?P<cur2>MONEYX)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?"
        ),
    ),
    # "between a quarter and a third of"
    ("parts", "(?P<bound>BOUND)? BETWEEN (?P<low>A_PART) AND (?P<high>A_PART)"),
    ("parts", "(?P<bound>BOUND)? (?P<low>(?:ONE|ART|SMALL) HYPHEN? PART_WORD) TO (?P<high>A_PART) (?=OF)"),
    (
        "part_in",
        "(?P<bound>BOUND)? (?P<low>NUMBER) (?:IN|OUT OF|OF EVERY) (?:EVERY)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?",
    ),
    ("part_in", "(?P<bound>BOUND)? (?P<low>ONE) PLAIN IN (?:EVERY)? (?P<high>NUMBER)(?! UNITS_OF)"),
    (
        "range",
        (
            "(?P<from>FROM)? (?P<bound>BOUND)? (?P<cur1>MONEYX)? (?P<low>NUMBER) (?P<of1>UNITS_OF)? (?P<join>RANGEX) "
            "(?P<cur2>MONEYX)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?"
        ),
    ),
    # "5 and 6 kg", "300, 420 and 510 litres"
    (
        "items",
        (
            "(?P<cur1>MONEYX)? (?P<low>ITEM)(?: COMMA (?P<mid>ITEM)(?: COMMA (?P<mid2>ITEM))? COMMA?)? AND "
            "(?!PART_OF_SCALE) (?P<cur2>MONEYX)? (?P<high>NUMBER) (?P<of2>UNITS_OF)?"
        ),
    ),
    ("times", "(?P<bound>BOUND)? (?P<factor>TWICE|FOLD)"),
    ("times", "(?P<bound>BOUND)? (?P<low>NUMBER) HYPHEN? (?:TIME_WORD|FOLD_WORD)"),
    ("times", "(?P<bound>BOUND)? (?P<factor>FACTOR)"),
    ("few", "(?P<bound>BOUND)? ART? (?P<few>FEW|HANDFUL) OF? (?P<scale>SCALE|DOZEN)"),
    ("few", "(?P<bound>BOUND|ONLY)? ART (?P<few>HANDFUL|FEW) (?P<of>OF)"),
    ("part", "(?P<bound>BOUND)? (?P<low>ONE|ART|SMALL) HYPHEN? (?P<part>PART_WORD)(?! HYPHEN|OF ART SCALE)"),
    (
        "part",
        "(?P<bound>BOUND)? (?P<part>HALF_OF)(?! HYPHEN|OF ART SCALE|ART WHOLEX)",
    ),
    ("part", "(?P<bound>BOUND)? (?P<part>FRACTION) (?=OF)"),
    ("vague", "(?P<bound>BOUND)? (?P<vague>(?:TENS_OF|VAGUE) OF VAGUE|VAGUE)"),
    ("most_of", "(?:THE|ART)? (?P<most>MAJORITY|MOST) OF"),
    ("much_of", "MUCH OF"),
    (
        "amount",
        (
            "(?P<bound>BOUND)? (?P<minus>MINUSX)? (?P<cur1>MONEYX)? (?P<minus2>MINUSX)? (?P<low>NUMBER) "
            "(?P<plus>HYPHEN? PLUS|PLUS_SIGN)? (?P<of1>UNITS_OF)? "
            "(?P<after>OR (?:MORE|FEWER|SO|THEREABOUTS|ABOVE|BELOW|OVER|UNDER)|HYPHEN? ODD|COMMA? GIVE OR TAKE)?"
        ),
    ),
    ("amount", "ART (?P<low>SINGLE) (?P<of1>UNITS_OF)?"),
    ("zero", "NOT ART SINGLE"),
    ("zero", "NO SUCH? (?!ONE|MORE|FEWER)"),
    ("none", "NONE (?!OTHER_WORD)"),
)
_GRAMMAR = Rules(_RULES, _MACROS)


def recognise(lexed: Lexed) -> Iterator[tuple[str, Hit]]:
    """The matches in the order of the text, none inside another, each with the name of its reader in stage.py."""
    return _GRAMMAR.hits(lexed)
