"""Whether two texts are copies, from what they have in common."""

from __future__ import annotations

from enum import StrEnum

from worker.link.copies.alignment import Overlap

__all__ = ["Tie", "tie_of"]

_COPY = 0.5
"""Of both texts: the rest may be another lead, a cut or additions."""
_WHOLE, _MORE = 0.85, 0.8
"""A text of which so much is in a longer one is contained in it, not its copy, where the longer one has that much more:
an overview that quotes a story is no copy of it, or other stories that it quotes would be.
"""
_MIN_COPY_WORDS = 20
_SHORT_COPY = 0.9
"""Of both texts, where fewer words than these are common: two short reports of one kind share half a sentence."""
_CONTAINED = 0.6
"""Of the shorter text, where less than half of the longer one is common."""
_MIN_CONTAINED_WORDS = 25
_MIN_FACTS = 0.4
"""Texts with the same words and other names and numbers are filled in from one form: results, weather, prices."""
_MIN_REST, _MIN_NAMED = 0.3, 0.3
"""Where a text's rest is so much of it and names next to nothing of what the other text names, the rest is what it is
about, and what they have in common is furniture or a passage that both print. A copy's own lead is about those who are
in the story.
"""


class Tie(StrEnum):
    COPY = "copy"
    """Each has most of the other."""
    FIRST_IN_SECOND = "first_in_second"
    """The first is a cut of the second, or quoted by it."""
    SECOND_IN_FIRST = "second_in_first"


def tie_of(common: Overlap) -> Tie | None:
    """None where the two are no copies."""
    if common.facts is not None and common.facts < _MIN_FACTS:
        return None
    less, more = sorted((common.first, common.second))
    own = _is_of_its_own(common.first, common.first_rest), _is_of_its_own(common.second, common.second_rest)
    if all(own):
        return None
    if less >= (_COPY if common.words >= _MIN_COPY_WORDS else _SHORT_COPY) and not (less < _MORE and more >= _WHOLE):
        return Tie.COPY
    if more < _CONTAINED or common.words < _MIN_CONTAINED_WORDS:
        return None
    first_inside = common.first > common.second
    if own[0 if first_inside else 1]:
        return None
    return Tie.FIRST_IN_SECOND if first_inside else Tie.SECOND_IN_FIRST


def _is_of_its_own(share: float, named: float | None) -> bool:
    return named is not None and share <= 1 - _MIN_REST and named < _MIN_NAMED
