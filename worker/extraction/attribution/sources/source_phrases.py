"""Attributions by a phrase that gives a source without a verb of speech: "per the office", "in the words of Bo Ek"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.phrase_forms import QUOTATION_MARKS, SourcePhrase, source_phrases
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside, meet, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS

__all__ = ["with_source_phrases"]

_CONFIDENCE = 0.7
_MIN_WORDS = 2
"""Words of a content, or one with a quotation mark."""
_ENDS_OF_ANOTHER = (" and", " but", " or", " yet", " that", " because", " although", " while")
_MAX_LEFT = 12
"""Characters behind a phrase that are too few for a predicate."""
_MAX_LEFT_BEFORE = 5
"""The same before it: "But, in her view, …"."""
_MAX_NAME = 12
"""Tokens of what a thing is called."""
_MIN_PARTED = 4
"""Tokens of a subject and its predicate with a phrase between them, whatever the tagger makes of the verb."""
_JOINTS = ("and ", "but ", "so ", "that ", "which ", "because ", "yet ")


def with_source_phrases(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those that such phrases make, which replace what has the phrase for its cue or
    takes it into its content. `marks`: the quotes of the text.
    """
    every = list(source_phrases(doc, marks))
    right = [known for known in found if any(_is_right(doc, known, each) for each in every)]
    phrases = [each for each in every if not any(_is_right(doc, known, each) for known in right)]
    kept = [
        replace(each, is_framed=True) if each in right else each
        for each in found
        if not any(_is_wrong(each, phrase) for phrase in phrases)
    ]
    others = tuple(kept)
    for phrase in phrases:
        content = _content(doc, text, phrase, others, marks)
        if content is None:
            continue
        made = Attribution(
            source=phrase.source,
            cue=phrase.cue,
            content=content,
            quote_type=quote_type(content, marks),
            lemma=phrase.lemma,
            is_framed=True,
            confidence=_CONFIDENCE,
        )
        kept.append(made)
    return sorted(kept, key=lambda each: each.content[0])


def _is_right(doc: Doc, each: Attribution, phrase: SourcePhrase) -> bool:
    """True if an attribution is the phrase's already."""
    if each.cue is None or not meet(each.cue, phrase.span) or any(meet(part, phrase.span) for part in each.content):
        return False
    if phrase.is_fixed and not phrase.leads and _lacks_a_side(doc, each, phrase):
        return False
    if each.source is None or phrase.source is None:
        return each.source is phrase.source
    return meet(each.source, phrase.source) and not meet(each.source, phrase.cue)  # "To | the coach's mind"


def _lacks_a_side(doc: Doc, each: Attribution, phrase: SourcePhrase) -> bool:
    """True for half of a statement: "The keeper, as he tells it, | never saw the ball"."""
    start, end = phrase.span
    has_before = any(part[1] <= start and part[0] >= phrase.sentence[0] for part in each.content)
    has_behind = any(part[0] >= end for part in each.content)
    before = doc.char_span(phrase.sentence[0], start, alignment_mode="contract")
    said = [t for t in before or () if not t.is_punct]
    if before is None or (has_before and has_behind) or any(t.tag_ in FINITE_TAGS for t in said[:-1]):
        return False
    is_first, is_last = start - phrase.sentence[0] < _MAX_LEFT_BEFORE, phrase.sentence[1] - end < _MAX_LEFT
    return not (has_before or is_first) or not (has_behind or is_last)


def _is_wrong(each: Attribution, phrase: SourcePhrase) -> bool:
    if each.cue is not None:
        return meet(each.cue, phrase.span) or (each.source is not None and inside(phrase.cue, each.source))
    return each.source is None and any(meet(part, phrase.sentence) for part in each.content)


def _content(
    doc: Doc, text: str, phrase: SourcePhrase, others: Sequence[Attribution], marks: Sequence[Span]
) -> tuple[Span, ...] | None:
    """What of the sentence the source says: all beside the phrase, as far as no other source has it."""
    if phrase.names:
        return _name_behind(doc, text, phrase)
    if phrase.leads:
        return _behind(doc, text, phrase)
    start, end = phrase.sentence
    end = next((mark[1] for mark in marks if start <= mark[0] < end < mark[1] <= end + 2), end)
    for each in others:
        parts = [part for part in each.content if meet(part, phrase.sentence)]
        around = next((part for part in parts if inside(phrase.span, part)), None)
        if around is not None:
            start, end = max(start, around[0]), min(end, around[1])
            continue
        for part in (*parts, each.source, each.cue):
            if part is None or not meet(part, (start, end)) or each.cue is None:
                continue
            if part[0] >= phrase.span[1]:
                end = min(end, part[0])
            elif part[1] <= phrase.span[0]:
                start = max(start, part[1])
    clause = _clause_around(doc, phrase)
    if clause is not None:
        start, end = max(start, clause[0]), min(end, clause[1])
    sides = [trim(text, (start, phrase.span[0])), trim(text, (phrase.span[1], end))]
    if text[slice(*sides[0])].endswith(_ENDS_OF_ANOTHER):
        sides = sides[1:]  # "trained alone and, per the coach, | is a doubt"
    kept = tuple(_without_joint(doc, text, side) for side in sides if _says_something(text[slice(*side)]))
    words_of = " ".join(text[slice(*part)] for part in kept)
    is_quoted = any(mark in words_of for mark in QUOTATION_MARKS)
    if not kept or (len(words_of.split()) < _MIN_WORDS and not is_quoted):
        return None
    tokens = [t for part in kept for t in (doc.char_span(*part, alignment_mode="expand") or ())]
    is_parted = len(kept) > 1 and phrase.is_fixed and len(tokens) >= _MIN_PARTED
    is_parted = is_parted or (phrase.is_fixed and any(t.pos_ == "VERB" for t in tokens))
    return kept if is_quoted or is_parted or any(t.tag_ in FINITE_TAGS for t in tokens) else None


