"""From scores to attributions: the best path of tags, then content to cue and cue to source."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from worker.extraction.attribution.model.arrays import Flags, Integers, Reals
from worker.extraction.attribution.model.crf import TAGS, likeliest, marginals
from worker.extraction.attribution.model.features import Pieces

__all__ = ["BUCKETS", "LINK", "ROLES", "TAGS", "TaggedAttribution", "Weights", "decode", "distance_bucket"]

ROLES = ("source", "cue", "content")
LINK = 64
"""Width of the vectors that are compared for a link."""
BUCKETS = (4, 8, 16, 32, 64, 128, 256)
"""Upper bounds of the classes of distance, in pieces."""
_TINY = 1e-6
"""Keeps logarithms finite."""
_MIN_POSSIBLE = 0.1
"""Probability from which a source or cue that the best path tags O is considered."""
_MIN_GOES_ON = 0.5
"""Such a span goes on while its pieces are at least this times as probable as its first one."""
_MIN_CUE_NEARBY = 0.02
"""The same for the cue of a content that would else get one of another paragraph."""
_MAX_GAP = 3
"""Characters between two spans that are one content."""

_Range = tuple[int, int]
"""Pieces: first, last + 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The learnt part of decoding: `transitions` 7 x 7 (from, to), `start` 7, and for each of the two links a table of
    biases over distance (16), same sentence (2), same paragraph (2).

    Chosen on the dev split (training/tune.py): `lift` 7, which is added to the scores of the tags, because the best
    path finds fewer cues than is best for the F1 of whole attributions; `trust`, the weight of the probability of being
    a source beside the link to it; `calibration` 2, slope and offset of the confidence's logit.
    """

    transitions: Reals
    start: Reals
    distance: Reals
    sentence: Reals
    paragraph: Reals
    lift: Reals = field(default_factory=lambda: np.zeros(len(TAGS), np.float32))
    trust: Reals | float = 0.0
    calibration: Reals | tuple[float, float] = (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class TaggedAttribution:
    """One attribution as ranges of pieces.

    `confidence` is the lowest mean probability of its parts, calibrated to be the share of such attributions that are
    right (content and source).
    """

    source: _Range | None
    cue: _Range | None
    content: tuple[_Range, ...]
    confidence: float


def distance_bucket(difference: Integers) -> Integers:
    """0 to 15 for a signed distance in pieces."""
    size = np.searchsorted(np.asarray(BUCKETS), np.abs(difference), side="left")
    return np.where(difference < 0, size, size + 8)


def decode(emissions: Reals, links: Reals, pieces: Pieces, weights: Weights) -> list[TaggedAttribution]:
    """`emissions`: n x 7; `links`: n x (4 * LINK + 1), see training/model.py for their order."""
    if not len(pieces):
        return []
    emissions = emissions + weights.lift
    opens = np.r_[True, np.diff(pieces.paragraph) > 0]
    path = likeliest(emissions, pieces.inside, opens, weights)
    marginal = marginals(emissions, weights)
    spans = _spans(path)
    cues = spans["cue"]
    sources = [*spans["source"], *_possible_sources(path, marginal, pieces.inside)]
    contents_of: dict[tuple[_Range, int], list[_Range]] = {}
    for content in spans["content"] if cues else ():
        score = _link(links, np.arange(*content), np.asarray([cue[0] for cue in cues]), pieces, weights, 0)
        cue, alone = _own_cue(content, cues, score.sum(0), path, marginal, pieces)
        contents_of.setdefault((cue, content[0] if alone else -1), []).append(content)
    attributions = []
    for (cue, _), several in contents_of.items():
        contents = _joined(several, cues, pieces)
        source = _source(cue, sources, links, marginal, pieces, weights)
        parts = [*contents, cue, *([source] if source else [])]
        probability = min(_probability(part, path, marginal) for part in parts)
        attributions.append(TaggedAttribution(source, cue, contents, _calibrated(probability, weights)))
    for content in spans["content"] if not cues else ():
        confidence = _calibrated(_probability(content, path, marginal), weights)
        attributions.append(TaggedAttribution(None, None, (content,), confidence))
    return sorted(attributions, key=lambda each: each.content[0])


def _source(
    cue: _Range, sources: list[_Range], links: Reals, marginal: Reals, pieces: Pieces, weights: Weights
) -> _Range | None:
    """The source that a cue links to; None where the link to no source is stronger."""
    if not sources:
        return None
    keys = np.asarray([source[0] for source in sources])
    score = _link(links, np.asarray([cue[0]]), keys, pieces, weights, 1)[0]
    score = score + weights.trust * np.log(marginal[keys, 1] + _TINY)
    best = int(score.argmax())
    return sources[best] if score[best] >= links[cue[0], 4 * LINK] else None


def _probability(span: _Range, path: Integers, marginal: Reals) -> float:
    """Mean probability of a span's tags."""
    rows = np.arange(*span)
    tags = path[rows]
    if not path[span[0]]:  # a possible source or cue, which the best path tags O
        begin = max((TAGS.index("B-source"), TAGS.index("B-cue")), key=lambda tag: marginal[span[0], tag])
        tags = np.asarray([begin, *([begin + 1] * (len(rows) - 1))])
    return float(marginal[rows, tags].sum() / len(rows))


