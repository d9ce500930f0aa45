"""Parts of a line that belong to the page and to no attribution: the time of a live blog, notes on a correction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.spans import Span

__all__ = ["without_notes"]

_STAMP = re.compile(
    r"\[?\d{1,2}[.:h]\d{2}(?::\d{2})?\]?(?: ?[ap]\.?m\.?)?(?: (?:[A-Z]{2,4}|Uhr))?(?: ?[:–—|-])?\s+(?=[A-ZÀ-Þ“\"‘'«„])"
)
"""The clock time before an entry of a live blog."""
_CORRECTION = re.compile(
    r"\(?(?:correction|corrected|clarification|editor['’]s note|an? (?:earlier|previous|original) version)\b|"
    r"(?:this|the) (?:article|story|post|page|report|headline) "
    r"(?:was|has been|originally|previously|wrongly|incorrectly)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<label>[A-ZÀ-Þ][A-ZÀ-Þa-zà-þ& ]{2,24}):(?P<rest> [^\n]*)$", re.MULTILINE)
_MIN_RUBRICS = 2
_TALK = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|me|us)\b|\?|^ [“\"‘']")
_RUBRICS = words("rubrics")
_VERSION = re.compile(
    r"\b(?:earlier|previous|original) version of (?:this|the|our) (?:article|story|post|report)\b", re.IGNORECASE
)
_EARLIER_VERSION = re.compile(
    r"(?:earlier|previous|original|first) version|"
    r"^(?:an?|this|the|its|our) (?:[\w-]+ )?(?:article|story|post|page|report|headline|caption|column|byline)\b|\bwe\b",
    re.IGNORECASE,
)


def without_notes(text: str, attributions: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions without the stamps before their lines, and without what an earlier version is said to have said.

    `marks`: the quotes of the text.
    """
    rubrics = _rubrics(text)
    return [
        _unstamped(text, each, marks)
        for each in attributions
        if each.source not in rubrics and not _is_of_earlier_version(text, each)
    ]


def _rubrics(text: str) -> set[Span]:
    """The labels of short news in one text, "SHIPPING: Two tugs ...": several, each once, and no words of talk."""
    labels = list(_LABEL.finditer(text))
    words_of = [match["label"] for match in labels]
    known = {match.span("label") for match in labels if match["label"].casefold() in _RUBRICS}
    if len(labels) < _MIN_RUBRICS or len({*words_of}) < len(words_of) or any(_TALK.search(m["rest"]) for m in labels):
        return known
    return known | {match.span("label") for match in labels if match["label"].isupper()}


def _is_of_earlier_version(text: str, each: Attribution) -> bool:
    source = text[slice(*each.source)] if each.source else ""
    if _VERSION.search(source):
        return True
    start = text.rfind("\n", 0, each.content[0][0]) + 1
    if _CORRECTION.match(text, start) is None:
        return False
    return not source or _EARLIER_VERSION.search(source) is not None


def _unstamped(text: str, each: Attribution, marks: Sequence[Span]) -> Attribution:
    source = _behind_stamp(text, each.source) if each.source else None
    content = tuple(_behind_stamp(text, span) for span in each.content)
    if content == each.content:
        return replace(each, source=source)
    return replace(each, source=source, content=content, quote_type=quote_type(content, marks))


def _behind_stamp(text: str, span: Span) -> Span:
    start, end = span
    if start and text[start - 1] != "\n":
        return span
    stamp = _STAMP.match(text, start, end)
    return (stamp.end(), end) if stamp is not None and stamp.end() < end else span
