"""How much a reader would want to see a statement checked, 0 to 1: a logistic model over a few features of a content.

The weights and how they were fitted are in data/check_worthiness.json, written by training/check_worthiness.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from worker.contract.claim import Act
from worker.extraction.attribution.cue import Cue
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import is_passive
from worker.extraction.values.quantities.stage import Amount

__all__ = ["FEATURES", "check_worthiness", "features"]

FEATURES = (
    "length",
    "short",
    "figure",
    "second figure",
    "money or per cent",
    "time",
    "person",
    "body or place",
    "second name",
    "past",
    "perfect",
    "future",
    "modal",
    "passive",
    "negated",
    "I or we",
    "you",
    "pronoun for a subject",
    "question",
    "no finite verb",
    "imperative",
    "condition",
    "evaluation",
    "comparison",
    "all or never",
    "thinks or hopes",
    "is something",
    "change",
    "proper name for a subject",
    "asks of others",
    "promises",
    "says nothing",
    "accuses or denies",
    "takes sides",
    "predicts",
    "attributed",
    "contested",
    "crime",
    "health",
    "money",
    "politics",
    "war",
    "safety",
    "society",
    "nature",
    "wrong",
    "leisure",
    "scene",
    "second topic",
)
"""Names of the features; each is 0 to 1."""

_LONG = 30.0
"""Tokens from which a content counts as long as one can be."""
_SHORT = 5
_MEASURES = words("units_of_money_and_shares")
_BODIES = frozenset(["ORG", "GPE", "NORP", "LOC", "FAC", "LAW"])
_FIRST_PERSON = words("first_person")
_SECOND_PERSON = words("second_person")
_ALL_OR_NEVER = words("words_of_all_or_never")
_MIND = words("verbs_of_mind")
_CHANGE = words("verbs_of_change")
_CONTESTED = words("contested_cues")
_PERFECT = words("perfect_auxiliaries")
_MODALS = words("modals")
_COMPARED = frozenset(["JJR", "JJS", "RBR", "RBS"])
_PUBLIC_TOPICS = frozenset(["crime", "health", "money", "politics", "war", "safety", "society", "nature", "wrong"])
_OF_ACT = {
    **dict.fromkeys((Act.DEMAND, Act.URGE, Act.ASK), "asks of others"),
    **dict.fromkeys((Act.PROMISE, Act.THREATEN), "promises"),
    **dict.fromkeys((Act.SILENT, Act.DECLINE), "says nothing"),
    **dict.fromkeys((Act.ACCUSE, Act.DENY), "accuses or denies"),
    **dict.fromkeys((Act.PRAISE, Act.CRITICISE, Act.ENDORSE, Act.OPPOSE), "takes sides"),
    Act.PREDICT: "predicts",
}


def features(
    clauses: Sequence[MainClause],
    *,
    act: Act,
    cue: Cue | None,
    amounts: Sequence[Amount],
    times: int,
    kinds: Sequence[str],
) -> dict[str, float]:
    """The features that are not 0, each at most 1.

    `clauses` are the content's, `amounts` and `times` are inside it, `kinds` are the types of the entities it names.
    `cue` is None where the article says it itself.
    """
    tokens = [t for clause in clauses for t in clause.tokens if not t.is_punct]
    lower = frozenset[str]().union(*(clause.words for clause in clauses))
    lemmas = frozenset[str]().union(*(clause.lemmas for clause in clauses))
    known, topics_of = lexicon(), _topics()
    topics = {topic for lemma in lemmas for topic in topics_of.get(lemma, ())}
    present = {
        "short": len(tokens) < _SHORT,
        "figure": bool(amounts),
        "second figure": len(amounts) > 1,
        "money or per cent": any((a.unit or "").casefold() in _MEASURES for a in amounts),
        "time": times > 0,
        "person": "PERSON" in kinds,
        "body or place": not _BODIES.isdisjoint(kinds),
        "second name": len(kinds) > 1,
        "I or we": not lower.isdisjoint(_FIRST_PERSON),
        "you": not lower.isdisjoint(_SECOND_PERSON),
        "evaluation": not (lemmas.isdisjoint(known.praise) and lemmas.isdisjoint(known.blame)),
        "comparison": any(t.tag_ in _COMPARED for t in tokens),
        "all or never": not lower.isdisjoint(_ALL_OR_NEVER),
        "change": not lemmas.isdisjoint(_CHANGE),
        "attributed": cue is not None,
        "contested": cue is not None and cue.lemma in _CONTESTED,
        "second topic": len(topics & _PUBLIC_TOPICS) > 1,
    } | (_of_clause(clauses[0]) if clauses else {"no finite verb": True})
    values = {name: 1.0 for name, value in present.items() if value} | dict.fromkeys(topics, 1.0)
    if act in _OF_ACT:
        values[_OF_ACT[act]] = 1.0
    return values | {"length": min(len(tokens) / _LONG, 1.0)}


def _of_clause(main: MainClause) -> dict[str, bool]:
    subject, aux, tense = main.subject, main.auxiliaries, main.tense
    return {
        "past": tense == "past",
        "perfect": main.verb.tag_ == "VBN" and not aux.isdisjoint(_PERFECT),
        "future": tense == "future",
        "modal": not aux.isdisjoint(_MODALS),
        "passive": is_passive(main.verb),
        "negated": main.negative,
        "pronoun for a subject": subject is not None and subject.tag_ in ("PRP", "DT", "EX"),
        "question": main.question,
        "no finite verb": main.form != "finite",
        "imperative": main.imperative,
        "condition": bool(main.conditions),
        "thinks or hopes": main.head.lemma_ in _MIND,
        "is something": main.verb.lemma_ == "be",
        "proper name for a subject": subject is not None and subject.pos_ == "PROPN",
    }


@cache
def _topics() -> Mapping[str, tuple[str, ...]]:
    """Lemma to the topics that it belongs to."""
    raw = read_table("topics")
    topics: dict[str, tuple[str, ...]] = {}
    for topic, lemmas in raw["topics"].items():
        for lemma in lemmas.split():
            topics[lemma] = (*topics.get(lemma, ()), topic)
    return topics


@cache
def _weights() -> tuple[float, Mapping[str, float]]:
    raw = json.loads((files("worker.extraction") / "data" / "check_worthiness.json").read_text(encoding="utf-8"))
    return raw["bias"], raw["weights"]


def check_worthiness(present: Mapping[str, float]) -> float:
    """The judgement that a reader would give, as a share of the highest. `present`: the features that are not 0."""
    bias, weights = _weights()
    score = bias + sum(weights[name] * value for name, value in present.items())
    return round(1 / (1 + math.exp(-score)), 3)
