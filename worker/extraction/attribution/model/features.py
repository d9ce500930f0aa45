"""The input of the attribution model: word pieces, and for each its features from the parse and the page."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

import numpy as np

from worker.extraction.attribution.model.arrays import Flags, Integers
from worker.extraction.parse import Doc
from worker.extraction.text.quotes import all_quotes, paragraphs

__all__ = ["FEATURES", "WINDOW", "Pieces", "features", "windows"]

WINDOW = 254
"""Word pieces in one window, without the two special ones."""
BEFORE, BEHIND = 24, 8
"""Pieces that a window sees before and behind those that it answers for: sources and cues of what goes on over a border
stand before it, and each piece that is seen twice costs as much as the first time.
"""

_POS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X SPACE".split()
_DEP = (
    "ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj csubj csubjpass dative "
    "dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass nummod oprd parataxis pcomp pobj poss preconj "
    "predet prep prt punct quantmod relcl xcomp"
).split()
_ENT = (
    "PERSON ORG GPE NORP LOC FAC EVENT LAW PRODUCT WORK_OF_ART LANGUAGE DATE TIME PERCENT MONEY QUANTITY ORDINAL "
    "CARDINAL"
).split()
_TABLES = [{name: i + 1 for i, name in enumerate(names)} for names in (_POS, _DEP, _ENT)]
_VERBS = json.loads((files("worker.extraction") / "data" / "model_cues.json").read_text(encoding="utf-8"))["verbs"]
_CUES = {lemma: number for number, act in enumerate(sorted(_VERBS), 1) for lemma in _VERBS[act]}
"""Frozen with the model: the lexicon of acts may grow without changing the input of the model."""

FEATURES = {
    "pos": len(_POS) + 1,
    "dep": len(_DEP) + 1,
    "ent": len(_ENT) + 1,
    "act": len(_VERBS) + 1,
    "head_act": len(_VERBS) + 1,
    "upper_act": len(_VERBS) + 1,
    "shape": 6,
    "place": 4,
    "quoted": 4,
}
"""Name of each feature and how many values it has; 0 is none."""


class WordPieces(Protocol):
    """The part of a tokenizer's encoding that is read: the id, start and end (in code points) of each word piece."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def offsets(self) -> list[tuple[int, int]]: ...


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text of n word pieces. `ids`, `starts`, `ends`, `sentence`, `paragraph`: n integers; `inside`: n booleans,
    whether a piece goes on with the word before it; `features`: n x len(FEATURES).
    """

    ids: Integers
    starts: Integers
    ends: Integers
    inside: Flags
    sentence: Integers
    paragraph: Integers
    features: Integers

    def __len__(self) -> int:
        return len(self.ids)


def features(doc: Doc, text: str, encoding: WordPieces) -> Pieces:
    """`doc` is the parse and `encoding` the word pieces (without special ones) of `text`."""
    ids = np.asarray(encoding.ids, np.int64)
    offsets = np.asarray(encoding.offsets, np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    n = len(ids)
    tokens = list(doc)
    rows = np.zeros((max(len(tokens), 1), 6), np.int64)
    sentence_of = np.zeros(max(len(tokens), 1), np.int64)
    token_at = np.zeros(len(text) + 1, np.int64)
    if tokens:
        cues = np.asarray([_CUES.get(token.lemma_, 0) for token in tokens], np.int64)
        heads = np.asarray([token.head.i for token in tokens], np.int64)
        for column, (table, values) in enumerate(
            zip(_TABLES, zip(*((t.pos_, t.dep_, t.ent_type_) for t in tokens), strict=True), strict=True)
        ):
            rows[:, column] = [table.get(value, 0) for value in values]
        rows[:, 3], rows[:, 4], rows[:, 5] = cues, cues[heads], cues[heads[heads]]
        begins = np.asarray([bool(token.is_sent_start) for token in tokens], np.int64)
        sentence_of[:] = np.maximum(begins.cumsum() - 1, 0)
        at = [token.idx for token in tokens]
        token_at[at[0] : len(text)] = np.repeat(np.arange(len(tokens)), np.diff([*at, len(text)]))
    paragraph_at = np.zeros(len(text) + 1, np.int64)
    quoted_at = np.zeros(len(text) + 1, np.int64)
    opening = np.zeros(len(text) + 1, bool)
    end_before = 0
    for number, span in enumerate(paragraphs(text)):
        # from the line end on: of decomposed letters the tokenizer's offsets may begin one too early
        paragraph_at[end_before : span[1]] = number
        end_before = span[1]
        opening[span[0]] = True
    for start, end in all_quotes(text):
        closed = end - start > 1 and text[end - 1] in '”"»“'
        quoted_at[start:end] = 1 if closed else 2
    out = np.zeros((n, len(FEATURES)), np.int64)
    inside = np.zeros(n, bool)
    if n:
        token_of = token_at[starts]
        out[:, :6] = rows[token_of]
        inside[1:] = (starts[1:] == ends[:-1]) & np.fromiter(
            (text[s - 1].isalnum() and text[s].isalnum() for s in starts[1:]), bool, n - 1
        )
        out[:, 6] = np.fromiter((_shape(text[s:e]) for s, e in offsets), np.int64, n)
        out[:, 7] = np.where(
            opening[starts],
            1,
            np.where(np.r_[True, token_of[1:] != token_of[:-1]] & _first(sentence_of[token_of]), 2, 0),
        )
        out[:, 8] = quoted_at[starts]
        return Pieces(ids, starts, ends, inside, sentence_of[token_of], paragraph_at[starts], out)
    empty = np.zeros(0, np.int64)
    return Pieces(ids, starts, ends, inside, empty, empty, out)


def _first(sentence: Integers) -> Flags:
    first: Flags = np.r_[True, sentence[1:] != sentence[:-1]]
    return first


def _shape(piece: str) -> int:
    if piece.isdigit():
        return 1
    if not piece[:1].isalpha():
        return 2
    if piece.isupper() and len(piece) > 1:
        return 3
    return 4 if piece[0].isupper() else 5


def windows(pieces: Pieces, window: int = WINDOW) -> list[tuple[int, int, int, int]]:
    """Start and end of each window, and of the part that it answers for: whole paragraphs, BEFORE and BEHIND pieces
    less than the window.

    A paragraph that is too long is cut between sentences. So an edit moves the windows around it and seldom others, and
    the edge of a sentence, where contents begin and end, is never the edge of a window.
    """
    n = len(pieces)
    core = window - BEFORE - BEHIND
    cores: list[tuple[int, int]] = []
    for start, end in _blocks(pieces, core):
        first = cores[-1][0] if cores else 0
        if cores and min(n, end + BEHIND) - max(0, first - BEFORE) <= window:
            cores[-1] = first, end
        else:
            cores.append((start, end))
    return [(max(0, low - BEFORE), min(n, high + BEHIND), low, high) for low, high in cores]


def _blocks(pieces: Pieces, core: int) -> Iterator[tuple[int, int]]:
    """Ranges that no window cuts: paragraphs, else sentences, else `core` pieces."""
    for paragraph in _runs(pieces.paragraph, 0, len(pieces)):
        if paragraph[1] - paragraph[0] <= core:
            yield paragraph
            continue
        for start, end in _runs(pieces.sentence, *paragraph):
            yield from ((at, min(at + core, end)) for at in range(start, end, core))


def _runs(values: Integers, start: int, end: int) -> list[tuple[int, int]]:
    """Ranges of equal values between `start` and `end`."""
    edges = [start, *(np.flatnonzero(np.diff(values[start:end])) + start + 1).tolist(), end]
    return [(a, b) for a, b in itertools.pairwise(edges) if a < b]
