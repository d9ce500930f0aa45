"""Attributions of reported speech: a verb of speech with its subject and its content, and "according to"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worker.extraction.attribution.quote_type import reported_type
from worker.extraction.attribution.reported_content import (
    reported_contents,
    two_word_cue,
    valued_thing,
    with_infinitive,
)
from worker.extraction.attribution.sources.source_phrase import cue_span, is_declined, source_tokens
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import NEGATED_CUES, VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, token_inside, tokens_span, trim
from worker.extraction.syntax.relations import NOUN_SUBJECTS, is_negated

__all__ = ["according_to", "from_verb", "reported"]

_LONG_QUOTE = 8
"""Words; verbs inside a longer quote report nothing by themselves, `nested` looks at them."""
_MIN_CONTENT = 10
"""Characters of what follows or precedes "according to"."""
_ESTIMATES = ("estimate", "forecast")
_HEARSAY = words("hearsay_cues")
_JOINED = words("joined_cues_without_clause")
_BEFORE_CONTENT = words("words_before_content")


def reported(doc: Doc, text: str, paragraph: Span, marks: Sequence[Span]) -> list[Attribution]:
    """The attributions of a paragraph by its verbs of speech, in the order of these. `marks`: its quotes."""
    found: list[Attribution] = []
    long_quotes = [mark for mark in marks if len(text[slice(*mark)].split()) > _LONG_QUOTE]
    for token in doc.char_span(*paragraph, alignment_mode="expand") or ():
        if token_inside(token, long_quotes):
            continue
        if token.lower_ == "according":
            found += _according(token, text)
        elif (
            token.pos_ in ("VERB", "NOUN")
            and (token.lemma_ in VERBS or two_word_cue(token) is not None or valued_thing(token) is not None)
            and token.dep_ != "compound"
        ):
            found += from_verb(token, text, marks)
    return found


def _according(token: Token, text: str) -> list[Attribution]:
    """ "According to the bank, prices will fall": the content is the longer part of the sentence, before or behind."""
    to = next((t for t in [*token.children, *token.doc[token.i + 1 : token.i + 2]] if t.lower_ == "to"), None)
    head = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if to is None or head is None:
        return []
    source = tokens_span(list(head.subtree))
    sentence = token.sent
    before = trim(text, (sentence.start_char, token.idx))
    after = trim(text, (source[1], sentence.end_char))
    content = before if before[1] - before[0] > after[1] - after[0] else after
    if content[1] - content[0] < _MIN_CONTENT:
        return []
    return [
        Attribution(
            source=trim(text, source),
            cue=tokens_span([token, to]),
            content=(content,),
            quote_type=reported_type(text, (content,)),
            lemma=according_to(head),
            confidence=0.85,
        )
    ]


def according_to(head: Token) -> str:
    """The verb that "according to" counts as. `head`: the head noun of the source."""
    return "estimate" if head.lemma_ in _ESTIMATES else "say"


def from_verb(
    verb: Token, text: str, marks: Sequence[Span], *, unnamed: frozenset[str] = frozenset()
) -> list[Attribution]:
    """The attributions of a verb of speech, by its place in the parse.

    `marks`: quotes, whose words are neither source nor a clause before the verb. `unnamed`: verbs that may
    leave out who speaks in the passive, besides those of hearsay: "was told to leave".
    """
    if not _is_report(verb):
        return []
    source = _source(verb, marks)
    if source is None and not (_is_passive(verb) and verb.lemma_ in _HEARSAY | unnamed):
        return []
    found = [_attribution(verb, text, source, content) for content in reported_contents(verb, marks)]
    return [each for each in found if each is not None]


def _is_report(verb: Token) -> bool:
    """True if something has been said, by the verb's form."""
    if is_declined(verb):
        return False  # "declined to comment": the act is to decline
    children = list(verb.children)
    if not is_negated(verb) and any(c.tag_ == "MD" for c in children):
        return False  # "would ask the auditor": nothing has been said yet
    if verb.tag_ == "VBN" and verb.dep_ != "conj" and not any(c.dep_ in ("aux", "auxpass") for c in children):
        return False  # "the limit agreed in October"
    cue = two_word_cue(verb)
    return cue is None or any(token.lower_ == cue.word for token in verb.subtree)


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)


