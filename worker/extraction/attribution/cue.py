"""A cue as parsed: its main word, the lemmas of its words and of those behind it, and whether it is negated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.negation import negated_noun
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["Cue", "read_cue"]

_MAX_BEHIND = 4
"""Words of the content that may belong to a phrase: "called | for an end", "rejected | the claim that"."""
_MAX_APART = 3
"""Tokens between a verb and its auxiliary, or between two joined verbs, that still are one phrase."""
_NEGATORS = words("cue_negators")
_OMITTING = words("verbs_of_omitting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """`head`: the cue's main verb or noun, None where the text has no cue. `lemma`: the lemma that it counts as.

    `lemmas`: those of the cue and of the words behind it, the first `length` of them the cue's own.
    """

    head: Token | None
    lemma: str
    lemmas: tuple[str, ...]
    length: int
    negated: bool

    @property
    def modal(self) -> str | None:
        if self.head is None:
            return None
        return next((c.lower_ for c in self.head.children if c.tag_ == "MD"), None)


def read_cue(doc: Doc, attribution: Attribution) -> Cue:
    """The cue counts as `attribution.lemma`, which may be another verb than its own ("made it clear": stress)."""
    phrase = doc.char_span(*attribution.cue, alignment_mode="expand") if attribution.cue else None
    tokens = _words_of(phrase or ())
    if not tokens:
        return Cue(head=None, lemma=attribution.lemma, lemmas=(), length=0, negated=attribution.negated)
    head = _head(tokens, attribution.lemma)
    before = _words_of(doc[min(_first(head), tokens[0].i) : tokens[0].i])
    last = tokens[-1]
    behind = _words_of(doc[last.i + 1 : min(last.i + 1 + 2 * _MAX_BEHIND, last.sent.end)])
    return Cue(
        head=head,
        lemma=attribution.lemma,
        lemmas=tuple(_lemma(token) for token in [*before, *tokens, *behind[:_MAX_BEHIND]]),
        length=len(before) + len(tokens),
        negated=attribution.negated or _is_negated(head, tokens, attribution),
    )


def _words_of(tokens: Iterable[Token]) -> list[Token]:
    return [token for token in tokens if not token.is_space and not token.is_punct]


def _is_negated(head: Token, tokens: Sequence[Token], attribution: Attribution) -> bool:
    source = attribution.source
    return (
        any(_negates(c) and not _is_said(c, attribution) for c in head.children)
        or any(token.lower_ in _NEGATORS for token in tokens)
        or (head.dep_ == "xcomp" and head.head.lemma_ in _OMITTING)  # "failed to warn"
        or (head.dep_ == "pcomp" and head.head.lower_ == "without")  # "without admitting"
        or any(_is_source(c, source) and negated_noun(c) for c in head.children)  # "nobody said"
        or any(_hears_nothing(c) for c in head.children)
    )


def _negates(token: Token) -> bool:
    return token.dep_ == "neg" or token.lower_ in ("never", "nor")


def _hears_nothing(token: Token) -> bool:
    """ "Told nobody that she was ill"."""
    clause = any(c.dep_ == "ccomp" and c.i > token.i for c in token.head.children)
    return token.dep_ in ("dobj", "dative") and clause and token.lower_ in ("nobody", "none", "no-one")


def _is_said(token: Token, attribution: Attribution) -> bool:
    """ "Nor did the horse tire, the jockey said": the negation is one of the content."""
    return any(start <= token.idx < end for start, end in attribution.content)


def _is_source(token: Token, source: Span | None) -> bool:
    return token.dep_ in NOUN_SUBJECTS and source is not None and source[0] <= token.idx < source[1]


def _first(head: Token) -> int:
    """The number of the first token of the cue's verb phrase: of its auxiliaries, or of those of the verb that it is
    joined to ("would neither confirm nor deny").
    """
    is_joined = head.dep_ == "conj" and 0 < head.i - head.head.i <= _MAX_APART
    verbs = [head, head.head] if is_joined else [head]
    auxiliaries = [
        c.i
        for verb in verbs
        for c in verb.children
        if 0 < verb.i - c.i <= _MAX_APART and c.dep_ in ("aux", "auxpass", "neg", "preconj", "cc")
    ]
    return min([*auxiliaries, *(verb.i for verb in verbs)])


def _head(tokens: Sequence[Token], lemma: str) -> Token:
    """The last word that has the lemma of the cue, else the last verb of speech, verb, noun of speech, or word."""
    known = lexicon()
    verbs = [token for token in tokens if token.pos_ == "VERB"]
    candidates = (
        [token for token in tokens if token.lemma_ == lemma]
        or [token for token in verbs if token.lemma_ in known.verbs]
        or verbs
        or [token for token in tokens if token.lemma_ in known.nouns]
        or tokens
    )
    return candidates[-1]


def _lemma(token: Token) -> str:
    if token.lower_ in ("n't", "n’t"):
        return "not"
    if token.lower_ in ("would", "'d", "’d") and token.tag_ == "MD":
        return "would"
    return token.lemma_.lower()
