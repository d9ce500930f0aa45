"""Quantities of two claims: whether they measure the same, and whether they can both be right."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from worker.contract.claim import Quantity
from worker.link.relations.lexicon import alike, synonyms, units
from worker.link.relations.stems import STOP_WORDS, stem, stems_of_list, tokens_of

__all__ = ["Amount", "amount_of", "meet", "same_measure"]

_ABOUT = 0.1
"""How far an approximate number may be off, as a share of it."""
_FRACTION = 1.5
"""Percentage points: "two thirds" may be 66 or 67 per cent, or 65."""
_DIGIT = re.compile(r"\d")
_OF = re.compile(r"\bof (?:the |its |their |his |her |all )*([^\W\d_]{3,})")
_NEAR = 20
_DESCRIBING = re.compile(r"\w-[a-z]+$")
_PEOPLE = stems_of_list("people")
_MONEY = stems_of_list("money")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in base units: `measure` is a physical one, "money:euro", or "count", with stems of what is counted.

    `low` and `high` are as stated, infinite where open. `rounding` is half of the last written digit, `about` what an
    approximate number may be off.
    """

    measure: str
    low: float
    high: float
    rounding: float
    about: float
    counted: frozenset[str]
    unit: str
    exact: str
    of: str | None
    """The stem of what is measured: of beer, in "5 million litres of beer". None where it is not said so."""
    describes: bool
    """As in "a 16-inch screen": it says which thing is meant, and other things have others."""


def amount_of(quantity: Quantity, text: str = "") -> Amount | None:
    """None for a quantity without bounds. `text`: the content that it stands in."""
    if quantity.min is None and quantity.max is None:
        return None
    name = (quantity.unit or "").strip()
    measure, factor = units().get(name, units().get(name.casefold(), ("", 1.0)))
    words = [word for word in tokens_of(name) if word not in STOP_WORDS]
    money = next((s for word in words if (s := stem(word)) in _MONEY), None)
    if not measure:
        measure = f"money:{money}" if money else _currency(name) or "count"
    low = -math.inf if quantity.min is None else quantity.min * factor
    high = math.inf if quantity.max is None else quantity.max * factor
    largest = max(abs(bound) for bound in (low, high) if math.isfinite(bound))
    about = _ABOUT * largest if quantity.approximate else 0.0
    if measure == "share" and not _DIGIT.search(quantity.span.exact):
        about = max(about, _FRACTION)
    counted = frozenset(map(stem, words)) if measure == "count" else frozenset()
    exact = quantity.span.exact
    describes = measure != "count" and _DESCRIBING.search(exact) is not None
    of = _of_what(exact, text) if measure != "count" else None
    return Amount(measure, low, high, _rounding(quantity, factor), about, counted, name, exact, of, describes)


def _of_what(exact: str, text: str) -> str | None:
    at = text.lower().find(exact.lower())
    match = _OF.search(text, at, at + len(exact) + _NEAR) if at >= 0 else None
    return stem(match[1].lower()) if match else None


def _currency(name: str) -> str | None:
    return f"money:{name}" if name.isascii() and len(name) == 3 and name.isupper() else None


def _rounding(quantity: Quantity, factor: float) -> float:
    """Half of the last digit that is written: 1.9 million is anything from 1.85 to 1.95 million."""
    bounds = [bound for bound in (quantity.min, quantity.max) if bound is not None]
    smallest = min(_last_digit(bound) for bound in bounds)
    return smallest / 2 * factor


def _last_digit(number: float) -> float:
    if number == 0 or not math.isfinite(number):
        return 0.0
    digits = f"{abs(number):.6e}"
    mantissa, exponent = digits.split("e")
    written = len(mantissa.rstrip("0").rstrip(".").replace(".", ""))
    return float(10.0 ** (int(exponent) - written + 1))


def same_measure(a: Amount, b: Amount) -> float:
    """How sure it is that both count or measure one kind of thing: 0 to 1."""
    if a.measure != b.measure:
        return 0.0
    if a.measure != "count":
        return 0.1 if _are_of_different_things(a, b) else 1.0
    if not a.counted or not b.counted:
        return 0.6
    if a.counted & b.counted:
        return 1.0
    if _classes(a.counted) & _classes(b.counted):
        return 0.9
    both_people = bool(a.counted & _PEOPLE) and bool(b.counted & _PEOPLE)
    return 0.7 if both_people else 0.1


def _are_of_different_things(a: Amount, b: Amount) -> bool:
    return a.of is not None and b.of is not None and not alike(a.of, b.of)


def _classes(words: frozenset[str]) -> frozenset[int]:
    known = synonyms()
    return frozenset[int]().union(*(known.get(word, frozenset()) for word in words))


def meet(a: Amount, b: Amount) -> bool:
    """Whether both can be right. Rounding counts only over units, or where a number is approximate."""
    rounded = a.unit != b.unit and a.measure != "count"
    slack = sum(max(each.about, each.rounding if rounded else 0.0) for each in (a, b))
    return a.low <= b.high + slack and b.low <= a.high + slack
