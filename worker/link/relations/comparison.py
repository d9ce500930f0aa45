"""What agrees and what clashes between two claims, as numbers for the comparer and as words for a reader."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from worker.link.relations.amounts import Amount, meet, same_measure
from worker.link.relations.lexicon import has_synonym, nearly_alike, vectors
from worker.link.relations.opposition import Opposed, opposed_words
from worker.link.relations.reading import JUDGES, Name, Reading, are_of_one_article, context_of
from worker.link.relations.roles import swapped
from worker.link.relations.shares import Share, comparable
from worker.link.relations.speaker import same_speaker
from worker.link.relations.stems import STOP_WORDS, listed, stem, tokens_of
from worker.link.relations.times import dated_apart, turned_round

__all__ = ["FEATURES", "Comparison", "compare"]

FEATURES = (
    "cosine",
    "covered, less",
    "covered, more",
    "beside names, less",
    "beside names, more",
    "predicate alike",
    "subject alike",
    "names shared",
    "names differ",
    "negation differs",
    "opposed",
    "opposed softly",
    "cancel out",
    "direct clash",
    "clash of close words",
    "clash of one that is met",
    "clash of one predicate",
    "agree of close words",
    "amounts meet",
    "amounts meet exactly",
    "amounts clash",
    "amounts clash in close words",
    "amount on one side",
    "both want",
    "both want in close words",
    "one wants",
    "hedged",
    "both future",
    "same source",
    "judgement",
    "contrast word",
    "length differs",
    "name around shared",
    "names around differ",
    "no name around",
    "words shared",
)
"""Names of the features, each about 0 to 1; they do not depend on which claim is first."""

_PLACE = {name: place for place, name in enumerate(FEATURES)}
_Table = np.ndarray[tuple[int, int], np.dtype[np.float32]]
_Row = np.ndarray[tuple[int], np.dtype[np.float32]]

_CLOSE = 0.35
"""Vectors of words with a smaller cosine say nothing."""
_SAME_MEASURE = 0.55
_MOSTLY = 0.5
_ONE_RARE_WORD = 9.0
"""The weight of one rare word, or of two common ones. A word as common as "protest" has about 7."""
_FRAME_OF_ONE, _FRAME_OF_NUMBERS, _FRAME_OF_OTHER = 0.3, 0.6, 0.15
"""Of judged pairs that are related nearly all have more in common beside names and numbers, of unrelated ones that
share a name or a number few.
"""
_MUCH_SHARED = 25.0
"""Three rare words."""
_CONTRAST = listed("contrast")


@dataclass(eq=False)
class Comparison:
    """What names, amounts and words say of two claims; `features`, in the order of FEATURES, where they are asked for:
    most pairs are ruled out without.
    """

    a: Reading
    b: Reading
    shared_names: tuple[Name, ...]
    names_differ: float
    """The share of the names that only one of them has."""
    each_names_another: bool
    """Each of them has a name that the other has not."""
    names_apart: tuple[Name, Name] | None
    """Two different places, or two different people or bodies for the subject."""
    opposed: tuple[Opposed, ...]
    negation_differs: bool
    amounts_met: tuple[tuple[Amount, Amount], ...]
    amounts_clashed: tuple[tuple[Amount, Amount], ...]
    shares: tuple[Share, Share] | None
    """How many of one kind of thing each of them is true of; of the second, as if no word of it were opposed."""
    roles_swapped: bool
    dated_apart: bool
    part_of_other: bool
    """The smaller of two numbers is about a place that the other claim, and its headline, do not name."""

    @property
    def of_one_article(self) -> bool:
        return are_of_one_article(self.a, self.b)

    @cached_property
    def same_source(self) -> bool:
        return same_speaker(self.a.speaker, self.b.speaker)

    @cached_property
    def features(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(tuple(_features(self).values()), dtype=np.float64)

    @property
    def predicate_alike(self) -> float:
        return self["predicate alike"]

    @property
    def one_matter(self) -> bool:
        """Whether more than a common word of contents and headlines says that both are about one matter."""
        a, b = self.a, self.b
        if self.of_one_article or self["covered, less"] >= _MOSTLY:
            return True
        of_a, of_b = context_of(a), context_of(b)
        common = of_a.keys() & of_b.keys()
        return sum(min(of_a[word], of_b[word]) for word in common) >= _ONE_RARE_WORD

    @property
    def speaks_for_elsewhere(self) -> bool:
        """A source is named after a place that nothing of the other claim names, and its number is another one."""
        return bool(self.amounts_clashed) and (_elsewhere(self.a, self.b) or _elsewhere(self.b, self.a))

    @property
    def of_one_thing(self) -> bool:
        """Whether both say something of the names and numbers that they share, in so far as the words beside them tell:
        some of both, and most of the one that says less for numbers that clash.
        """
        of_one = _FRAME_OF_NUMBERS if self.amounts_clashed and not self.clash else _FRAME_OF_ONE
        return self["beside names, more"] >= of_one and self["beside names, less"] >= _FRAME_OF_OTHER

    @property
    def clash(self) -> bool:
        """Opposite statements by polarity and words: two negations, or a negation and an opposite, cancel out. What is
        said of shares clashes where these do not meet.
        """
        if self.roles_swapped or self.dated_apart:
            return True
        if self.shares is not None:
            return not self.shares[0].meets(self.shares[1])
        return (int(self.negation_differs) + len(self.opposed)) % 2 == 1

    def __getitem__(self, name: str) -> float:
        return float(self.features[_PLACE[name]])


def compare(a: Reading, b: Reading) -> Comparison:
    met, clashed = _amounts(a, b) if a.amounts and b.amounts else ((), ())
    shared, differ, each_another, apart = _names(a, b)
    opposed = tuple(opposed_words(a.stems, b.stems))
    if turned := turned_round(a, b):
        opposed += (Opposed(*turned, hard=True),)
    shares = _shares(a.share, b.share, turned=len(opposed) % 2 == 1)
    return Comparison(
        a=a,
        b=b,
        shared_names=shared,
        names_differ=differ,
        each_names_another=each_another,
        names_apart=apart,
        opposed=opposed,
        negation_differs=shares is None and _denies(a, b) != _denies(b, a),
        amounts_met=met,
        amounts_clashed=clashed,
        shares=shares,
        roles_swapped=swapped(a, b),
        dated_apart=dated_apart(a, b),
        part_of_other=bool(clashed) and (_is_part(a, b, clashed) or _is_part(b, a, tuple((y, x) for x, y in clashed))),
    )


def _shares(a: Share | None, b: Share | None, *, turned: bool) -> tuple[Share, Share] | None:
    if a is None or b is None or not comparable(a, b):
        return None
    return a, b.turned if turned else b


def _denies(a: Reading, b: Reading) -> bool:
    """Whether `a` is negative of what `b` may say: who does not know a thing says nothing of it."""
    return a.negative and (a.not_known is None or a.not_known in b.stems)


def _features(found: Comparison) -> Mapping[str, float]:
    """In the order of FEATURES."""
    a, b, clash, opposed = found.a, found.b, found.clash, found.opposed
    similar = _similar(a, b)
    best_a, best_b = np.maximum.reduce(similar, axis=1, initial=0.0), np.maximum.reduce(similar, axis=0, initial=0.0)
    less, more = _both(_covered(best_a, a.weights), _covered(best_b, b.weights))
    frame_less, frame_more = _in_frame(found, best_a, best_b)
    predicate_alike = _predicate_alike(a, b, best_a, best_b)
    amounts_meet = float(bool(found.amounts_met) and not found.amounts_clashed)
    return {
        "cosine": float(a.mean @ b.mean),
        "covered, less": less,
        "covered, more": more,
        "beside names, less": frame_less,
        "beside names, more": frame_more,
        "predicate alike": predicate_alike,
        "subject alike": _subject_alike(a, b),
        "names shared": min(len(found.shared_names), 2) / 2,
        "names differ": found.names_differ,
        "negation differs": found.negation_differs and clash,
        "opposed": clash and any(o.hard for o in opposed),
        "opposed softly": clash and any(not o.hard for o in opposed),
        "cancel out": bool(opposed) and not clash,
        "direct clash": clash,
        "clash of close words": clash * frame_less,
        "clash of one that is met": clash * frame_more,
        "clash of one predicate": clash * predicate_alike,
        "agree of close words": (not clash) * frame_less,
        "amounts meet": amounts_meet,
        "amounts meet exactly": amounts_meet * _exactness(found),
        "amounts clash": bool(found.amounts_clashed),
        "amounts clash in close words": bool(found.amounts_clashed) * frame_less,
        "amount on one side": bool(a.amounts) != bool(b.amounts),
        "both want": a.wants and b.wants,
        "both want in close words": (a.wants and b.wants) * frame_less,
        "one wants": a.wants != b.wants,
        "hedged": a.hedged != b.hedged,
        "both future": a.future and b.future,
        "same source": found.same_source,
        "judgement": a.claim.act in JUDGES or b.claim.act in JUDGES,
        "contrast word": not _CONTRAST.isdisjoint(a.words) or not _CONTRAST.isdisjoint(b.words),
        "length differs": min(abs(len(a.words) - len(b.words)) / 20, 1.0),
        "name around shared": min(len(a.around & b.around), 2) / 2,
        "names around differ": bool(a.around) and bool(b.around) and a.around.isdisjoint(b.around),
        "no name around": not a.around or not b.around,
        "words shared": min(_shared_weight(a, b) / _MUCH_SHARED, 1.0),
    }


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each stem of a claim stands, and where each class of synonyms does."""

    of_stems: Mapping[str, tuple[int, ...]]
    of_classes: Mapping[int, tuple[int, ...]]


