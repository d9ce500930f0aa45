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


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Weights [outcomes, features], biases [outcomes]; slope and offset of the calibration."""

    weights: npt.NDArray[np.float64]
    biases: npt.NDArray[np.float64]
    slope: float
    offset: float


@cache
def _fits() -> tuple[_Fit, _Fit]:
    """For claims of two articles, and of one."""
    stored = json.loads((files("worker.link.relations") / "data" / "comparer.json").read_text(encoding="utf-8"))
    two, one = (
        _Fit(
            np.array([[of["weights"][o][name] for name in FEATURES] for o in OUTCOMES]),
            np.array([of["weights"][o]["bias"] for o in OUTCOMES]),
            *of["calibration"],
        )
        for of in (stored["two articles"], stored["one article"])
    )
    return two, one


def _fit_for(*, of_stream: bool) -> _Fit:
    two, one = _fits()
    return two if of_stream else one


def odds_of(comparison: Comparison, *, of_stream: bool) -> Odds:
    """`of_stream`: the claims are of two articles of a stream, most of which have nothing to do with each other."""
    fit = _fit_for(of_stream=of_stream)
    scores = (fit.weights @ comparison.features + fit.biases).tolist()
    highest = max(scores)
    none, agree, clash = (math.exp(score - highest) for score in scores)
    total = none + agree + clash
    return Odds(none / total, agree / total, clash / total)


def confidence_of(probability: float, *, of_stream: bool) -> float:
    """The share of relations that are right among those with this probability, as cross-validated (Platt)."""
    fit = _fit_for(of_stream=of_stream)
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(fit.slope * math.log(bounded / (1 - bounded)) + fit.offset)))
