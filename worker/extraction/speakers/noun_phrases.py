"""Parts of noun phrases that are sources: what only adds to them, and the noun that a relative pronoun stands for."""

from __future__ import annotations

from worker.extraction.parse import Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import subtree_without
from worker.extraction.syntax.relative_clauses import described_noun

__all__ = ["is_addition", "is_aside", "noun_of_relative"]


def noun_of_relative(pronoun: Token) -> Span | None:
    """The noun phrase that a relative pronoun stands for: "a union, which said"; None where it is none."""
    at = pronoun
    while at.head != at and at.dep_ != "relcl":
        at = at.head
    if at.dep_ != "relcl":
        return None
    noun = described_noun(at)
    kept = [t for t in subtree_without(noun, is_addition) if not t.is_space and t.i < pronoun.i]
    return (kept[0].idx, kept[-1].idx + len(kept[-1].text)) if kept else None


def is_addition(token: Token) -> bool:
    return token.dep_ in ("relcl", "appos", "acl", "punct")


def is_aside(token: Token) -> bool:
    """An addition behind a comma, or a clause; "her brother Nils" is one phrase."""
    if token.dep_ == "appos":
        return token.left_edge.i > 0 and token.doc[token.left_edge.i - 1].is_punct
    return token.dep_ in ("relcl", "acl") or (token.dep_ == "punct" and token.text not in ("-", ","))
