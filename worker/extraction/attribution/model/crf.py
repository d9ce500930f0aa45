"""The chain of tags over word pieces: its best path, and how probable each tag is (a linear-chain CRF)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from worker.extraction.attribution.model.arrays import Flags, Integers, Reals

__all__ = ["TAGS", "Chain", "likeliest", "marginals"]

Number = TypeVar("Number", bound=np.generic)

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
_NEVER = -1e4
"""Score of what is impossible."""
_CORE, _MARGIN = 48, 40
"""Pieces that a block answers for, and those that it sees on both sides: further than tags depend on each other."""
_RESCALE = 8
"""Steps after which probabilities are scaled to a sum of 1, long before they underflow."""


class Chain(Protocol):
    """`transitions` 7 x 7 (from, to), `start` 7; see decode.Weights."""

    @property
    def transitions(self) -> Reals: ...

    @property
    def start(self) -> Reals: ...


def _allowed() -> Reals:
    table = np.zeros((7, 7), np.float32)
    for i, before in enumerate(TAGS):
        for j, after in enumerate(TAGS):
            if after.startswith("I-") and before[2:] != after[2:]:
                table[i, j] = _NEVER
    return table


def _inside_word() -> Reals:
    """The transitions inside a word: a span goes on, or nothing begins."""
    table = np.full((7, 7), _NEVER, np.float32)
    for i, before in enumerate(TAGS):
        table[i, 0 if before == "O" else TAGS.index("I-" + before[2:])] = 0
    return table


def _over_line() -> Reals:
    """The transitions over the end of a line: no span goes on."""
    table = np.zeros((7, 7), np.float32)
    table[:, [tag.startswith("I-") for tag in TAGS]] = _NEVER
    return table


_BETWEEN, _INSIDE, _OVER_LINE = _allowed(), _inside_word(), _over_line()


@dataclass(frozen=True, slots=True)
class _Blocks:
    """A chain cut into blocks that are computed together: a step costs the same for one as for ten.

    `rows`: the scores, blocks x length x 7, padded with pieces that are certainly O; `steps`: blocks x length, the kind
    of transition to a piece from the one before; `answers`: for each block the range that it answers for, counted from
    its own start.
    """

    rows: Reals
    steps: Integers
    answers: list[tuple[int, int]]

    @classmethod
    def of(cls, emissions: Reals, steps: Integers) -> _Blocks:
        n = len(emissions)
        cores = [(start, min(start + _CORE, n)) for start in range(0, n, _CORE)]
        reach = [(max(0, start - _MARGIN), min(n, end + _MARGIN)) for start, end in cores]
        length = max(end - start for start, end in reach)
        rows = np.full((len(cores), length, len(TAGS)), _NEVER, np.float64)
        rows[:, :, 0] = 0
        kinds = np.zeros((len(cores), length), np.int64)
        for row, (start, end) in enumerate(reach):
            rows[row, : end - start] = emissions[start:end]
            kinds[row, 1 : end - start] = steps[start + 1 : end]
        return cls(rows, kinds, [(a - s, b - s) for (a, b), (s, _) in zip(cores, reach, strict=True)])

    def joined(self, results: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Results of the blocks, blocks x length (x 7), as one chain."""
        return np.concatenate([results[row, start:end] for row, (start, end) in enumerate(self.answers)])


def _begin(weights: Chain, count: int) -> Reals:
    """Scores of each block's first tag: the first block begins the text, the others continue from anywhere."""
    first = np.zeros((count, len(TAGS)))
    first[0] = weights.start + np.where([t.startswith("I-") for t in TAGS], _NEVER, 0)
    return first


def likeliest(emissions: Reals, inside: Flags, opens: Flags, weights: Chain) -> Integers:
    """The best path of tags (n): no span changes inside a word, none goes on over the end of a line.

    `inside`: n, whether a piece goes on with the word before it; `opens`: n, whether it is the first of its line.
    """
    blocks = _Blocks.of(emissions, np.where(opens, 2, inside.astype(np.int64)))
    count, length, _ = blocks.rows.shape
    moves = (weights.transitions + np.stack([_BETWEEN, _INSIDE, _OVER_LINE])).astype(np.float64)
    step = moves[blocks.steps.T]  # length x blocks x 7 x 7
    score = _begin(weights, count) + blocks.rows[:, 0]
    back = np.zeros((length, count, len(TAGS)), np.int64)
    for at in range(1, length):
        total = score[:, :, None] + step[at]
        back[at] = total.argmax(1)
        score = np.maximum.reduce(total, axis=1) + blocks.rows[:, at]
    path = np.zeros((count, length), np.int64)
    path[:, -1] = score.argmax(1)
    every = np.arange(count)
    for at in range(length - 1, 0, -1):
        path[:, at - 1] = back[at, every, path[:, at]]
    return blocks.joined(path)


def marginals(emissions: Reals, weights: Chain) -> Reals:
    """Probability of each tag at each piece, n x 7. The forward and the backward pass are computed together."""
    blocks = _Blocks.of(emissions, np.zeros(len(emissions), np.int64))
    emit = np.exp(blocks.rows - blocks.rows.max(2, keepdims=True))
    count, length, _ = emit.shape
    move = np.exp(weights.transitions.astype(np.float64))
    moves = np.stack([move, move.T])
    seen = np.stack([emit, emit[:, ::-1]]).transpose(2, 0, 1, 3).copy()  # length x both ways x blocks x 7
    seen[0, 0] *= np.exp(_begin(weights, count))
    for at in range(1, length):
        row = seen[at - 1] @ moves
        if at % _RESCALE == 0:
            row /= row.sum(2, keepdims=True)
        seen[at] *= row
    forward, after = seen[:, 0], seen[::-1, 1]  # up to a piece, and from it to the end
    backward = np.ones_like(forward)
    backward[:-1] = after[1:] @ move.T
    both = forward * backward
    both /= both.sum(2, keepdims=True)
    return blocks.joined(both.transpose(1, 0, 2))
