"""Certainty and kind of modality of a content: how sure its source is of it, and whether it is fact, duty or condition.

`certainty` is that of the content under its kind: "troops must leave" is a certain obligation (kind deontic), "troops
may leave" is a possible fact. A question, a wish and an open condition are unknown.
"""

from __future__ import annotations

import re

from worker.contract.claim import Act, Certainty, Modality, ModalityKind, Source
from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.sources.hearsay import is_hearsay
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.meaning.forecasts import is_forecast
from worker.extraction.meaning.is_speaker import is_speaker, is_speaker_by_pronoun
from worker.extraction.meaning.obligation import obliges
from worker.extraction.meaning.polarity import left_open, refuses_to_rule_out
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import is_negated, seems_by_the_way, subject_of

__all__ = ["modality"]

_POSSIBLE_MODALS = words("possible_modals")
_GRANTING = frozenset(("may", "might"))
_POSSIBLE_ADVERBS = words("possible_adverbs")
_PROBABLE_ADVERBS = words("probable_adverbs")
_PROBABLE_LIFTS = words("probable_lifts")
_SEEMING = words("seeming_verbs")
_SUSPECTED = frozenset(("believe", "fear", "presume", "rumour", "rumor", "suspect"))
_CHANCE = re.compile(
    r"\b(?:it(?:['’]s| is| was| remains) (?:\w+ )?(?:possible|conceivable) that|"
    r"(?:it|there) (?:may|might|could) be that|"
    r"there(?:['’]s| is| was| remains) (?:a|some|every|still a) (?:\w+ )?(?:chance|possibility|risk|danger)|"
    r"(?:a|the) (?:possibility|risk|chance) (?:that|of)\b)",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"\b(?:(?:it|there)(?:['’]s| is| was| seems| appears| looks) (?:\w+ )?(?:likely|probable|as (?:if|though))|"
    r"^it (?:seems|seemed|appears|appeared) (?:that|the|a|an|his|her|their|its|he|she|they|we)\b|"
    r"(?:odds|chances) are|in all (?:likelihood|probability)|more likely than not|most likely|"
    r"the (?:likelihood|probability) is|(?:is|are|was|were|looks?|remains?) on (?:course|track) (?:to|for))\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(
    r"^it(?:['’]s| is| was| remains| remained) (?:\w+ ){0,2}"
    r"(?:unclear|clear|uncertain|certain|unknown|known|an open question|too (?:early|soon) to (?:say|tell|know))\b"
    r"(?:\W+\w+){0,3}?\W+(?:whether|if)\b|"
    r"^it (?:remains|remained) to be seen\b|"
    r"^\w+ (?:\w+ ){0,2}(?:not|n['’]t) (?:\w+ )?(?:know|sure|certain|say|tell) (?:whether|if)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?<![Ff]or )\b(?:[Aa]s|[Ss]o) long as "
    r"(?:the|its?|their|they|he|she|we|you|there|nobody|nothing|no|every\w+|[A-Z]\w+|\w+s)\b|"
    r"\b[Oo]n (?:the )?condition that\b|\b[Ii]n the event (?:that|of)\b|\b(?:[Pp]rovided|[Pp]roviding) that\b|"
    r"\b(?:[Aa]ssuming|[Ss]upposing) (?:that|the|there)\b"
)
"""Conditions that the parse gives in many ways: "as long as the dyke holds"."""
_LIKELY_WITHIN = 60
"""Characters from the beginning of a content in which "it is likely" is about its main clause."""
_THINKING = words("thinking_verbs")
_WISHING = words("wishing_verbs")
_SENSING = words("sensing_verbs")
_PROBABLE_CUES = words("probable_cues")
_POSSIBLE_CUES = words("possible_cues")
_UNKNOWN_ACTS = (Act.ASK, Act.THREATEN)
_DIRECTIVES = (Act.DEMAND, Act.URGE, Act.STIPULATE)
_STATING = (Act.ASSERT, Act.CRITICISE, Act.PRAISE, Act.ACCUSE)
_NAMELESS = words("nameless_sources")
_NOUNS_OF_HEARSAY = words("nouns_of_hearsay")
_UNNAMED_SOURCE = re.compile(
    rf"(?:[\w’'-]+ ){{0,3}}(?:sources?|insiders?)\b(?! of\b)|(?:the )?{any_of('rumours_as_sources')}s?\b|"
    r"(?:[\w-]+ ){0,2}reports(?: (?:in|on|from) (?:[\w-]+ ){0,4}(?:press|media|papers|newspapers|television|radio))?$",
    re.IGNORECASE,
)
"""As in "two sources close to the player", "a company insider"."""
_PROBABLE = Modality(certainty=Certainty.PROBABLE, kind=ModalityKind.EPISTEMIC)
_POSSIBLE = Modality(certainty=Certainty.POSSIBLE, kind=ModalityKind.EPISTEMIC)
_UNDER_CONDITION = Modality(certainty=Certainty.UNKNOWN, kind=ModalityKind.CONDITIONAL)
_UNKNOWN = Modality(certainty=Certainty.UNKNOWN)


