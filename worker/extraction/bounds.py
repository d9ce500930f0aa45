"""What no news article is: texts that would cost the parser minutes or gigabytes are told before they reach it."""

from __future__ import annotations

import re

__all__ = ["LONGEST_TEXT", "text_out_of_bounds", "too_much_markup"]

LONGEST_TEXT = 200_000
"""Characters; about 33,000 words. The longest reportages have a third of that."""
_LONGEST_WORD = 2_000
"""Characters without a blank between: an embedded file, or no text. The tokenizer takes quadratic time on it (5,000 brackets: 5 s)."""
_MOST_MARKS = 3_000
"""Quotation marks; a page of interview has a hundred."""
_MARKUP_TO_TEXT = 20
"""Characters of HTML for one of text; pages full of scripts have about ten."""

_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1}}}")
_MARKS = str.maketrans("", "", '"“”„«»‟')


def too_much_markup(body: str, longest: int = LONGEST_TEXT) -> str | None:
    """What is wrong with the length of a body that may be HTML; None when nothing is."""
    most = longest * _MARKUP_TO_TEXT
    return f"the body has {len(body)} characters, at most {most} are looked at" if len(body) > most else None


def text_out_of_bounds(text: str, longest: int = LONGEST_TEXT) -> str | None:
    """What is wrong with a cleaned text; None when it can be parsed in bounded time and memory."""
    if len(text) > longest:
        return f"the text has {len(text)} characters, at most text_max_chars = {longest} are parsed"
    if found := _WORD.search(text):
        return f"more than {_LONGEST_WORD} characters without a blank from character {found.start()} on"
    marks = len(text) - len(text.translate(_MARKS))
    if marks > _MOST_MARKS:
        return f"{marks} quotation marks, at most {_MOST_MARKS} are looked at"
    return None
