"""Which neurons and heads of a network's layers a narrower one keeps, and the weights that do the work of all.

They are removed a few at a time: those without which the matrix behind them changes what it gives least when the others
make up for it (Hassibi and Stork, Optimal Brain Surgeon, 1993, here for whole neurons and heads, with the output of the
matrix for the loss). What is left is fitted to that output by least squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from training.measure import batch_of
from training.model import AttributionNet
from worker.extraction.attribution.model.features import windows

_PIECES = 60_000
"""Pieces whose activations decide."""
_AT_ONCE = 0.04
"""Share of the neurons or heads that are removed before the others are fitted again; one at least."""
_DAMPING = 1e-4
"""Of the mean of the diagonal."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of each layer: its module, whose output goes through a matrix; the matrices by which it is made; and how
    many numbers of its output one neuron or head gives.
    """

    name: str
    made_by: tuple[str, ...]
    goes_through: str
    size: int


def narrower(net: AttributionNet, rows: list[dict], neurons: int, heads: int) -> dict[str, torch.Tensor]:
    """The state of a network with `neurons` and `heads` in each layer of `net`, which reads the `rows` to decide.

    A part that has as many already stays as it is.
    """
    config = net.encoder.config
    inputs = tuple(f"attention.self.{name}" for name in ("query", "key", "value"))
    size = config.hidden_size // config.num_attention_heads
    state = dict(net.state_dict())
    for part, count in (
        (_Part("intermediate", ("intermediate.dense",), "output.dense", 1), neurons),
        (_Part("attention.self", inputs, "attention.output.dense", size), heads),
    ):
        if net.encoder.encoder.layer[0].get_submodule(part.goes_through).in_features == count * part.size:
            continue
        for number, gram in enumerate(_grams(net, rows, part)):
            told = _narrow(state, f"encoder.encoder.layer.{number}.", part, gram, count)
            print(f"layer {number + 1}: {part.name} of {count}: {told}", flush=True)
    return state


def _narrow(state: dict[str, torch.Tensor], layer: str, part: _Part, gram: np.ndarray, count: int) -> str:
    """Writes the narrower weights of one layer; what is lost by them, in words."""
    out = layer + part.goes_through
    weights = np.vstack([state[out + ".weight"].numpy().T, state[out + ".bias"].numpy()]).astype(np.float64)
    kept, fitted = _fitted(gram, weights, count, part.size)
    before, after = _lost(gram, weights, kept, fitted)
    for name in part.made_by:
        for kind in (".weight", ".bias"):
            state[layer + name + kind] = state[layer + name + kind][kept]
    state[out + ".weight"] = torch.from_numpy(fitted[:-1].T.astype(np.float32).copy())
    state[out + ".bias"] = torch.from_numpy(fitted[-1].astype(np.float32))
    return f"{after:.1%} of the variance is lost, {before:.1%} before the fit"


def _grams(net: AttributionNet, rows: list[dict], part: _Part) -> list[np.ndarray]:
    """For each layer the products of the part's activations, and of a one behind them, summed over pieces."""
    modules = [layer.get_submodule(part.name) for layer in net.encoder.encoder.layer]
    widths = [layer.get_submodule(part.goes_through).in_features for layer in net.encoder.encoder.layer]
    sums = [np.zeros((width + 1, width + 1)) for width in widths]

    def added(number: int):
        def add(_: torch.nn.Module, __: tuple, given: torch.Tensor | tuple[torch.Tensor, ...]) -> None:
            active = (given if isinstance(given, torch.Tensor) else given[0]).flatten(0, 1)
            active = torch.cat([active, torch.ones(len(active), 1)], 1)
            sums[number] += (active.T @ active).numpy()

        return add

    hooks = [module.register_forward_hook(added(number)) for number, module in enumerate(modules)]
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


def _fitted(gram: np.ndarray, weights: np.ndarray, count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the `count` groups of `size` that are kept, and their weights, those of the bias behind them."""
    damped = gram + np.eye(len(gram)) * _DAMPING * gram.diagonal().mean()
    groups = np.arange(len(gram) - 1).reshape(-1, size)
    fitted = weights
    while len(groups) > count:
        inverse = np.linalg.inv(damped[np.ix_(rows := _with_bias(groups), rows)])
        blocks = [slice(at, at + size) for at in range(0, groups.size, size)]
        cost = [np.trace(fitted[at].T @ np.linalg.solve(inverse[at, at], fitted[at])) for at in blocks]
        removed = np.argsort(cost)[: min(len(groups) - count, max(1, int(_AT_ONCE * len(groups))))]
        groups = np.delete(groups, removed, 0)
        rows = _with_bias(groups)
        fitted = np.linalg.solve(damped[np.ix_(rows, rows)], damped[rows] @ weights)
    return groups.ravel(), fitted


def _with_bias(groups: np.ndarray) -> np.ndarray:
    return np.append(groups.ravel(), -1)


def _lost(gram: np.ndarray, weights: np.ndarray, kept: np.ndarray, fitted: np.ndarray) -> tuple[float, float]:
    """The share of the output's variance that is lost without and with the fitted weights."""
    rows = np.append(kept, -1)
    shares = []
    for used in (weights[rows], fitted):
        lost = weights.copy()
        lost[rows] -= used
        shares.append(float((lost * (gram @ lost)).sum()))
    mean = gram[-1] @ weights / gram[-1, -1]
    whole = float((weights * (gram @ weights)).sum() - gram[-1, -1] * (mean**2).sum())
    return shares[0] / whole, shares[1] / whole
