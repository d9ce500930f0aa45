"""Reads the hand-judged pairs of claims and finds the claims that the extraction has for them.

tests/golden/pairs/README.md describes the form of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from worker.contract.claim import Claim, Voice
from worker.contract.relation import RelationKind
from worker.extraction.pipeline import Pipeline
from worker.measure.golden import GoldArticle, GoldError, Words
from worker.measure.matching import FoundClaim, extracted
from worker.measure.overlap import MIN_SHARE, chars, share

__all__ = ["Event", "JudgedPair", "claims_of", "holds_pairs", "load_events"]

_EVERY = 3
"""Every third event is put aside."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair as a reader judged it, with the claims found for both sides. `relation` is None for "none".

    `a` or `b` is None where the extraction has no such claim.
    """

    name: str
    relation: RelationKind | None
    trap: str | None
    why: str
    words: tuple[str, str]
    a: Claim | None
    b: Claim | None


class _Side(msgspec.Struct, forbid_unknown_fields=True):
    article: str
    content: list[Words]


class _Pair(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    relation: str
    trap: str | None
    a: _Side
    b: _Side
    why: str


class _Article(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    publisher: str
    published_at: Annotated[datetime, msgspec.Meta(tz=True)]
    headline: str
    text: str
    copy_of: str | None = None


class Event(msgspec.Struct, forbid_unknown_fields=True):
    """One file: the articles about one event, and the judged pairs of their claims. `number` is that of the file."""

    id: str
    field: str
    articles: list[_Article]
    pairs: list[_Pair]
    number: int = 0

    @property
    def put_aside(self) -> bool:
        return self.number % _EVERY == 0


def holds_pairs(folder: Path) -> bool:
    """Whether the first file of a folder of gold has pairs of claims, and not an article."""
    first = min(folder.glob("*.json"), default=None)
    return first is not None and b'"pairs"' in first.read_bytes()


def load_events(folder: Path) -> list[Event]:
    """All events of a folder, by file name. Raises GoldError at the first that cannot be used."""
    return [_load(path) for path in sorted(folder.glob("*.json"))]


def _load(path: Path) -> Event:
    number = re.match(r"\d+", path.name)
    if number is None:
        raise GoldError(f"{path.name}: its name must begin with the number of the event, which decides its part")
    try:
        event = msgspec.json.decode(path.read_bytes(), type=Event)
    except msgspec.DecodeError as error:
        raise GoldError(f"{path.name}: {error}") from error
    known = {article.id for article in event.articles}
    for pair in event.pairs:
        if pair.relation != "none" and pair.relation not in set(RelationKind):
            raise GoldError(f"{path.name}, pair {pair.id}: {pair.relation!r} is no relation")
        for side in (pair.a, pair.b):
            if side.article not in known:
                raise GoldError(f"{path.name}, pair {pair.id}: there is no article {side.article!r}")
    event.number = int(number[0])
    return event


def claims_of(pipeline: Pipeline, event: Event) -> tuple[list[JudgedPair], list[Claim]]:
    """The pairs with the claims that are found for them, and all claims of the event's articles. Raises GoldError."""
    found = dict(_extracted(pipeline, event))
    texts = {article.id: article.text for article in event.articles}
    pairs = []
    for pair in event.pairs:
        a, b = (_claim(side, found[side.article], texts[side.article]) for side in (pair.a, pair.b))
        words = tuple(w if isinstance(w, str) else w[0] for w in (pair.a.content[0], pair.b.content[0]))
        pairs.append(
            JudgedPair(
                name=f"{event.id} {pair.id}",
                relation=None if pair.relation == "none" else RelationKind(pair.relation),
                trap=pair.trap,
                why=pair.why,
                words=(words[0], words[1]),
                a=a,
                b=b,
            )
        )
    return pairs, [each.claim for several in found.values() for each in several]


def _extracted(pipeline: Pipeline, event: Event) -> Iterator[tuple[str, list[FoundClaim]]]:
    copied = {article.copy_of for article in event.articles if article.copy_of}
    for article in event.articles:
        gold = GoldArticle(
            id=f"{event.id}/{article.id}",
            split="development",
            headline=article.headline,
            published_at=article.published_at,
            publisher=article.publisher,
            phenomena=(),
            text=article.text,
            claims=(),
        )
        original = article.copy_of or (article.id if article.id in copied else None)
        group = f"{event.id}/{original}" if original else None
        yield (
            article.id,
            [
                replace(each, claim=replace(each.claim, article=replace(each.claim.article, group=group)))
                for each in extracted(pipeline, gold)
            ],
        )


def _claim(side: _Side, found: Sequence[FoundClaim], text: str) -> Claim | None:
    """The claim whose content has most in common with one of the wordings; of equal ones that of a source."""
    wanted = [chars([_place(words, text)], text) for words in side.content]
    best = max(
        found,
        key=lambda each: (max(share(each.content, w) for w in wanted), each.claim.voice is Voice.ATTRIBUTED),
        default=None,
    )
    if best is None or max(share(best.content, w) for w in wanted) < MIN_SHARE:
        return None
    return best.claim


def _place(words: Words, text: str) -> tuple[int, int]:
    exact, which = (words, 1) if isinstance(words, str) else words
    starts = [match.start() for match in re.finditer(re.escape(exact), text)]
    if len(starts) < which:
        raise GoldError(f"{exact!r} does not occur {which} times in its article")
    return starts[which - 1], starts[which - 1] + len(exact)
