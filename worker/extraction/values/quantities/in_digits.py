"""Reads quantities with numbers: one number, a range, a share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.values.counted_nouns import counted
from worker.extraction.values.currencies import classes_of_currencies, currency, letters_before_sign
from worker.extraction.values.measures import glued, symbol
from worker.extraction.values.numerals import number_of
from worker.extraction.values.quantities.context import (
    Amount,
    QuantityContext,
    bounds,
    is_about,
    is_counted_in_plural,
    rounded,
)
from worker.extraction.values.uncounted import NUMBERED, is_label
from worker.extraction.values.word_classes import Hit

__all__ = ["NumberOf", "add_number", "amount", "number_range", "part_in", "written_unit"]

_CHANGES = words("verbs_before_from_and_to")
_ABOUT_A_THING = words("verbs_about_a_thing")
_TIME_NOUNS = words("time_nouns")
_DASHES = ("-", "‐", "‑", "–", "—", "−")
_SCALED = re.compile(rf"({any_of('scales', 'groups')}|bn|mn|(?<=\d)[mkb])$", re.IGNORECASE)
_SHORT = re.compile(r"(?<=\d)(\s?)(?:mn|mln|mm|[mkb])$", re.IGNORECASE)
_BELOW_ZERO = ("degree", "point", "percent")
"""What is counted below zero as well; a dash before another noun is no minus."""
_POINTS = words("short_percentage_points")
_PICTURES = frozenset((lines, "p") for lines in ("144", "240", "360", "480", "720", "1080", "1440", "2160", "4320"))
"""Pictures of so many lines: "1080p"."""
_SHARP = re.compile(r"[2458]K")
"""Pictures of so many thousand points in a line: "in 4K"."""
_PRICED_IN = re.compile(
    r"\s(?:per|to the|against the|to a)\s(?:\w+\s)?"
    rf"(?:{'|'.join(classes_of_currencies()['folded']['currency_word'])})\b",
    re.IGNORECASE,
)
"""Behind a rate of exchange: "traded at 108.55 per dollar"."""
_PENCE = {"p": "pence", "c": "cents", "¢": "cents"}
_SHARES = ("percent", "percentage points", "basis points")
_TEN = 10
_OR_MORE, _OR_LESS = ("more", "above", "over"), ("fewer", "less", "below", "under")
_MOST_POINTS = 100
"""More "pp" are pages of a book."""
_PLUS_OR = re.compile(r"\bplus or\s$", re.IGNORECASE)
_SPREAD = re.compile(r"\b(?:spread|split|divided|scattered|shared)\s$")
_WEIGHS = re.compile(
    r"\b(?:weigh\w*|clock(?:s|ed|ing) in|tip(?:s|ped|ping) the scales?)\s(?:\w+\s){0,2}$"
    r"|\bput(?:s|ting)? on\s(?:\w+\s)?$"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.000")
"""Nobody counts lamps to three decimals: "1.000 lamps" are a thousand."""
_SUFFER = re.compile(
    rf"\s(?:(?:have|has|had|were|was|are|is|be|been|more|others|may|reported|feared)\s){{0,4}}(?:{any_of('suffering')})\b"
)


def amount(hit: Hit, context: QuantityContext) -> None:
    """Adds one number with its bound: "more than 20 tonnes", "50 or so", "$3m"."""
    after = (hit.part("after") or "").casefold()
    bound = (hit.part("bound") or "").casefold()
    if after:
        bound = "at least" if after.endswith(_OR_MORE) else "at most" if after.endswith(_OR_LESS) else "about"
    elif hit.part("plus"):
        bound = "at least"
    if bound == "over" and _SPREAD.search(context.text[max(0, hit.span[0] - 12) : hit.span[0]]):
        bound = ""
    if bound in ("about", "around") and _is_preposition(hit, context):
        bound = ""
    odd = after.endswith("odd") or hit.part("plus") is not None
    minus = hit.part("minus") or hit.part("minus2")
    if minus and not _is_negative(hit, minus, context.text):
        minus = None
    add_number(NumberOf.low(hit), context, bound, _without_dash(hit, minus), minus=bool(minus), odd=odd)


def _is_preposition(hit: Hit, context: QuantityContext) -> bool:
    """ "They care about two things": no approximation."""
    tokens = context.tokens(hit.part_span("bound") or hit.span)
    if tokens is None or hit.part("cur1") or hit.part("of1"):
        return False
    token = tokens[-1]
    return token.lower_ in ("about", "around") and token.dep_ == "prep" and token.head.lemma_ in _ABOUT_A_THING


def _is_negative(hit: Hit, minus: str, text: str) -> bool:
    """Whether the words or the sign before a number make it negative: not in "plus or minus two"."""
    if minus[0] in _DASHES:
        return _is_minus(hit, text)
    at = (hit.part_span("minus") or hit.part_span("minus2") or hit.span)[0]
    return not _PLUS_OR.search(text[max(0, at - 9) : at])


def _is_minus(hit: Hit, text: str) -> bool:
    """Whether a dash is a minus: the number follows it without a blank, and a blank or a sign is before it."""
    at = (hit.part_span("minus") or hit.part_span("minus2") or hit.span)[0]
    return not text[at + 1 : at + 2].isspace() and (at == 0 or text[at - 1] in " \n\u00a0($€£")


def _without_dash(hit: Hit, minus: str | None) -> Span:
    dash = hit.part_span("minus")
    if minus or dash is None or hit.part("bound"):
        return hit.span
    return (hit.part_span("cur1") or hit.part_span("low") or hit.span)[0], hit.span[1]


@dataclass(frozen=True, slots=True)
class NumberOf:
    """One number of a match: the names of its part, of the currency before it, and of the unit after it."""

    hit: Hit
    number: str
    currency: str
    unit: str

    @classmethod
    def low(cls, hit: Hit) -> NumberOf:
        return cls(hit, "low", "cur1", "of1")

    @classmethod
    def high(cls, hit: Hit) -> NumberOf:
        return cls(hit, "high", "cur2", "of2")


def add_number(
    part: NumberOf,
    context: QuantityContext,
    bound: str,
    span: Span,
    *,
    minus: bool = False,
    odd: bool = False,
    shared_unit: str | None = None,
) -> None:
    """Adds the quantity of one number, unless it counts nothing.

    `span` is that of the number with its bound; `odd` says that it is written "20-odd" or "20-plus"; `shared_unit` is
    the unit of the number after it.
    """
    whole = part.hit.part_span(part.number)
    if whole is None:
        return
    sign = part.hit.part(part.currency)
    unit, end = written_unit(part, context.text)
    if end is not None and _is_verb(part, context):
        unit, end = None, None  # "of whom 30 won medals"
    is_money = bool(sign) or (unit is not None and unit not in _SHARES)
    at, value = _value(part.hit.part(part.number) or "", whole, context, money=is_money)
    if value is None:
        return
    if end is None and at[1] < whole[1]:
        span = span[0], at[1]
    unit = unit or shared_unit
    if unit is not None:
        of_sign = (part.hit.part_span(part.currency) or span)[0]
        if sign and span[0] == of_sign:
            span = of_sign - len(letters_before_sign(context.text, of_sign)), span[1]
    else:
        found = _counted_unit(at, (at[0], max(at[1], span[1])), context, bound=bool(bound), odd=odd)
        if found is None:
            return
        unit, end = found
        if unit is not None and _THOUSANDS.fullmatch(context.text[slice(*at)]) and is_counted_in_plural(unit):
            value *= 1000
        minus = minus and (unit is not None and unit.startswith(_BELOW_ZERO))
    if minus and not context.text[max(0, span[0] - 1) : span[0]].isalnum():
        value = -value
    low, high = bounds(value, bound)
    context.add(Amount((span[0], max(end or 0, span[1])), low, high, is_about(bound), unit))


def _is_verb(part: NumberOf, context: QuantityContext) -> bool:
    """Whether the word for a currency is a verb here."""
    span = part.hit.part_span(part.unit)
    tokens = context.tokens(span) if span is not None and context.text[slice(*span)] == "won" else None
    return tokens is not None and tokens[-1].pos_ == "VERB"


def _counted_unit(
    at: Span, span: Span, context: QuantityContext, *, bound: bool, odd: bool
) -> tuple[str | None, int | None] | None:
    """The noun that the number at `at` counts, and where its words end; None where the number counts nothing.

    The noun is None where none is written and the number is one that can be checked by itself.
    """
    if not context.free(at) or is_label(context.doc, context.text, at, bound=bound):
        return None
    noun = glued(context.text, at[1]) or symbol(context.text, at[1])
    if noun is None and context.text[at[1] : at[1] + 1].isalpha():
        return None  # "5G", "4K"
    if noun is None and context.text[at[1] : at[1] + 1] in _DASHES and not odd:
        return None  # "a five-star hotel"
    noun = noun or counted(context.doc, context.tokens(span))
    if noun is not None:
        return noun
    money = context.money_before(at[0]) if _SCALED.search(context.text[slice(*at)]) else None
    people = _SUFFER.match(context.text, at[1]) is not None
    unit = money or (context.people_before(at[0]) if people else context.counted_before(at[0]))
    if _PRICED_IN.match(context.text, at[1]):
        return None, None
    alone = (
        bound
        or _stands_alone(context.text[slice(*at)])
        or (unit is not None and _is_argument(at, context))
        or _is_many(at, context)
    )
    return (unit, None) if alone else None


def _value(written: str, span: Span, context: QuantityContext, *, money: bool) -> tuple[Span, float | None]:
    """The span and the value of a number; the letter behind it may be left to a measure.

    "100m" is millions of money or of a plural, else metres; "5 m" is millions only of money.
    """
    letter = _SHORT.search(written)
    if letter and not money:
        following = context.following(span)
        plural = following is not None and following.tag_ in ("NNS", "NNPS")
        if not plural and _SHARP.fullmatch(written):
            return span, None
        if letter[1] or not (plural or written[-1] in "kKn"):
            return (span[0], span[0] + letter.start()), number_of(written[: letter.start()])
    return span, number_of(written)


def _stands_alone(written: str) -> bool:
    """Whether a number without a noun can still be checked: 1,408 can, and "two million"."""
    return "," in written or _SCALED.search(written) is not None


def _is_argument(at: Span, context: QuantityContext) -> bool:
    """ "Of the 48 hostages, 19 were freed"."""
    tokens = context.tokens(at)
    return tokens is not None and (tokens.root.dep_ in ("nsubj", "nsubjpass", "dobj") or _before_verb(tokens))


def _is_many(at: Span, context: QuantityContext) -> bool:
    """ "Three were freed", "the two were held": people whom no noun names."""
    tokens = context.tokens(at)
    if tokens is None or tokens.root.dep_ not in ("nsubj", "nsubjpass") or not _before_verb(tokens):
        return False
    value = number_of(context.text[slice(*at)])
    return value is not None and value > 1 and (tokens.start == 0 or tokens[0].nbor(-1).pos_ != "PROPN")


def _before_verb(tokens: Phrase) -> bool:
    """ "Three were freed", "two have died"."""
    last = tokens[-1]
    return last.i + 1 < len(last.doc) and last.nbor(1).tag_ in ("VBD", "VBP")


def written_unit(part: NumberOf, text: str) -> tuple[str | None, int | None]:
    """The currency or percent that is written with a number, and where it ends if that is after the number."""
    hit = part.hit
    sign, after = hit.part(part.currency), hit.part(part.unit)
    if sign:
        start = (hit.part_span(part.currency) or (0, 0))[0]
        return currency(letters_before_sign(text, start) + sign), None
    if not after:
        return None, None
    plain = after.casefold().replace("\u00ad", "")
    end = (hit.part_span(part.unit) or (0, 0))[1]
    if "basis" in plain or after in ("bp", "bps"):
        return "basis points", end
    if "percentage" in plain or plain in _POINTS:
        return "percentage points", end
    if plain in _PENCE:
        is_price = (
            not text[end - 2].isspace()
            and (hit.part(part.number), plain) not in _PICTURES
            and not NUMBERED.search(text[max(0, hit.span[0] - 12) : hit.span[0]])
        )
        return (_PENCE[plain], end) if is_price else (None, None)
    if plain == "pc":
        return "percent", end
    if any(word in plain for word in ("percent", "per cent", "%", "pct")):
        tail = re.match(r"(?:\s|-)points?\b", text[end:])
        return ("percentage points", end + tail.end()) if tail else ("percent", end)
    if plain in ("pounds", "pound") and (
        text[end : end + 4] == " of " or _WEIGHS.search(text[max(0, hit.span[0] - 40) : hit.span[0]])
    ):
        return "pounds", end
    return (plain if plain in ("cents", "pence") else currency(after)), end


def number_range(hit: Hit, context: QuantityContext) -> None:
    """Adds the range of "between 800 and 1,200" and "40 to 50", or two quantities where it is none: "from 5% to 3%"."""
    low_span, high_span = hit.part_span("low"), hit.part_span("high")
    if low_span is None or high_span is None:
        return
    bound, join = (hit.part("bound") or "").casefold(), (hit.part("join") or "").casefold()
    first_unit, _ = written_unit(NumberOf.low(hit), context.text)
    unit, end = written_unit(NumberOf.high(hit), context.text)
    ends = _ends(hit, context, join, (first_unit, unit))
    if ends is not None:
        unit = unit or first_unit
        if unit is None:
            if not (context.free(low_span) and context.free(high_span)):
                return
            counts = join in _DASHES and ends[1] <= _TEN * ends[0] and _in_one_word(hit, context) is not None
            measured = glued(context.text, high_span[1]) or symbol(context.text, high_span[1])
            if not counts and not measured and is_label(context.doc, context.text, low_span, bound=True):
                return
            noun = measured or counted(context.doc, context.tokens(high_span))
            if noun is not None:
                unit, end = noun
            elif join in _DASHES:
                return  # a score
            else:
                unit = context.counted_before(low_span[0])
        span = hit.span[0], max(end or 0, hit.span[1])
        context.add(Amount(span, *ends, is_about(bound), unit))
    elif join not in _DASHES or unit or first_unit:
        first_end = (hit.part_span("of1") or low_span)[1]
        first_start = (hit.part_span("bound") or hit.part_span("cur1") or low_span)[0]
        second = (hit.part_span("cur2") or high_span)[0], max(high_span[1], end or 0)
        shared = unit if unit == "percent" else None  # "by 52 to 48 percent"
        add_number(NumberOf.low(hit), context, bound, (first_start, first_end), shared_unit=shared)
        add_number(NumberOf.high(hit), context, "", second)


def _in_one_word(hit: Hit, context: QuantityContext) -> Phrase | None:
    """The word "30-40" before a plural: "30-40 people", not "a 1-3 defeat"."""
    following = context.following(hit.span)
    plural = following is not None and (following.tag_ in ("NNS", "NNPS") or following.lower_ == "people")
    return context.tokens(hit.span) if plural else None


def _ends(
    hit: Hit, context: QuantityContext, join: str, units: tuple[str | None, str | None]
) -> tuple[float, float] | None:
    """The ends of a range; None where the two numbers are no range."""
    low_words, high_words = hit.part("low") or "", hit.part("high") or ""
    low, high = number_of(low_words), number_of(high_words)
    if low is None or high is None or (units[0] and units[1] and units[0] != units[1]):
        return None
    scale = _SCALED.search(high_words)
    if scale and not _SCALED.search(low_words):  # "between six and eight million"
        factor = number_of("1 " + scale[1]) or 1.0
        low = low * factor if low * factor < high else low
    if low >= high or (join == "or" and high - low > max(2.0, low)):
        return None
    if hit.part("from") and _is_change(hit.span[0], context):
        return None
    if join == "to" and units[0] in _SHARES and units[1] is None:
        return None  # "fell 2.5% to 7,431"
    by = re.search(r"\bby\s$", context.text[max(0, hit.span[0] - 4) : hit.span[0]])
    if join == "to" and by and hit.part("of1"):
        return None  # "rose by 2% to 9%"
    return low, high


def _is_change(at: int, context: QuantityContext) -> bool:
    """Whether a verb of change is before an offset in its sentence, so that "from ... to ..." tells two states."""
    tokens = context.tokens((at, at + 1))
    if tokens is None:
        return False
    before = context.doc[max(tokens.sent.start, tokens.start - 8) : tokens.start]
    return any(t.lemma_ in _CHANGES for t in before)


def part_in(hit: Hit, context: QuantityContext) -> None:
    """Adds the share of "one in five" and "nine out of ten" in percent, or two numbers: "200 in 12 towns"."""
    part, whole = number_of(hit.part("low") or ""), number_of(hit.part("high") or "")
    low_span, high_span = hit.part_span("low"), hit.part_span("high")
    if low_span is None or high_span is None:
        return
    bound = (hit.part("bound") or "").casefold()
    following = context.following(high_span)
    if part and whole and part < whole <= 1e6 and context.free(high_span) and not hit.part("of2"):
        noun = following is not None and following.pos_ in ("NOUN", "PROPN")
        link = context.text[low_span[1] : high_span[0]].casefold()
        shared = part == 1 or "out" in link or "every" in link or _is_share_of_subject(hit, following, whole, context)
        if not noun or shared:
            low, high = bounds(rounded(part / whole), bound)
            end = (
                _end_with_noun(following, hit.span[1], context, high_span) if noun or _is_of(following) else hit.span[1]
            )
            context.add(Amount((hit.span[0], end), low, high, is_about(bound), "percent"))
            return
    add_number(NumberOf.low(hit), context, bound, (hit.span[0], low_span[1]))
    add_number(NumberOf.high(hit), context, "", (high_span[0], max(high_span[1], hit.span[1])))


def _is_share_of_subject(hit: Hit, following: Token | None, whole: float, context: QuantityContext) -> bool:
    """ "Two in three teachers want to quit"; not "found two in three villages"."""
    tokens = context.tokens(hit.part_span("low") or hit.span)
    if tokens is not None and tokens.root.dep_ in ("nsubj", "nsubjpass") and following is not None:
        in_words = not any(c.isdigit() for c in (hit.part("low") or ""))
        return whole <= _TEN and in_words and following.lemma_ not in _TIME_NOUNS
    if following is None or whole > _TEN or any(c.isdigit() for c in (hit.part("low") or "")):
        return False
    noun = following.head if following.dep_ in ("compound", "amod") else following
    return noun.dep_ in ("nsubj", "nsubjpass") and noun.lemma_ not in _TIME_NOUNS


def _is_of(token: Token | None) -> bool:
    return token is not None and token.lower_ == "of"


def _end_with_noun(following: Token | None, end: int, context: QuantityContext, high_span: Span) -> int:
    noun = counted(context.doc, context.tokens(high_span)) if following is not None else None
    return noun[1] if noun is not None else end
