"""Texts that were extracted before: what the claims of a text depend on, and where a caller may keep them.

After cleaning the stages read nothing of an article but its address, its text with the kinds of its lines, its headline
and the day of its publication. So with all of these and the same code the claims are the same, and need no model. The
models do not read the day: with another one the claims are made again of what they found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from worker.contract.claim import Article, Claim
from worker.contract.extraction import Block

__all__ = ["BARE_ARTICLE", "Known", "KnownTexts", "Parsed", "PublicationDay", "text_key"]

BARE_ARTICLE = Article(uri="", version="", text_sha256="")
"""The article of claims that are kept: they get that of the version that they are used for."""


class PublicationDay:
    """The day that relative times are counted from, None where the article has none.

    `was_asked`: whether the extraction looked at it. Where it did not, its claims hold for any other day as well.
    """

    def __init__(self, day: date | None) -> None:
        self._day = day
        self.was_asked = False

    @property
    def day(self) -> date | None:
        self.was_asked = True
        return self._day


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the models found in a text, as bytes: its parse and its attributions."""

    doc: bytes
    attributions: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Of a text: its claims, with BARE_ARTICLE, or what is needed to make them without the models."""

    claims: list[Claim] | None
    parsed: Parsed | None = None


class KnownTexts(Protocol):
    """Keeps what is known of texts by their key. It may forget any time, and must never give back anything else than it
    was given.
    """

    def look_up(self, key: bytes, day: str) -> Known | None:
        """What was kept under `key`: claims where they hold for that day of publication, else the parse; else None."""
        ...

    def keep(self, key: bytes, day: str | None, claims: Sequence[Claim], parsed: Parsed | None) -> None:
        """`day`: the only day of publication for which the claims hold, None for any."""
        ...


def text_key(*, uri: str, headline: str | None, text: str, blocks: Sequence[Block], stages: str) -> bytes:
    """32 bytes of all that the claims depend on but the day of publication. `stages`: the code and its options."""
    hashed = hashlib.sha256()
    lines = "".join(f"{block.kind.value} {block.start} {block.end}\n" for block in blocks)
    for part in (stages, uri, "" if headline is None else "=" + headline, lines, text):
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(8, "big"))
        hashed.update(encoded)
    return hashed.digest()
