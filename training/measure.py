"""Scores whole articles with a network, and measures the decoded attributions against the gold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from training.encoder import CACHE
from worker.extraction.attribution.model.decode import LINK, TAGS, Weights, decode
from worker.extraction.attribution.model.features import WINDOW, windows
from worker.measure.attribution_scores import report, tally

__all__ = ["CACHE", "batch_of", "evaluate", "found", "scores"]

CLS, SEP = 101, 102
Scores = list[tuple[np.ndarray, np.ndarray]]
"""For each article emissions (pieces x 7) and links (pieces x (4 * LINK + 1))."""


def batch_of(items: list[dict]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    length = max(i["end"] - i["start"] for i in items) + 2
    ids = torch.zeros(len(items), length, dtype=torch.long)
    mask = torch.zeros(len(items), length, dtype=torch.long)
    features = torch.zeros(len(items), length, items[0]["pieces"].features.shape[1], dtype=torch.long)
    for row, item in enumerate(items):
        s, e = item["start"], item["end"]
        ids[row, 0] = CLS
        ids[row, 1 : e - s + 1] = torch.from_numpy(item["pieces"].ids[s:e])
        ids[row, e - s + 1] = SEP
        mask[row, : e - s + 2] = 1
        features[row, 1 : e - s + 1] = torch.from_numpy(item["pieces"].features[s:e])
    return ids, mask, features


def scores(run: Callable, rows: list[dict], window: int = WINDOW) -> Scores:
    """`run` maps (ids, mask, features) to (emissions, links), all numpy."""
    made = []
    for row in rows:
        pieces = row["pieces"]
        emissions = np.zeros((len(pieces), len(TAGS)), np.float32)
        links = np.zeros((len(pieces), 4 * LINK + 1), np.float32)
        for start, end, low, high in windows(pieces, window):
            ids, mask, feats = batch_of([{"pieces": pieces, "start": start, "end": end}])
            tagged, linked = run(ids.numpy(), mask.numpy(), feats.numpy())
            emissions[low:high] = tagged[0, 1 + low - start : 1 + high - start]
            links[low:high] = linked[0, 1 + low - start : 1 + high - start]
        made.append((emissions, links))
    return made


def found(score: tuple[np.ndarray, np.ndarray], row: dict, weights: Weights) -> list[dict]:
    """Attributions of one article in characters, each with its confidence."""
    pieces = row["pieces"]

    def span(part: tuple[int, int]) -> list[int]:
        return [int(pieces.starts[part[0]]), int(pieces.ends[part[1] - 1])]

    return [
        {
            "source": [span(f.source)] if f.source else [],
            "cue": [span(f.cue)] if f.cue else [],
            "content": [span(c) for c in f.content],
            "confidence": f.confidence,
        }
        for f in decode(*score, pieces, weights)
    ]


def evaluate(made: Scores, rows: list[dict], weights: Weights) -> dict:
    total: dict[str, float] = {}
    for score, row in zip(made, rows, strict=True):
        for gold in row["gold"]:
            tally(total, gold, found(score, row, weights), row["text"], 1 / len(row["gold"]))
    return report(total)