def _source(verb: Token, marks: Sequence[Span]) -> list[Token] | None:
    """The tokens of who speaks: the subject, in the passive the agent ("was told by"); None where nobody is named."""
    if not _is_passive(verb):
        return source_tokens(verb, marks)
    return [token for c in verb.children if c.dep_ == "agent" for token in c.subtree if token != c] or None


def _attribution(verb: Token, text: str, source: list[Token] | None, content: list[Token]) -> Attribution | None:
    span = _content_span(text, with_infinitive(content, verb), verb)
    pieces = _without_cue(text, span, [verb, *(source or ())]) if span is not None else None
    if pieces is None:
        return None
    cue, two_words = cue_span(verb), two_word_cue(verb)
    if two_words is not None:
        second = next(token for token in verb.subtree if token.lower_ == two_words.word)
        cue = (cue[0], second.idx + len(second.text))
    return Attribution(
        source=trim(text, tokens_span(source)) if source else None,
        cue=cue,
        content=pieces,
        quote_type=reported_type(text, pieces),
        lemma=two_words.lemma
        if two_words is not None
        else "estimate"
        if valued_thing(verb) is not None
        else verb.lemma_,
        negated=is_negated(verb) and verb.lemma_ in NEGATED_CUES,
        denies=_is_negative(content),
        confidence=0.75,
    )


def _is_negative(content: Iterable[Token]) -> bool:
    """True if the first clause of a content is negated, or anything in it has a "no"."""
    clause = next((token for token in content if token.dep_ in ("ccomp", "conj", "parataxis")), None)
    return (clause is not None and is_negated(clause)) or any(
        token.dep_ == "det" and token.lower_ == "no" for token in content
    )


def _content_span(text: str, content: list[Token], verb: Token) -> Span | None:
    """A content without the words that lead to it; None for less than two words, or where the verb is among them."""
    kept = _until_joined_cue([token for token in content if not token.is_space], verb)
    is_behind = bool(kept) and kept[0].i > verb.i
    begin = 0
    while begin < len(kept) and _leads_to_content(kept[begin], is_behind=is_behind):
        begin += 1
    kept = kept[begin:]
    if len(kept) < 2 or any(token == verb for token in kept):
        return None
    return trim(text, tokens_span(kept))


def _until_joined_cue(content: list[Token], verb: Token) -> list[Token]:
    """A content without a second cue ("and stressed that ..."), which many parses hang below the first content."""
    joined = next((token.i for token in content if token.i > verb.i and _is_joined_cue(token)), None)
    if joined is None:
        return content
    return [token for token in content if token.i < joined and not (token.dep_ == "cc" and token.i == joined - 1)]


def _is_joined_cue(token: Token) -> bool:
    if token.dep_ != "conj" or token.lemma_ not in VERBS or token.tag_ not in ("VBD", "VBZ"):
        return False
    relations = {c.dep_ for c in token.children}
    return not relations & {*NOUN_SUBJECTS, "aux"} and ("ccomp" in relations or token.lemma_ in _JOINED)


def _leads_to_content(token: Token, *, is_behind: bool) -> bool:
    """True if a first word is no part of its content: "that", punctuation; "if" only where it means "whether".

    `is_behind`: the content follows its cue.
    """
    if token.lower_ in ("if", "whether") and not is_behind:
        return False
    if token.lower_ == "if":
        return token.nbor(-1).lemma_ in VERBS
    return token.lower_ in _BEFORE_CONTENT or (token.is_punct and token.text not in '"“')


def _without_cue(text: str, content: Span, speaking: Sequence[Token]) -> tuple[Span, ...] | None:
    """Two spans where source and cue are inside the content ("The plan, she argued, would fail"), else one.

    None where only a relative pronoun is before them: "which residents fear may not hold".
    """
    inside = [token for token in speaking if content[0] <= token.idx < content[1]]
    if not inside:
        return (content,)
    start, end = tokens_span(inside)
    left, right = trim(text, (content[0], start)), trim(text, (end, content[1]))
    if right[1] <= right[0] or left[1] - left[0] <= len("which"):
        return None
    return left, right
