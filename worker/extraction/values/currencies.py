"""Currencies: from a sign, a code or a name to the ISO 4217 code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from worker.extraction.lexicon.tables import read_table

__all__ = ["classes_of_currencies", "currency", "glued_letters", "letters_before_sign", "signs_of_currencies"]

_LETTERS_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z.]{0,3}$")
_SCALED = r"\d[\d.,]*\s?(?:thousand|million|billion|trillion|mn|mln|bn|bln|trn|tn|[mbk])\b"
_GROUPED = r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+\b(?!-?\d)"


@cache
def _currencies() -> Mapping[str, Any]:
    return read_table("currencies")


def classes_of_currencies() -> dict[str, dict[str, tuple[str, ...]]]:
    """The word classes of currencies by the way their words are compared, `cased` or `folded`, as in word_classes."""
    tables = _currencies()
    names = [*tables["words"], *tables["shared"].split()]
    countries = {word for of_one in tables["of"].values() for country in of_one for word in country.split()}
    return {
        "cased": {"currency_letters": tuple(tables["letters"]), "currency_code": tuple(tables["codes"].split())},
        "folded": {
            "currency_word": tuple(dict.fromkeys([*names, *(f"{name}s" for name in names), "cents", "pence"])),
            "currency_of": tuple(sorted(countries)),
        },
    }


def signs_of_currencies() -> str:
    """The characters that are signs of currencies."""
    return "".join(_currencies()["signs"])


@cache
def _glued() -> re.Pattern[str]:
    tables = _currencies()
    letters = sorted([*tables["letters"], *tables["codes"].split()], key=len, reverse=True)
    known, short = "|".join(map(re.escape, letters)), "|".join(tables["short_letters"])
    return re.compile(rf"(?:{known})(?=\d)|(?:{short})(?={_SCALED}|{_GROUPED})")


def glued_letters(text: str, at: int) -> int | None:
    """Where the letters of a currency end that begin at `at` and have an amount glued to them: "Rs40", "N45bn"."""
    match = _glued().match(text, at)
    return match.end() if match else None


def letters_before_sign(text: str, at: int) -> str:
    """The letters glued before the sign at `at` that make another currency of it: "NT" of "NT$30"; else nothing."""
    letters = _LETTERS_BEFORE.search(text, max(0, at - 5), at)
    if letters is None:
        return ""
    return letters[0] if _prefixed(letters[0], text[at]) in _currencies()["prefixed"] else ""


def _prefixed(letters: str, sign: str) -> str:
    return letters.replace(".", "").strip().casefold() + sign


def currency(written: str) -> str:
    """The ISO 4217 code of a sign, a code or a name of a currency; the name itself where several countries share it."""
    tables = _currencies()
    sign = next((s for s in written if s in tables["signs"]), None)
    if sign:
        found = tables["prefixed"].get(_prefixed(written.partition(sign)[0], sign), tables["signs"][sign])
        return str(found)
    as_written = written.strip().rstrip(".")
    of_letters = tables["letters"].get(as_written) or tables["short_letters"].get(as_written)
    if of_letters or (len(as_written) == 3 and as_written.isupper()):
        return of_letters or as_written
    *country, name = as_written.casefold().split()
    one = name if name in tables["words"] or name in tables["of"] else name.removesuffix("s")
    of_countries = tables["of"].get(one, {})
    for words in (" ".join(country), *reversed(country)):
        if words in of_countries:
            return str(of_countries[words])
    return str(tables["words"].get(one, name))
