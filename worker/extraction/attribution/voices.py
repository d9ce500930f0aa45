"""Voices of a street poll or below an article: lines that each begin with somebody, what he is, and a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.spans import Span

__all__ = ["voices"]

_NAME = r"[A-ZÀ-ÞĀ-Ž][\w’'.-]*(?: (?:(?:de|van|von|al|bin|da|del|of) ){0,2}[A-ZÀ-ÞĀ-Ž][\w’'.-]*){1,3}"
_TOLD = r"(?:, (?:aged )?(?:\d{1,3}|[^\d\W][\w’' -]{2,30})){1,3}"
_VOICE = re.compile(
    rf"(?:(?P<told>(?P<person>{_NAME}){_TOLD})|(?P<user>(?:[A-Z]?[a-z]+){{1,3}}_?\d{{1,4}}|(?:[A-Z][a-z]+){{2,3}}))"
    rf": ?(?P<content>\S.*)|(?:[\w’'-]+ ){{0,3}}?(?P<quoted>{_NAME}): (?P<quote>“[^“”]+”)"
)
"""As in "Hilma Nangolo, 44, teacher: ...", "Losing captain Ema Novak: “...”", and a user's name: "Hattie72: ..."."""
_MIN_VOICES = 2
_ENDS = (".", "!", "?", "…", "”", '"')


def voices(text: str, lines: Sequence[Span]) -> list[tuple[Span, Span]]:
    """What each says, behind the words for who it is: of two voices and more, each of somebody else."""
    found = [match for line in lines if (match := _VOICE.fullmatch(text, *line)) and text[line[1] - 1] in _ENDS]
    names = [match["person"] or match["user"] or match["quoted"] for match in found]
    if len(set(names)) < _MIN_VOICES or (any(match["user"] for match in found) and len(set(names)) < len(names)):
        return []
    return [
        (match.span(who), match.span("quote" if who == "quoted" else "content"))
        for match in found
        for who in ("person", "user", "quoted")
        if match[who]
    ]
