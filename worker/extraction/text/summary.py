"""A box in which the newsroom sums up its own article: the article says all of it again, in other words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.extraction import BlockKind
from worker.extraction.lexicon.word_lists import ordered_words
from worker.extraction.text.lines import Line

__all__ = ["without_summary"]

_HEADING = re.compile(rf"(?:{'|'.join(ordered_words('summary_headings'))})\W*", re.IGNORECASE)
_MIN_ITEMS = 2
_TIMES_AS_LONG = 2
"""The paragraphs are the article if they are at least so many times as long as the list. Else the list is what there is
to read: the points of a live blog, a short note.
"""


def without_summary(lines: Sequence[Line]) -> list[Line]:
    """Without a list under a heading that only says "summary", where there is an article besides. The list may stand
    anywhere: what a page's reader had left out is put back at the end.
    """
    besides = sum(len(each.text) for each in lines if each.kind is BlockKind.PARAGRAPH)
    for at, line in enumerate(lines):
        if len(line.text) > 40 or not _HEADING.fullmatch(line.text):
            continue
        end = at + 1
        while end < len(lines) and lines[end].kind is BlockKind.LIST_ITEM:
            end += 1
        told = sum(len(each.text) for each in lines[at + 1 : end])
        if end - at > _MIN_ITEMS and besides >= _TIMES_AS_LONG * told:
            return [*lines[:at], *lines[end:]]
    return list(lines)
