"""Text that is no statement of an article: datelines before a sentence, questions, credits, links to other pages."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import any_of
from worker.extraction.parse import Phrase

__all__ = ["is_no_statement", "start_of_sentence"]

_PLACE = r"(?:[A-ZÀ-Þ][\w.'’ÀÞ-]*(?:[ ,]+[A-ZÀ-Þ0-9][\w.'’-]*)*,? ?)?"
_AGENCY = r"(?:\([^()\n]{1,40}\) ?)?"
_CLOCK = r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?:? ?(?:[-–—] )?)?"
_LABEL = r"(?:[A-Z]{3,}(?: [A-Z]{3,})*: )?"
_DATELINE = re.compile(rf"{_PLACE}{_AGENCY}[-–—] (?=[A-ZÀ-Þ\"“])|{_CLOCK}{_LABEL}")
"""What may come before the first sentence of a paragraph: place and agency, the time of a live blog, a label."""
_THIS_TEXT = (
    r"(?:a|the|this) (?:(?:corrected|substitute|updated|full|developing) )?(?:story|article|version|page|post|blog) "
    r"(?:follows|is|was|has|had|will|said)\b"
)
_NOTE = r"(?:correction|update|added|note|watch|video|gallery)\b[^.]{0,20}[:–—-]"
_INVITATION = r"sign up|subscribe|click|follow us|get the|join our|asked |download|more on this|related"
_MAX_NOTE = 400
"""Characters of a line in which a credit or a note is looked for."""
_NO_STATEMENT = re.compile(
    rf"[*†‡]?(?:by [A-ZÀ-Þ]|"
    rf"\(?(?:{any_of('credits')}|additional reporting)\b|(?:read|see|watch|listen)(?: more| also)?:|"
    rf"{_INVITATION}|{_THIS_TEXT}|(?:added|updated|corrected) by\b|{_NOTE}|editor['’]s note)",
    re.IGNORECASE,
)
"""How a line begins that only names authors, links elsewhere, or is about the article itself."""


_ON_AUTHOR = re.compile(r"\bfollow (?:him|her|them|me|us) (?:on|at)\b", re.IGNORECASE)
"""Somewhere in a line that is a note on an author."""
_CORRECTION = re.compile(
    r"\W{0,3}(?:(?:corrections?|clarifications?|corrected|editor['’]s note)(?: [\w ,/.]{0,20})?[:–—-]|"
    r"an? (?:earlier|previous|original) version of (?:this|the) (?:article|story|post|report|headline)\b|"
    r"(?:this|the) (?:article|story|post|report|headline) (?:was|has been) "
    r"(?:amended|corrected|updated|changed|edited)\b)",
    re.IGNORECASE,
)
"""How a note on a fault of the article begins."""
_FAULT = re.compile(
    r"\b(?:earlier|previous|original|first) (?:version|headline|report)|"
    r"\b(?:wrongly|incorrectly|mistakenly|misspelled|misspelt|misstated|misidentified)\b|"
    r"\b(?:an?|the|this|our|its) (?:article|story|headline|caption|column|report)"
    r"(?: (?:in|of|on|published) [^.,]{2,40})? (?:had|said|gave|put|stated|named)\b",
    re.IGNORECASE,
)
"""What a sentence of such a note says of the fault; the others say what is right."""
_EARLIER_VERSION = re.compile(
    r"\b(?:earlier|previous|original) version of (?:this|the) (?:article|story|post|report)\b", re.IGNORECASE
)


def is_no_statement(text: str, sentence: Phrase, first: int) -> bool:
    """True for a question, a credit, a link, and what is in a note. `first`: where it begins itself."""
    line = text[text.rfind("\n", 0, first) + 1 : (text.find("\n", first) + 1 or len(text) + 1) - 1]
    if _CORRECTION.match(line) and _FAULT.search(sentence.text[:_MAX_NOTE]):
        return True
    if _ON_AUTHOR.search(line[:_MAX_NOTE]) or _EARLIER_VERSION.search(sentence.text[:_MAX_NOTE]):
        return True
    if sentence.text.strip(' \n"”’)').endswith("?"):
        return True
    return _NO_STATEMENT.match(text, first) is not None


def start_of_sentence(text: str, sentence: Phrase) -> int:
    """Where the sentence itself begins, after a dateline, a time or a label at the start of its paragraph."""
    start = sentence.start_char
    match = _DATELINE.match(text, start) if _begins_paragraph(text, start) else None
    return match.end() if match is not None and match.end() < sentence.end_char else start


def _begins_paragraph(text: str, start: int) -> bool:
    before = start
    while before and text[before - 1] == " ":
        before -= 1
    return start == 0 or (before > 0 and text[before - 1] == "\n")
