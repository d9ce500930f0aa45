"""The parse with an index of its tree, made in one walk: `Doc`, `Phrase` and `Token` of `worker.extraction.parse`.

spaCy finds the children of a token by going through all words between its outermost descendants, and a subtree by doing
so for each of its words: a rule that asks for them at each word of a sentence takes cubic time in its length. Here
children are stored, and a subtree is a slice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
import numpy.typing as npt

from worker.extraction.parse import Alignment, Doc, Token, Vocabulary

__all__ = ["IndexedDoc"]


class _Visit(Enum):
    BEFORE = auto()
    ITSELF = auto()
    AFTER = auto()


class _Token:
    """A token of an IndexedDoc: one object for each, so that equal is the same."""

    __slots__ = (
        "_of",
        "children",
        "dep_",
        "depth",
        "doc",
        "ent_iob_",
        "ent_type_",
        "first",
        "head",
        "i",
        "idx",
        "is_punct",
        "is_sent_start",
        "is_space",
        "lefts",
        "lemma_",
        "lower_",
        "past",
        "pos_",
        "rights",
        "sent",
        "tag_",
        "text",
    )

    head: _Token
    children: Sequence[_Token]
    lefts: Sequence[_Token]
    rights: Sequence[_Token]
    depth: int
    """Steps up to the root of its sentence."""
    first: int
    past: int
    """The subtree is `in_order[first:past]` of the text, not always in its order."""
    sent: _Phrase

    def __init__(self, doc: IndexedDoc, of: Token) -> None:
        self.doc, self._of = doc, of
        self.i, self.idx, self.text = of.i, of.idx, of.text
        self.lower_, self.lemma_ = of.lower_, of.lemma_
        self.dep_, self.tag_, self.pos_ = of.dep_, of.tag_, of.pos_
        self.ent_type_, self.ent_iob_ = of.ent_type_, of.ent_iob_
        self.is_space, self.is_punct = of.is_space, of.is_punct
        self.is_sent_start: bool | None = of.is_sent_start
        self.children = self.lefts = self.rights = ()

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    @property
    def text_with_ws(self) -> str:
        return self._of.text_with_ws

    @property
    def is_alpha(self) -> bool:
        return self._of.is_alpha

    @property
    def is_digit(self) -> bool:
        return self._of.is_digit

    @property
    def is_title(self) -> bool:
        return self._of.is_title

    @property
    def is_upper(self) -> bool:
        return self._of.is_upper

    @property
    def like_num(self) -> bool:
        return self._of.like_num

    @property
    def subtree(self) -> Sequence[_Token]:
        """The token and all below it, in the order of the text."""
        below = self.doc.in_order[self.first : self.past]
        crossings = self.doc.crossings
        if not crossings:
            return below
        at = bisect_left(crossings, self.first)
        is_crossed = at < len(crossings) and crossings[at] < self.past - 1
        return sorted(below, key=_number) if is_crossed else below

    @property
    def ancestors(self) -> Iterator[_Token]:
        at = self
        while at.head is not at:
            at = at.head
            yield at

    @property
    def conjuncts(self) -> Sequence[_Token]:
        """The tokens that are coordinated with this one, without it, from the first of them down."""
        first = self
        while first.dep_ == "conj" and first.head is not first:
            first = first.head
        found = [first]
        for each in found:  # grows while it is read
            found += [c for c in each.rights if c.dep_ == "conj"]
        return tuple(each for each in found if each is not self)

    @property
    def left_edge(self) -> _Token:
        return self.doc.tokens[self._of.left_edge.i]

    @property
    def right_edge(self) -> _Token:
        return self.doc.tokens[self._of.right_edge.i]

    def nbor(self, i: int = 1) -> _Token:
        if not 0 <= self.i + i < len(self.doc.tokens):
            raise IndexError(f"there is no token {i} places from {self.text!r}")
        return self.doc.tokens[self.i + i]


class _Phrase:
    """Consecutive tokens. Two are equal if they have the same place and label."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: IndexedDoc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Phrase)
            and (self.start, self.end, self.label_) == (other.start, other.end, other.label_)
            and self.doc is other.doc
        )

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.label_))

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[_Token]:
        return iter(self.doc.tokens[self.start : self.end])

    @overload
    def __getitem__(self, i: int) -> _Token: ...
    @overload
    def __getitem__(self, i: slice) -> _Phrase: ...
    def __getitem__(self, i: int | slice) -> _Token | _Phrase:
        places = range(self.start, self.end)[i]
        if isinstance(places, range):
            return _Phrase(self.doc, places.start, max(places.start, places.stop))
        return self.doc.tokens[places]

    @property
    def start_char(self) -> int:
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        if self.end == self.start:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char : self.end_char]

    @property
    def ents(self) -> Sequence[_Phrase]:
        return self._whole_ones(self.doc.ents)

    @property
    def noun_chunks(self) -> Iterator[_Phrase]:
        return iter(self._whole_ones(self.doc.chunks))

    def _whole_ones(self, phrases: Sequence[_Phrase]) -> Sequence[_Phrase]:
        """Those that are wholly in this one. `phrases`: in the order of the text, none inside another."""
        first = bisect_left(phrases, self.start, key=lambda each: each.start)
        past = bisect_left(phrases, self.end + 1, key=lambda each: each.end)
        return phrases[first:past]

    @property
    def sent(self) -> _Phrase:
        return self.doc.tokens[self.start].sent

    @property
    def root(self) -> _Token:
        """The token that is highest in its tree, the first of several; no punctuation if there is another."""
        outside = (t for t in self if t.head is t or not self.start <= t.head.i < self.end)
        return min(outside, key=_height, default=self.doc.tokens[self.start])


