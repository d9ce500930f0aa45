"""Reads the hand-judged articles: JSON files in, frozen dataclasses with code-point offsets out.

tests/golden/README.md describes the form of a file. Nothing is guessed: words that do not occur in the text, words
that occur more than once without a number, and values outside the closed sets of `worker.contract.claim` raise
`GoldError`, which names the file, the claim and the words.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from worker.contract.claim import Act, Certainty, ModalityKind, Polarity, Span, Voice

__all__ = [
    "GoldArticle",
    "GoldClaim",
    "GoldError",
    "GoldQuantity",
    "GoldTime",
    "counts",
    "load_article",
    "load_folder",
]

Split = Literal["development", "held_out"]
Phenomenon = Annotated[int, msgspec.Meta(ge=1, le=30)]

TIMEX = re.compile(
    r"""
      [\dX]{2,4}                                                        # century, decade, year
    | [\dX]{4}-(?: [\dX]{2} | Q[1-4] | H[12] | SP | SU | FA | WI )      # month, quarter, half, season
    | [\dX]{4}-W[\dX]{2}(?:-WE)?                                        # week, weekend
    | [\dX]{4}-[\dX]{2}-[\dX]{2}(?:T(?: MO | MI | AF | EV | NI | DT | \d{2}(?::\d{2}){0,2} ))?
    | P[\dX]+[YMWD] | PT[\dX]+[HMS] | P[\dX]+(?: DE | CE )              # durations
    | PAST_REF | PRESENT_REF | FUTURE_REF
    """,
    re.VERBOSE,
)


class GoldError(Exception):
    """A file of hand-made marks cannot be used; says where in it and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldTime:
    """A time that belongs to the claim, with its TIMEX3 value resolved against the publication date."""

    span: Span
    timex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuantity:
    """A number inside the content; `min` and `max` are None where the text leaves them open."""

    span: Span
    min: float | None
    max: float | None
    approximate: bool
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldClaim:
    """One claim as a reader judged it. `within` is the id of the claim whose content contains this attribution."""

    id: str
    voice: Voice
    within: str | None
    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    speaker: str | None
    negated: bool
    act: Act
    acts_ok: frozenset[Act]
    addressees: tuple[Span, ...]
    polarity: Polarity
    certainty: Certainty
    certainty_ok: frozenset[Certainty]
    modality: ModalityKind
    times: tuple[GoldTime, ...]
    quantities: tuple[GoldQuantity, ...]
    subject: str | None
    predicate: str | None
    object: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """One article. Offsets of all spans are Unicode code points into `text`, end exclusive."""

    id: str
    split: Split
    headline: str
    published_at: datetime
    publisher: str
    phenomena: tuple[int, ...]
    text: str
    claims: tuple[GoldClaim, ...]


Words = str | tuple[str, int]
"""Exact words of the text, with the number of the occurrence (from 1) where they occur more than once."""


class _Time(msgspec.Struct, forbid_unknown_fields=True):
    text: Words
    timex: str


class _Quantity(msgspec.Struct, forbid_unknown_fields=True):
    text: Words
    min: float | None
    max: float | None
    unit: str | None
    approximate: bool = False


