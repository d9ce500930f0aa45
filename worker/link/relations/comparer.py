"""How likely it is that two claims agree, clash, or have nothing to do with each other: a small trained model.

Multinomial logistic regression over the features of a comparison. data/comparer.json has the weights and their card;
training/relations.py fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from worker.link.relations.comparison import FEATURES, Comparison

__all__ = ["OUTCOMES", "Odds", "Setting", "confidence_of", "odds_of"]

OUTCOMES = ("none", "agree", "clash")


class Setting(StrEnum):
    """Where two claims come from, which says how likely a relation is before they are compared."""

    TWO_ARTICLES = "two articles"
    """Of a stream, most of which have nothing to do with each other."""
    ONE_ARTICLE = "one article"
    """Which speaks of one matter, and seldom of two that exclude each other."""
    ONE_MATTER = "one matter"
    """As if they were judged pairs: for who holds them to more than that."""


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
def _fits() -> Mapping[Setting, _Fit]:
    stored = json.loads((files("worker.link.relations") / "data" / "comparer.json").read_text(encoding="utf-8"))
    return {
        setting: _Fit(
            np.array([[stored[setting]["weights"][o][name] for name in FEATURES] for o in OUTCOMES]),
            np.array([stored[setting]["weights"][o]["bias"] for o in OUTCOMES]),
            *stored[setting]["calibration"],
        )
        for setting in Setting
    }


def odds_of(comparison: Comparison, setting: Setting) -> Odds:
    fit = _fits()[setting]
    scores = (fit.weights @ comparison.features + fit.biases).tolist()
    highest = max(scores)
    none, agree, clash = (math.exp(score - highest) for score in scores)
    total = none + agree + clash
    return Odds(none / total, agree / total, clash / total)


def confidence_of(probability: float, setting: Setting) -> float:
    """The share of relations that are right among those with this probability, as cross-validated (Platt)."""
    fit = _fits()[setting]
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(fit.slope * math.log(bounded / (1 - bounded)) + fit.offset)))
