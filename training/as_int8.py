"""Dense layers that round as the int8 network does, so that a network learns to lose nothing by it.

What goes in is rounded to 256 steps between its extremes in an article's window, the weights to 129 steps for each
number that goes out, as training/export.py has them stored; gradients pass as if nothing were rounded (Jacob et al.,
Quantization and Training of Neural Networks, 2018).
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

_STEPS_IN = 255
_STEPS_WEIGHT = 64
"""On each side of zero: the 7 bits of the export."""
_SMALLEST = 1e-8


class _Dense(nn.Module):
    """What a dense layer gives with its input and weights rounded; it has no weights of its own."""

    def __init__(self, dense: nn.Linear) -> None:
        super().__init__()
        self._dense = [dense]

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        (dense,) = self._dense
        return functional.linear(_rounded_input(given), _rounded_weight(dense.weight), dense.bias)


def rounding(module: nn.Module) -> None:
    """Makes every dense layer inside of `module` round, for good."""
    for dense in [each for each in module.modules() if isinstance(each, nn.Linear)]:
        dense.forward = _Dense(dense).forward  # type: ignore[method-assign]


def _rounded_input(given: torch.Tensor) -> torch.Tensor:
    """`given`: batch x pieces x width. Each of a batch has its own steps."""
    with torch.no_grad():
        low = given.amin((1, 2), keepdim=True).clamp(max=0.0)
        high = given.amax((1, 2), keepdim=True).clamp(min=0.0)
        step = ((high - low) / _STEPS_IN).clamp(min=_SMALLEST)
        zero = (-low / step).round()
        apart = ((given / step).round() + zero).clamp(0, _STEPS_IN).sub(zero).mul(step).sub(given)
    return given + apart


def _rounded_weight(weight: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        step = (weight.abs().amax(1, keepdim=True) / _STEPS_WEIGHT).clamp(min=_SMALLEST)
        apart = (weight / step).round().mul(step).sub(weight)
    return weight + apart
