"""The grammar of times: rules over the word classes of data/word_classes.toml."""

from __future__ import annotations

from collections.abc import Iterator

from worker.extraction.values.word_classes import Hit, Lexed, Rules

__all__ = ["recognise"]

_POSS = "(?:POSSESSIVE ESS?)"
_THIRD = "(?:(?:THE)? (?:START|END|MIDDLE|TURN|REST) OF (?:THE)?)"
_HOLIDAYS = (
    "CHRISTMAS(?: DAY_NAME| EVE_NAME)?",
    "NEW YEAR_NAME POSS (?:DAY_NAME|EVE_NAME)",
    "NEW YEAR_NAME",
    "EASTER",
    "BOXING DAY_NAME",
    "THANKSGIVING(?: DAY_NAME)?",
    "HALLOWEEN",
    "VALENTINE POSS DAY_NAME",
    "(?:LABOR|MEMORIAL|BASTILLE|ARMISTICE|NAMED_DAY) DAY_NAME",
    "(?:PATRICK|SAINT_OF_DAY) POSS DAY_NAME",
    "NAMED_NIGHT NIGHT",
    "HOGMANAY",
    "PENTECOST",
    "EPIPHANY",
)
_HOURS_OF = "(?:(?:THE)? (?:EARLY|SMALL_WORD) UNITS OF)"
_COUNTED = "NUM|SMALL|TENS|FEW"
_COUNTS = (
    "(?:ART|SMALL|NUM) HYPHEN? PART_WORD OF ART",
    "(?:NUM|SMALL) HYPHEN PLUS HYPHEN?",
    "NUM SCALE?(?: AND ART HALF_OF)?",
    "(?:ART|SMALL)? (?:SCALE|DOZEN)",
    "SMALL(?: HYPHEN? AND HYPHEN? ART HYPHEN? HALF_OF)?",
    "TENS(?: HYPHEN? ONES)?",
    "ART? FEW OF?",
    "SOME",
    "MANY",
    "HALF_OF ART",
    "ART? HALF_OF HYPHEN",
    "ART HALF_OF",
    "ART",
    "ANOTHER (?:NUM|SMALL|FEW)?",
)
_MACROS = {
    "MONTH": "(?:MONTH_NAME|MONTH_SHORT DOT?)",
    "DAYX": "(?:DAYTH|DAY(?!DOT? (?:PERCENT_SIGN|PERCENT_WORD|SCALE)))",
    "DAYS_OF": "(?P<day>DAYX) COMMA (?P<mid>DAYX)(?: COMMA (?P<mid2>DAYX))? COMMA? AND (?P<day2>DAYX)",
    "RANGE": "(?:HYPHEN|DASH|TO|UNTIL|THROUGH|AND|OR)",
    "DASHES": "(?:HYPHEN|DASH)",
    "POSS": _POSS,
    "MODX": (
        f"(?:{_THIRD}|(?:THE)? (?:EARLY|LATE|EARLIER|LATER) IN(?: THE)?|(?:THE)? (?:EARLY|LATE|MID) HYPHEN?|"
        "END HYPHEN|(?:EARLY|MID) HYPHEN? (?:TO|DASHES) HYPHEN? (?:MID|LATE) HYPHEN?)"
    ),
    "REL": "(?:(?:THE|THIS)? (?:LAST|PAST|PREVIOUS|NEXT|COMING|FOLLOWING|CURRENT|THIS))",
    "COUNT": f"(?:{'|'.join(_COUNTS)})",
    "HOLIDAYX": f"(?:{'|'.join(_HOLIDAYS)})",
    "UNITX": "(?:UNITS|UNIT)",
    "CALENDAR_UNIT": "(?:YEAR_WORD|MONTH_WORD|WEEK|QUARTER|DECADE_WORD|CENTURY)",
    "YEARX": "(?: COMMA? (?P<year>YEAR))?",
    "YEAR_OR_TWO": "(?: COMMA? (?:(?P<year>YEAR)|POSSESSIVE (?P<two>TWO)))?",
    "ZONEX": (
        "(?:(?:LOCAL|INITIALS? (?:ZONE_NAME|ZONE_FIRST ZONE_SECOND) ZONE_NAME? ZONE_KIND?) TIME_WORD|"
        "ZONE(?: (?:PLUS_SIGN|HYPHEN|DASH) (?:HOUR|CLOCK))?)"
    ),
    "ZONED": "(?: OPEN? (?P<zone>ZONEX))?",
    "DAYTIME": "(?:AT|FROM|UNTIL|BY|BEFORE|AFTER|SINCE|ABOUT|NEARLY)",
    "WEEKDAYX": "(?:WEEKDAY|WEEKDAY_SHORT DOT?)",
    "NEXT_DAY": "(?:ON? (?:WEEKDAYX|TODAY|TOMORROW|YESTERDAY|DAYX OF? MONTH|MONTH DAYX))",
    "NO_COUNT": "(?!HYPHEN|PLAIN|UNITX|SCALE|PERCENT_WORD|PERCENT_SIGN|PER|CURRENCY_WORD|DOZEN)",
    "HOURX": "(?:CLOCK|DOTCLOCK|HOUR)",
    "PERIOD_TO": (
        f"(?:THE)? (?:LAST|PAST)? (?P<count>{_COUNTED})? HYPHEN? "
        "(?:(?P<halved>HALF_OF) HYPHEN?)? (?P<unit>UNITX|QUARTER|HALF_OF) "
        "(?:(?:THAT|WHICH)? ENDING|TO|UP TO|THROUGH|UNTIL) ON?"
    ),
    "PARTX": "(?:ON? WEEKDAY PART|(?:LAST|THIS|YESTERDAY|TOMORROW) PART|TONIGHT)",
    "HOURS_OF": _HOURS_OF,
    "HALFDAY": "(?:HALF_DAY|HALF_DAY_WORD)",
    "NTH": "(?:ORDINAL|ORDINAL_WORD)",
    "FREE": "(?!DOT? (?:PLAIN|SCALE|UNITX))",
    "NOAGE": f"(?!HYPHEN? OLD|{_POSS}? OLD)",
}
_RULES: tuple[tuple[str, str], ...] = (
    # the first rule that matches at a word wins, so the longer form is before the shorter
    (
        "no_time",
        (
            "AS SOON AS|SOON (?:AFTER|BEFORE)|SUPER WEEKDAY|"
            "GREETING (?:CHRISTMAS|EASTER|NEW YEAR_NAME|HALLOWEEN|THANKSGIVING)"
        ),
    ),
    ("no_time", "(?:THE)? (?:(?:EARLY|LATE|MID) HYPHEN?)? NTH HYPHEN? CENTURY ERA_BEFORE|(?:YEAR|NUM) ERA_BEFORE"),
    ("iso_date", "(?P<date>ISO)"),
    # "the three months to 30 June", "the week ending Sunday"
    ("ending", "PERIOD_TO (?P<month>MONTH) (?P<day>DAYX) YEARX"),
    ("ending", "PERIOD_TO THE? (?P<day>DAYX) OF? (?P<month>MONTH) YEARX"),
    ("ending", "PERIOD_TO THE? (?:END OF)? (?P<month>MONTH)(?: (?P<year>YEAR))?"),
    ("ending", "PERIOD_TO (?P<year>YEAR)"),
    ("ending", "PERIOD_TO (?P<weekday>WEEKDAY)"),
    # "2 October to 5 November 2019", "March 3 - April 5", "3 to 5 May", "May 3 and 4", "March to May 2020"
    (
        "day_range",
        "(?P<day>DAYX) OF? (?P<month>MONTH) RANGE (?P<day2>DAYX) OF? (?P<month2>MONTH) COMMA? (?P<year>YEAR)",
    ),
    ("day_range", "(?P<month>MONTH) (?P<day>DAYX) RANGE (?P<month2>MONTH) (?P<day2>DAYX) COMMA? (?P<year>YEAR)"),
    # "3, 4 and 7 December", "December 3, 4 and 7"
    (
        "day_list",
        "DAYS_OF OF? (?P<month>MONTH) YEARX",
    ),
    (
        "day_list",
        "(?P<month>MONTH) DAYS_OF FREE YEARX",
    ),
    ("day_range", "(?P<day>DAYX) RANGE (?P<day2>DAYX) OF? (?P<month>MONTH) YEARX"),
    (
        "day_range",
        "(?P<month>MONTH) (?P<day>DAYX) (?:DASHES (?P<day2>DAY)|RANGE (?P<day3>DAYX) FREE(?!MONTH)) YEARX",
    ),
    (
        "nth_weekday_of_month",
        ("(?:THE)? (?P<nth>ORDINAL_WORD|LAST|FINAL) (?P<weekday>WEEKDAY) (?:IN|OF) (?P<month>MONTH) (?P<year>YEAR)?"),
    ),
    ("week_of_month", "(?:THE)? (?P<nth>ORDINAL_WORD|LAST|FINAL) WEEK OF (?P<month>MONTH) (?P<year>YEAR)?"),
    ("month_range", "(?P<month>MONTH) RANGE (?P<month2>MONTH)(?: OF)?(?: (?P<year>YEAR))"),
    ("month_range", "(?P<month>MONTH_NAME) (?:DASHES|TO|THROUGH) (?P<month2>MONTH_NAME)(?! DAYX)"),
    (
        "date",
        "(?:(?:THE)? (?P<part>PART) OF|HOURS_OF)? (?:WEEKDAYX COMMA?)? (?P<month>MONTH) (?P<day>DAYX) YEAR_OR_TWO",
    ),
    (
        "date",
        (
            "(?:(?:THE)? (?P<part>PART) OF|HOURS_OF)? (?:WEEKDAYX COMMA?)? THE? (?P<day>DAYX) OF? (?P<month>MONTH) "
            "YEAR_OR_TWO"
        ),
    ),
    ("date", "THE (?P<day>(?:TENS HYPHEN)? ORDINAL_WORD) (?:DAY_WORD)? OF (?P<month>MONTH) YEARX"),
    ("date", "(?P<day>DAY) HYPHEN (?P<month>MONTH) HYPHEN (?:(?P<year>YEAR)|(?P<two>TWO))"),
    ("day_of_month", "THE (?P<day>DAYTH) OF (?P<rel>REL) MONTH_WORD"),
    ("day_of_month", "ON (?P<core>THE (?P<day>DAYTH)) FREE (?!OF|HYPHEN)"),
    ("holiday", "(?P<rel>REL)? (?P<holiday>MAY DAY_NAME) YEARX"),
    ("month", "(?P<mod>MODX)? (?P<month>MONTH) COMMA? OF? (?P<year>YEAR)"),
    ("month", "(?P<mod>MODX)? (?P<month>MONTH_NAME) OF? (?P<rel>REL) YEAR_WORD"),
    ("month", "(?P<mod>MODX)? (?P<rel>REL) (?P<month>MONTH_NAME)"),
    ("month", "(?P<mod>MODX)? (?P<month>MONTH_NAME)"),
    ("slash_date", "(?P<first>DAY) (?:SLASH (?P<second>DAY) SLASH|HYPHEN (?P<second2>DAY) HYPHEN) (?P<year>YEAR)"),
    ("slash_date", "(?P<first>DAY) SLASH (?P<second>DAY) SLASH (?P<two>TWO)"),
    ("slash_date", "(?P<dotted>DOTTED)"),
    # weekdays
    ("weekday", "(?:IN)? (?P<core>HOURS_OF (?P<weekday>WEEKDAY)(?: PART)?)"),
    ("near_day", "(?:IN)? (?P<core>HOURS_OF (?:(?P<yesterday>YESTERDAY)|(?P<tomorrow>TOMORROW)|TODAY|THIS)(?: PART)?)"),
    # "three days before Christmas", "the day after Boxing Day"
    ("beside_holiday", "(?P<count>COUNT|THE) (?P<unit>UNITX) (?P<side>BEFORE|AFTER) (?P<holiday>HOLIDAYX) YEARX"),
    ("weekday_of_week", "(?P<weekday>WEEKDAY) (?:OF|OF THE)? (?P<rel>REL) WEEK"),
    ("weekday_of_week", "(?P<weekday>WEEKDAY) (?P<after>WEEK)"),
    ("weekday_of_week", "ART (?P<after>WEEK) ON (?P<weekday>WEEKDAY)"),
    ("holiday", "(?P<rel>REL)? (?P<holiday>(?:GOOD|ASH|PALM|BLACK|WHIT|EASTER|ARMISTICE|NAMED_WEEKDAY) WEEKDAY) YEARX"),
    ("weekday_of_week", "(?:THE)? (?P<weekday>WEEKDAY) (?P<apart>AFTER NEXT|BEFORE LAST)"),
    ("weekday", "(?P<rel>REL)? (?P<weekday>WEEKDAY)(?: POSS? (?P<part>PART))?"),
    ("weekday", "(?:THE)? (?P<part>PART) OF (?P<rel>REL)? (?P<weekday>WEEKDAY)"),
    ("weekday", "ON (?P<core>(?P<weekday>WEEKDAY_SHORT) DOT?)(?! PLAIN|COMMA? (?:MONTH|DAYX))"),
    ("weekdays", "(?P<weekday>WEEKDAY_PLURAL)"),
    ("weekdays", "EVERY OTHER_WORD? (?P<weekday>WEEKDAY)"),
    # near days
    ("near_day", "(?:THE)? DAY_WORD (?P<before>BEFORE) (?P<yesterday>YESTERDAY)"),
    ("near_day", "(?:THE)? DAY_WORD (?P<after>AFTER) (?P<tomorrow>TOMORROW)"),
    ("near_day", "(?:(?:EARLIER|LATER) )?(?P<today>TODAY)"),
    ("near_day", "(?P<yesterday>YESTERDAY)(?: (?P<part>PART))?"),
    ("near_day", "(?P<tomorrow>TOMORROW)(?: (?P<part>PART))?"),
    ("near_day", "(?P<part>TONIGHT)"),
    ("near_day", "(?P<yesterday>LAST) (?P<part>NIGHT)"),
    ("near_day", "THIS (?P<part>PART)"),
    ("overnight", "(?P<part>OVERNIGHT)(?! HYPHEN)"),
    # fiscal years, ranges of years, quarters, halves
    ("fiscal_year", "(?:THE)? (?P<year>YEAR)(?: (?:DASHES|SLASH) (?:TWO|YEAR))? FISCAL YEAR_WORD"),
    ("fiscal_year", "(?:THE)? FISCAL YEAR_WORD? (?P<year>YEAR)(?: (?:DASHES|SLASH) (?:TWO|YEAR))?"),
    ("fiscal_year", "FY HYPHEN? (?P<year>YEAR|TWO)"),
    (
        "quarter",
        (
            "(?:THE)? (?P<nth>NTH|FINAL) FISCAL? HYPHEN? QUARTER"
            "(?: OF? (?:(?:THE)? (?P<year>YEAR)|(?:THE|(?P<rel>REL)) FISCAL? YEAR_WORD))?"
        ),
    ),
    ("quarter", "(?P<named>NAMED_QUARTER) (?: POSSESSIVE (?P<two>TWO)|OF? (?P<year>YEAR)?)"),
    ("quarter", "(?P<nth>NUM) QUARTER_LETTER (?:OF? (?P<year>YEAR)|POSSESSIVE? (?P<two>TWO))?"),
    ("half", "(?:THE)? (?P<nth>NTH) HALF_OF OF (?:(?P<year>YEAR)|(?:THE|(?P<rel>REL)) FISCAL? YEAR_WORD)"),
    ("half", "(?P<named>NAMED_HALF) (?:OF? (?P<year>YEAR)|POSSESSIVE (?P<two>TWO))"),
    ("half", "(?:IN|FOR|DURING|OF|SINCE) (?P<core>(?P<named>NAMED_HALF))(?! PLAIN)"),
    ("half", "(?P<nth>NUM) HALF_LETTER (?:OF? (?P<year>YEAR)|POSSESSIVE? (?P<two>TWO))"),
    ("half", "(?P<core>(?:THE)? (?P<nth>NTH) HYPHEN HALF_OF) (?:PLAIN)? EARNINGS"),
    ("years", "(?P<year>YEAR) (?:(?:DASHES|SLASH) (?P<two>TWO)(?! DASHES)|(?:DASHES|TO|THROUGH) (?P<year2>YEAR))"),
    # decades, centuries
    ("decade", "(?P<mod>MODX)? (?:THE)? (?:POSSESSIVE)? (?P<decade>DECADE)"),
    ("decade", "(?P<mod>MODX)? THE (?P<named>DECADE_NAME)"),
    ("century", "(?P<mod>MODX)? (?:THE)? (?P<nth>NTH) HYPHEN? CENTURY ERA_AFTER?"),
    # "last year", "the end of next month", "later this week", "the same day"
    ("anchored", "(?:THE)? (?P<rel>FOLLOWING|NEXT|PREVIOUS|SAME)(?: (?P<unit>DAY_WORD)| (?P<part>PART))"),
    ("anchored", "(?:THE)? (?P<rel>SAME|THAT) (?P<unit>WEEK|MONTH_WORD|YEAR_WORD|WEEKEND|NIGHT)"),
    (
        "anchored",
        "THE (?P<rel>FOLLOWING|PREVIOUS|NEXT) (?P<unit>WEEK|MONTH_WORD|YEAR_WORD|WEEKEND|QUARTER|DECADE_WORD)",
    ),
    (
        "anchored",
        (
            "THE (?P<unit>DAY_WORD|NIGHT|WEEK|MONTH_WORD|YEAR_WORD) (?P<rel>BEFORE|AFTER)"
            "(?! THE|ART|THIS|THAT|PLAIN|MONTH_NAME|WEEKDAY|YEAR|NEXT|LAST)"
        ),
    ),
    # "the first nine months of 2026"
    (
        "months_of_year",
        (
            "(?:THE)? (?P<nth>FIRST_WORD|FINAL|LAST) (?P<count>NUM|SMALL) (?P<unit>UNITS) OF "
            "(?:(?P<year>YEAR)|(?:THE|(?P<rel>REL)) YEAR_WORD)"
        ),
    ),
    (
        "span_of",
        "(?:THE|THIS|THESE) (?P<core>(?P<rel>LAST|PAST|NEXT|COMING|PREVIOUS) (?P<count>COUNT) HYPHEN? (?P<unit>UNITX))",
    ),
    (
        "span_of",
        "(?P<rel>LAST|PAST|NEXT|COMING|PREVIOUS) (?:NUM|SMALL) (?:TO|OR|HYPHEN|DASH) (?P<count>COUNT) (?P<unit>UNITX)",
    ),
    ("span_of", "(?P<rel>LAST|PAST|NEXT|COMING|PREVIOUS) (?P<count>COUNT) HYPHEN? (?P<unit>UNITX)"),
    (
        "span_of",
        "THE (?P<core>(?P<rel>PAST|LAST) (?P<unit>DAY_WORD|CALENDAR_UNIT|HOUR_WORD))",
    ),
    (
        "span_of",
        (
            "(?:IN|OVER|DURING|WITHIN|FOR) THE (?P<core>(?P<rel>NEXT|COMING) "
            "(?P<unit>DAY_WORD|WEEK|MONTH_WORD|YEAR_WORD|DECADE_WORD|HOUR_WORD))"
        ),
    ),
    ("span_of", "(?:THE)? (?P<core>(?P<rel>PAST|LAST|NEXT|COMING|RECENT|FOLLOWING|PREVIOUS) (?P<unit>UNITS))"),
    ("span_of", "(?:THE|THIS)? (?P<core>(?P<rel>PAST|LAST|NEXT|COMING|PREVIOUS) (?P<unit>FORTNIGHT))"),
    (
        "period",
        "(?P<mod>MODX|EARLIER|LATER|SO FAR)? (?P<rel>REL) (?P<fiscal>FISCAL)? (?P<unit>CALENDAR_UNIT|WEEKEND)",
    ),
    ("period", "(?P<mod>MODX)? (?:THE)? (?P<unit>CALENDAR_UNIT|WEEKEND) (?P<rel>AFTER NEXT|BEFORE LAST)"),
    ("period", "(?:THE|THIS)? (?P<unit>YEAR_WORD|MONTH_WORD|QUARTER|WEEK) (?P<mod>HYPHEN? TO HYPHEN? DATE_WORD)"),
    ("period", "OF (?P<core>THE (?P<unit>DECADE_WORD|CENTURY))(?! PLAIN)"),
    ("no_time", "SAME UNITS"),
    ("period", "(?P<mod>MODX) (?P<unit>CALENDAR_UNIT)"),
    ("period", "(?:THE)? (?P<unit>YEAR_WORD|MONTH_WORD) POSS? HYPHEN? (?P<mod>END)"),
    ("weekend", "(?:AT|OVER) (?P<core>THE (?P<unit>WEEKEND))"),
    ("midweek", "MIDWEEK|MID HYPHEN WEEK"),
    # seasons and holidays
    ("season", "(?:IN|SINCE)? (?P<core>(?P<mod>MODX)? THE? (?P<season>SEASON_WORD|FALL) OF POSSESSIVE (?P<two>TWO))"),
    (
        "new_year",
        (
            "(?:IN|BEFORE|BY|UNTIL|AFTER|SINCE|DURING) "
            "(?P<core>(?P<mod>EARLY IN)? (?:THE NEW_WORD YEAR_WORD(?! PLAIN|POSS)|NEW YEAR_NAME(?! POSS)))"
        ),
    ),
    ("season", "(?P<mod>MODX)? (?P<rel>REL|THE)? (?P<season>SEASON_WORD|FALL) OF? (?P<year>YEAR)"),
    ("season", "(?P<mod>MODX)? (?P<rel>REL) (?P<season>SEASON_WORD|FALL)"),
    ("season", "(?P<mod>MODX) (?P<season>SEASON_WORD|FALL)"),
    (
        "season",
        (
            "(?:IN|SINCE|BY|UNTIL|DURING|THROUGH|OVER|BEFORE|AFTER) "
            "(?P<core>(?:THE (?P<season>FALL|SEASON_WORD)|(?P<season2>SEASON_WORD)))(?! PLAIN|OF? YEAR)"
        ),
    ),
    ("holiday", "(?P<rel>REL)? (?P<holiday>HOLIDAYX) YEARX"),
    # clock times
    # "2 to 4 p.m.", "from noon to 3pm", "between 0800 and 1800 GMT", "between 7 and 9 last night"
    (
        "clocks",
        (
            "(?:FROM|BETWEEN)? (?P<clock>HOURX|SMALL|NOON|MIDNIGHT) (?P<half>HALFDAY)? RANGE "
            "(?P<clock2>HOURX|SMALL) HYPHEN? (?P<half2>HALFDAY)ZONED"
        ),
    ),
    (
        "clocks",
        ("(?:FROM|BETWEEN) (?P<clock>HOURX) (?P<half>HALFDAY)? (?:AND|TO|UNTIL|DASHES) (?P<clock2>NOON|MIDNIGHT)ZONED"),
    ),
    ("clocks", "(?:FROM|BETWEEN)? (?P<clock>CLOCK) RANGE (?P<clock2>CLOCK)ZONED"),
    ("clocks", "(?:FROM|BETWEEN)? (?P<clock>MILITARY) RANGE (?P<clock2>MILITARY) (?P<zone>ZONEX)"),
    (
        "clocks",
        (
            "(?:FROM|BETWEEN) (?P<clock>HOURX|SMALL|NOON) (?:AND|TO|UNTIL|DASHES) (?P<clock2>HOURX|SMALL) OCLOCK?"
            "(?:IN THE (?P<inside>PART)|(?=(?P<part>PARTX)))"
        ),
    ),
    (
        "clocks",
        (
            "(?:FROM|BETWEEN) (?P<clock>DOTCLOCK|HCLOCK) (?:AND|TO|UNTIL|DASHES) (?P<clock2>DOTCLOCK|HCLOCK) "
            "HOURS_SHORT? (?=NEXT_DAY)"
        ),
    ),
    (
        "clocks",
        "(?:FROM|BETWEEN)? (?P<clock>ZERO_HOURS) RANGE (?P<clock2>MILITARY) (?:HOURS_SHORT|HOUR_WORD|UNITS)?ZONED",
    ),
    ("clock", "(?P<clock>HOUR|CLOCK|DOTCLOCK) HYPHEN? (?P<half>HALFDAY)ZONED"),
    # "0530hrs", "18:45 hrs", "14h30", "at 0615", "at 1900 hours", "at 19.45 on Saturday"
    ("clock", "(?P<clock>CLOCK|ZERO_HOURS) (?:HOURS_SHORT|HOUR_LETTER|UNITS)ZONED"),
    (
        "clock",
        "DAYTIME (?P<core>(?P<clock>CLOCK|ZERO_HOURS|MILITARY|DOTCLOCK) (?:HOURS_SHORT|HOUR_LETTER)ZONED)",
    ),
    ("clock", "DAYTIME (?P<core>(?P<clock>MILITARY) UNITS)"),
    ("clock", "DAYTIME (?P<core>(?P<clock>ZERO_HOURS|HCLOCK)ZONED) NO_COUNT"),
    ("clock", "DAYTIME (?P<core>(?P<clock>DOTCLOCK))(?=NEXT_DAY)"),
    ("clock", "(?P<clock>MILITARY) HOUR_WORD? (?P<zone>ZONEX)"),
    ("clock", "(?P<clock>CLOCK|DOTCLOCK|HOUR) HOUR_WORD? (?P<zone>ZONEX)"),
    (
        "clock",
        ("(?:AT|FROM|UNTIL|BY|BEFORE|AFTER|AND|SINCE|ABOUT|AS OF|PARTX) (?P<core>(?P<clock>CLOCK)ZONED)(?! HALFDAY)"),
    ),
    (
        "clock",
        ("DAYTIME (?P<core>(?P<clock>HOURX|SMALL) OCLOCK?(?: IN THE (?P<inside>PART)|(?=(?P<part>PARTX))))"),
    ),
    (
        "clock",
        (
            "DAYTIME (?P<core>ART? (?P<past>QUARTER|(?:NUM|SMALL|TENS(?: HYPHEN? ONES)?) "
            "MINUTE_WORD) (?P<way>PAST|TO|AFTER) (?P<clock>HOUR|SMALL|NOON|MIDNIGHT) OCLOCK?(?: (?P<half>HALFDAY))?"
            "(?: IN THE (?P<inside>PART)|(?=(?P<part>PARTX)|)))"
        ),
    ),
    # "five to eight"
    (
        "clock",
        (
            "(?:AT ABOUT?|BY|SINCE|UNTIL) (?P<core>(?P<past>MINUTES_OF_HOUR(?: HYPHEN? ONES)?) (?P<way>PAST|TO|AFTER) "
            "(?P<clock>HOUR|SMALL|NOON|MIDNIGHT) OCLOCK?(?: (?P<half>HALFDAY))? NO_COUNT"
            "(?: IN THE (?P<inside>PART)|(?=(?P<part>PARTX)|)))"
        ),
    ),
    ("clock", "(?<=PART|TONIGHT) AT ABOUT? (?P<core>(?P<clock>HOURX|SMALL) OCLOCK?) NO_COUNT (?!HALFDAY|COMMA NUM)"),
    (
        "clock",
        (
            "(?P<past>HALF_OF) (?P<way>PAST) (?P<clock>HOUR|SMALL|NOON|MIDNIGHT) OCLOCK?(?: (?P<half>HALFDAY))?"
            "(?: IN THE (?P<inside>PART)|(?=(?P<part>PARTX)|))"
        ),
    ),
    # "half seven", as the British say it
    (
        "clock",
        (
            "(?:AT|FROM|UNTIL|BY|SINCE|ABOUT) (?P<core>(?P<past>HALF_OF) (?P<clock>SMALL)(?: (?P<half>HALFDAY))?"
            "(?! PLAIN|UNITX|SCALE|PERCENT_WORD)(?: IN THE (?P<inside>PART)|(?=(?P<part>PARTX)|)))"
        ),
    ),
    ("clock", "(?P<clock>HOUR|SMALL) OCLOCK(?: IN THE (?P<part>PART))?"),
    ("clock", "(?P<clock>NOON|MIDNIGHT)(?: (?P<zone>ZONEX))?"),
    # how long, how long ago
    (
        "ago",
        (
            "(?P<count>COUNT) HYPHEN? (?P<unit>UNITX) (?:AND ART HALF_OF)? AGO "
            "(?P<from>TODAY|YESTERDAY|TOMORROW|TO THE DAY_WORD|THIS (?:WEEK|MONTH_WORD|WEEKEND)|"
            "(?:LAST|NEXT) (?:WEEK|MONTH_WORD|YEAR_WORD)|(?:ON|LAST|NEXT|THIS)? WEEKDAY)"
        ),
    ),
    ("ago", "(?P<count>COUNT) HYPHEN? (?P<unit>UNITX) (?:AND ART HALF_OF)? AGO"),
    ("ago", "(?P<unit>UNITS|LONG) AGO"),
    ("shift", "(?P<count>COUNT) HYPHEN? (?P<unit>UNITX) (?P<rel>EARLIER|LATER|PREVIOUSLY)"),
    ("from_now", "(?P<count>COUNT) (?P<unit>UNITX) FROM (?P<from>NOW|TODAY|TOMORROW|YESTERDAY|WEEKDAY)"),
    ("from_now", "(?P<count>ART|NUM|SMALL) (?P<unit>WEEK|FORTNIGHT|UNITS) (?P<from>TODAY|TOMORROW)"),
    ("ahead", "IN (?P<core>(?P<count>COUNT) HYPHEN? (?P<unit>UNITX)(?: (?P<time>POSS TIME_WORD))?) NOAGE"),
    ("within", "WITHIN(?: THE)?(?: NEXT)? (?P<core>(?P<count>COUNT) HYPHEN? (?P<unit>UNITX)) NOAGE"),
    ("year", "(?:IN|SINCE) (?P<core>POSSESSIVE (?P<two>TWO))(?! UNITX|PLAIN|SCALE)"),
    ("duration", "(?P<core>(?P<count>ART) (?P<unit>UNIT) (?P<half>AND ART HALF_OF))"),
    ("duration", "(?P<core>(?P<count>COUNT) HYPHEN? (?P<unit>UNITX)) NOAGE"),
    ("duration", "(?P<core>(?P<count>NUM) HYPHEN? (?P<unit>SECOND_WORD))(?! HALF_OF|QUARTER|PART_WORD)"),
    ("duration", "(?:FOR|OVER|AFTER|IN|WITHIN|DURING) (?P<core>(?P<unit>UNITS)) NOAGE"),
    ("duration", "(?P<core>(?P<unit>UNITS)) (?:OF|LATER|EARLIER|AFTER|BEFORE)"),
    ("every", "EVERY (?P<unit>UNIT)"),
    # years alone come last
    ("year", "ERA_AFTER (?P<year>NUM)"),
    ("year", "(?P<year>NUM) ERA_AFTER"),
    (
        "year",
        (
            "(?:(?P<mod>MODX)|(?P<the>(?:THE)? YEAR_WORD))? (?P<year>YEAR)"
            "(?! (?:SCALE|PERCENT_SIGN|PERCENT_WORD|UNITX|SLASH|CURRENCY_WORD))"
        ),
    ),
    # what is vague
    ("vague_now", "NOW(?! THAT|HYPHEN)|CURRENTLY|AT PRESENT|AT THE MOMENT|THESE UNITS"),
    ("vague_past", "RECENTLY|(?:IN|FROM) (?P<core>THE PAST)(?! PLAIN|COUNT|UNITX)"),
    ("vague_future", "SOON|IN (?P<core>THE NEAR? FUTURE)"),
)

_GRAMMAR = Rules(_RULES, _MACROS)


def recognise(lexed: Lexed) -> Iterator[tuple[str, Hit]]:
    """The matches in the order of the text, none inside another, each with the name of its reader in stage.py."""
    return _GRAMMAR.hits(lexed)