@lru_cache(maxsize=16384)
def _places(stems: tuple[str, ...]) -> _Places:
    known = nearly_alike()
    of_stems: dict[str, tuple[int, ...]] = {}
    of_classes: dict[int, tuple[int, ...]] = {}
    for place, word in enumerate(stems):
        of_stems[word] = (*of_stems.get(word, ()), place)
        for each in known.get(word, ()):
            of_classes[each] = (*of_classes.get(each, ()), place)
    return _Places(of_stems, of_classes)


def _similar(a: Reading, b: Reading) -> _Table:
    """How alike each word of one claim is to each of the other, by their vectors; 1 where the stems are equal, .9 where
    they are synonyms. Opposites are close as vectors and no help.
    """
    table = vectors()
    similar: _Table = table.units(a.rows) @ table.units(b.rows).T
    of_a, of_b = _places(a.stems), _places(b.stems)
    for each in of_a.of_classes.keys() & of_b.of_classes.keys():
        for i in of_a.of_classes[each]:
            for j in of_b.of_classes[each]:
                similar[i, j] = max(similar[i, j], 0.9)
    for word in of_a.of_stems.keys() & of_b.of_stems.keys():
        for i in of_a.of_stems[word]:
            for j in of_b.of_stems[word]:
                similar[i, j] = 1.0
    return similar


