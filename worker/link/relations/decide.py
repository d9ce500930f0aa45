"""The relation of two claims: first what rules one out, then whether they agree or clash, then what that is called."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.claim import Act
from worker.contract.relation import RelationKind
from worker.link.relations.comparer import Odds
from worker.link.relations.comparison import Comparison
from worker.link.relations.reading import Reading, are_of_one_article
from worker.link.relations.shares import comparable
from worker.link.relations.speaker import same_speaker
from worker.link.relations.stems import stems_of_list, tokens_of
from worker.link.relations.times import dated_apart, times_apart

__all__ = ["Decision", "decided", "ruled_out", "ruled_out_at_once", "ruled_out_compared"]

_FORESEEING = stems_of_list("foreseeing")
_STAYING = stems_of_list("staying")
_NEEDING = stems_of_list("needing")
_OPPOSING = stems_of_list("opposing")
_GROUNDS = stems_of_list("grounds")
_ABILITY = frozenset(["can", "could", "cannot", "can't", "couldn't"])
_PART = "one is about a part of what the other is about"
_ALIKE = 0.6
_COVERED = 0.4
_AGAINST = frozenset([Act.DENY, Act.OPPOSE, Act.CRITICISE])
_REFUSALS = frozenset([Act.OPPOSE, Act.DENY, Act.PROMISE, Act.PREDICT, Act.THREATEN])


@dataclass(frozen=True, slots=True)
class Decision:
    """`probability` is the comparer's; `confidence_of` calibrates it."""

    relation: RelationKind
    probability: float


def ruled_out_at_once(a: Reading, b: Reading) -> str | None:
    """As `ruled_out`, by what needs no comparison."""
    if a.silent or b.silent:
        return "one of the sources said nothing of it"
    if a.question or b.question:
        return "a question states nothing"
    if a.phrase or b.phrase:
        return "a phrase states nothing"
    if a.of_saying != b.of_saying:
        return "one denies that something was said, not what was said"
    if a.part != b.part and not comparable(a.share, b.share):
        return _PART
    if _are_of_different_countries(a, b):
        return "they are of different countries"
    if _have_same_words(a, b):
        return "both have the same words"
    return "they are about different times" if times_apart(a, b) is not None and not dated_apart(a, b) else None


def _have_same_words(a: Reading, b: Reading) -> bool:
    """Whether both have the same words of one article: a clause and its sentence, or a source that another one quotes
    with them. Nothing is said twice there, and nobody is a second witness. Who speaks against what it quotes may be
    in tension with it: "denied reports that the party was leaving".
    """
    if not are_of_one_article(a, b):
        return False
    if (a.claim.act in _AGAINST or b.claim.act in _AGAINST) and not same_speaker(a.speaker, b.speaker):
        return False
    of_a, of_b = a.claim.content.spans, b.claim.content.spans
    return any(x.start < y.end and y.start < x.end for x in of_a for y in of_b)


def _are_of_different_countries(a: Reading, b: Reading) -> bool:
    """Within one article the countries may be those of two sides of one matter."""
    if not a.countries or not b.countries or are_of_one_article(a, b):
        return False
    return a.countries.isdisjoint(b.countries)


def ruled_out(found: Comparison) -> str | None:
    """Why two claims have no relation however alike their words are; None where nothing rules one out."""
    return ruled_out_at_once(found.a, found.b) or ruled_out_compared(found)


def ruled_out_compared(found: Comparison) -> str | None:
    """As `ruled_out`, for claims that are not ruled out at once."""
    if found.names_apart is not None:
        return "they are about different places, people or bodies"
    if found.part_of_other:
        return _PART
    if found.a.wants != found.b.wants and not _refuses(found):
        return "a demand and a statement of fact"
    return "a forecast and what came" if _is_forecast_beside_fact(found) else None


def _is_forecast(reading: Reading) -> bool:
    return reading.future and (reading.hedged or reading.claim.act is Act.PREDICT)


def _is_forecast_beside_fact(found: Comparison) -> bool:
    a, b = found.a, found.b
    if a.future == b.future or a.wants or b.wants:
        return False
    return bool(found.amounts_clashed) or _is_forecast(a) or _is_forecast(b)


def _refuses(found: Comparison) -> bool:
    """Whether the claim that wants nothing says that what is wanted will not be, is not needed, or that all stays."""
    fact = found.b if found.a.wants else found.a
    if fact.future and fact.predicate in _STAYING and not fact.negative:
        return True
    if not found.clash:
        return False
    return (
        fact.future or fact.claim.act in _REFUSALS or fact.predicate in _OPPOSING or (fact.negative and _says_no(fact))
    )


def _says_no(fact: Reading) -> bool:
    """Whether what it denies is a need, a reason or an ability: "there was no reason to", "could not take in more"."""
    tokens = tokens_of(fact.claim.content.text)
    return fact.predicate in _NEEDING or not _GROUNDS.isdisjoint(fact.stems) or not _ABILITY.isdisjoint(tokens)


def decided(found: Comparison, odds: Odds) -> Decision | None:
    """None where nothing rules a relation out, but the comparer sees none. The first claim is not the later one."""
    if odds.none >= max(odds.agree, odds.clash):
        return None
    if not found.one_matter:
        return None
    if not found.of_one_thing and found.a.wants == found.b.wants:
        return None
    if odds.agree >= odds.clash and found.a.wants == found.b.wants:
        if found.each_names_another and not found.a.wants:
            return None
        kind = RelationKind.RESTATES if found.same_source else RelationKind.CORROBORATES
        return Decision(kind, odds.agree)
    if not found.same_source:
        return Decision(RelationKind.CONTRADICTS if _excludes(found) else RelationKind.TENSION, odds.clash)
    return Decision(RelationKind.REVISES, odds.clash) if _is_later(found.b, found.a) else None


def _is_later(b: Reading, a: Reading) -> bool:
    """False also where a date is missing, and for one instant: nobody revises what he says at the same time."""
    before, after = a.claim.article.published_at, b.claim.article.published_at
    return before is not None and after is not None and before < after


def _excludes(found: Comparison) -> bool:
    """Whether both cannot be true: opposite or different numbers, both stated flatly, and of facts or plans.

    Two forecasts do not exclude each other as facts do, nor do two demands or two judgements. A plan is no
    forecast: the source, or the one it speaks of, decides.
    """
    a, b = found.a, found.b
    if a.wants or b.wants or a.hedged or b.hedged:
        return False
    if any(not each.hard for each in found.opposed):
        return False
    if a.future != b.future or found.speaks_for_elsewhere:
        return False
    one_predicate = found["predicate alike"] >= _ALIKE or found["covered, less"] >= _COVERED or bool(found.opposed)
    if not found.amounts_clashed and not (found.clash and one_predicate):
        return False
    return not (a.future and b.future) or _decides(a) or _decides(b)


def _decides(reading: Reading) -> bool:
    """Whether the source is who does what it says will be: "we will", "Tarn said Tarn would"."""
    if reading.predicate in _FORESEEING:
        return False
    return bool(reading.subject) and bool(
        reading.subject & set(reading.speaker.words) or reading.subject & reading.speaker.affiliation
    )
