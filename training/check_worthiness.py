"""Fits the check-worthiness model on hand-made judgements and writes its weights with their card.

python -m training.check_worthiness tests/golden/check_worthiness.jsonl worker/extraction/data/check_worthiness.json

A logistic model with soft targets (the mean of both judgements, as a share of the highest) and an L2 penalty, fitted by
Newton's method. The penalty is the one with the least cross-validated log loss. What the card reports is nested:
within each of ten folds the penalty is chosen anew on the other nine, five times over with other folds.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from worker.contract.article import RawArticle
from worker.extraction.check_worthiness import FEATURES
from worker.extraction.claims import worth_of
from worker.extraction.pipeline import Pipeline

HIGHEST = 4
FOLDS, ROUNDS = 10, 5
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
WORTHY = 0.5
"""From this share on (2 of 4) a sentence counts as worth checking, for the Brier score."""


def fit(x, y, penalty):
    """Weights, bias last. The bias is not penalised."""
    x1 = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x1.shape[1])
    ridge = np.diag([penalty] * x.shape[1] + [1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x1 @ w))
        step = np.linalg.solve((x1 * (p * (1 - p))[:, None]).T @ x1 + ridge, x1.T @ (p - y) + ridge @ w)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return w


def predict(w, x):
    return 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))


def log_loss(p, y):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def folds(n, seed):
    return np.array_split(np.random.default_rng(seed).permutation(n), FOLDS)


def held_out(x, y, penalty, seed):
    out = np.zeros(len(y))
    for fold in folds(len(y), seed):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        out[fold] = predict(fit(x[rest], y[rest], penalty), x[fold])
    return out


def best_penalty(x, y, seed):
    return min(PENALTIES, key=lambda penalty: log_loss(held_out(x, y, penalty, seed), y))


def nested(x, y, seed):
    out = np.zeros(len(y))
    for fold in folds(len(y), seed):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        out[fold] = predict(fit(x[rest], y[rest], best_penalty(x[rest], y[rest], seed + 1)), x[fold])
    return out


def ranks(values):
    """Ranks from 1, equal values sharing the mean of theirs."""
    order = np.argsort(values, kind="stable")
    out = np.empty(len(values))
    out[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        same = values == value
        out[same] = out[same].mean()
    return out


def spearman(a, b):
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def reliability(p, y):
    """For each fifth of the scale: sentences, mean score, mean judgement."""
    rows = []
    for low in np.arange(0, 1, 0.2):
        here = (p >= low) & (p < low + 0.2)
        if here.any():
            rows.append([int(here.sum()), round(float(p[here].mean()), 2), round(float(y[here].mean()), 2)])
    return rows


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("judgements", type=Path)
    ask.add_argument("weights", type=Path)
    ask.add_argument("--rules-only", action="store_true", help="attribution by rules, where a model is installed")
    given = ask.parse_args()
    judged = [json.loads(line) for line in given.judgements.read_text(encoding="utf-8").splitlines()]
    pipeline = Pipeline.load(model=not given.rules_only)
    rows = [
        worth_of(pipeline.read(RawArticle(uri=str(i), body=each["sentence"]), None, each["sentence"]))
        for i, each in enumerate(judged)
    ]
    x = np.array([[row.get(name, 0.0) for name in FEATURES] for row in rows])
    y = np.array([(each["first"] + each["second"]) / 2 / HIGHEST for each in judged])
    made = [nested(x, y, 100 * seed) for seed in range(ROUNDS)]
    mean = np.mean(made, axis=0)
    between = spearman(np.array([j["first"] for j in judged]), np.array([j["second"] for j in judged]))
    worthy = (y >= WORTHY).astype(float)
    penalty = best_penalty(x, y, 1)
    w = fit(x, y, penalty)
    card = {
        "what": "share of the highest judgement of check-worthiness that a reader would give; logistic, linear in the features",
        "data": f"{len(judged)} sentences of {given.judgements.name}, judged twice from 0 to {HIGHEST}; written for this project",
        "fitted by": f"training/check_worthiness.py, features found by the pipeline {pipeline.version}",
        "penalty": penalty,
        "spearman, cross-validated": round(float(np.mean([spearman(p, y) for p in made])), 3),
        "spearman, lowest and highest of the rounds": [round(f([spearman(p, y) for p in made]), 3) for f in (min, max)],
        "spearman, one judgement with the other": round(between, 3),
        "spearman, on what it was fitted on": round(spearman(predict(w, x), y), 3),
        "mean absolute error, cross-validated": round(float(np.abs(mean - y).mean()), 3),
        "Brier score, cross-validated": round(float(((mean - worthy) ** 2).mean()), 3),
        "Brier score of the base rate": round(float(((worthy.mean() - worthy) ** 2).mean()), 3),
        "reliability (sentences, mean score, mean judgement)": reliability(mean, y),
        "limits": "one reader's judgements of English sentences, out of context; topic words are few and from general knowledge",
    }
    weights = {name: round(float(value), 3) for name, value in zip(FEATURES, w[:-1], strict=True)}
    content = {"card": card, "bias": round(float(w[-1]), 3), "weights": weights}
    given.weights.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
