"""Numbers in digits and in words."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import numbers_of_words

__all__ = ["number_of"]

_SMALL = {**numbers_of_words("small_numbers"), **numbers_of_words("tens"), "single": 1.0}
_SCALES = {**numbers_of_words("scales"), **numbers_of_words("short_scales"), **numbers_of_words("groups")}
_FRACTIONS = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "half": 0.5}
_ADDED = {**_SMALL, **_FRACTIONS}
_PARTS = numbers_of_words("parts")
_PLACES = 6
"""Decimals that are kept: 4.6 times 100,000 is 460,000."""
_PIECE = re.compile(r"\d{1,3}(?:[\u00a0\u202f\u2009 ]\d{3})+|\d(?:[\d.,'’]*\d)?|[½⅓⅔¼¾]|[^\W\d_]+")
_PART_OF_A_SCALE = re.compile(r"(?:(\w+)[\s-])?(\w+)\sof\san?(?:\s(\w+))?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*|\d{1,3}(?:,\d\d)+,\d{3}")
"""Thousands by points or commas, and the Indian way: 1,50,000."""


def number_of(words: str) -> float | None:
    """The value of words like "1.4 million", "two hundred and fifty thousand", "a dozen", "one and a half".

    None where they give no number: "several".
    """
    part = _part_of_a_scale(words)
    if part is not None:
        return part
    total = group = scaled = 0.0
    seen = False
    pieces = _PIECE.findall(words.casefold().replace("\u00ad", ""))
    for index, piece in enumerate(pieces):
        if piece[0].isdigit():
            group += _in_digits(piece)
        elif piece in _ADDED:
            group += _ADDED[piece]
        elif piece in _SCALES:
            scale = _SCALES[piece]
            if scale >= 1e3:
                if scaled and not group:  # "1.5 lakh crore"
                    total += scaled * (scale - 1)
                    scaled *= scale
                else:
                    scaled = (group or 1.0) * scale
                    total += scaled
                group = 0.0
            else:
                group = (group or 1.0) * scale
        elif piece == "another" and index == 0:
            group += 1.0 if len(pieces) == 1 else 0.0
        elif piece.removesuffix("s") in _PARTS and pieces[index - 2 : index - 1] == ["and"]:
            # "one and a quarter million", "two and three quarter million"
            count = 1.0 if pieces[index - 1] in ("a", "an") else _SMALL.get(pieces[index - 1], 0.0)
            group += count / _PARTS[piece.removesuffix("s")] - count * (pieces[index - 1] in _SMALL)
        elif piece in ("a", "an"):
            if index == 0 and (len(pieces) == 1 or (pieces[1] not in _SCALES and pieces[1] != "half")):
                group += 1.0
            if pieces[index + 1 : index + 2] == ["couple"]:
                return 2.0
        elif piece == "couple":
            return 2.0
        elif piece not in ("and", "of", "plus"):
            return None
        seen = True
    return round(total + group, _PLACES) if seen else None


def _in_digits(written: str) -> float:
    """The value of figures, with the marks between them as in English, on the continent, in Switzerland or in India.

    A comma before one or two last figures is that of a decimal fraction: "1.234,56". A single point before three
    figures is taken for the English one.
    """
    plain = re.sub(r"['’\s\u00a0\u202f\u2009]", "", written)
    point, comma = plain.rfind("."), plain.rfind(",")
    if point >= 0 and comma >= 0:
        decimal, grouping = (",", ".") if comma > point else (".", ",")
        plain = plain.replace(grouping, "").replace(decimal, ".", 1)
    elif plain.count(".") > 1 or (comma >= 0 and _GROUPED.fullmatch(plain)):
        plain = plain.replace(".", "").replace(",", "")
    elif plain.count(",") == 1 and len(plain) - comma <= 3:
        plain = plain.replace(",", ".")
    else:
        plain = plain.replace(",", "")
    return float(plain) if plain.count(".") <= 1 else float(plain.replace(".", ""))


def _part_of_a_scale(words: str) -> float | None:
    """ "A quarter of a million", "three quarters of a billion", "half of a million"; "a quarter of a" is 0.25."""
    match = _PART_OF_A_SCALE.fullmatch(words.casefold().replace("\u00ad", ""))
    if match is None:
        return None
    count, part, scale = match.groups()
    parts, value = _PARTS.get(part) or _PARTS.get(part.removesuffix("s")), _SCALES.get(scale) if scale else 1.0
    share = 1.0 if count in (None, "a", "an") else number_of(count)
    return share / parts * value if parts and value and share else None
