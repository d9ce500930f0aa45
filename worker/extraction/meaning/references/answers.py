"""Answers that leave out what was asked: "it would", "he did not", "I hope so"."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.parse import Token

__all__ = ["asked_in_its_sentence", "is_answer"]

_AUXILIARIES = frozenset(("be", "do", "have"))
_LEFT_OUT = frozenset(("that", "whether", "yes", "no", "and", "but", "well", "oh"))
_ADVERBS = frozenset(("not", "n't", "n’t", "never", "too", "indeed", "either", "certainly", "definitely", "probably"))
_THINKING = frozenset("assume believe doubt expect fear guess hope imagine say suppose suspect think".split())
_MAX_WORDS = 6


def is_answer(tokens: Sequence[Token]) -> bool:
    """True for words that are a subject with an auxiliary alone, or think something "so". `tokens`: in their order."""
    kept = [t for t in tokens if not (t.is_punct or t.is_space)]
    while kept and kept[0].lower_ in _LEFT_OUT:
        kept = kept[1:]
    if 2 <= len(kept) <= _MAX_WORDS and kept[-1].lower_ in ("so", "not") and kept[-2].lemma_ in _THINKING:
        return all(t.pos_ in ("PRON", "AUX", "ADV") for t in kept[:-2])
    while kept and kept[-1].lower_ in _ADVERBS:
        kept = kept[:-1]
    if not 2 <= len(kept) <= _MAX_WORDS:
        return False
    last = kept[-1]
    is_auxiliary = last.tag_ == "MD" or (last.lemma_ in _AUXILIARIES and last.tag_ in ("VBD", "VBP", "VBZ"))
    return is_auxiliary and all(t.pos_ in ("PRON", "DET", "NOUN", "PROPN", "ADJ") and t.tag_ != "EX" for t in kept[:-1])


def asked_in_its_sentence(answer: Sequence[Token]) -> Token | None:
    """The first word of "Asked if it would flood, the warden said | it would"; None where nothing is asked there."""
    first = next((t for t in answer if not t.is_punct), None)
    if first is None:
        return None
    before = first.doc[first.sent.start : first.i]
    asked = next((t for t in before if t.lemma_ == "ask" and t.tag_ == "VBN"), None)
    if asked is None or not any(t.lower_ in ("if", "whether") for t in before if t.i > asked.i):
        return None
    return next((t for t in before if not t.is_punct and not t.is_space), None)
