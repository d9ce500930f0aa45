"""The model's attributions in characters, with what the parse says of their cues and contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.model.decode import TaggedAttribution
from worker.extraction.attribution.model.features import Pieces
from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.reported import according_to
from worker.extraction.attribution.sources.source_phrase import source_tokens
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import NEGATED_CUES, VERBS
from worker.extraction.parse import Doc
from worker.extraction.spans import Span, inside, meet, tokens_span
from worker.extraction.syntax.relations import is_negated

__all__ = ["model_attributions"]

_CLOSING_MARKS = '”»«“"'
_NOT = re.compile(r"\b(?:not|never|nor)\b|n['’]t\b", re.IGNORECASE)


def model_attributions(
    tagged: Sequence[TaggedAttribution], pieces: Pieces, doc: Doc, text: str, marks: Sequence[Span]
) -> list[Attribution]:
    """`pieces`: those that `tagged` has ranges of; `doc`: the parse of `text`; `marks`: its quotes, marks included."""
    return _over_paragraphs([_in_characters(each, pieces, doc, text, marks) for each in tagged], marks, text)


def _in_characters(
    tagged: TaggedAttribution, pieces: Pieces, doc: Doc, text: str, marks: Sequence[Span]
) -> Attribution:

    def characters(part: tuple[int, int]) -> Span:
        return int(pieces.starts[part[0]]), int(pieces.ends[part[1] - 1])

    cue = characters(tagged.cue) if tagged.cue else None
    source = characters(tagged.source) if tagged.source else None
    content = tuple(_with_marks(characters(part), marks) for part in tagged.content)
    if cue and (subject := _subject_of(doc, cue, source, marks)) is not None:
        source, content = subject, tuple(part for part in content if not inside(part, subject)) or content
    lemma, negated = _lemma_of_cue(doc, text, cue, source) if cue else ("say", False)
    return Attribution(
        source=source,
        cue=cue,
        content=content,
        quote_type=quote_type(content, marks),
        lemma=lemma,
        negated=negated and lemma in NEGATED_CUES,
        denies=_is_negative(doc, content[0]),
        confidence=round(tagged.confidence, 3),
    )


def _subject_of(doc: Doc, cue: Span, source: Span | None, marks: Sequence[Span]) -> Span | None:
    """The named subject of a cue whose source is linked in another sentence: "…, said its director, Carl Obi."."""
    phrase = doc.char_span(*cue, alignment_mode="expand")
    if phrase is None or source is None or meet(source, (phrase.sent.start_char, phrase.sent.end_char)):
        return None
    verb = next((token for token in phrase if token.pos_ == "VERB" and token.lemma_ in VERBS), None)
    tokens = source_tokens(verb, marks) if verb is not None else None
    if not tokens or not any(token.pos_ in ("NOUN", "PROPN") for token in tokens):
        return None
    subject = tokens_span(tokens)
    return subject if not meet(subject, cue) else None


def _lemma_of_cue(doc: Doc, text: str, cue: Span, source: Span | None) -> tuple[str, bool]:
    """The lemma of a cue's main word, and whether the cue is negated."""
    tokens = list(doc.char_span(*cue, alignment_mode="expand") or ())
    of_speech = [token for token in tokens if token.lemma_ in VERBS]
    main = (
        [token for token in of_speech if token.pos_ == "VERB"]
        or [token for token in of_speech if token.pos_ != "ADV"]
        or [token for token in tokens if token.pos_ in ("VERB", "NOUN")]
        or tokens
    )[-1]
    negated = bool(_NOT.search(text[slice(*cue)])) or is_negated(main)
    phrase = doc.char_span(*source, alignment_mode="expand") if source else None
    if phrase is not None and text[slice(*cue)].casefold().startswith("according"):
        return according_to(phrase.root), negated
    return main.lemma_, negated


def _is_negative(doc: Doc, content: Span) -> bool:
    """True if a root of the content is negated or has a "no" just below it."""
    tokens = list(doc.char_span(*content, alignment_mode="expand") or ())
    places = {token.i for token in tokens}
    roots = {token.i for token in tokens if token.head.i not in places or token.head.i == token.i}
    return any(token.i in roots and is_negated(token) for token in tokens) or any(
        token.dep_ == "det" and token.lower_ == "no" and token.head.head.i in roots for token in tokens
    )


def _over_paragraphs(attributions: Sequence[Attribution], marks: Sequence[Span], text: str) -> list[Attribution]:
    """A quote that one paragraph leaves open and the next one opens again is one content, where one cue has both."""
    joined: list[Attribution] = []
    for found in attributions:
        each = _by_former_speaker(found, joined, marks, text)
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, each, marks, text):
            content = (*before.content, *each.content)
            confidence = min(before.confidence, each.confidence)
            joined[-1] = replace(before, content=content, quote_type=quote_type(content, marks), confidence=confidence)
        else:
            joined.append(each)
    return joined


def _by_former_speaker(
    each: Attribution, before: Sequence[Attribution], marks: Sequence[Span], text: str
) -> Attribution:
    """A quote that opens a paragraph, while the one before was left open, with cue and source of that one.

    One that has a cue in its own paragraph keeps it: “If the farms wait, they will die,” she added.
    """
    number = next((i for i, mark in enumerate(marks) if inside(each.content[0], mark)), 0)
    mark, last = marks[number] if marks else (0, 0), marks[number - 1] if number else (0, 0)
    if last[1] == 0 or text[last[1] - 1] in _CLOSING_MARKS or text[last[1] : mark[0]].strip():
        return each
    if each.cue is not None and "\n" not in text[min(each.cue[0], mark[0]) : max(each.cue[0], mark[0])]:
        return each
    owner = next((a for a in reversed(before) if a.cue and any(inside(part, last) for part in a.content)), None)
    return replace(each, source=owner.source, cue=owner.cue, lemma=owner.lemma) if owner is not None else each


def _goes_on(before: Attribution, each: Attribution, marks: Sequence[Span], text: str) -> bool:
    """True if the quote of `before` is left open and that of `each` opens it again with nothing between them."""
    if before.cue is None or (before.cue, before.source) != (each.cue, each.source):
        return False
    end, start = before.content[-1], each.content[0]
    left_open = next((mark for mark in marks if inside(end, mark)), None)
    again = next((mark for mark in marks if mark[0] <= start[0] < mark[1]), None)
    if left_open is None or again is None or text[left_open[0]] != text[again[0]]:
        return False
    return text[left_open[1] - 1] not in _CLOSING_MARKS and not text[left_open[1] : again[0]].strip()


def _with_marks(span: Span, marks: Sequence[Span]) -> Span:
    """A content that fills a quote, widened to its marks, so that it counts as direct speech."""
    start, end = span
    for mark in marks:
        if mark[0] + 1 >= start >= mark[0] and abs(mark[1] - end) <= 2:
            return mark
    return span
