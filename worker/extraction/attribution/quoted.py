"""Attributions of quotes: each quote of a paragraph with the verb of speech beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.sources.source_phrase import cue_span, source_tokens
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, tokens_span, trim

__all__ = ["quoted"]

_MIN_WORDS = 4
"""A quote of fewer words is a scare quote or a title, unless a cue follows or precedes it at once."""
_MAX_BEHIND, _MAX_BEFORE = 160, 200
"""Characters between a quote and a cue behind it, and before it."""
_MAX_SOURCE = 200
"""Characters of a source; a longer subject is an error of the parse."""
_ENDS_QUOTE = frozenset(",.!?;")
_LEADS_TO_CUE = frozenset(",!?;")
"""After these, inside the closing mark, the sentence goes on with the cue; after a full stop it does not."""
_LEADS_TO_QUOTE = frozenset(":,")
_CLAUSE_END = re.compile(r"[.!?;]\s")
_SENTENCE_END = re.compile(r"[.!?]\s")


def quoted(doc: Doc, text: str, paragraph: Span, marks: Sequence[Span], speaker: Span | None) -> list[Attribution]:
    """The quotes of a paragraph that have a source; those that one cue joins are one content of several spans.

    `marks`: the quotes, marks included, in their order. `speaker`: the last source of the paragraph before, whose quote
    may go on in this one without a cue.
    """
    if not marks:
        return []
    reader = _QuoteReader(doc, text, paragraph, marks, speaker)
    for mark in marks:
        reader.read(mark)
    return reader.found


class _QuoteReader:
    """Goes through the quotes of one paragraph and remembers which cue has which attribution."""

    def __init__(self, doc: Doc, text: str, paragraph: Span, marks: Sequence[Span], speaker: Span | None) -> None:
        self._doc, self._text, self._paragraph, self._marks, self._speaker = doc, text, paragraph, marks, speaker
        tokens = doc.char_span(*paragraph, alignment_mode="expand") or ()
        self._cues = [t for t in _outside(tokens, marks) if t.lemma_ in VERBS and t.pos_ == "VERB"]
        self._cue_starts = [cue.idx for cue in self._cues]
        self._index_of_cue: dict[int, int] = {}
        self.found: list[Attribution] = []

    def read(self, mark: Span) -> None:
        """Adds an attribution for a quote, or adds the quote to one before. Without a cue it may belong to nobody."""
        start, end = mark
        is_long = len(self._text[start:end].split()) >= _MIN_WORDS
        is_ended = self._last_inside(end) in _ENDS_QUOTE or self._text[end : end + 1] == ","
        cue = self._cue_behind(end)
        if cue is None:
            cue = self._cue_before(start)
        if cue is not None:
            if is_long or is_ended:
                self._add(mark, cue)
        elif is_long and is_ended:
            if self._follows_the_last(start):
                self._extend(max(self._index_of_cue), mark)
            elif self._speaker and not self.found and not self._last_character_before(start):
                self.found.append(_continued(mark, self._speaker))

    def _cue_behind(self, end: int) -> Token | None:
        """The first cue behind a quote that leads to it: "…," said Berg."""
        if self._last_inside(end) not in _LEADS_TO_CUE and self._text[end : end + 1] != ",":
            return None
        clause_end = _CLAUSE_END.search(self._text, end, min(self._paragraph[1], end + _MAX_BEHIND + 1))
        limit = min(clause_end.start() if clause_end else self._paragraph[1], end + _MAX_BEHIND)
        number = bisect_left(self._cue_starts, end)
        return self._cues[number] if number < len(self._cues) and self._cue_starts[number] < limit else None

    def _last_inside(self, end: int) -> str:
        """The last character of a quote before its closing mark, which « guillemets » part from it."""
        return self._text[max(end - 4, 0) : end - 1].rstrip()[-1:]

    def _cue_before(self, start: int) -> Token | None:
        """The last cue before a quote, in the same sentence: Berg said: "…"."""
        if self._last_character_before(start) not in _LEADS_TO_QUOTE:
            return None
        number = bisect_left(self._cue_starts, start) - 1
        if number < 0 or self._cue_starts[number] < start - _MAX_BEFORE:
            return None
        return None if _SENTENCE_END.search(self._text, self._cue_starts[number], start) else self._cues[number]

    def _last_character_before(self, start: int) -> str:
        """The last one of the paragraph that is no white space; empty where the paragraph begins with the quote."""
        at = start
        while at > self._paragraph[0] and self._text[at - 1].isspace():
            at -= 1
        return self._text[at - 1] if at > self._paragraph[0] else ""

    def _follows_the_last(self, start: int) -> bool:
        """True if only cue and source lie between the quote before and this one: "…," he said. "…"."""
        last = self.found[-1] if self.found else None
        if last is None or not last.cue:
            return False
        between = self._text[last.content[-1][1] : start]
        for part in (last.cue, last.source):
            if part:
                between = between.replace(self._text[slice(*part)], "")
        return not re.search(r"\w", between)

    def _add(self, mark: Span, cue: Token) -> None:
        if cue.i in self._index_of_cue:
            self._extend(cue.i, mark)
            return
        self._index_of_cue[cue.i] = len(self.found)
        self.found.append(
            Attribution(
                source=self._source(cue, mark[1]),
                cue=cue_span(cue),
                content=(mark,),
                quote_type=QuoteType.DIRECT,
                lemma=cue.lemma_,
                confidence=0.85,
            )
        )

    def _extend(self, cue: int, mark: Span) -> None:
        """One more quote for the attribution of a cue, which is given by the number of its token."""
        index = self._index_of_cue[cue]
        self.found[index] = replace(self.found[index], content=(*self.found[index].content, mark))

    def _source(self, cue: Token, end: int) -> Span | None:
        """`end`: where the quote ends."""
        tokens = source_tokens(cue, self._marks)
        span: Span | None = tokens_span(tokens) if tokens else None
        if span is None or span[1] - span[0] > _MAX_SOURCE:
            span = self._words_beside(cue, end)
        elif span[0] > end and cue.idx > span[1]:
            span = (end, span[1])  # a long role before a name is one source, whatever the parse says
        return trim(self._text, span) if span else None

    def _words_beside(self, cue: Token, end: int) -> Span | None:
        """A source that the parse does not give: all between quote and cue, else the noun phrase behind the cue."""
        span = trim(self._text, (end if cue.idx > end else self._paragraph[0], cue.idx))
        if span[0] < span[1]:
            return span
        behind = self._doc[cue.i + 1 : len(self._doc)]
        first = next(iter(behind.noun_chunks), None)
        return (first.start_char, first.end_char) if first is not None and first.start == cue.i + 1 else None


def _outside(tokens: Iterable[Token], marks: Sequence[Span]) -> Iterator[Token]:
    """The tokens that do not begin inside a quote. Both in the order of the text."""
    number = 0
    for token in tokens:
        while number < len(marks) and marks[number][1] <= token.idx:
            number += 1
        if number == len(marks) or token.idx < marks[number][0]:
            yield token


def _continued(mark: Span, speaker: Span) -> Attribution:
    """A quote without a cue, by who spoke in the paragraph before."""
    return Attribution(
        source=speaker, cue=None, content=(mark,), quote_type=QuoteType.DIRECT, lemma="say", confidence=0.5
    )
