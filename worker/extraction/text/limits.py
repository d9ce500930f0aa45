"""Limits of a text: beyond them the parser would need minutes or gigabytes, and no news article comes near them."""

from __future__ import annotations

import re

from worker.contract.limits import MAX_TEXT_CHARS

__all__ = ["MAX_TEXT_CHARS", "text_out_of_bounds", "too_much_markup"]

_MAX_WORD_CHARS = 2_000
"""Characters without a blank between them: an embedded file, or no text.

The tokenizer takes quadratic time on such a word (5,000 brackets: 5 s).
"""
_MAX_QUOTATION_MARKS = 3_000
"""A page of interview has a hundred."""
_MAX_MARKUP_PER_CHAR = 20
"""Characters of HTML for one character of text; pages full of scripts have about ten."""

_MAX_TOKENS, _MIN_CHARS_PER_TOKEN = 3_000, 3.0
"""Words and signs that any text may have, and characters to each of those beyond: news has 5, at least 3.8."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_OVERLONG_WORD = re.compile(rf"(?<!\S)\S{{{_MAX_WORD_CHARS + 1}}}")
_WITHOUT_QUOTATION_MARKS = str.maketrans("", "", '"“”„«»‟')


def too_much_markup(body: str, max_chars: int = MAX_TEXT_CHARS) -> str | None:
    """Says why a body that may be HTML is too long; None where it is not. `max_chars` bounds the text in it."""
    limit = max_chars * _MAX_MARKUP_PER_CHAR
    return f"the body has {len(body)} characters, at most {limit} are looked at" if len(body) > limit else None


def text_out_of_bounds(text: str, max_chars: int = MAX_TEXT_CHARS) -> str | None:
    """Says which limit a cleaned text exceeds; None where it can be parsed in bounded time and memory."""
    if len(text) > max_chars:
        return f"the text has {len(text)} characters, at most text_max_chars = {max_chars} are parsed"
    if overlong := _OVERLONG_WORD.search(text):
        return f"more than {_MAX_WORD_CHARS} characters without a blank from character {overlong.start()} on"
    tokens, limit = sum(1 for _ in _TOKEN.finditer(text)), int(_MAX_TOKENS + len(text) / _MIN_CHARS_PER_TOKEN)
    if tokens > limit:
        return f"{tokens} words and signs in {len(text)} characters, at most {limit} are parsed: it is no running text"
    marks = len(text) - len(text.translate(_WITHOUT_QUOTATION_MARKS))
    if marks > _MAX_QUOTATION_MARKS:
        return f"{marks} quotation marks, at most {_MAX_QUOTATION_MARKS} are looked at"
    return None
