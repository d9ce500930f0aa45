"""Which neurons of a network's layers a narrower one keeps, and the weights with which they do the work of all.

Neurons are removed a few at a time, those whose loss changes what the layer gives least when the others make up for it
(Hassibi and Stork, Optimal Brain Surgeon, 1993, with a layer's own output for the loss). What is left is fitted to the
layer's output by least squares.
"""

from __future__ import annotations

import numpy as np
import torch

from training.measure import batch_of
from training.model import AttributionNet
from worker.extraction.attribution.model.features import windows

_PIECES = 60_000
"""Pieces whose activations decide."""
_AT_ONCE = 0.04
"""Share of the neurons that are removed before the others are fitted again."""
_DAMPING = 1e-4
"""Of the mean of the diagonal."""


def narrower(net: AttributionNet, rows: list[dict], neurons: int) -> dict[str, torch.Tensor]:
    """The state of a network with `neurons` in each layer of `net`, which reads the `rows` to decide."""
    state = dict(net.state_dict())
    for number, gram in enumerate(_grams(net, rows)):
        layer = f"encoder.encoder.layer.{number}."
        into, out = layer + "intermediate.dense.", layer + "output.dense."
        weights = np.vstack([state[out + "weight"].numpy().T, state[out + "bias"].numpy()]).astype(np.float64)
        kept, fitted = _fitted(gram, weights, neurons)
        before, after = _unexplained(gram, weights, kept, fitted)
        print(f"layer {number + 1}: {neurons} neurons lose {after:.1%} of its variance, {before:.1%} before the fit")
        for part in ("weight", "bias"):
            state[into + part] = state[into + part][kept]
        state[out + "weight"] = torch.from_numpy(fitted[:-1].T.astype(np.float32).copy())
        state[out + "bias"] = torch.from_numpy(fitted[-1].astype(np.float32))
    return state


def _grams(net: AttributionNet, rows: list[dict]) -> list[np.ndarray]:
    """For each layer the products of its neurons' activations, and of a one behind them, summed over pieces."""
    layers = net.encoder.encoder.layer
    sums = [np.zeros((layer.output.dense.in_features + 1,) * 2) for layer in layers]

    def added(number: int):
        def add(_: torch.nn.Module, __: tuple, given: torch.Tensor) -> None:
            active = given.flatten(0, 1)
            active = torch.cat([active, torch.ones(len(active), 1)], 1)
            sums[number] += (active.T @ active).numpy()

        return add

    hooks = [layer.intermediate.register_forward_hook(added(number)) for number, layer in enumerate(layers)]
    read = 0
    for row in rows:
        if read > _PIECES:
            break
        for start, end, _, _ in windows(row["pieces"]):
            with torch.no_grad():
                net.hidden(*batch_of([{"pieces": row["pieces"], "start": start, "end": end}]))
            read += end - start
    for hook in hooks:
        hook.remove()
    return sums


def _fitted(gram: np.ndarray, weights: np.ndarray, neurons: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the neurons that are kept, and the weights of these and of the bias. The bias is the last row."""
    damped = gram + np.eye(len(gram)) * _DAMPING * gram.diagonal().mean()
    kept = np.arange(len(gram))
    fitted = weights
    while len(kept) - 1 > neurons:
        inverse = np.linalg.inv(damped[np.ix_(kept, kept)])
        cost = (fitted**2).sum(1) / inverse.diagonal()
        cost[-1] = np.inf
        count = min(len(kept) - 1 - neurons, max(1, int(_AT_ONCE * len(kept))))
        kept = np.sort(kept[np.argsort(cost)[count:]])
        fitted = np.linalg.solve(damped[np.ix_(kept, kept)], damped[kept] @ weights)
    return kept[:-1], fitted


def _unexplained(gram: np.ndarray, weights: np.ndarray, kept: np.ndarray, fitted: np.ndarray) -> tuple[float, float]:
    """The share of the output's variance that is lost without and with the fitted weights."""
    rows = np.append(kept, len(gram) - 1)
    shares = []
    for used in (weights[rows], fitted):
        lost = weights.copy()
        lost[rows] -= used
        shares.append(float((lost * (gram @ lost)).sum()))
    mean = gram[-1] @ weights / gram[-1, -1]
    whole = float((weights * (gram @ weights)).sum() - gram[-1, -1] * (mean**2).sum())
    return shares[0] / whole, shares[1] / whole
