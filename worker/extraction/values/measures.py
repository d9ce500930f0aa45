"""Measures: their words, and the symbols that follow a number."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import any_of, words

__all__ = ["MEASURES", "Unit", "glued", "symbol"]

MEASURES = words("measures")

Unit = tuple[str, int]
"""A unit, and the offset where the words that name it end."""

_GLUED = re.compile(r"(-|‑)?([A-Za-z]+(?:/h)?)(?![\w])|(\s?°\s?[CF]?)")
_SYMBOLS = words("measure_symbols")
_TEMPERATURE = re.compile(r"\s?([CF])(?![\w'’°])(?!\s[A-Z])")
_SYMBOL = re.compile(rf"\s({any_of('measure_symbols')})(?![\w'’-])")
_WITH_HYPHEN = words("counted_with_a_hyphen")
_SCALES = {"C": "degrees Celsius", "F": "degrees Fahrenheit"}


def glued(text: str, at: int) -> Unit | None:
    """A measure that follows a number without a space: "20km", "a 20-tonne truck", "30°C", "30C"."""
    match = _GLUED.match(text, at)
    if match is None:
        return None
    if match[3]:
        letter = match[3].strip()[-1]
        return _SCALES.get(letter, "degrees"), match.end()
    word = match[2]
    temperature = _TEMPERATURE.match(text, at)
    if temperature and not text[at].isspace():
        return _SCALES[temperature[1]], temperature.end()
    known = word.casefold().removesuffix("/h") in MEASURES or (word in (_WITH_HYPHEN if match[1] else _SYMBOLS))
    if not known and (word != "m" or match[1]):
        return None
    return word, match.end()


def symbol(text: str, at: int) -> Unit | None:
    """The symbol of a measure after a number and a space: "816 000 t", "160 km/h"."""
    match = _SYMBOL.match(text, at)
    return (match[1], match.end()) if match else None
