"""How much a reader would want to see a statement checked: a linear model over a few features, 0 to 1.

The weights are set by hand after what annotators of check-worthiness corpora agree on: figures, named actors and definite
events weigh up; opinions, first persons, plans and very short clauses weigh down. They are not trained on any corpus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["check_worthiness"]

_WEIGHTS = {
    "bias": -0.6,
    "figure": 1.2,
    "time": 0.4,
    "name": 0.9,
    "two_names": 0.5,
    "definite": 0.5,
    "pronoun_subject": -0.7,
    "first_or_second_person": -1.0,
    "opinion": -0.9,
    "future_or_modal": -0.5,
    "short": -1.4,
    "question": -2.0,
}
_OPINION = re.compile(
    r"\b(?:good|bad|great|terrible|beautiful|important|proud|tired|hope|believe|feel|best|worst|wonderful|sad|happy|vital|"
    r"imperative|love|hate|should|must)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:I|we|you|my|our|your|us|me)\b")
_AHEAD = re.compile(r"\b(?:will|would|may|might|could|can|shall)\b|['’]ll\b", re.IGNORECASE)
_SHORT = 5


def check_worthiness(content: str, tokens: Sequence[Any], *, figures: int, times: int, names: int) -> float:
    """`tokens` are those of the content in the parse; the counts are of what was found inside it."""
    heads = [t for t in tokens if t.pos_ in ("VERB", "AUX")]
    subjects = [t for t in tokens if t.dep_ in ("nsubj", "nsubjpass")]
    present = {
        "bias": True,
        "figure": figures > 0,
        "time": times > 0,
        "name": names > 0,
        "two_names": names > 1,
        "definite": any(t.tag_ in ("VBD", "VBZ", "VBN") for t in heads),
        "pronoun_subject": bool(subjects) and subjects[0].pos_ == "PRON",
        "first_or_second_person": bool(_PERSON.search(content)),
        "opinion": bool(_OPINION.search(content)),
        "future_or_modal": bool(_AHEAD.search(content)),
        "short": len(content.split()) < _SHORT,
        "question": content.rstrip(' "”’').endswith("?"),
    }
    score = sum(weight for name, weight in _WEIGHTS.items() if present[name])
    return round(1 / (1 + math.exp(-score)), 3)
