"""From scores to attributions: the best path of tags, then content to cue and cue to source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from worker.extraction.model_features import Pieces
from worker.extraction.tag_chain import TAGS, likeliest, marginals

__all__ = ["BUCKETS", "LINK", "ROLES", "TAGS", "Found", "Weights", "decode", "distance_bucket"]

ROLES = ("source", "cue", "content")
LINK = 64
"""Width of the vectors that are compared for a link."""
BUCKETS = (4, 8, 16, 32, 64, 128, 256)
_TINY = 1e-6
_POSSIBLE, _GOES_ON = 0.1, 0.5
_FAR_CUE = 0.02
"""Least probability of a cue for a content that would ask for one of another paragraph."""
_GAP = 3
"""Characters between two spans of one content that are no gap."""


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
    path = likeliest(emissions, pieces.inside, weights)
    marginal = marginals(emissions, weights)
    spans = _spans(path)

    def sure(span: tuple[int, int]) -> float:
        rows = np.arange(*span)
        tags = path[rows]
        if not path[span[0]]:  # passed by: a source, or a cue
            begin = max((TAGS.index("B-source"), TAGS.index("B-cue")), key=lambda tag: marginal[span[0], tag])
            tags = np.asarray([begin, *([begin + 1] * (len(rows) - 1))])
        return float(marginal[rows, tags].mean())

    cues = spans["cue"]
    sources = [*spans["source"], *_possible_sources(path, marginal, pieces.inside)]
    contents_of: dict[tuple[tuple[int, int], int], list[tuple[int, int]]] = {}
    loose = []
    for content in spans["content"]:
        if not cues:
            loose.append(content)
            continue
        rows = np.arange(*content)
        score = _link(links, rows, np.asarray([c[0] for c in cues]), pieces, weights, 0)
        cue, alone = _own_cue(content, cues[int(score.mean(0).argmax())], path, marginal, pieces)
        contents_of.setdefault((cue, content[0] if alone else -1), []).append(content)
    found = []
    for (cue, _), several in contents_of.items():
        contents = _joined(several, cues, pieces)
        source = None
        if sources:
            keys = np.asarray([s[0] for s in sources])
            score = _link(links, np.asarray([cue[0]]), keys, pieces, weights, 1)[0]
            score = score + weights.trust * np.log(marginal[keys, 1] + _TINY)
            best = int(score.argmax())
            if score[best] >= links[cue[0], 4 * LINK]:
                source = sources[best]
        parts = [*contents, cue, *([source] if source else [])]
        found.append(Found(source, cue, contents, _calibrated(min(sure(part) for part in parts), weights)))
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


def _own_cue(
    content: tuple[int, int], asked: tuple[int, int], path: Any, marginal: Any, pieces: Pieces
) -> tuple[tuple[int, int], bool]:
    """The cue of a content that asks for the cue `asked`, and whether it is then an attribution by itself.

    A content that asks for a cue of another paragraph seldom belongs there: its own cue was passed by. So it gets the
    likeliest one of its paragraph; without any it keeps the cue that it asks for and stands alone, as the next paragraph
    of a quote does. In another sentence of its paragraph it changes its cue only for a likelier one.
    """
    edges = [content[0], content[1] - 1]
    at = asked[0]
    if pieces.paragraph[at] not in pieces.paragraph[edges]:
        own = _possible_cue(np.isin(pieces.paragraph, pieces.paragraph[edges]), _FAR_CUE, path, marginal, pieces)
        return (own, False) if own else (asked, True)
    low, high = pieces.sentence[edges]
    if not low <= pieces.sentence[at] <= high:
        near = (pieces.sentence >= low) & (pieces.sentence <= high)
        return _possible_cue(near, _POSSIBLE, path, marginal, pieces) or asked, False
    return asked, False


def _possible_cue(where: Any, least: float, path: Any, marginal: Any, pieces: Pieces) -> tuple[int, int] | None:
    """The likeliest cue among pieces that the path passed by."""
    begin, go_on = TAGS.index("B-cue"), TAGS.index("I-cue")
    rows = np.flatnonzero(where & (path == 0) & ~pieces.inside)
    if not len(rows):
        return None
    first = int(rows[marginal[rows, begin].argmax()])
    sure = marginal[first, begin]
    return (first, _end(first, go_on, sure, path, marginal, pieces.inside)) if sure >= least else None


def _end(first: int, go_on: int, sure: float, path: Any, marginal: Any, inside: Any) -> int:
    """Where a span ends that begins at `first` and that the path passed by."""
    end = first + 1
    while end < len(path) and path[end] == 0 and (inside[end] or marginal[end, go_on] > _GOES_ON * sure):
        end += 1
    return end


def _joined(
    contents: list[tuple[int, int]], cues: list[tuple[int, int]], pieces: Pieces
) -> tuple[tuple[int, int], ...]:
    """Spans of one content with nothing but a mark and a space between them are one."""
    made = [contents[0]]
    for start, end in contents[1:]:
        before = made[-1]
        gap = int(pieces.starts[start]) - int(pieces.ends[before[1] - 1])
        same = pieces.paragraph[start] == pieces.paragraph[before[1] - 1]
        if gap <= _GAP and same and not any(before[1] <= cue[0] < start for cue in cues):
            made[-1] = before[0], end
        else:
            made.append((start, end))
    return tuple(made)


def _possible_sources(path: Any, marginal: Any, inside: Any) -> list[tuple[int, int]]:
    """Sources that the best path of tags passes by, but that may well be one: a cue's link may still ask for them."""
    begin, go_on = TAGS.index("B-source"), TAGS.index("I-source")
    begins = np.flatnonzero((marginal[:, begin] > _POSSIBLE) & (path == 0) & ~inside)
    return [(int(at), _end(int(at), go_on, marginal[at, begin], path, marginal, inside)) for at in begins]


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
