"""How much a reader would want to see a statement checked, 0 to 1: a logistic model over a few features of a content.

The weights and how they came about stand in data/check_worthiness.json, fitted by training/check_worthiness.py.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from worker.contract.claim import Act
from worker.extraction.clause import MainClause
from worker.extraction.cue import Cue
from worker.extraction.lexicon import lexicon
from worker.extraction.quantities import Amount

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
    "two matters",
)
"""Names of the features; each is 0 to 1."""

_LONG = 30.0
_SHORT = 5
_MEASURES = frozenset(["percent", "percentage points", "usd", "eur", "gbp", "jpy", "chf"])
_BODIES = frozenset(["ORG", "GPE", "NORP", "LOC", "FAC", "LAW"])
_FIRST = frozenset(["i", "we", "me", "us", "my", "our", "mine", "ours"])
_YOU = frozenset(["you", "your", "yours"])
_ALL = frozenset("all always any entire every everyone everything never no nobody none nothing only whole".split())
_MIND = frozenset("believe feel hope like love prefer think want wish wonder".split())
_WEIGHTY = frozenset(["crime", "health", "money", "politics", "war", "safety", "society", "nature", "wrong"])
_CHANGE = frozenset(
    "add build buy close cost create cut decline decrease die double drop earn employ expand fall gain grow halve improve increase injure kill "
    "lose lower make open pay produce raise receive reduce rise save sell shrink spend triple win worsen".split()
)
_CONTESTED = frozenset("accuse allege claim contend deny dispute find insist maintain reveal".split())
"""Cues under which a statement stands against another or comes from an inquiry."""


_COMPARED = frozenset(["JJR", "JJS", "RBR", "RBS"])
_HAVE = frozenset(["has", "have", "had", "'ve", "'s"])
_MODAL = frozenset(["may", "might", "could", "can", "should", "must", "would", "ought"])
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
    """Those that are not 0. `clauses` are the content's, `amounts` and `times` lie inside it, `kinds` are the types of the entities it names."""
    tokens = [t for clause in clauses for t in clause.tokens if not t.is_punct]
    words = frozenset[str]().union(*(clause.words for clause in clauses))
    lemmas = frozenset[str]().union(*(clause.lemmas for clause in clauses))
    known, matters = lexicon(), _matters()
    about = {name for lemma in lemmas for name in matters.get(lemma, ())}
    present = {
        "short": len(tokens) < _SHORT,
        "figure": bool(amounts),
        "second figure": len(amounts) > 1,
        "money or per cent": any((a.unit or "").casefold() in _MEASURES for a in amounts),
        "time": times > 0,
        "person": "PERSON" in kinds,
        "body or place": not _BODIES.isdisjoint(kinds),
        "second name": len(kinds) > 1,
        "I or we": not words.isdisjoint(_FIRST),
        "you": not words.isdisjoint(_YOU),
        "evaluation": not (lemmas.isdisjoint(known.praise) and lemmas.isdisjoint(known.blame)),
        "comparison": any(t.tag_ in _COMPARED for t in tokens),
        "all or never": not words.isdisjoint(_ALL),
        "change": not lemmas.isdisjoint(_CHANGE),
        "attributed": cue is not None,
        "contested": cue is not None and cue.lemma in _CONTESTED,
        "two matters": len(about & _WEIGHTY) > 1,
    } | (_of_clause(clauses[0]) if clauses else {"no finite verb": True})
    found = {name: 1.0 for name, value in present.items() if value} | dict.fromkeys(about, 1.0)
    if act in _OF_ACT:
        found[_OF_ACT[act]] = 1.0
    return found | {"length": min(len(tokens) / _LONG, 1.0)}


def _of_clause(main: MainClause) -> dict[str, bool]:
    subject, aux, tense = main.subject, main.auxiliaries, main.tense
    return {
        "past": tense == "past",
        "perfect": main.verb.tag_ == "VBN" and not aux.isdisjoint(_HAVE),
        "future": tense == "future",
        "modal": not aux.isdisjoint(_MODAL),
        "passive": any(c.dep_ == "auxpass" for c in main.verb.children),
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
def _matters() -> Mapping[str, tuple[str, ...]]:
    """Lemma to the matters that it is about."""
    raw = tomllib.loads((files("worker.extraction") / "data" / "matters.toml").read_text(encoding="utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for name, words in raw["matters"].items():
        for word in words.split():
            found[word] = (*found.get(word, ()), name)
    return found


@cache
def _weights() -> tuple[float, Mapping[str, float]]:
    raw = json.loads((files("worker.extraction") / "data" / "check_worthiness.json").read_text(encoding="utf-8"))
    return raw["bias"], raw["weights"]


def check_worthiness(present: Mapping[str, float]) -> float:
    """The judgement that a reader would give, as a share of the highest. `present`: what `features` found."""
    bias, weights = _weights()
    score = bias + sum(weights[name] * value for name, value in present.items())
    return round(1 / (1 + math.exp(-score)), 3)
