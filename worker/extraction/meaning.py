"""Polarity and certainty of a content, from its words."""

from __future__ import annotations

import re

from worker.contract.claim import Certainty, Modality, ModalityKind, Polarity

__all__ = ["modality", "polarity"]

_NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|none|nothing|cannot|neither)\b|n['’]t\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:can(?:not|['’]t|\s+not))\s+(?:\w+\s+)?(?:rule out|exclude)\b", re.IGNORECASE)
_POSSIBLE = re.compile(r"\b(?:may|might|could|possibly|perhaps)\b", re.IGNORECASE)
_PROBABLE = re.compile(
    r"\b(?:likely|probably|about|around|approximately|estimated|reportedly|expected)\b", re.IGNORECASE
)
_DEONTIC = re.compile(r"\b(?:must|should|ought to|have to|has to|need to|were to|was to|imperative)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)


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
