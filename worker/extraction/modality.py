"""Certainty and kind of modality of a content: how firmly its source stands behind it, and in which mood.

`certainty` is that of the content under its kind: "troops must leave" is a certain obligation (kind deontic), "troops may
leave" a possible fact. What is asked, wished or left to an open condition is unknown.
"""

from __future__ import annotations

import re
from typing import Any

from worker.contract.claim import Act, Certainty, Modality, ModalityKind, Source
from worker.extraction.antecedents import refers_to, third_person
from worker.extraction.clause import MainClause
from worker.extraction.cue import Cue
from worker.extraction.polarity import left_open

__all__ = ["modality"]

_MAYBE = frozenset(["may", "might", "could"])
_POSSIBLE = frozenset(
    [
        "perhaps",
        "possibly",
        "maybe",
        "conceivably",
        "potentially",
        "allegedly",
        "alleged",
        "purportedly",
        "supposedly",
        "ostensibly",
    ]
)
_PROBABLE = frozenset(
    [
        "probably",
        "likely",
        "presumably",
        "reportedly",
        "apparently",
        "seemingly",
        "doubtless",
        "evidently",
        "undoubtedly",
    ]
)
_OBLIGED = frozenset(["must", "should", "shall", "ought"])
_OBLIGING = frozenset(
    ["have", "need", "ought", "oblige", "require", "suppose", "bind", "obliged", "required", "supposed", "bound", "due"]
)
_OBLIGING_STATES = re.compile(
    r"\b(?:it|this|that) (?:is|was|would be|['’]s) (?:\w+ ){0,2}(?:imperative|essential|vital|necessary|crucial|important|urgent|time) (?:that|to|for)\b",
    re.IGNORECASE,
)
_HEDGED = frozenset(
    [
        "believe",
        "think",
        "say",
        "understand",
        "report",
        "expect",
        "estimate",
        "assume",
        "presume",
        "suspect",
        "rumour",
        "forecast",
        "project",
        "predict",
        "seem",
        "appear",
        "likely",
        "tend",
        "fear",
    ]
)
_ALLEGED = frozenset(["allege"])
_CHANCE = re.compile(
    r"\b(?:it (?:is|was|remains) (?:\w+ )?possible that|there (?:is|was|remains) (?:a|some|every|still a) (?:\w+ )?(?:chance|possibility|risk|danger)|"
    r"(?:a|the) (?:possibility|risk|chance) (?:that|of)\b)",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"\b(?:(?:it|there) (?:is|was|seems|appears|looks) (?:\w+ )?(?:likely|probable|as (?:if|though))|chances are|in all likelihood|most likely)\b",
    re.IGNORECASE,
)
_THINKS = frozenset("think believe suppose guess suspect assume reckon expect imagine presume feel fear hope".split())
_HOPES = frozenset("hope wish want".split())
_SENSES = frozenset("see hear feel smell find reach tell afford say remember get bear take".split())
_UNKNOWN_ACTS = frozenset([Act.ASK, Act.THREATEN])
_CUE_PROBABLE = frozenset(
    "anticipate assume believe expect feel forecast foresee guess imagine infer predict presume project reckon suggest suppose surmise suspect think".split()
)
_CUE_POSSIBLE = frozenset("allege fear rumour rumor speculate".split())
_CUE_WISHES = frozenset("hope want wish".split())
_DIRECTIVES = frozenset([Act.DEMAND, Act.URGE, Act.STIPULATE])


def modality(clauses: list[MainClause], words: str, *, act: Act, cue: Cue | None, source: Source | None) -> Modality:
    """`cue` and `source` are None where the article says it itself."""
    lemma = cue.lemma if cue is not None else ""
    if left_open(words):
        return Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.EPISTEMIC)
    if cue is not None and act is Act.CONCEDE and cue.negated and {"rule", "exclude"} & set(cue.lemmas[: cue.length]):
        return Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.EPISTEMIC)
    if act in _UNKNOWN_ACTS:
        kind = ModalityKind.CONDITIONAL if clauses and clauses[0].conditions else ModalityKind.NONE
        return Modality(certainty=Certainty.UNKNOWN, kind=kind)
    if (cue is not None and _whether(cue)) or (clauses and clauses[0].question):
        return Modality(certainty=Certainty.UNKNOWN)
    if not clauses:
        return _by_act(act, lemma)
    clause = clauses[0]
    if clause.conditions:
        return Modality(certainty=Certainty.UNKNOWN, kind=ModalityKind.CONDITIONAL)
    hedge = _hedge(clause, words, source)
    if hedge is not None:
        return Modality(certainty=hedge, kind=ModalityKind.EPISTEMIC)
    if _obliges(clause, words):
        return Modality(kind=ModalityKind.DEONTIC)
    if _counterfactual(clause):
        return Modality(certainty=Certainty.UNKNOWN, kind=ModalityKind.CONDITIONAL)
    return _by_act(act, lemma)


