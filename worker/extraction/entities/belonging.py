"""Whether words before a name describe the one who has it, or somebody else, of whom the name only tells."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import any_of

__all__ = ["tells_of_another"]

_PREPOSITIONS = (
    "of|for|to|by|in|on|at|atop|near|from|with|against|under|about|over|behind|after|between|around|alongside|including"
)
_PERSON = any_of("roles", "unnamed_people")
_WHAT_HE_IS = rf"(?:\d+-year-old|(?:(?!(?:and|or|{_PREPOSITIONS})\s)[a-zß-þ][\w-]*\s){{0,3}}{_PERSON})"
_SINCE = rf"{any_of('words_before_an_office')}\s"
_TITLE = rf"(?i:{any_of('titles', 'roles')})\.?"
_OF_SOMEBODY = re.compile(
    rf"\b(?i:{_PREPOSITIONS})\s(?:(?:(?:the|an?|his|her|their|its)\s)?(?:{_WHAT_HE_IS}\s|(?:{_SINCE})*(?:{_TITLE}\s)?)"
    rf"|[A-ZÀ-Þ]\w+\s{_TITLE}\s)$"
)
"""Before a name: "the mother of", "the wife of the singer", "a friend of 12-year-old"; not "head of marketing"."""
_NO_DOER = rf"an?|the|his|her|their|its|is|are|was|were|be|been|{_PREPOSITIONS}"
_DOES_TO_SOMEBODY = re.compile(
    rf"(?:^|\s)(?!(?:{_NO_DOER})\s)[\w’'-]+\s[a-z]+ing\s"
    rf"(?:(?:the|an?|his|her|their|its|former|late)\s{_WHAT_HE_IS}\s|(?:former|\d+-year-old)\s)?$"
)
""""Doctors treating", "a woman suing the comedian"; not "the managing director"."""


def tells_of_another(before: str) -> bool:
    """True for words of a source before a person's name that are somebody else: "doctors treating", "the mother of"."""
    return _OF_SOMEBODY.search(before) is not None or _DOES_TO_SOMEBODY.search(before) is not None
