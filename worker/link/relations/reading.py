"""What of a claim is compared with others: words, names, numbers, times, source, and what is done by saying it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from worker.contract.claim import Act, Certainty, Claim, ModalityKind, Quantity, Span, TimeExpression
from worker.link.relations.amounts import Amount, amount_of
from worker.link.relations.lexicon import RAREST, Rows, vectors
from worker.link.relations.negation import negation_of, predicate_of
from worker.link.relations.places import countries_of
from worker.link.relations.shares import Share, share_of
from worker.link.relations.speaker import Speaker, speaker_of
from worker.link.relations.stems import NEGATIONS, STOP_WORDS, listed, stem, stems_of_list, tokens_of

__all__ = ["JUDGES", "Interval", "Name", "Reading", "are_of_one_article", "context_of", "day_of", "reading_of"]

Reals = npt.NDArray[np.float32]

_WANTS = frozenset([Act.DEMAND, Act.URGE, Act.ASK])
JUDGES = frozenset([Act.PRAISE, Act.CRITICISE, Act.ENDORSE, Act.OPPOSE, Act.ACCUSE])
"""Acts that say what the source thinks of something."""
_NO_NAMES = ("the ", "a ", "an ")
_NOTHING_SAID = frozenset([Act.DECLINE, Act.SILENT])
_NO_MEANING = STOP_WORDS | NEGATIONS
_FUTURE = listed("future")
_HEDGES = listed("hedges")
_OF_SAYING = re.compile(
    r"^(?:(?:\S+ ){0,5}(?:having |had |ever |has )*"
    r"(?:said|called|told|claimed|promised|stated|suggested|described|announced))\b",
    re.IGNORECASE,
)
_SAYING = stems_of_list("saying")
_PART = re.compile(
    r"^of (?:them|these|those|the)\b|\b(?:among|including) (?:them|these|those)\b"
    r"|\b(?:one|two|three|half|most|some|many|dozens|hundreds|\d[\d,.]*) of (?:the|them|these|those)\b",
    re.IGNORECASE,
)
_BEFORE_PART = ("of th", "among th", "including th")
"""One of these is in whatever _PART finds: a look that costs a tenth of it."""
_CLOSING = "\"”’') "
_DURATION = re.compile(r"P(?:T?)(\d+(?:\.\d+)?)([YMWDHS])$")
_EVERY = re.compile(r"^(?:every|each|per|an?|daily|weekly|annual)\b", re.IGNORECASE)
_PRONOUNS = listed("pronouns")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_NAME = re.compile(r",? ([A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*\s?)")
_OF_WHAT = re.compile(r"\s(?:of|at|in|on|for|from|with|by)\s", re.IGNORECASE)
_BEFORE = re.compile(r"^\[[^\[\]]*[.!…]\] ")
"""The statement before in brackets, which says what "this" or "the move" is: another statement."""
_PHRASE = 2
"""Words: without a verb and with no more of them a content is a name or a thing, as headlines and lists have."""
_SAME_START = 4
"""Letters: "Libyan" is of Libya."""
_CALENDAR = listed("calendar")
_NUMBERS = listed("numbers")
_ASKS = listed("asks")
_AUXILIARIES = listed("auxiliaries")
_PLACES = frozenset(["GPE", "LOC", "FAC"])
_UNITS = {"Y": "years", "W": "weeks", "D": "days", "H": "hours", "S": "seconds"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the content: `place` for what the extraction takes for a place."""

    text: str
    entity_id: str
    words: frozenset[str]
    place: bool
    person: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` up to `end`, either None where open."""

    start: date | None
    end: date | None
    exact: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim as it is compared. `words` are those that carry meaning, `stems` theirs, `rows` where their
    vectors are, `weights` how much each tells, `beside_names` the same without names and numbers; `mean` is the vector
    of the whole, length 1. `said`: the stems of content and source. `around`: those of all names in and around the
    claim, with those of the headline's rare words. `countries`: see `countries_of`. `negative`, `not_known`: see
    `Negation`. `phrase`: the content is no sentence.
    """

    claim: Claim
    speaker: Speaker
    words: tuple[str, ...]
    stems: tuple[str, ...]
    rows: Rows
    weights: Reals
    beside_names: Reals
    mean: Reals
    said: frozenset[str]
    around: frozenset[str]
    subject: frozenset[str]
    predicate: str
    names: tuple[Name, ...]
    amounts: tuple[Amount, ...]
    intervals: tuple[Interval, ...]
    countries: frozenset[str]
    published: date | None
    negative: bool
    not_known: str | None
    share: Share | None
    wants: bool
    future: bool
    hedged: bool
    of_saying: bool
    part: bool
    silent: bool
    phrase: bool
    question: bool


def reading_of(claim: Claim) -> Reading:
    text = _text(claim)
    speaker, tokens = speaker_of(claim), tokens_of(text)
    words = tuple(w for w in tokens if w not in _NO_MEANING)
    stems = tuple(map(stem, words))
    added, negation = _added_words(claim, speaker, stems), negation_of(claim, tokens, text)
    if left_out := added | negation.words:
        words = tuple(w for w, its in zip(words, stems, strict=True) if its not in left_out)
        stems = tuple(map(stem, words))
    table = vectors()
    rows = table.rows(words)
    weights = table.weights(rows)
    total = weights @ table.units(rows)
    norm = math.sqrt(total @ total)
    proposition = claim.proposition
    subject = proposition.subject if proposition is not None and proposition.subject else ""
    listed_names = _names(claim, text, added)
    names = (*listed_names, *_unlisted(text, listed_names), *_self(claim, speaker, subject))
    return Reading(
        claim=claim,
        speaker=speaker,
        words=words,
        stems=stems,
        rows=rows,
        weights=weights,
        beside_names=weights * _tells_beside_names(words, stems, names),
        mean=total / np.float32(norm) if norm > 0 else total,
        said=frozenset((*stems, *speaker.words)),
        around=_names_around(claim, speaker, names),
        subject=_subject(subject, speaker, text),
        predicate=predicate_of(claim),
        names=names,
        amounts=_amounts(claim),
        intervals=tuple(i for time in claim.times if (i := _interval(time, claim)) is not None),
        countries=countries_of(claim),
        published=day_of(claim.article.published_at),
        negative=negation.negative,
        not_known=negation.not_known,
        share=share_of(claim, text),
        wants=claim.act in _WANTS,
        future=claim.act in (Act.PREDICT, Act.PROMISE, Act.THREATEN) or not _FUTURE.isdisjoint(tokens),
        hedged=claim.modality.certainty in (Certainty.POSSIBLE, Certainty.PROBABLE)
        or claim.modality.kind is ModalityKind.CONDITIONAL
        or not _HEDGES.isdisjoint(tokens),
        of_saying=_denies_saying(claim, text, negative=negation.negative),
        part=_speaks_of_part(text),
        silent=claim.act in _NOTHING_SAID,
        phrase=proposition is None
        and claim.act not in _WANTS
        and len(stems) <= _PHRASE
        and _AUXILIARIES.isdisjoint(tokens),
        question=text.rstrip(_CLOSING).endswith("?") or _asks(claim),
    )


def _text(claim: Claim) -> str:
    """The content as a sentence, without the statement before: "[The ferry sank.] This cost a third of the trade"."""
    return _BEFORE.sub("", claim.content.text)


def _tells_beside_names(words: Sequence[str], stems: Sequence[str], names: Sequence[Name]) -> Reals:
    """1 for each word that says something of what is named or counted, 0 for names and numbers."""
    of_names = frozenset[str]().union(*(name.words for name in names))
    return np.array(
        [s not in of_names and w not in _NUMBERS for w, s in zip(words, stems, strict=True)], dtype=np.float32
    )


def _denies_saying(claim: Claim, text: str, *, negative: bool) -> bool:
    """Whether it denies that something was said: "denied having said so", "she never said that"."""
    if claim.act is Act.DENY:
        return _OF_SAYING.match(text) is not None
    return negative and predicate_of(claim) in _SAYING


def _asks(claim: Claim) -> bool:
    """Whether a question is asked, and not for a deed: "asked whether the money had been spent"."""
    return claim.act is Act.ASK and any(not _ASKS.isdisjoint(tokens_of(s.exact)[:1]) for s in claim.content.spans)


def _speaks_of_part(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _BEFORE_PART) and _PART.search(text) is not None


def are_of_one_article(a: Reading, b: Reading) -> bool:
    return a.claim.article.uri == b.claim.article.uri


def context_of(reading: Reading) -> Mapping[str, float]:
    """The stems of headline, content and names, with how much each tells."""
    return {
        **_of_headline(reading.claim.article.headline or ""),
        # also those that the source has and the content only means: "he would not step down"
        **{word: RAREST for name in reading.names for word in name.words},
        **dict(zip(reading.stems, reading.weights.tolist(), strict=True)),
    }


@lru_cache(maxsize=1024)
def _of_headline(headline: str) -> Mapping[str, float]:
    """Kept, since an article's claims have one headline."""
    words = [w for w in tokens_of(headline) if w not in _NO_MEANING]
    weights = vectors().weights(vectors().rows(words))
    return dict(zip(map(stem, words), weights.tolist(), strict=True))


def _inside(span: Span, claim: Claim) -> bool:
    return any(content.start <= span.start and span.end <= content.end for content in claim.content.spans)


def _names_around(claim: Claim, speaker: Speaker, names: Sequence[Name]) -> frozenset[str]:
    found = {word for name in names for word in name.words}
    found.update(word for entity in claim.entities for word in _name_words(entity.name))
    if speaker.entity_id is not None:
        found.update(speaker.words)
    return frozenset(found) | _rare_words(claim.article.headline or "")


@lru_cache(maxsize=1024)
def _rare_words(headline: str) -> frozenset[str]:
    return frozenset(word for word, weight in _of_headline(headline).items() if weight >= RAREST)


def _names(claim: Claim, text: str, added: frozenset[str]) -> tuple[Name, ...]:
    return tuple(
        Name(
            text=entity.name,
            entity_id=entity.entity_id,
            words=_name_words(entity.name),
            place=entity.type in _PLACES,
            person=entity.type == "PERSON",
        )
        for entity in claim.entities
        if any(_inside(span, claim) for span in entity.spans)
        or (entity.name in text and added.isdisjoint(_stems(entity.name)))
    )


def _added_words(claim: Claim, speaker: Speaker, stems: Sequence[str]) -> frozenset[str]:
    """The stems that a readable content has from source and cue: "the union called for" before "a recount"."""
    if not claim.attribution:
        return frozenset()
    cue = claim.attribution[-1].cue
    of_frame = {*speaker.words, *_stems(cue.exact if cue else "")}.intersection(stems)
    return frozenset(of_frame.difference(*(map(stem, tokens_of(span.exact)) for span in claim.content.spans)))


@lru_cache(maxsize=16384)
def _stems(words: str) -> frozenset[str]:
    """Of a name or cue; kept, since they come again and again."""
    return frozenset(map(stem, tokens_of(words)))


@lru_cache(maxsize=16384)
def _name_words(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens_of(name) if word not in STOP_WORDS)


def _subject(subject: str, speaker: Speaker, text: str) -> frozenset[str]:
    """The stems of the subject without its "of" and "in"; those of the source where the extraction left a pronoun."""
    if subject.lower() in _PRONOUNS:
        return frozenset(speaker.words)
    # a proposition's subject is without its apposition: "the health minister, Anna Berg"
    behind = (
        _NAME.match(text, at + len(subject)) if subject and (at := text.lower().find(subject.lower())) >= 0 else None
    )
    whole = f"{_OF_WHAT.split(subject)[0]} {behind[1] if behind else ''}"
    return frozenset(stem(w) for w in tokens_of(whole) if w not in _NO_MEANING)


def _unlisted(text: str, listed_names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Words with a capital that the extraction has no entity for; the first word only where it is no common one."""
    known = {word[:_SAME_START] for name in listed_names for word in name.words}
    found = []
    for number, word in enumerate(_WORD.findall(text)):
        if not word[0].isupper():
            continue
        lower = tokens_of(word)
        if not lower or lower[0][:_SAME_START] in known or lower[0] in _NO_MEANING:
            continue
        if lower[0] in _CALENDAR or (number == 0 and lower[0] in vectors()):
            continue
        found.append(Name(word, f"word:{lower[0]}", frozenset([stem(lower[0])]), place=False, person=False))
    return tuple(found)


def _self(claim: Claim, speaker: Speaker, subject: str) -> tuple[Name, ...]:
    """The source as a name of the content where it speaks of itself: "he would not resign", "Orvia will ban it".

    Two who want or judge the same agree; two who each say what they do themselves speak of two things.
    """
    if not claim.attribution:
        return ()
    is_person = speaker.kind == "person"
    if not (is_person and subject.lower() in _PRONOUNS) and not _names_itself(claim, speaker, subject):
        return ()
    words = frozenset(speaker.words)
    return (Name(speaker.name, speaker.entity_id or speaker.name, words, place=False, person=is_person),)


def _names_itself(claim: Claim, speaker: Speaker, subject: str) -> bool:
    """Whether a source with a name of its own is the subject, and no demand or judgement makes it that."""
    if claim.act in _WANTS or claim.act in JUDGES or not speaker.words or not speaker.name[:1].isupper():
        return False
    if speaker.name.lower().startswith(_NO_NAMES):
        return False
    return subject.lower() in _PRONOUNS or _stems(subject) == frozenset(speaker.words)


def _amounts(claim: Claim) -> tuple[Amount, ...]:
    """Quantities, and durations too, which the extraction has among the times. What is behind "not" does not count."""
    durations: Sequence[Quantity] = [q for t in claim.times if (q := _duration(t)) is not None]
    return tuple(
        amount
        for quantity in (*claim.quantities, *durations)
        if f"not {quantity.span.exact}".lower() not in claim.content.text.lower()
        and (amount := amount_of(quantity, claim.content.text)) is not None
    )


def _duration(time: TimeExpression) -> Quantity | None:
    match = _DURATION.match(time.timex)
    if match is None or _EVERY.match(time.span.exact):
        return None
    hours = time.timex.startswith("PT")
    unit = "minutes" if hours and match[2] == "M" else "months" if match[2] == "M" else _UNITS[match[2]]
    number = float(match[1])
    return Quantity(span=time.span, min=number, max=number, unit=unit)


def _interval(time: TimeExpression, claim: Claim) -> Interval | None:
    """A time inside the content; one outside is mostly when it was said."""
    start, end = day_of(time.start), day_of(time.end)
    if (start is None and end is None) or not _inside(time.span, claim):
        return None
    if start is not None and end is not None and end <= start:
        end = start + timedelta(days=1)
    return Interval(start, end, time.span.exact)


def day_of(iso: str | None) -> date | None:
    """None where it is no date."""
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None
