"""Whether a description calls a person again who was named before: "the 29-year-old", "the Norlander"."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.speakers.wording.origins import country_of_inhabitant

__all__ = ["is_epithet"]

_AGE = re.compile(r"the\s(?:[\w-]+\s)?\d{1,3}[\s-]year[\s-]old(?:\s\w+)?$", re.IGNORECASE)
_ONCE = re.compile(
    r"the\s(?:(?:[\w]+-time|veteran)\s)?(?:former|one-time|onetime|ex|veteran)[\s-](?:\w+\s)?\w+$", re.IGNORECASE
)
"""As in "the two-time former premier"."""
_NOUNS = words("nouns_for_a_named_person")
_OF_HOW_MANY = re.compile(r"\sof\s(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)$", re.IGNORECASE)
_KNOWN_FOR = re.compile(r"the\s[“\"‘'][^“”\"\n]{2,40}[”\"’']\s\w+", re.IGNORECASE)
"""As in "the “Night Ferry” star"."""
_SIDES = words("nouns_of_side_or_origin")
_OF_A_PLACE = re.compile(r"[Tt]he\s(?:[A-ZÀ-Þ][\w.-]+\s){1,2}\w+")
_ORIGIN = re.compile(r"the\s[A-Z]\w+(?:er|ian|ese|ish|ean|man|woman|i)$", re.IGNORECASE)


def is_epithet(wording: str, head: Token) -> bool:
    """True for an age, a former office, a parent of so many, a nationality or side of one person, "the newcomer"."""
    if _AGE.match(wording) or (_ONCE.match(wording) and head.tag_ == "NN"):
        return True
    if head.lemma_.casefold() in _SIDES and len(wording.split()) > 2:
        return bool(_OF_A_PLACE.fullmatch(wording))
    if head.lemma_.casefold() in _NOUNS:
        return bool(_OF_HOW_MANY.search(wording) or _KNOWN_FOR.fullmatch(wording)) or len(wording.split()) == 2
    is_origin = country_of_inhabitant(wording) is not None or bool(_ORIGIN.fullmatch(wording))
    return is_origin and wording.split()[1][:1].isupper() and head.tag_ in ("NN", "NNP", "JJ")