def _shared_weight(a: Reading, b: Reading) -> float:
    """How much the stems tell that both have: a share of few common words tells little."""
    of_a, of_b = _places(a.stems).of_stems, _places(b.stems).of_stems
    common = of_a.keys() & of_b.keys()
    return float(sum(min(a.weights[of_a[word][-1]], b.weights[of_b[word][-1]]) for word in common))


def _both(one: float, other: float) -> tuple[float, float]:
    return (one, other) if one <= other else (other, one)


def _covered(best: _Row, weights: _Row) -> float:
    """The share of a claim's meaning that the other has too: by the weights of its words."""
    whole = float(weights.sum())
    return float((best * (best > _CLOSE)) @ weights) / whole if whole else 0.0


def _in_frame(found: Comparison, best_a: _Row, best_b: _Row) -> tuple[float, float]:
    """As `_covered` of both, the smaller first, by what is said of the names and numbers alone; words that are opposed
    count in neither. Where nothing else is said, and of one name, all is covered: "Berg stays", "Berg goes".
    """
    a, b = found.a, found.b
    of_a, of_b = a.beside_names, b.beside_names
    if found.opposed:
        against_a, against_b = {each.a for each in found.opposed}, {each.b for each in found.opposed}
        of_a = of_a * np.array([word not in against_a for word in a.stems], dtype=np.float32)
        of_b = of_b * np.array([word not in against_b for word in b.stems], dtype=np.float32)
    if found.opposed and found.shared_names and not (of_a.any() and of_b.any()):
        return 1.0, 1.0
    return _both(_covered(best_a, of_a), _covered(best_b, of_b))


def _exactness(found: Comparison) -> float:
    """How much the agreement of two numbers tells: open bounds meet nearly all others, and twos and threes are
    everywhere.
    """
    return max((min(_tells(mine), _tells(other)) for mine, other in found.amounts_met), default=0.0)


def _tells(amount: Amount) -> float:
    if not (math.isfinite(amount.low) and math.isfinite(amount.high)):
        return 0.0
    return min(math.log10(max(abs(amount.high), 1.0)), 2.0) / 2


def _predicate_alike(a: Reading, b: Reading, best_a: _Row, best_b: _Row) -> float:
    """How well the verb of one is met by a word of the other, the better way round. `best_a`: how well each word of `a`
    is met by one of `b`.
    """
    met_a = float(best_a[a.stems.index(a.predicate)]) if a.predicate in a.stems else 0.0
    met_b = float(best_b[b.stems.index(b.predicate)]) if b.predicate in b.stems else 0.0
    return max(met_a, met_b, float(bool(a.predicate) and a.predicate == b.predicate))


