"""What of a content its cue reaches: the words of its own sentence, quotes, and a report that visibly goes on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, meet, trim
from worker.extraction.syntax.relations import subject_of

__all__ = ["within_reach"]

_ENDS_SENTENCE = ".?!…"
_CLOSERS = "\"”’»'“)]"
_MODALS_OF_REPORT = frozenset({"would", "'d", "’d", "could", "might", "should"})
_PRONOUNS = frozenset({"he", "she", "they", "it"})


def within_reach(doc: Doc, text: str, attributions: Sequence[Attribution], quotes: Sequence[Span]) -> list[Attribution]:
    """The attributions, without the parts of contents that belong to another sentence or another block of the page.

    A content outside of quotation marks ends with the sentence of its cue, unless the next sentence goes on in free
    indirect speech: "She said the mill would close. Two hundred would lose their jobs." An attribution that keeps
    nothing is left out. `quotes`: those of the text, marks included.
    """
    reader = _Reach(doc, text, quotes)
    return [kept for each in attributions if (kept := reader.kept(each)) is not None]


class _Reach:
    """The real sentences of a text: a full stop that the parse takes for an end inside of a name ends none."""

    def __init__(self, doc: Doc, text: str, quotes: Sequence[Span]) -> None:
        self._doc, self._text, self._quotes = doc, text, quotes
        self._sentences: list[Phrase] = list(doc.sents)
        self._starts = [sentence.start_char for sentence in self._sentences]

    def kept(self, each: Attribution) -> Attribution | None:
        if each.cue is None:
            return each
        own = self._number(each.cue[0])
        content = tuple(part for span in each.content for part in self._parts(span, own))
        if len(content) == 1:
            content = (_before_the_main_clause(self._doc, self._text, each.cue, content[0]),)
        if content == each.content:
            return each
        return replace(each, content=content, quote_type=quote_type(content, self._quotes)) if content else None

    def _number(self, at: int) -> int:
        return max(bisect_right(self._starts, at) - 1, 0)

    def _parts(self, span: Span, own: int) -> Iterator[Span]:
        """The runs of a span's sentences that the cue in the sentence `own` reaches."""
        first, last = self._number(span[0]), self._number(span[1] - 1)
        run: Span | None = None
        for number in range(first, last + 1):
            sentence = self._sentences[number]
            part = max(span[0], sentence.start_char), min(span[1], sentence.end_char)
            if self._is_reached(part, number, own):
                run = (run[0] if run else part[0]), part[1]
            elif run:
                yield trim(self._text, run)
                run = None
        if run:
            yield run if run[1] == span[1] else trim(self._text, run)

    def _is_reached(self, part: Span, number: int, own: int) -> bool:
        if any(meet(part, quote) for quote in self._quotes):
            return True
        if all(not self._ends(between) for between in range(min(number, own), max(number, own))):
            return True
        return number == own + 1 and not self._is_line_end(number) and _goes_on(self._sentences[number])

    def _ends(self, number: int) -> bool:
        """True if a sentence of the parse ends as a sentence of the text, or with its line."""
        if self._is_line_end(number + 1):
            return True
        words = self._text[slice(self._sentences[number].start_char, self._sentences[number].end_char)].rstrip()
        return words.rstrip(_CLOSERS)[-1:] in tuple(_ENDS_SENTENCE)

    def _is_line_end(self, number: int) -> bool:
        """True if a line ends before a sentence."""
        start = self._starts[number]
        before = self._text[:start].rstrip(" ") if start < 200 else self._text[start - 200 : start].rstrip(" ")
        return before.endswith("\n") or not before


def _goes_on(sentence: Phrase) -> bool:
    """True if a sentence reports on, by its tense: "It would cost a million", "They had been warned"."""
    root: Token = sentence.root
    auxiliaries = [c for c in root.children if c.dep_ in ("aux", "auxpass")]
    if any(c.lower_ in _MODALS_OF_REPORT for c in auxiliaries):
        return True
    is_perfect = root.tag_ == "VBN" and any(c.lower_ == "had" for c in auxiliaries)
    return is_perfect and any(c.dep_ in ("nsubj", "nsubjpass") and c.lower_ in _PRONOUNS for c in root.children)


def _before_the_main_clause(doc: Doc, text: str, cue: Span, span: Span) -> Span:
    """ "With doctors warning | that his heart may fail, | the priest has begun to eat"."""
    verb = next(
        (
            t
            for t in doc.char_span(*cue, alignment_mode="expand") or ()
            if t.tag_ == "VBG" and t.dep_ == "pcomp" and t.head.lower_ == "with"
        ),
        None,
    )
    main = verb.head.head if verb is not None else None
    subject = subject_of(main) if main is not None else None
    if verb is None or main is None or subject is None or not verb.i < subject.i < main.i:
        return span
    comma = doc[subject.left_edge.i - 1]
    return trim(text, (span[0], comma.idx)) if comma.text == "," and span[0] < comma.idx < span[1] else span
