"""Spans: start and end in code points of the text at hand, end exclusive; and how they lie to each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from worker.extraction.parse import Token

__all__ = [
    "EDGE",
    "Span",
    "any_meet",
    "by_sentence",
    "inside",
    "inside_any",
    "meet",
    "token_inside",
    "tokens_span",
    "trim",
]

Span = tuple[int, int]

EDGE = " \t\n,;:-–—"
"""Characters that never begin or end a content: white space, commas, colons, dashes."""


def meet(a: Span, b: Span) -> bool:
    """Whether two spans share a character."""
    return a[0] < b[1] and b[0] < a[1]


def any_meet(some: Iterable[Span], others: Sequence[Span]) -> bool:
    """Whether a span of one group shares a character with a span of the other."""
    return any(meet(a, b) for a in some for b in others)


def inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def inside_any(span: Span, spans: Iterable[Span]) -> bool:
    """Whether one of `spans` holds the whole of `span`."""
    for start, end in spans:  # noqa: SIM110 - called thousands of times for an article, and any() takes twice as long
        if start <= span[0] and span[1] <= end:
            return True
    return False


def token_inside(token: Token, spans: Sequence[Span]) -> bool:
    """Whether a token begins inside one of the spans, which are in the order of the text, none inside another."""
    if not spans:
        return False
    number = bisect_right(spans, token.idx, key=_start) - 1
    return number >= 0 and token.idx < spans[number][1]


def _start(span: Span) -> int:
    return span[0]


def tokens_span(tokens: Sequence[Token]) -> Span:
    """From the first to the last of the tokens, in any order. Raises ValueError without a token."""
    return min(t.idx for t in tokens), max(t.idx + len(t.text) for t in tokens)


def trim(text: str, span: Span) -> Span:
    """The span without edge characters on both sides and without full stops at its end."""
    start, end = span
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE + ".":
        end -= 1
    return start, end


def by_sentence(starts: Sequence[int], spans: Iterable[Span]) -> dict[int, list[Span]]:
    """Number of a sentence to the spans that meet it. `starts`: where each sentence begins, ascending."""
    met: dict[int, list[Span]] = {}
    for span in spans:
        for number in range(max(bisect_right(starts, span[0]) - 1, 0), bisect_left(starts, span[1])):
            met.setdefault(number, []).append(span)
    return met
