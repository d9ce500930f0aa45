"""Polarity, certainty and quantities of a content, from its words."""

from __future__ import annotations

import re

from worker.contract.claim import Certainty, Modality, ModalityKind, Polarity, Quantity
from worker.contract.claim import Span as EventSpan
from worker.extraction.types import Span

__all__ = ["modality", "polarity", "quantities"]

_NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|none|nothing|cannot|neither)\b|n['’]t\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:can(?:not|['’]t|\s+not))\s+(?:\w+\s+)?(?:rule out|exclude)\b", re.IGNORECASE)
_POSSIBLE = re.compile(r"\b(?:may|might|could|possibly|perhaps)\b", re.IGNORECASE)
_PROBABLE = re.compile(
    r"\b(?:likely|probably|about|around|approximately|estimated|reportedly|expected)\b", re.IGNORECASE
)
_DEONTIC = re.compile(r"\b(?:must|should|ought to|have to|has to|need to|were to|was to|imperative)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_QUANTITY = re.compile(
    rf"(?P<bound>between|at least|more than|over|up to|less than|fewer than|about|around|some|nearly|almost|"
    rf"approximately)?\s*(?P<currency>[$€£])?(?P<low>{_NUMBER})(?:\s?(?:-|–|to|and)\s?[$€£]?(?P<high>{_NUMBER}))?"
    rf"(?:\s(?P<scale>{'|'.join(_SCALE)}))?(?P<unit>%|\s?(?:percentage points|percent|per cent)|\s[a-z]+)?",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\.?\s*$"
)


def polarity(content: str, *, act_denies: bool) -> Polarity:
    """Negative where the main clause is; "cannot rule out" leaves a thing possible and denies nothing."""
    if _OPEN.search(content):
        return Polarity.POSITIVE
    return Polarity.NEGATIVE if act_denies and _NEGATIVE.search(content) else Polarity.POSITIVE


def modality(content: str) -> Modality:
    if _OPEN.search(content) or _POSSIBLE.search(content):
        return Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.EPISTEMIC)
    if _PROBABLE.search(content):
        return Modality(certainty=Certainty.PROBABLE, kind=ModalityKind.EPISTEMIC)
    if _DEONTIC.search(content):
        return Modality(kind=ModalityKind.DEONTIC)
    if _CONDITIONAL.search(content):
        return Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.CONDITIONAL)
    return Modality()


def _value(number: str, scale: str | None) -> float:
    return float(number.replace(",", "")) * _SCALE.get((scale or "").casefold(), 1.0)


def quantities(text: str, spans: tuple[Span, ...]) -> list[Quantity]:
    """Numbers in figures with their bounds; dates, years and parts of names are left out."""
    found = []
    for start, end in spans:
        for match in _QUANTITY.finditer(text, start, end):
            low, high, bound = match["low"], match["high"], (match["bound"] or "").casefold()
            before = text[max(start, match.start() - 12) : match.start("low")]
            bare_year = re.fullmatch(r"(?:1[89]|20)\d\d", low) and not (match["currency"] or match["scale"])
            if _MONTH.search(before) or bare_year or re.search(r"[\w-]$", before):
                continue
            least: float | None = _value(low, match["scale"])
            most: float | None = _value(high, match["scale"]) if high else least
            if not high and bound in ("at least", "more than", "over"):
                most = None
            elif not high and bound in ("up to", "less than", "fewer than"):
                least = None
            stop = match.end()
            unit = (match["unit"] or "").strip() or match["currency"]
            found.append(
                Quantity(
                    span=EventSpan(start=match.start(), end=stop, exact=text[match.start() : stop]),
                    min=least,
                    max=most,
                    approximate=bound in ("about", "around", "some", "nearly", "almost", "approximately"),
                    unit=unit,
                )
            )
    return found
