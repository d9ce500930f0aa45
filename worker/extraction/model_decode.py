"""From scores to attributions: the best path of tags, then content to cue and cue to source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from worker.extraction.model_features import Pieces

__all__ = ["BUCKETS", "LINK", "ROLES", "TAGS", "Found", "Weights", "decode", "distance_bucket"]

ROLES = ("source", "cue", "content")
TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
LINK = 64
"""Width of the vectors that are compared for a link."""
BUCKETS = (4, 8, 16, 32, 64, 128, 256)
_NEVER = -1e4
_TINY = 1e-6
_POSSIBLE, _GOES_ON = 0.1, 0.5
_CORE, _MARGIN = 96, 40


@dataclass(frozen=True, slots=True)
class Weights:
    """What decoding has learnt: `transitions` 7 x 7 (from, to), `start` 7, and for each of the two links a table of
    biases over distance (16), same sentence (2), same paragraph (2).

    Chosen on the dev split (training/tune.py): `lift` 7, added to the scores of the tags, for the likeliest path of
    single tags finds fewer cues than the F1 of whole attributions asks for; `trust`, how much the probability of
    being a source weighs beside the link to it; `calibration` 2, slope and offset of the confidence's logit.
    """

    transitions: Any
    start: Any
    distance: Any
    sentence: Any
    paragraph: Any
    lift: Any = field(default_factory=lambda: np.zeros(len(TAGS), np.float32))
    trust: Any = 0.0
    calibration: Any = (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution as piece ranges (first, last + 1).

    `confidence` comes of the lowest mean marginal of its parts, calibrated to be the share of such attributions that
    are right (content and source).
    """

    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    confidence: float


def distance_bucket(difference: Any) -> Any:
    """0 to 15 for a signed distance in pieces."""
    size = np.searchsorted(np.asarray(BUCKETS), np.abs(difference), side="left")
    return np.where(difference < 0, size, size + 8)


def decode(emissions: Any, links: Any, pieces: Pieces, weights: Weights) -> list[Found]:
    """`emissions`: n x 7; `links`: n x (4 * LINK + 1), see training/model.py for their order."""
    if not len(pieces):
        return []
    emissions = emissions + weights.lift
    path = _viterbi(emissions, pieces.inside, weights)
    marginal = _marginals(emissions, weights)
    spans = _spans(path)

    def sure(span: tuple[int, int]) -> float:
        rows = np.arange(*span)
        tags = path[rows] if path[span[0]] else [1, *([2] * (len(rows) - 1))]  # a source that the path passed by
        return float(marginal[rows, tags].mean())

    cues = spans["cue"]
    sources = [*spans["source"], *_possible_sources(path, marginal, pieces.inside)]
    contents_of: dict[int, list[tuple[int, int]]] = {}
    loose = []
    for content in spans["content"]:
        if not cues:
            loose.append(content)
            continue
        rows = np.arange(*content)
        score = _link(links, rows, np.asarray([c[0] for c in cues]), pieces, weights, 0)
        contents_of.setdefault(int(score.mean(0).argmax()), []).append(content)
    found = []
    for index, contents in contents_of.items():
        cue = cues[index]
        source = None
        if sources:
            keys = np.asarray([s[0] for s in sources])
            score = _link(links, np.asarray([cue[0]]), keys, pieces, weights, 1)[0]
            score = score + weights.trust * np.log(marginal[keys, 1] + _TINY)
            best = int(score.argmax())
            if score[best] >= links[cue[0], 4 * LINK]:
                source = sources[best]
        parts = [*contents, cue, *([source] if source else [])]
        found.append(Found(source, cue, tuple(contents), _calibrated(min(sure(part) for part in parts), weights)))
    found += [Found(None, None, (content,), _calibrated(sure(content), weights)) for content in loose]
    return sorted(found, key=lambda f: f.content[0])


def _calibrated(probability: float, weights: Weights) -> float:
    slope, offset = (float(value) for value in weights.calibration)
    bounded = min(max(probability, _TINY), 1 - _TINY)
    return float(1 / (1 + np.exp(-(slope * np.log(bounded / (1 - bounded)) + offset))))


def _spans(path: Any) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
    at = 0
    while at < len(path):
        tag = TAGS[path[at]]
        end = at + 1
        if tag != "O":
            while end < len(path) and TAGS[path[end]] == "I-" + tag[2:]:
                end += 1
            spans[tag[2:]].append((at, end))
        at = end
    return spans


def _possible_sources(path: Any, marginal: Any, inside: Any) -> list[tuple[int, int]]:
    """Sources that the best path of tags passes by, but that may well be one: a cue's link may still ask for them."""
    begin, go_on = TAGS.index("B-source"), TAGS.index("I-source")
    found = []
    for at in np.flatnonzero((marginal[:, begin] > _POSSIBLE) & (path == 0) & ~inside):
        end = int(at) + 1
        while (
            end < len(path)
            and path[end] == 0
            and (inside[end] or marginal[end, go_on] > _GOES_ON * marginal[at, begin])
        ):
            end += 1
        found.append((int(at), end))
    return found


def _link(links: Any, rows: Any, keys: Any, pieces: Pieces, weights: Weights, link: int) -> Any:
    """Score of each key for each row; `link` 0 is content to cue, 1 cue to source."""
    at = 2 * LINK * link
    score = links[rows, at : at + LINK] @ links[keys, at + LINK : at + 2 * LINK].T / np.sqrt(LINK)
    return score + _bias(rows, keys, pieces, weights, link)


def _bias(rows: Any, keys: Any, pieces: Pieces, weights: Weights, link: int) -> Any:
    apart = keys[None, :] - rows[:, None]
    same_sentence = (pieces.sentence[keys][None, :] == pieces.sentence[rows][:, None]).astype(np.int64)
    same_paragraph = (pieces.paragraph[keys][None, :] == pieces.paragraph[rows][:, None]).astype(np.int64)
    bias = weights.distance[link][distance_bucket(apart)]
    return bias + weights.sentence[link][same_sentence] + weights.paragraph[link][same_paragraph]


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


def _begin(weights: Weights, count: int) -> Any:
    """Scores of each block's first tag: the text's first one begins, the others come from anywhere."""
    first = np.zeros((count, len(TAGS)))
    first[0] = weights.start + np.where([t.startswith("I-") for t in TAGS], _NEVER, 0)
    return first


def _viterbi(emissions: Any, inside: Any, weights: Weights) -> Any:
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


def _marginals(emissions: Any, weights: Weights) -> Any:
    blocks = _Blocks.of(emissions, np.zeros(len(emissions), bool))
    rows = blocks.rows
    move = np.exp(weights.transitions.astype(np.float64))
    emit = np.exp(rows - rows.max(2, keepdims=True))
    forward, backward = np.zeros_like(rows), np.zeros_like(rows)
    row = np.exp(_begin(weights, len(rows))) * emit[:, 0]
    forward[:, 0] = row / row.sum(1, keepdims=True)
    for at in range(1, rows.shape[1]):
        row = (forward[:, at - 1] @ move) * emit[:, at]
        forward[:, at] = row / row.sum(1, keepdims=True)
    backward[:, -1] = 1
    for at in range(rows.shape[1] - 2, -1, -1):
        row = (emit[:, at + 1] * backward[:, at + 1]) @ move.T
        backward[:, at] = row / row.sum(1, keepdims=True)
    both = forward * backward
    return blocks.joined(both / both.sum(2, keepdims=True))
