"""A grammar of news: sentences with sources, cues, quotes, names, numbers and markup, nested as often as is chosen."""

from __future__ import annotations

__all__ = ["article"]

_NAMES = (
    "Anna Lind", "Mayor Lind", "the mayor", "she", "they", "the Ministry of Health", "Reuters", "“Big” Jim O’Neill",
    "Dr. A. B. C. de la Cruz-Smith", "officials", "a spokesman for the U.N.", "İstanbul", "the EU",
)  # fmt: skip
_CUES = (
    "said", "says", "denied", "did not say", "warned", "told reporters", "according to", "asked",
    "is said to have said",
)  # fmt: skip
_OPENERS = ("", "if ", "that ", "when ", "because ", "not ", "who ", "which ", "and ", "Meanwhile, ", "In May 2021 ")
_NUMBERS = (
    "1,234,567 million dollars", "$3.5bn", "between 800 and 1,200", "10-12%", "half a dozen", "1/0/2020", "31 February",
    "last Tuesday", "2020-13-45", "99999999999999999999", "at noon on Monday", "two thirds",
)  # fmt: skip
_ENDS = (". ", ", ", "? ", " — ", "; ", "\n\n", ".”\n", ": ", " ", "...")
_MARKS = (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("“", ""), ("", "”"), ("'", "'"))
_TAGS = ("p", "div", "blockquote", "b", "h2", "li", "table", "script")
_MOST_CHARS = (250, 250, 250, 500, 500, 500, 1000, 2500)
"""Of an article, as is chosen: mostly short, for what an input takes goes by its length, and many inputs find more."""


def article(choose, left):
    """The text of an article. `choose(most)`: a number from 0 to `most`; `left()`: how many choices are left."""
    parts: list[str] = []
    size, most = 0, _of(choose, _MOST_CHARS)
    while left() > 0 and size < most:
        part = _piece(choose, left, 0) * _times(choose)
        parts.append(part[:most])
        size += len(parts[-1])
    return "".join(parts)[:most] or "Anna Lind said so."


def _times(choose):
    """Mostly once: but what is quadratic shows when the same comes again and again."""
    number = choose(15)
    return 1 if number < 12 else (3, 20, 100, 400)[number - 12]


def _of(choose, words):
    return words[choose(len(words) - 1)]


def _piece(choose, left, depth):
    if depth > 3 or left() <= 0:
        return f"{_of(choose, _NAMES)} {_of(choose, _CUES)} "
    match choose(6):
        case 0:
            source = f"{_of(choose, _NAMES)} {_of(choose, _CUES)} {_of(choose, _OPENERS)}"
            return source + _piece(choose, left, depth + 1)
        case 1:
            opened, closed = _of(choose, _MARKS)
            return f"{opened}{_piece(choose, left, depth + 1)}{closed}{_of(choose, _ENDS)}"
        case 2:
            tag = _of(choose, _TAGS)
            return f"<{tag}>{_piece(choose, left, depth + 1)}</{tag}>"
        case 3:
            return f"{_of(choose, _NUMBERS)}{_of(choose, _ENDS)}"
        case 4:
            return f"{_of(choose, _NAMES)}, {_of(choose, _OPENERS)}{_of(choose, _NAMES)}, "
        case 5:
            return f"taxes will rise by {_of(choose, _NUMBERS)}{_of(choose, _ENDS)}"
        case _:
            return f"{_of(choose, _OPENERS)}{_of(choose, _CUES)}{_of(choose, _ENDS)}"