def _behind(doc: Doc, text: str, phrase: SourcePhrase) -> tuple[Span, ...] | None:
    """The clause behind a phrase that leads to it: to its last word in the parse, where it has its verb there."""
    behind = doc.char_span(phrase.span[1], phrase.sentence[1], alignment_mode="expand")
    kept = [t for t in behind or () if not t.is_space and t.idx >= phrase.span[1]]
    verb = next((t for t in kept if t.tag_ in FINITE_TAGS), None) or next((t for t in kept if t.pos_ == "VERB"), None)
    if verb is None:
        return None
    while verb.head != verb and verb.head.i >= kept[0].i:
        verb = verb.head
    end = verb.right_edge.idx + len(verb.right_edge.text)
    span = trim(text, (kept[0].idx, max(end, _next_mark(kept, verb))))
    return (span,) if len(text[slice(*span)].split()) >= _MIN_WORDS else None


def _name_behind(doc: Doc, text: str, phrase: SourcePhrase) -> tuple[Span, ...] | None:
    """What a thing is called: a quote, or the words to the next mark or verb with a tense."""
    behind = doc.char_span(phrase.span[1], phrase.sentence[1], alignment_mode="expand")
    kept = [t for t in behind or () if not t.is_space and t.idx >= phrase.span[1]]
    if not kept:
        return None
    is_quoted = kept[0].text in QUOTATION_MARKS
    ends = (n for n, t in enumerate(kept) if n and (_closes(t) if is_quoted else _ends_a_name(t)))
    end = min(next(ends, len(kept)), len(kept) if is_quoted else _MAX_NAME)
    named = kept[: end + 1] if is_quoted else kept[:end]
    span = trim(text, tokens_span(named)) if named else (0, 0)
    return (span,) if is_quoted or len(text[slice(*span)].split()) >= _MIN_WORDS else None


def _closes(token: Token) -> bool:
    return token.text in QUOTATION_MARKS


def _ends_a_name(token: Token) -> bool:
    is_mark = token.is_punct and token.text not in "-'’" and token.text not in QUOTATION_MARKS
    return is_mark or token.tag_ in FINITE_TAGS or token.tag_ in ("WDT", "WP", "CC") or token.lower_ == "that"


def _next_mark(kept: Sequence[Token], verb: Token) -> int:
    """Where the next comma behind a verb begins, or the sentence ends: a parse that breaks off sooner is wrong."""
    mark = next((t for t in kept if t.i > verb.i and t.is_punct and t.text not in "'’\"“”-"), kept[-1])
    return mark.idx


def _says_something(part: str) -> bool:
    """False for nothing but marks and a conjunction: "And, from his point of view, why should he?"."""
    return any(character.isalnum() for character in part) and f"{part.casefold()} " not in _JOINTS


def _without_joint(doc: Doc, text: str, span: Span) -> Span:
    """A content without the conjunction that joins it to what is before: "but, in her view, …"."""
    first = doc.char_span(span[0], span[0] + 1, alignment_mode="expand")
    if first is not None and first[0].dep_ in NOUN_SUBJECTS:
        return span  # "in her view, that was too late"
    lead = next((joint for joint in _JOINTS if text[slice(*span)].casefold().startswith(joint)), "")
    return span[0] + len(lead), span[1]


def _clause_around(doc: Doc, phrase: SourcePhrase) -> Span | None:
    """The subordinate clause in whose middle a phrase stands; None where it stands in the main clause."""
    phrase_tokens = doc.char_span(*phrase.span, alignment_mode="expand")
    if phrase_tokens is None:
        return None
    verb: Token = phrase_tokens.root.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    if verb.dep_ not in ("advcl", "ccomp", "conj", "pcomp") or phrase_tokens.start <= verb.i < phrase_tokens.end:
        return None
    own = [t for t in verb.subtree if not (t.dep_ in ("mark", "cc") and t.head == verb)]
    if not own or not own[0].i < phrase_tokens.start or own[-1].i <= phrase_tokens.end:
        return None
    return tokens_span(own)
