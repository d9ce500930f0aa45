"""The chain of tags over word pieces: its best path, and how probable each tag is (a linear-chain CRF)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

__all__ = ["TAGS", "Chain", "likeliest", "marginals"]

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
_NEVER = -1e4
_CORE, _MARGIN = 48, 40
_RESCALE = 8
"""Steps after which scores are scaled to a sum of 1, long before they vanish."""


class Chain(Protocol):
    """`transitions` 7 x 7 (from, to), `start` 7; see model_decode.Weights."""

    @property
    def transitions(self) -> Any: ...

    @property
    def start(self) -> Any: ...


def _allowed() -> Any:
    table = np.zeros((7, 7), np.float32)
    for i, before in enumerate(TAGS):
        for j, after in enumerate(TAGS):
            if after.startswith("I-") and before[2:] != after[2:]:
                table[i, j] = _NEVER
    return table


def _inside_word() -> Any:
    """Inside a word a span goes on, or nothing begins."""
    table = np.full((7, 7), _NEVER, np.float32)
    for i, before in enumerate(TAGS):
        table[i, 0 if before == "O" else TAGS.index("I-" + before[2:])] = 0
    return table


_BETWEEN, _INSIDE = _allowed(), _inside_word()


@dataclass(frozen=True, slots=True)
class _Blocks:
    """A chain cut into blocks that are worked on side by side: a step costs the same for one as for ten.

    Each block sees _MARGIN pieces more on both sides than it answers for, which is further than tags depend on each
    other. `rows`: blocks x length x 7, padded with what is outside for sure; `inside`: whether a piece goes on with a
    word; `answers`: for each block the range that it answers for, in its own places.
    """

    rows: Any
    inside: Any
    answers: list[tuple[int, int]]

    @classmethod
    def of(cls, emissions: Any, inside: Any) -> _Blocks:
        n = len(emissions)
        cores = [(start, min(start + _CORE, n)) for start in range(0, n, _CORE)]
        reach = [(max(0, start - _MARGIN), min(n, end + _MARGIN)) for start, end in cores]
        length = max(end - start for start, end in reach)
        rows = np.full((len(cores), length, len(TAGS)), _NEVER, np.float64)
        rows[:, :, 0] = 0
        within = np.zeros((len(cores), length), bool)
        for row, (start, end) in enumerate(reach):
            rows[row, : end - start] = emissions[start:end]
            within[row, 1 : end - start] = inside[start + 1 : end]
        return cls(rows, within, [(a - s, b - s) for (a, b), (s, _) in zip(cores, reach, strict=True)])

    def joined(self, made: Any) -> Any:
        """What the blocks answer, blocks x length (x 7), as one chain."""
        return np.concatenate([made[row, start:end] for row, (start, end) in enumerate(self.answers)])


def _begin(weights: Chain, count: int) -> Any:
    """Scores of each block's first tag: the text's first one begins, the others come from anywhere."""
    first = np.zeros((count, len(TAGS)))
    first[0] = weights.start + np.where([t.startswith("I-") for t in TAGS], _NEVER, 0)
    return first


def likeliest(emissions: Any, inside: Any, weights: Chain) -> Any:
    """The best path of tags (n), with no change of span inside a word."""
    blocks = _Blocks.of(emissions, inside)
    count, length, _ = blocks.rows.shape
    moves = np.stack([weights.transitions + _BETWEEN, weights.transitions + _INSIDE]).astype(np.float64)
    step = moves[blocks.inside.T.astype(np.int64)]  # length x blocks x 7 x 7
    score = _begin(weights, count) + blocks.rows[:, 0]
    back = np.zeros((length, count, len(TAGS)), np.int64)
    for at in range(1, length):
        total = score[:, :, None] + step[at]
        back[at] = total.argmax(1)
        score = total.max(1) + blocks.rows[:, at]
    path = np.zeros((count, length), np.int64)
    path[:, -1] = score.argmax(1)
    every = np.arange(count)
    for at in range(length - 1, 0, -1):
        path[:, at - 1] = back[at, every, path[:, at]]
    return blocks.joined(path)


def marginals(emissions: Any, weights: Chain) -> Any:
    """Probability of each tag at each piece, n x 7: forward and backward go through the text in the same steps."""
    blocks = _Blocks.of(emissions, np.zeros(len(emissions), bool))
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
    forward, after = seen[:, 0], seen[::-1, 1]  # what comes up to a piece, and from it to the end
    backward = np.ones_like(forward)
    backward[:-1] = after[1:] @ move.T
    both = forward * backward
    both /= both.sum(2, keepdims=True)
    return blocks.joined(both.transpose(1, 0, 2))
