"""Quotes in a paragraph of their own, without a cue in it: who spoke or acted just before them says them.

The model links such a quote to whichever cue looks most like its own, however far away.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc
from worker.extraction.spans import Span, inside_any, tokens_span, trim
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without
from worker.extraction.text.quotes import paragraphs

__all__ = ["by_the_neighbours"]

_CLOSING_MARKS = '”»«“"'
_PRONOUNS = frozenset(("he", "she"))


def by_the_neighbours(
    doc: Doc, text: str, attributions: Sequence[Attribution], marks: Sequence[Span]
) -> list[Attribution]:
    """The attributions, the quotes whose cue is in a paragraph further off with who speaks in the one before them.

    That is the source of its last attribution, else the person who is the subject of its last sentence, else nobody. A
    cue in the paragraph before is the quote's own, and so is one behind it where each paragraph up to there leaves its
    quote open. `doc` is the parse of `text`, `marks` its quotes.
    """
    lines = _Lines(doc, text, marks)
    settled: list[Attribution] = []
    for each in attributions:
        number = lines.number(each.content[0][0])
        if each.cue is None or not lines.is_apart(each, marks) or lines.leads_to(each, number):
            settled += lines.without_anothers(each, marks)
            continue
        source = lines.speaker_of(number - 1, settled)
        settled.append(replace(each, source=source, cue=None, lemma="say", negated=False))
    return settled


class _Lines:
    """The paragraphs of a text."""

    def __init__(self, doc: Doc, text: str, marks: Sequence[Span]) -> None:
        self._doc, self._text = doc, text
        self._lines = paragraphs(text)
        self._starts = [start for start, _ in self._lines]
        self._open = {end for start, end in marks if text[end - 1] not in _CLOSING_MARKS or end - start == 1}

    def number(self, at: int) -> int:
        return max(bisect_right(self._starts, at) - 1, 0)

    def is_apart(self, each: Attribution, marks: Sequence[Span]) -> bool:
        """True if an attribution has nothing but quotes, none of them in the paragraph of its cue or source."""
        if each.cue is None or not all(inside_any(part, marks) for part in each.content):
            return False
        numbers = {self.number(at) for start, end in each.content for at in (start, end - 1)}
        return all(self.number(part[0]) not in numbers for part in (each.cue, each.source) if part)

    def without_anothers(self, each: Attribution, marks: Sequence[Span]) -> list[Attribution]:
        """An attribution, the quote before its sentence apart where the sentence before that quote tells of somebody:
        "Ana Rojas lives there. “We saw it.” Her neighbour was asleep, he says".
        """
        cue = self._doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
        begin = cue[0].sent.start_char if cue is not None else 0
        first, rest = each.content[0], each.content[1:]
        if each.source is None or first not in marks or first[1] >= begin or not rest or rest[0][0] < begin:
            return [each]
        line = self._lines[self.number(first[0])]
        is_before = not self._text[first[1] : begin].strip() and line[0] < first[0] and each.source[0] >= begin
        subject = self._subject((line[0], first[0])) if is_before else None
        if subject is None:
            return [each]
        apart = replace(each, source=trim(self._text, subject), cue=None, lemma="say", content=(first,), negated=False)
        return [apart, replace(each, content=rest)]

    def leads_to(self, each: Attribution, number: int) -> bool:
        """True if a cue is that of a quote in the paragraph `number`, for it is just before or ends the open quotes."""
        of_cue = self.number(each.cue[0]) if each.cue else number
        if of_cue == number - 1:
            return each.source is not None  # "She had been told to wait." and a quote below: she says it
        between = self._lines[self.number(each.content[-1][1] - 1) : of_cue]
        return bool(between) and all(end in self._open for _, end in between)

    def speaker_of(self, number: int, settled: Sequence[Attribution]) -> Span | None:
        """Who speaks last in a paragraph: by its attributions, else by its last sentence."""
        if number < 0:
            return None
        for each in reversed(settled):
            places = [part[0] for part in (each.cue, *each.content) if part]
            if each.source and any(self.number(at) == number for at in places):
                return each.source
        subject = self._subject(self._lines[number])
        return trim(self._text, subject) if subject is not None else None

    def _subject(self, line: Span) -> Span | None:
        """The subject of the last sentence of a paragraph, a person, or with a colon behind it whoever it is."""
        tokens = self._doc.char_span(*line, alignment_mode="expand")
        last = next(reversed([t for t in tokens or () if not t.is_space]), None)
        if last is None:
            return None
        subject = next((c for c in last.sent.root.children if c.dep_ in NOUN_SUBJECTS), None)
        if subject is None or not (last.text == ":" or subject.lower_ in _PRONOUNS or subject.ent_type_ == "PERSON"):
            return None
        kept = subtree_without(subject, lambda c: c.dep_ in ("relcl", "acl", "appos", "punct") and c.i > subject.i)
        return tokens_span([t for t in kept if not t.is_space])
