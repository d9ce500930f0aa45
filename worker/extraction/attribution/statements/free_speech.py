"""Free indirect speech: sentences without a cue in which somebody goes on: "She said the hall was unsafe. It had sunk."

What tells them is the tense of a report: "would", or a perfect where the report is in the past or in the perfect too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span, trim
from worker.extraction.syntax.relations import NOUN_SUBJECTS, is_passive

__all__ = ["with_free_speech"]

_SHIFTED = frozenset(("would", "'d", "’d", "could", "might"))
_PRONOUNS = frozenset(("he", "she", "they", "it"))
_DEFINITE = frozenset(("the", "his", "her", "its", "their", "no", "nobody", "nothing"))
_POINTS_OF_TIME = frozenset(("on", "last", "earlier", "ago", "yesterday", "then", "when", "after", "before"))
"""Words for when something had happened: with them a perfect is what the reporter adds."""
_CONFIDENCE = 0.5
_ENDS = ".!?…"


def with_free_speech(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, and one for each sentence in which the last of them visibly goes on.

    A sentence that an attribution has beside that of its cue becomes one of its own. `marks`: the quotes of the text.
    """
    reader = _Reader(doc, text, found, marks)
    parted = [part for each in found for part in reader.parted(each)]
    reader.taken = SpanIndex(part for each in parted for part in (each.source, each.cue, *each.content) if part)
    carried = [part for each in parted if each.cue is not None for part in reader.carried(each)]
    return sorted([*parted, *carried], key=lambda each: each.content[0])


class _Reader:
    """The sentences of a text and what is said in them."""

    def __init__(self, doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> None:
        self._text, self._marks = text, SpanIndex(marks)
        self._sentences: list[Phrase] = list(doc.sents)
        self._number = {token.i: number for number, sent in enumerate(self._sentences) for token in sent}
        self._doc = doc
        self.taken = SpanIndex(part for each in found for part in (each.source, each.cue, *each.content) if part)

    def parted(self, each: Attribution) -> Iterator[Attribution]:
        """An attribution without the sentences behind that of its cue, and these."""
        own = self._sentence_of(each.cue) if each.cue is not None and each.quote_type is QuoteType.INDIRECT else None
        if own is None:
            yield each
            return
        kept: list[Span] = []
        behind: list[Span] = []
        end = self._sentences[own].end_char
        for start, stop in each.content:
            if start < end:
                kept.append((start, min(stop, end)))
            for sentence in self._sentences[own + 1 :]:
                if sentence.start_char >= stop:
                    break
                if sentence.end_char > start:
                    behind.append((max(start, sentence.start_char), min(stop, sentence.end_char)))
        is_whole = all(self._ends(number) for number in range(own, own + len(behind)))
        if not kept or not behind or not is_whole:
            yield each
            return
        yield replace(each, content=tuple(trim(self._text, span) for span in kept))
        for span in behind:
            yield self._carried(each, span)

    def carried(self, each: Attribution) -> Iterator[Attribution]:
        """The sentences behind an attribution in which its source goes on."""
        number = self._sentence_of(each.content[-1])
        cue = self._doc.char_span(*each.cue, alignment_mode="expand") if each.cue is not None else None
        if number is None or cue is None or each.source is None or each.quote_type is not QuoteType.INDIRECT:
            return
        verb = next((t for t in cue if t.pos_ == "VERB" and t.lemma_ in VERBS), None)
        if verb is None or each.negated or is_passive(verb) or number != self._sentence_of(each.cue):
            return
        in_past = verb.tag_ == "VBD" or any(c.lower_ == "had" for c in verb.children)
        in_perfect = self._is_in_perfect(each)
        while number + 1 < len(self._sentences) and self._ends(number):
            number += 1
            sentence = self._sentences[number]
            span = sentence.start_char, sentence.end_char
            between = self._text[self._sentences[number - 1].end_char - 1 : span[0]]
            if "\n" in between or self.taken.meets((span,)) or self._marks.meets((span,)) or not self._ends(number):
                return
            if not _goes_on(
                sentence, in_past=in_past, in_perfect=in_perfect or self._would_follow(number, in_past=in_past)
            ):
                return
            yield self._carried(each, trim(self._text, span))

    def _would_follow(self, number: int, *, in_past: bool) -> bool:
        """True if the next sentence goes on with "would": what is between the two is said as well."""
        if number + 1 >= len(self._sentences) or "\n" in self._sentences[number].text:
            return False
        after = self._sentences[number + 1]
        return any(c.lower_ in _SHIFTED for c in after.root.children) and _goes_on(
            after, in_past=in_past, in_perfect=False
        )

    def _carried(self, each: Attribution, span: Span) -> Attribution:
        return replace(
            each, cue=None, content=(trim(self._text, span),), lemma="say", is_carried=True, confidence=_CONFIDENCE
        )

    def _sentence_of(self, span: Span | None) -> int | None:
        tokens = self._doc.char_span(*span, alignment_mode="expand") if span is not None else None
        return self._number.get(tokens[0].i) if tokens is not None and len(tokens) else None

    def _ends(self, number: int) -> bool:
        return self._sentences[number].text.rstrip(' \n"”’)')[-1:] in tuple(_ENDS)

    def _is_in_perfect(self, each: Attribution) -> bool:
        tokens = [t for span in each.content for t in (self._doc.char_span(*span, alignment_mode="expand") or ())]
        return any(t.tag_ == "VBN" and _has_had(t) for t in tokens)


def _has_had(verb: Token) -> bool:
    return any(c.lower_ in ("had", "'d", "’d") and c.dep_ == "aux" for c in verb.children)


def _goes_on(sentence: Phrase, *, in_past: bool, in_perfect: bool) -> bool:
    root: Token = sentence.root
    subject = next((c for c in root.children if c.dep_ in NOUN_SUBJECTS and c.i < root.i), None)
    if subject is None or subject.lower_ in ("i", "we", "you") or sentence.text.rstrip()[-1:] == "?":
        return False
    if subject.lower_ not in _PRONOUNS and not any(c.lower_ in _DEFINITE for c in (subject, *subject.children)):
        return False  # "Peace would allow the troops to leave" can be the reporter's own
    if in_past and any(c.dep_ == "aux" and c.lower_ in _SHIFTED for c in root.children):
        return True
    if root.tag_ != "VBN" or not _has_had(root):
        return False
    if not in_perfect and not (in_past and subject.lower_ in _PRONOUNS):
        return False  # "The ship had left at noon" after what the coastguard said is the reporter's own
    return not any(token.lower_ in _POINTS_OF_TIME for token in sentence)
