"""Fits the check-worthiness model on hand-made judgements and writes its weights with their card.

python -m training.check_worthiness tests/golden/check_worthiness.jsonl worker/extraction/data/check_worthiness.json
    --public features-of-train.jsonl --public-dev features-of-dev.jsonl

Both files of a public set are made by training/worthiness_features.py. All of its sentences together weigh as much as
all of the project's own judgements; without them the fit is on the own judgements alone.

A logistic model with soft targets (the mean of both judgements, as a share of the highest) and an L2 penalty, fitted by
Newton's method. The penalty is the one with the least cross-validated log loss. What the card reports is nested:
within each of ten folds the penalty is chosen on the other nine, five times with different folds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from worker.contract.article import RawArticle
from worker.contract.claim import Voice
from worker.extraction.meaning.check_worthiness import FEATURES
from worker.extraction.meaning.stage import find_meanings
from worker.extraction.pipeline import Pipeline, Reading
from worker.extraction.speakers.stage import Statement
from worker.extraction.syntax.main_clause import main_clauses

HIGHEST = 4
FOLDS, ROUNDS = 10, 5
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
WORTHY = 0.5
"""From this share on (2 of 4) a sentence counts as worth checking, for the Brier score."""


def fit(x, y, penalty, public=None):
    """Weights, bias last. The bias is not penalised. `public`: features and judgements of a set that is fitted besides.

    Its rows together weigh as much as those of `x`.
    """
    share = np.ones(len(x))
    if public is not None:
        share = np.concatenate([share, np.full(len(public[0]), len(x) / len(public[0]))])
        x, y = np.vstack([x, public[0]]), np.concatenate([y, public[1]])
    x1 = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x1.shape[1])
    ridge = np.diag([penalty] * x.shape[1] + [1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x1 @ w))
        step = np.linalg.solve(
            (x1 * (share * p * (1 - p))[:, None]).T @ x1 + ridge, x1.T @ (share * (p - y)) + ridge @ w
        )
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


def held_out(x, y, penalty, seed, public=None):
    out = np.zeros(len(y))
    for fold in folds(len(y), seed):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        out[fold] = predict(fit(x[rest], y[rest], penalty, public), x[fold])
    return out


def best_penalty(x, y, seed, public=None):
    return min(PENALTIES, key=lambda penalty: log_loss(held_out(x, y, penalty, seed, public), y))


def nested(x, y, seed, public=None):
    out = np.zeros(len(y))
    for fold in folds(len(y), seed):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        penalty = best_penalty(x[rest], y[rest], seed + 1, public)
        out[fold] = predict(fit(x[rest], y[rest], penalty, public), x[fold])
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


def auc(p, y):
    """The chance that a worthy sentence has a higher score than one that is not."""
    worthy = y.sum()
    return float((ranks(p)[y == 1].sum() - worthy * (worthy + 1) / 2) / (worthy * (len(y) - worthy)))


def average_precision(p, y):
    ranked = y[np.argsort(-p, kind="stable")]
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked == 1].mean())


def best_f1(p, y):
    """The F1 at the threshold that is best."""
    return max(2 * float(((p > t) & (y == 1)).sum()) / max(1.0, (p > t).sum() + y.sum()) for t in np.unique(p))


def public_rows(path: Path):
    """Features and judgements (0 or 1) of a file by training/worthiness_features.py."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    x = np.array([[row[1].get(name, 0.0) for name in FEATURES] for row in rows])
    return x, np.array([row[0] for row in rows], float)


def reliability(p, y):
    """For each fifth of the scale: sentences, mean score, mean judgement."""
    rows = []
    for low in np.arange(0, 1, 0.2):
        here = (p >= low) & (p < low + 0.2)
        if here.any():
            rows.append([int(here.sum()), round(float(p[here].mean()), 2), round(float(y[here].mean()), 2)])
    return rows


def worth_of(reading: Reading) -> Mapping[str, float]:
    """The features of a single sentence: those of the longest content that it attributes, else of the whole."""
    reported = [m for s, m in zip(reading.statements, reading.meanings, strict=True) if s.voice is Voice.ATTRIBUTED]
    if reported:
        return max(reported, key=lambda meaning: len(meaning.verbatim)).worth_features
    content = ((0, len(reading.text)),)
    clauses = main_clauses(reading.doc, content)
    whole = Statement(
        voice=Voice.AUTHOR,
        content=content,
        clauses=clauses,
        reported=None,
        subject=None,
        holders=(),
        confidence=1.0,
    )
    return find_meanings(
        reading.doc,
        (reading.text, reading.marked),
        [whole],
        reading.entities,
        reading.times,
        reading.amounts,
        reading.quotes,
    )[0].worth_features


def on_public(w, public, dev: Path | None) -> dict[str, object]:
    """What the card says of a public set; nothing where there is none."""
    if public is None or dev is None:
        return {}
    x, y = public_rows(dev)
    p = predict(w, x)
    return {
        "public set": f"{len(public[1])} sentences of CheckThat! 2024 task 1 (debates and speeches) fitted besides, "
        "with the weight of all own judgements; none of its text is kept",
        "on its development part (sentences, AUC, average precision, best F1)": [
            len(y),
            *(round(f(p, y), 3) for f in (auc, average_precision, best_f1)),
        ],
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("judgements", type=Path)
    ask.add_argument("weights", type=Path)
    ask.add_argument("--rules-only", action="store_true", help="attribution by rules, where a model is installed")
    ask.add_argument("--public", type=Path, help="features of a public set that is fitted besides")
    ask.add_argument("--public-dev", type=Path, help="features of its development part, to measure on")
    given = ask.parse_args()
    public = public_rows(given.public) if given.public else None
    judged = [json.loads(line) for line in given.judgements.read_text(encoding="utf-8").splitlines()]
    pipeline = Pipeline.load(model=not given.rules_only)
    rows = [
        worth_of(pipeline.read(RawArticle(uri=str(i), body=each["sentence"]), each["sentence"]))
        for i, each in enumerate(judged)
    ]
    x = np.array([[row.get(name, 0.0) for name in FEATURES] for row in rows])
    y = np.array([(each["first"] + each["second"]) / 2 / HIGHEST for each in judged])
    made = [nested(x, y, 100 * seed, public) for seed in range(ROUNDS)]
    mean = np.mean(made, axis=0)
    between = spearman(np.array([j["first"] for j in judged]), np.array([j["second"] for j in judged]))
    worthy = (y >= WORTHY).astype(float)
    penalty = best_penalty(x, y, 1, public)
    w = fit(x, y, penalty, public)
    card = {
        "what": "share of the highest judgement of check-worthiness that a reader would give; logistic, linear in the "
        "features",
        "data": f"{len(judged)} sentences of {given.judgements.name}, judged twice from 0 to {HIGHEST}; "
        "written for this project",
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
        **on_public(w, public, given.public_dev),
        "limits": "one reader's judgements of English sentences, out of context; topic words are few and from general "
        "knowledge",
    }
    weights = {name: round(float(value), 3) for name, value in zip(FEATURES, w[:-1], strict=True)}
    content = {"card": card, "bias": round(float(w[-1]), 3), "weights": weights}
    given.weights.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
