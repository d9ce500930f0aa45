"""Parts of a line that belong to the page and to no attribution: the time of a live blog, notes on a correction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
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
_VERSION = re.compile(
    r"\b(?:earlier|previous|original) version of (?:this|the|our) (?:article|story|post|report)\b", re.IGNORECASE
)
_EARLIER_VERSION = re.compile(
    r"(?:earlier|previous|original|first) version|this (?:article|story|post|page|report|headline)|\bwe\b",
    re.IGNORECASE,
)


def without_notes(text: str, attributions: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions without the stamps before their lines, and without what an earlier version is said to have said.

    `marks`: the quotes of the text.
    """
    return [_unstamped(text, each, marks) for each in attributions if not _is_of_earlier_version(text, each)]


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