def _whether(cue: Cue) -> bool:
    """Whether the content is an open question to its source: "has not said whether"."""
    return any(word in ("whether", "if") for word in cue.lemmas[cue.length :][:2])


def _by_act(act: Act, lemma: str) -> Modality:
    if act in _DIRECTIVES:
        return Modality(kind=ModalityKind.DEONTIC)
    if lemma in _CUE_POSSIBLE:
        return Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.EPISTEMIC)
    if lemma in _CUE_WISHES:
        return Modality(certainty=Certainty.UNKNOWN)
    if act in (Act.PREDICT, Act.ESTIMATE) or lemma in _CUE_PROBABLE:
        return Modality(certainty=Certainty.PROBABLE, kind=ModalityKind.EPISTEMIC)
    return Modality()


def _hedge(clause: MainClause, words: str, source: Source | None) -> Certainty | None:
    aux = clause.auxiliaries
    adverbs = {a.lower_ for a in clause.adverbs}
    if _MAYBE & aux and not _able(clause, aux):
        return Certainty.POSSIBLE
    near = adverbs | {c.lower_ for c in (clause.subject.children if clause.subject is not None else ())}
    if near & _POSSIBLE or _CHANCE.match(words) or "allege" in clause.lifted:
        return Certainty.POSSIBLE
    if near & _PROBABLE or set(clause.lifted) & _HEDGED or _LIKELY.search(words[:60]):
        return Certainty.PROBABLE
    if clause.head.lemma_ == "be" and any(
        c.dep_ == "acomp" and c.lower_ in ("likely", "unlikely", "probable") for c in clause.head.children
    ):
        return Certainty.PROBABLE
    if clause.head.lemma_ in _THINKS and clause.subject is not None and _is_speaker(clause.subject, source):
        if clause.head.lemma_ in _HOPES:
            return Certainty.UNKNOWN
        if any(c.dep_ == "ccomp" for c in clause.head.children):
            return Certainty.PROBABLE
    return None


def _is_speaker(subject: Any, source: Source | None) -> bool:
    if subject.lower_ in ("i", "we"):
        return True
    pronoun = third_person(subject)
    return pronoun is not None and pronoun == subject and source is not None and refers_to(pronoun, source)


def _able(clause: MainClause, aux: frozenset[str]) -> bool:
    """Whether "could" is about what somebody was able to do: "could not be reached", "could see the fire"."""
    if aux & _MAYBE != {"could"}:
        return False
    return any(c.dep_ == "neg" for t in clause.chain for c in t.children) or (
        clause.verb.lemma_ in _SENSES and clause.subject is not None and clause.subject.pos_ in ("PRON", "PROPN")
    )


def _obliges(clause: MainClause, words: str) -> bool:
    if clause.auxiliaries & _OBLIGED:
        return True
    if clause.lifted:
        if set(clause.lifted) & _OBLIGING:
            return True
        if clause.lifted == ("be",) and clause.head.tag_ == "VBD":  # "were to leave"; "is to leave" is a plan
            return True
    return bool(_OBLIGING_STATES.match(words.lstrip("\"“‘' "))) or any(
        c.dep_ == "acomp" and c.lower_ in ("imperative", "obligatory", "mandatory", "compulsory")
        for c in clause.head.children
    )


def _counterfactual(clause: MainClause) -> bool:
    """As in "would have been": what did not happen."""
    aux = clause.auxiliaries
    return "would" in aux and "have" in aux and clause.verb.tag_ == "VBN"
