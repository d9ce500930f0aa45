"""How likely it is that two claims agree, clash, or have nothing to do with each other: a small trained model.

Multinomial logistic regression over the features of a comparison. data/comparer.json has the weights and their card;
training/relations.py fits them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from worker.link.relations.comparison import FEATURES, Comparison

__all__ = ["OUTCOMES", "Odds", "confidence_of", "odds_of"]

OUTCOMES = ("none", "agree", "clash")


@dataclass(frozen=True, slots=True)
class Odds:
    """Probabilities, which come to 1."""

    none: float
    agree: float
    clash: float


@cache
def _stored() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], tuple[float, float]]:
    """Weights [outcomes, features], biases [outcomes]; slope and offset of the calibration."""
    stored = json.loads((files("worker.link.relations") / "data" / "comparer.json").read_text(encoding="utf-8"))
    slope, offset = stored["calibration"]
    weights = np.array([[stored["weights"][o][name] for name in FEATURES] for o in OUTCOMES])
    return weights, np.array([stored["weights"][o]["bias"] for o in OUTCOMES]), (slope, offset)


def odds_of(comparison: Comparison) -> Odds:
    weights, biases, _ = _stored()
    scores = (weights @ comparison.features + biases).tolist()
    highest = max(scores)
    none, agree, clash = (math.exp(score - highest) for score in scores)
    total = none + agree + clash
    return Odds(none / total, agree / total, clash / total)


def confidence_of(probability: float) -> float:
    """The share of relations that are right among those with this probability, as cross-validated (Platt)."""
    slope, offset = _stored()[2]
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(slope * math.log(bounded / (1 - bounded)) + offset)))
