"""Tells in which order an article writes day and month, from those of its dates that leave no doubt."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import ordered_words

__all__ = ["writes_day_first"]

_IN_FIGURES = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:\d{4}|\d\d)(?![\d/])")
_MONTH = "(?:" + "|".join(stem.capitalize() for stem in ordered_words("month_stems")) + r")[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_IN_WORDS = re.compile(rf"\b(?:({_DAY}(?:\sof)?\s{_MONTH})|({_MONTH}\s{_DAY}))\b(?!\d)")
_MONTHS = 12


def writes_day_first(text: str) -> bool | None:
    """True for 25/11/2026 or "5 May", False for 11/25/2026 or "May 5"; None where the dates do not agree.

    Dates in figures decide before dates in words.
    """
    in_figures = {
        int(first) > _MONTHS
        for first, second in _IN_FIGURES.findall(text)
        if (int(first) > _MONTHS) != (int(second) > _MONTHS)
    }
    in_words = {bool(day_first) for day_first, _ in _IN_WORDS.findall(text)} if not in_figures else set()
    orders = in_figures or in_words
    return orders.pop() if len(orders) == 1 else None