def modality(clauses: list[MainClause], verbatim: str, *, act: Act, cue: Cue | None, source: Source | None) -> Modality:
    """`cue` and `source` are None where the article says it itself. `verbatim`: the content's own words."""
    main = clauses[0] if clauses else None
    conditional = main is not None and (bool(main.conditions) or _CONDITION.search(verbatim) is not None)
    if left_open(verbatim) or (cue is not None and act is Act.CONCEDE and _rules_not_out(cue)):
        return _POSSIBLE
    if act in _UNKNOWN_ACTS:
        return _UNDER_CONDITION if conditional else _UNKNOWN
    is_open = main is not None and (
        main.question or _is_whether_in_question(main) or _OPEN_QUESTION.match(verbatim.lstrip("\"“‘' ")) is not None
    )
    if is_open or (cue is not None and _asks_whether(cue)):
        return _UNKNOWN
    if conditional:
        return _UNDER_CONDITION
    of_clause = _of_clause(main, verbatim, source) if main is not None else None
    if of_clause is None and cue is not None and act in (Act.ASSERT, Act.ACCUSE) and _is_hearsay(cue, source):
        return _POSSIBLE if cue.lemma in _POSSIBLE_CUES else _PROBABLE
    if of_clause is None and main is not None and act in _STATING and not is_speaker(main, source):
        of_clause = _PROBABLE if is_forecast(main, reported=cue is not None) else None
    return of_clause or _of_act(act, cue.lemma if cue is not None else "")


def _is_hearsay(cue: Cue, source: Source | None) -> bool:
    """ "Is said to", "it was reported that", "sources say", "there are reports that"."""
    if cue.head is not None and is_hearsay(cue.head):
        return cue.lemma != "know"  # "is known to have met": nobody doubts it
    span = source.span if source is not None else None
    if span is None:
        return cue.head is not None and cue.head.pos_ == "NOUN" and cue.head.lemma_ in _NOUNS_OF_HEARSAY
    return span.exact.casefold() in _NAMELESS or _UNNAMED_SOURCE.match(span.exact) is not None


def _of_clause(main: MainClause, verbatim: str, source: Source | None) -> Modality | None:
    hedge = _hedge(main, verbatim, source)
    if hedge is not None:
        return Modality(certainty=hedge, kind=ModalityKind.EPISTEMIC)
    if obliges(main, verbatim):
        return Modality(kind=ModalityKind.DEONTIC)
    return _UNDER_CONDITION if _is_counterfactual(main) else None


def _of_act(act: Act, cue_lemma: str) -> Modality:
    if act in _DIRECTIVES:
        return Modality(kind=ModalityKind.DEONTIC)
    if cue_lemma in _POSSIBLE_CUES:
        return _POSSIBLE
    if cue_lemma in _WISHING:
        return _UNKNOWN
    if act in (Act.PREDICT, Act.ESTIMATE) or cue_lemma in _PROBABLE_CUES:
        return _PROBABLE
    return Modality()


def _rules_not_out(cue: Cue) -> bool:
    """As in "did not rule out", "would not exclude"."""
    return refuses_to_rule_out(cue) or (cue.negated and not {"rule", "exclude"}.isdisjoint(cue.lemmas[: cue.length]))


