"""Numbers in digits and in words."""

from __future__ import annotations

import re

__all__ = ["number_of"]

_SMALL = (
    {
        word: float(i)
        for i, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen".split()
        )
    }
    | {"single": 1.0}
    | {word: 10.0 * i for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
)
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12,
}  # fmt: skip
_FRACTIONS = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75}
_PIECE = re.compile(r"\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+|\d[\d,]*(?:\.\d+)?|[½⅓⅔¼¾]|[^\W\d_]+")


def number_of(words: str) -> float | None:
    """The value of "1.4 million", "two hundred and fifty thousand", "a dozen", "one and a half"; None for "several"."""
    total = group = 0.0
    seen = False
    pieces = _PIECE.findall(words.casefold().replace("\u00ad", ""))
    for index, piece in enumerate(pieces):
        if piece[0].isdigit():
            group += float(re.sub(r"[,\s]", "", piece))
        elif piece in _FRACTIONS:
            group += _FRACTIONS[piece]
        elif piece in _SMALL:
            group += _SMALL[piece]
        elif piece in _SCALES:
            scale = _SCALES[piece]
            if scale >= 1e3:
                total += (group or 1.0) * scale
                group = 0.0
            else:
                group = (group or 1.0) * scale
        elif piece == "half":
            group += 0.5
        elif piece in ("a", "an"):
            if index == 0 and (len(pieces) == 1 or (pieces[1] not in _SCALES and pieces[1] != "half")):
                group += 1.0
            if pieces[index + 1 : index + 2] == ["couple"]:
                return 2.0
        elif piece == "couple":
            return 2.0
        elif piece not in ("and", "of"):
            return None
        seen = True
    return total + group if seen else None
