"""Chooses some numbers of the decoding on the dev split, by coordinate search on the attribution F1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.measure import Scores, evaluate, found
from worker.extraction.attribution.model.decode import TAGS, Weights
from worker.measure.attribution_scores import fitting
from worker.measure.overlap import chars

__all__ = ["choose"]

_STEPS = {
    "cue": (0.0, 0.1, 0.5, 1.0),
    "content": (-0.05, 0.0, 0.05, 0.1),
    "source": (0.0, 0.1, 0.5),
    "trust": (0.0, 0.25, 0.5, 1.0),
}
_ROUNDS = 2


def _with(weights: Weights, chosen: dict[str, float]) -> Weights:
    lift = np.asarray([0.0 if tag == "O" else chosen[tag[2:]] for tag in TAGS], np.float32)
    return replace(weights, lift=lift, trust=chosen["trust"])


def choose(made: Scores, rows: list[dict], weights: Weights) -> Weights:
    """`weights` with lift, trust and calibration."""
    chosen = dict.fromkeys(_STEPS, 0.0)
    known: dict[tuple[float, ...], float] = {}

    def goal(values: dict[str, float]) -> float:
        key = tuple(values.values())
        if key not in known:
            figures = evaluate(made, rows, _with(weights, values))
            known[key] = figures["attribution"]["f1"] + 0.5 * figures["content"]["f1"]
        return known[key]

    for _ in range(_ROUNDS):
        for name, steps in _STEPS.items():
            chosen[name] = max(steps, key=lambda step, name=name: goal(chosen | {name: step}))
        print(f"decoding: {chosen}, goal {goal(chosen):.1f}", flush=True)
    return _calibrated(made, rows, _with(weights, chosen))


def _calibrated(made: Scores, rows: list[dict], weights: Weights) -> Weights:
    """Platt scaling: logistic regression of being right (content and source) on the logit of the lowest marginal."""
    plain = replace(weights, calibration=(1.0, 0.0))
    logits, right = [], []
    for score, row in zip(made, rows, strict=True):
        text = row["text"]
        ours = found(score, row, plain)
        for annotated in row["gold"]:
            gold = [g for g in annotated if g["content"]]
            pairs = fitting(
                [(chars(g["content"], text), chars(g["source"], text), frozenset()) for g in gold],
                [(chars(f["content"], text), chars(f["source"], text), frozenset()) for f in ours],
            )
            hits = set()
            for _, g, f in pairs:
                a, b = chars(gold[g]["source"], text), chars(ours[f]["source"], text)
                if (not a and not b) or (a | b and len(a & b) / len(a | b) >= 0.5):
                    hits.add(f)
            for index, each in enumerate(ours):
                p = min(max(each["confidence"], 1e-6), 1 - 1e-6)
                logits.append(np.log(p / (1 - p)))
                right.append(index in hits)
    x, y = np.asarray(logits), np.asarray(right, float)
    slope, offset = 1.0, 0.0
    for _ in range(50):  # Newton
        p = 1 / (1 + np.exp(-(slope * x + offset)))
        w = p * (1 - p)
        gradient = np.asarray([((p - y) * x).sum(), (p - y).sum()])
        hessian = np.asarray([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + 1e-6 * np.eye(2)
        slope, offset = np.asarray([slope, offset]) - np.linalg.solve(hessian, gradient)
    p = 1 / (1 + np.exp(-(slope * x + offset)))
    bins = np.minimum((p * 10).astype(int), 9)
    error = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    print(
        f"confidence: slope {slope:.3f}, offset {offset:.3f}, expected calibration error {100 * error:.1f} %",
        flush=True,
    )
    return replace(weights, calibration=(float(slope), float(offset)))