def _is_whether_in_question(main: MainClause) -> bool:
    """ "Whether the choir survives is unclear"."""
    subject = main.subject
    return (
        subject is not None and subject.dep_ == "csubj" and any(c.lower_ in ("whether", "if") for c in subject.children)
    )


def _asks_whether(cue: Cue) -> bool:
    """Whether the content is an open question to its source: "has not said whether"."""
    return any(word in ("whether", "if") for word in cue.lemmas[cue.length :][:2])


def _hedge(clause: MainClause, verbatim: str, source: Source | None) -> Certainty | None:
    """How far a clause hedges what it says; None if it does not."""
    lifted = clause.lifted
    if clause.auxiliaries & _POSSIBLE_MODALS and not _is_ability(clause):
        return None if _is_conceded(clause) else Certainty.POSSIBLE
    adverbs = {a.lower_ for a in clause.adverbs}
    adverbs |= {c.lower_ for c in (clause.subject.children if clause.subject is not None else ())}
    if adverbs & _POSSIBLE_ADVERBS or "allege" in lifted or _CHANCE.match(verbatim):
        return Certainty.POSSIBLE
    likely = any(c.dep_ == "acomp" and c.lower_ in ("likely", "unlikely", "probable") for c in clause.head.children)
    if (
        adverbs & _PROBABLE_ADVERBS
        or any(seems_by_the_way(c) for c in clause.head.children)
        or not _PROBABLE_LIFTS.isdisjoint(lifted)
        or _is_suspected(clause)
        or (likely and clause.head.lemma_ in ("be", *_SEEMING, "look"))
        or (clause.head.lemma_ == "look" and bool(lifted))
        or ("must" in clause.auxiliaries and "have" in clause.auxiliaries and clause.verb.tag_ == "VBN")
        or (clause.head.lemma_ in _SEEMING and any(c.dep_ in ("acomp", "oprd") for c in clause.head.children))
        or _LIKELY.search(verbatim[:_LIKELY_WITHIN])
    ):
        return Certainty.PROBABLE
    return _of_thought(clause, source)


def _is_conceded(clause: MainClause) -> bool:
    """Whether what may be so is only granted before what is so: "it may look easy, but it takes years"."""
    if clause.auxiliaries.isdisjoint(_GRANTING):
        return False
    ends = {c.lower_: c.i for c in clause.head.children if c.dep_ == "cc"}
    at = ends.get("but", ends.get("yet"))
    inside = {t.i for t in clause.tokens}
    joined = next((c for c in clause.head.children if c.dep_ == "conj" and at is not None and c.i > at), None)
    if joined is None or joined.i not in inside or subject_of(joined) is None:
        return False
    return not any(c.lower_ in _POSSIBLE_MODALS for c in joined.children if c.dep_ == "aux")


def _is_suspected(clause: MainClause) -> bool:
    """As in "are feared dead", "is suspected of theft"."""
    verb = clause.head
    return verb.lemma_ in _SUSPECTED and any(c.dep_ == "auxpass" for c in verb.children)


def _of_thought(clause: MainClause, source: Source | None) -> Certainty | None:
    """As in "we believe that it is safe", "I hope it is"."""
    if clause.head.lemma_ not in _THINKING or not is_speaker_by_pronoun(clause, source):
        return None
    if clause.head.lemma_ in _WISHING:
        return Certainty.UNKNOWN
    return Certainty.PROBABLE if any(c.dep_ == "ccomp" for c in clause.head.children) else None


def _is_ability(clause: MainClause) -> bool:
    """Whether "could" is about what somebody was able to do: "could not be reached", "could see the fire"."""
    if clause.auxiliaries & _POSSIBLE_MODALS != {"could"}:
        return False
    subject = clause.subject
    is_named = subject is not None and subject.pos_ in ("PRON", "PROPN")
    sensed = clause.verb.lemma_ in _SENSING and is_named
    if subject is not None and subject.lemma_.casefold() in SOMEBODY:
        sensed = sensed or clause.verb.lemma_ in ("see", "hear", "feel", "smell")
    return sensed or any(is_negated(t) for t in clause.chain)


def _is_counterfactual(clause: MainClause) -> bool:
    """As in "would have been": it did not happen."""
    return "would" in clause.auxiliaries and "have" in clause.auxiliaries and clause.verb.tag_ == "VBN"