class _Claim(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    voice: Voice
    content: list[Words]
    act: Act
    polarity: Polarity
    certainty: Certainty
    modality: ModalityKind
    within: str | None = None
    source: Words | None = None
    cue: Words | None = None
    speaker: str | None = None
    negated: bool = False
    acts_ok: list[Act] = []
    addressees: list[Words] = []
    certainty_ok: list[Certainty] = []
    times: list[_Time] = []
    quantities: list[_Quantity] = []
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None


class _Article(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    split: Split
    headline: str
    published_at: Annotated[datetime, msgspec.Meta(tz=True)]
    publisher: str
    phenomena: list[Phenomenon]
    text: str
    claims: list[msgspec.Raw]


def load_folder(folder: Path) -> tuple[GoldArticle, ...]:
    """All articles of a folder, by file name. Raises GoldError at the first that cannot be used."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise GoldError(f"{folder} has no *.json: expected one article a file")
    return tuple(load_article(path) for path in paths)


def load_article(path: Path) -> GoldArticle:
    """The article of one file. Raises GoldError with the file, the claim and the words that are wrong."""
    try:
        raw = msgspec.json.decode(path.read_bytes(), type=_Article)
    except msgspec.DecodeError as error:
        raise GoldError(f"{path.name}: {error}") from error
    claims = tuple(
        _claim(claim, raw.text, f"{path.name}, claim {number}") for number, claim in enumerate(raw.claims, 1)
    )
    repeated = [name for name, times in Counter(claim.id for claim in claims).items() if times > 1]
    if repeated:
        raise GoldError(f"{path.name}: the claim id {repeated[0]!r} is used more than once")
    for claim in claims:
        if claim.within is not None and claim.within not in {other.id for other in claims} - {claim.id}:
            raise GoldError(f"{path.name}, claim {claim.id}: within {claim.within!r} is no other claim of the article")
    return GoldArticle(
        id=raw.id,
        split=raw.split,
        headline=raw.headline,
        published_at=raw.published_at,
        publisher=raw.publisher,
        phenomena=tuple(raw.phenomena),
        text=raw.text,
        claims=claims,
    )


def _claim(encoded: msgspec.Raw, text: str, where: str) -> GoldClaim:
    try:
        raw = msgspec.json.decode(encoded, type=_Claim)
    except msgspec.DecodeError as error:
        raise GoldError(f"{where} ({bytes(encoded)[:60].decode(errors='replace')}...): {error}") from error
    where = f"{where} ({raw.id})"
    if not raw.content:
        raise GoldError(f"{where}: no content")
    for time in raw.times:
        if not TIMEX.fullmatch(time.timex):
            raise GoldError(f"{where}: {time.timex!r} of {time.text!r} is no TIMEX3 value")
    return GoldClaim(
        id=raw.id,
        voice=raw.voice,
        within=raw.within,
        source=None if raw.source is None else _span(raw.source, text, f"{where}, source"),
        cue=None if raw.cue is None else _span(raw.cue, text, f"{where}, cue"),
        content=_spans(raw.content, text, f"{where}, content"),
        speaker=raw.speaker,
        negated=raw.negated,
        act=raw.act,
        acts_ok=frozenset(raw.acts_ok),
        addressees=_spans(raw.addressees, text, f"{where}, addressees"),
        polarity=raw.polarity,
        certainty=raw.certainty,
        certainty_ok=frozenset(raw.certainty_ok),
        modality=raw.modality,
        times=tuple(GoldTime(span=_span(t.text, text, f"{where}, times"), timex=t.timex) for t in raw.times),
        quantities=tuple(
            GoldQuantity(
                span=_span(q.text, text, f"{where}, quantities"),
                min=q.min,
                max=q.max,
                approximate=q.approximate,
                unit=q.unit,
            )
            for q in raw.quantities
        ),
        subject=raw.subject,
        predicate=raw.predicate,
        object=raw.object,
    )


def _spans(several: Iterable[Words], text: str, where: str) -> tuple[Span, ...]:
    return tuple(_span(words, text, where) for words in several)


def _span(words: Words, text: str, where: str) -> Span:
    """The span of the n-th occurrence. Occurrences inside longer words are counted too."""
    exact, which = (words, None) if isinstance(words, str) else words
    if not exact.strip():
        raise GoldError(f"{where}: no words")
    starts = [match.start() for match in re.finditer(f"(?={re.escape(exact)})", text)]
    if not starts:
        raise GoldError(f"{where}: {exact!r} does not occur in the text")
    if which is None and len(starts) > 1:
        raise GoldError(f"{where}: {exact!r} occurs {len(starts)} times; say which as [words, n]")
    if which is not None and not 1 <= which <= len(starts):
        raise GoldError(f"{where}: {exact!r} occurs {len(starts)} times, there is no occurrence {which}")
    start = starts[(which or 1) - 1]
    end = start + len(exact)
    if _inside_word(text, start) or _inside_word(text, end):
        around = text[max(0, start - 10) : end + 10]
        raise GoldError(f"{where}: occurrence {which or 1} of {exact!r} cuts a word, in {around!r}")
    return Span(start=start, end=end, exact=exact)


def _inside_word(text: str, at: int) -> bool:
    """True if `at` is between two letters or digits, or between a letter and its combining accent."""
    if not 0 < at < len(text):
        return False
    return bool(unicodedata.combining(text[at])) or (text[at - 1].isalnum() and text[at].isalnum())


def counts(articles: Iterable[GoldArticle]) -> dict[str, int]:
    """The number of articles, claims, acts and so on, by name."""
    articles = tuple(articles)
    claims = [claim for article in articles for claim in article.claims]
    numbers: dict[str, int] = {
        "articles": len(articles),
        "words": sum(len(article.text.split()) for article in articles),
        "claims": len(claims),
    }
    for voice in Voice:
        numbers[f"voice {voice}"] = sum(claim.voice == voice for claim in claims)
    for act in Act:
        numbers[f"act {act}"] = sum(claim.act == act for claim in claims)
    for polarity in Polarity:
        numbers[f"polarity {polarity}"] = sum(claim.polarity == polarity for claim in claims)
    for certainty in Certainty:
        numbers[f"certainty {certainty}"] = sum(claim.certainty == certainty for claim in claims)
    for modality in ModalityKind:
        numbers[f"modality {modality}"] = sum(claim.modality == modality for claim in claims)
    numbers["nested"] = sum(claim.within is not None for claim in claims)
    numbers["negated"] = sum(claim.negated for claim in claims)
    numbers["broken contents"] = sum(len(claim.content) > 1 for claim in claims)
    numbers["addressees"] = sum(len(claim.addressees) for claim in claims)
    numbers["times"] = sum(len(claim.times) for claim in claims)
    numbers["quantities"] = sum(len(claim.quantities) for claim in claims)
    return numbers


def main() -> None:
    """Prints the counts of each folder named on the command line."""
    for folder in map(Path, sys.argv[1:]):
        sys.stdout.write(f"{folder.name}\n")
        for name, number in counts(load_folder(folder)).items():
            sys.stdout.write(f"  {name:<24}{number:>6}\n")


if __name__ == "__main__":
    main()