def _height(token: _Token) -> tuple[bool, int]:
    """What to sort by for the highest token to come first."""
    is_edge = (token.is_punct or token.is_space) and not token.children and token.head is not token
    return is_edge, 0 if is_edge else token.depth


def _number(token: _Token) -> int:
    return token.i


class IndexedDoc:
    """A parse as spaCy's, in which every question about the tree is answered without a search."""

    def __init__(self, of: Doc) -> None:
        self.of = of
        self.text = of.text
        self._spans: dict[tuple[int, int, Alignment], _Phrase | None] = {}
        self.tokens = [_Token(self, token) for token in of]
        self._link([token.head.i for token in of])
        self.in_order: list[_Token] = []
        """All tokens so that each subtree is consecutive: left children, the token, right children. That is their order
        in the text, but for branches that cross: "contracts that they had to sign".
        """
        for token in self.tokens:
            if token.head is token:
                self._walk(token)
        self.crossings = [n for n, (a, b) in enumerate(pairwise(self.in_order)) if a.i > b.i]
        """Places in `in_order` where the next token is one before in the text: a branch crosses another one."""
        starts = [token.i for token in self.tokens if token.is_sent_start or token.i == 0]
        self.sentences = [_Phrase(self, a, b) for a, b in pairwise([*starts, len(self.tokens)])]
        for sentence in self.sentences:
            for token in sentence:
                token.sent = sentence
        self.ents = tuple(_Phrase(self, each.start, each.end, each.label_) for each in of.ents)

    def _link(self, heads: Sequence[int]) -> None:
        """Gives each token its head and its children. `heads`: the number of each token's head."""
        children: list[list[_Token]] = [[] for _ in self.tokens]
        for token, head in zip(self.tokens, heads, strict=True):
            token.head = self.tokens[head]
            if head != token.i:
                children[head].append(token)
            else:
                # a root that was cut out of a long sentence has the name of its old place, and rules that go up a tree
                # while they see "conj" would never end there
                token.dep_ = "ROOT"
        for token, below in zip(self.tokens, children, strict=True):
            if below:
                number = bisect_left(below, token.i, key=lambda child: child.i)
                token.children, token.lefts, token.rights = tuple(below), tuple(below[:number]), tuple(below[number:])

    def _walk(self, root: _Token) -> None:
        """Puts the tree of a root into `in_order`, without recursion: a sentence may be deeper than Python's stack."""
        root.depth = 0
        ahead: list[tuple[_Token, _Visit]] = [(root, _Visit.BEFORE)]
        while ahead:
            token, visit = ahead.pop()
            match visit:
                case _Visit.BEFORE:
                    token.first = len(self.in_order)
                    for child in token.children:
                        child.depth = token.depth + 1
                    ahead.append((token, _Visit.AFTER))
                    ahead += [(child, _Visit.BEFORE) for child in reversed(token.rights)]
                    ahead.append((token, _Visit.ITSELF))
                    ahead += [(child, _Visit.BEFORE) for child in reversed(token.lefts)]
                case _Visit.ITSELF:
                    self.in_order.append(token)
                case _Visit.AFTER:
                    token.past = len(self.in_order)

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[_Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, i: int) -> _Token: ...
    @overload
    def __getitem__(self, i: slice) -> _Phrase: ...
    def __getitem__(self, i: int | slice) -> _Token | _Phrase:
        return _Phrase(self, 0, len(self.tokens))[i] if isinstance(i, slice) else self.tokens[i]

    @cached_property
    def chunks(self) -> Sequence[_Phrase]:
        """The base noun phrases of the text, in its order."""
        return tuple(_Phrase(self, each.start, each.end, each.label_) for each in self.of.noun_chunks)

    @property
    def noun_chunks(self) -> Iterator[_Phrase]:
        return iter(self.chunks)

    @property
    def sents(self) -> Iterator[_Phrase]:
        return iter(self.sentences)

    @property
    def vocab(self) -> Vocabulary:
        return self.of.vocab

    def char_span(self, start_idx: int, end_idx: int, *, alignment_mode: Alignment = "strict") -> _Phrase | None:
        """See `Doc`. Answers are kept: stages ask for the same spans, and spaCy puts its text together for each."""
        asked = start_idx, end_idx, alignment_mode
        if asked not in self._spans:
            span = self.of.char_span(start_idx, end_idx, alignment_mode=alignment_mode)
            self._spans[asked] = None if span is None else _Phrase(self, span.start, span.end)
        return self._spans[asked]

    def to_array(self, py_attr_ids: str) -> npt.NDArray[np.uint64]:
        """See `Doc`."""
        return self.of.to_array(py_attr_ids)
