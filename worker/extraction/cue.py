"""What stands at a cue: its main word, the words after it, whether it is negated, whose first person it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.extraction.lexicon import lexicon
from worker.extraction.types import Attribution

__all__ = ["Cue", "read_cue"]

_BEYOND = 4
"""Words of the content that may belong to a phrase: "called | for an end", "rejected | the claim that"."""
_NOT = frozenset(["not", "n't", "n’t", "never", "nor", "neither", "no", "without"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """`head`: the cue's main verb or noun in the parse, None where the text names no cue. `lemma`: what it counts as.

    `lemmas`: those of the cue and of the words after it, the first `length` of them the cue's own.
    """

    head: Any | None
    lemma: str
    lemmas: tuple[str, ...]
    length: int
    negated: bool

    @property
    def modal(self) -> str | None:
        if self.head is None:
            return None
        return next((c.lower_ for c in self.head.children if c.tag_ == "MD"), None)


def read_cue(doc: Any, found: Attribution) -> Cue:
    """`found.lemma` counts where the rules gave the cue another verb's meaning ("made it clear": stress)."""
    if found.cue is None:
        return Cue(head=None, lemma=found.lemma, lemmas=(), length=0, negated=found.negated)
    tokens = [t for t in doc.char_span(*found.cue, alignment_mode="expand") or () if not t.is_space and not t.is_punct]
    if not tokens:
        return Cue(head=None, lemma=found.lemma, lemmas=(), length=0, negated=found.negated)
    head = _head(tokens, found.lemma)
    ahead = [t for t in doc[min(_first(head), tokens[0].i) : tokens[0].i] if not t.is_space and not t.is_punct]
    after = [t for t in doc[tokens[-1].i + 1 : tokens[-1].i + 1 + 2 * _BEYOND] if not t.is_space and not t.is_punct]
    negated = (
        found.negated
        or any(c.dep_ == "neg" or c.lower_ in ("never", "nor") for c in head.children)
        or any(t.lower_ in _NOT for t in tokens)
    )
    return Cue(
        head=head,
        lemma=found.lemma,
        lemmas=tuple(_lemma(t) for t in [*ahead, *tokens, *after[:_BEYOND]]),
        length=len(ahead) + len(tokens),
        negated=negated,
    )


def _first(head: Any) -> int:
    """Where the cue's verb phrase begins: its auxiliaries, or those of the verb it is joined to ("would neither confirm nor deny")."""
    verbs = [head, head.head] if head.dep_ == "conj" and 0 < head.i - head.head.i <= 3 else [head]
    helpers = [
        c.i
        for v in verbs
        for c in v.children
        if c.i < v.i and v.i - c.i <= 3 and c.dep_ in ("aux", "auxpass", "neg", "preconj", "cc")
    ]
    return int(min([*helpers, *(v.i for v in verbs)]))


def _head(tokens: list[Any], lemma: str) -> Any:
    known = lexicon()
    of_rules = [t for t in tokens if t.lemma_ == lemma]
    verbs = [t for t in tokens if t.pos_ == "VERB" and t.lemma_ in known.verbs] or [
        t for t in tokens if t.pos_ == "VERB"
    ]
    nouns = [t for t in tokens if t.lemma_ in known.nouns]
    return (of_rules or verbs or nouns or tokens)[-1]


def _lemma(token: Any) -> str:
    if token.lower_ in ("n't", "n’t"):
        return "not"
    if token.lower_ in ("would", "'d", "’d") and token.tag_ == "MD":
        return "would"
    return str(token.lemma_.lower())