def _subject_alike(a: Reading, b: Reading) -> float:
    if not a.subject or not b.subject:
        return 0.5
    met = sum(word in b.subject or has_synonym(word, b.subject) for word in a.subject)
    fewest = min(len(a.subject), len(b.subject))
    return met / fewest if met <= fewest else 1.0


def _amounts(a: Reading, b: Reading) -> tuple[tuple[tuple[Amount, Amount], ...], tuple[tuple[Amount, Amount], ...]]:
    """Amounts of one measure that meet, and those for which no amount of the other claim does."""
    met: list[tuple[Amount, Amount]] = []
    clashed: list[tuple[Amount, Amount]] = []
    for mine in a.amounts:
        alike = [(same_measure(mine, other), other) for other in b.amounts]
        alike = [(share, other) for share, other in alike if share >= _SAME_MEASURE]
        if not alike:
            continue
        fitting = [other for _, other in alike if meet(mine, other)]
        if fitting:
            met.append((mine, fitting[0]))
        elif not mine.describes:
            clashed.append((mine, max(alike, key=lambda pair: pair[0])[1]))
    if met and clashed:
        clashed = [pair for pair in clashed if all(pair[1] is not other for _, other in met)]
    return tuple(met), tuple(clashed)


def _names(a: Reading, b: Reading) -> tuple[tuple[Name, ...], float, bool, tuple[Name, Name] | None]:
    """The names that both have, the share of those that only one has, whether each has such, and two that keep the
    claims apart.
    """
    count = len(a.names) + len(b.names)
    if not count:
        return (), 0.0, False, None
    shared: list[Name] = []
    only_a: list[Name] = []
    for x in a.names:
        if _is_among(x, b.names):
            shared.append(x)
        elif not _in_words(x, b):
            only_a.append(x)
    only_b = [y for y in b.names if not _is_among(y, a.names) and not _in_words(y, a)]
    each_another = bool(only_a) and bool(only_b)
    return tuple(shared), (len(only_a) + len(only_b)) / count, each_another, _names_apart(a, only_a, b, only_b)


def _names_apart(a: Reading, only_a: Iterable[Name], b: Reading, only_b: Iterable[Name]) -> tuple[Name, Name] | None:
    for x in only_a:
        for y in only_b:
            if (x.place and y.place) or (_is_subject(x, a) and _is_subject(y, b)):
                return x, y
    return None


def _is_among(name: Name, names: Iterable[Name]) -> bool:
    entity_id, words = name.entity_id, name.words
    for other in names:  # noqa: SIM110 - a loop, since it is asked for each pair of claims that are compared
        if entity_id == other.entity_id or not words.isdisjoint(other.words):
            return True
    return False


def _is_part(a: Reading, b: Reading, clashed: tuple[tuple[Amount, Amount], ...]) -> bool:
    if not clashed or any(mine.high >= other.low for mine, other in clashed):
        return False
    headlines = {stem(w) for r in (a, b) for w in tokens_of(r.claim.article.headline or "")}
    if any(name.place and not _in_words(name, b) and not name.words & headlines for name in a.names):
        return True
    restricted = [_restriction(mine, a) for mine, _ in clashed]
    return any(word is not None and word not in b.stems and word not in headlines for word in restricted)


def _restriction(amount: Amount, reading: Reading) -> str | None:
    """The word that says which of the counted are meant: "9,000 runners from abroad"."""
    text = reading.claim.content.text
    unit = re.escape(amount.unit.split()[-1]) if amount.unit else ""
    match = re.search(
        rf"{re.escape(amount.exact)}(?:\W+\w+)?\W*(?:{unit})?\s+(?:from|aged|under|with|without|who|in|at)\s(.+)", text
    )
    rest = [w for w in tokens_of(match[1]) if w not in STOP_WORDS] if match else []
    return stem(rest[0]) if rest else None


def _elsewhere(a: Reading, b: Reading) -> bool:
    """Whether the source of `a` has a place or body in its name that `b`, its headline and its source do not have."""
    of_what = a.speaker.words[a.speaker.words.index(a.speaker.head) + 1 :] if a.speaker.head in a.speaker.words else ()
    context = b.said | {stem(w) for w in tokens_of(b.claim.article.headline or "")}
    return bool(of_what) and context.isdisjoint(of_what)


def _in_words(name: Name, other: Reading) -> bool:
    return bool(name.words) and name.words <= other.said


def _is_subject(name: Name, reading: Reading) -> bool:
    return bool(name.words) and name.words <= reading.subject