def _calibrated(probability: float, weights: Weights) -> float:
    slope, offset = (float(value) for value in weights.calibration)
    bounded = min(max(probability, _TINY), 1 - _TINY)
    return float(1 / (1 + np.exp(-(slope * np.log(bounded / (1 - bounded)) + offset))))


def _spans(path: Integers) -> dict[str, list[_Range]]:
    spans: dict[str, list[_Range]] = {role: [] for role in ROLES}
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
    content: _Range, cues: list[_Range], score: Reals, path: Integers, marginal: Reals, pieces: Pieces
) -> tuple[_Range, bool]:
    """The cue to which a content links best, by `score`, and whether the content is an attribution by itself.

    A content that links best to a cue of another paragraph seldom belongs there. It gets the best one of its own
    paragraph: of those on the best path, else the likeliest one, which the path missed. Without any it keeps the linked
    cue and is an attribution by itself, as the next paragraph of a quote is. In another sentence of its paragraph it
    changes its cue only for a likelier one.
    """
    edges = [content[0], content[1] - 1]
    linked = cues[int(score.argmax())]
    at = linked[0]
    if pieces.paragraph[at] not in pieces.paragraph[edges]:
        within = [n for n, cue in enumerate(cues) if pieces.paragraph[cue[0]] in pieces.paragraph[edges]]
        beside = [n for n in within if pieces.sentence[cues[n][0]] <= pieces.sentence[edges[1]]]
        if beside:  # one in a sentence behind it has another content: “No.” He thanked the crew for coming
            return cues[max(beside, key=lambda n: score[n])], False
        nearby = np.isin(pieces.paragraph, pieces.paragraph[edges])
        own = _possible_cue(nearby, _MIN_CUE_NEARBY, path, marginal, pieces)
        return (own, False) if own else (linked, True)
    low, high = pieces.sentence[edges]
    if not low <= pieces.sentence[at] <= high:
        nearby = (pieces.sentence >= low) & (pieces.sentence <= high)
        return _possible_cue(nearby, _MIN_POSSIBLE, path, marginal, pieces) or linked, False
    return linked, False


def _possible_cue(
    where: Flags, min_probability: float, path: Integers, marginal: Reals, pieces: Pieces
) -> _Range | None:
    """The likeliest cue among pieces that the best path tags O."""
    begin, go_on = TAGS.index("B-cue"), TAGS.index("I-cue")
    rows = np.flatnonzero(where & (path == 0) & ~pieces.inside)
    if not len(rows):
        return None
    first = int(rows[marginal[rows, begin].argmax()])
    probability = marginal[first, begin]
    if probability < min_probability:
        return None
    return first, _end(first, go_on, probability, path, marginal, pieces.inside)


def _end(first: int, go_on: int, probability: float, path: Integers, marginal: Reals, inside: Flags) -> int:
    """The end of a span that the best path tags O. `probability`: of its first piece; `go_on`: the tag inside it."""
    end = first + 1
    while end < len(path) and path[end] == 0 and (inside[end] or marginal[end, go_on] > _MIN_GOES_ON * probability):
        end += 1
    return end


def _joined(contents: list[_Range], cues: list[_Range], pieces: Pieces) -> tuple[_Range, ...]:
    """Spans of one content with nothing but a mark and a space between them are one."""
    joined = [contents[0]]
    for start, end in contents[1:]:
        before = joined[-1]
        gap = int(pieces.starts[start]) - int(pieces.ends[before[1] - 1])
        same = pieces.paragraph[start] == pieces.paragraph[before[1] - 1]
        if gap <= _MAX_GAP and same and not any(before[1] <= cue[0] < start for cue in cues):
            joined[-1] = before[0], end
        else:
            joined.append((start, end))
    return tuple(joined)


def _possible_sources(path: Integers, marginal: Reals, inside: Flags) -> list[_Range]:
    """Sources that the best path tags O, but that may well be one: a cue may still link to them."""
    begin, go_on = TAGS.index("B-source"), TAGS.index("I-source")
    begins = np.flatnonzero((marginal[:, begin] > _MIN_POSSIBLE) & (path == 0) & ~inside)
    return [(int(at), _end(int(at), go_on, marginal[at, begin], path, marginal, inside)) for at in begins]


def _link(links: Reals, rows: Integers, keys: Integers, pieces: Pieces, weights: Weights, link: int) -> Reals:
    """Score of each key for each row; `link` 0 is content to cue, 1 cue to source."""
    at = 2 * LINK * link
    score: Reals = links[rows, at : at + LINK] @ links[keys, at + LINK : at + 2 * LINK].T / np.sqrt(LINK)
    return score + _bias(rows, keys, pieces, weights, link)


def _bias(rows: Integers, keys: Integers, pieces: Pieces, weights: Weights, link: int) -> Reals:
    distance_in_pieces = keys[None, :] - rows[:, None]
    same_sentence = (pieces.sentence[keys][None, :] == pieces.sentence[rows][:, None]).astype(np.int64)
    same_paragraph = (pieces.paragraph[keys][None, :] == pieces.paragraph[rows][:, None]).astype(np.int64)
    distance: Reals = weights.distance[link][distance_bucket(distance_in_pieces)]
    sentence: Reals = weights.sentence[link][same_sentence]
    paragraph: Reals = weights.paragraph[link][same_paragraph]
    return distance + sentence + paragraph
