"""One attribution of two statements becomes two: "said that the plan failed and that the minister knew"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from worker.contract.claim import QuoteType
from worker.extraction.types import Attribution, Span

__all__ = ["each_statement"]

_OWN = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_EDGE = " \t\n,;:-–—"


def each_statement(doc: Any, text: str, found: Iterable[Attribution]) -> list[Attribution]:
    """The attributions, with one for each statement of a content that joins several; direct quotes stay whole.

    Where the corpora mark one content, a reader who checks has two claims: one may be true and the other not. `doc` is
    the parse of `text`.
    """
    made = []
    for each in found:
        parts = _parts(doc, text, each.content[0]) if _joinable(each) else []
        made += [replace(each, content=(part,)) for part in parts] or [each]
    return made


def _joinable(each: Attribution) -> bool:
    return len(each.content) == 1 and each.quote_type is not QuoteType.DIRECT


def _parts(doc: Any, text: str, content: Span) -> list[Span]:
    """The statements of a content; none where it is one. Each has a subject of its own, and "that" or "but" before it."""
    tokens = doc.char_span(*content, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return []
    cuts = []
    head = tokens.root
    while head is not None:
        joined = next(
            (c for c in head.children if c.dep_ == "conj" and c.i < tokens.end and _stands_alone(head, c)), None
        )
        if joined is not None:
            cuts.append(min(t.i for t in joined.subtree))
        head = joined
    if not cuts:
        return []
    edges = [tokens.start, *cuts, tokens.end]
    parts = []
    for start, end in itertools.pairwise(edges):
        while end > start and (doc[end - 1].dep_ == "cc" or doc[end - 1].is_punct) and end != tokens.end:
            end -= 1  # noqa: PLW2901 - "and" and the comma before it belong to neither
        first, last = (doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text)) if end > start else (0, 0)
        first, last = max(first, content[0]), min(last, content[1])
        while first < last and text[first] in _EDGE:
            first += 1
        if last > first:
            parts.append((first, last))
    return parts if len(parts) > 1 else []


def _stands_alone(clause: Any, joined: Any) -> bool:
    own = any(c.dep_ in _OWN for c in joined.children)
    marked = any(c.dep_ == "mark" and c.lower_ == "that" for c in joined.children)
    but = any(c.dep_ == "cc" and c.lower_ == "but" and c.i < joined.i for c in clause.children)
    return own and (marked or but)
