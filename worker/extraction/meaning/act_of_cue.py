"""The speech act that a cue names: "denied", "called for", "declined to comment"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from worker.contract.claim import Act
from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.sources.hearsay import is_hearsay
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.polarity import RAISES, calls_it_something, is_not_found, refuses_to_rule_out
from worker.extraction.meaning.wrongs import can_be_blamed
from worker.extraction.parse import Token
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import has_to

__all__ = ["act_of_cue", "act_of_document", "judgement"]

_TELLING = words("verbs_of_telling")
_SCORN = words("words_of_scorn")
_PLANS = words("plans") - {"call", "claim", "demand", "idea", "request"}
_MODALS = words("modals") | {"will", "do", "does", "did"}
_NEGATIVE_ACTS = (Act.DECLINE, Act.SILENT)
"""Acts whose phrases may be negated themselves: "did not comment"."""
_NEGATORS = frozenset(("not", "no", "cannot", "neither", "nor"))
"""Words of negation that a phrase has itself: "did not deny", "made no secret"."""
_END_OF_DOCUMENT_NOUN = re.compile(r"\b(?:of|by|from|for|in|at|that|released|published)\b|,")


def act_of_cue(cue: Cue, clauses: list[MainClause]) -> Act:
    """ASSERT where the cue names no other act. `clauses` are the content's."""
    known = lexicon()
    if cue.head is None:
        return known.verbs.get(cue.lemma, Act.ASSERT)
    if cue.lemma == "rule_out":
        return Act.CONCEDE if cue.negated else Act.DENY
    if refuses_to_rule_out(cue):
        return Act.CONCEDE
    phrase = known.phrase(cue.lemmas, cue.length)
    if phrase is not None and phrase[0][-1] == "nothing" and not _says_nothing(cue.head):
        phrase = None
    if phrase is not None and (not cue.negated or phrase[1] in _NEGATIVE_ACTS or not _NEGATORS.isdisjoint(phrase[0])):
        is_rejected = tuple(phrase[0]) == ("reject", "as")  # "rejected the offer as too low"
        return (is_rejected and _rejection(_Report("reject", phrase[1], cue, cue.head, clauses))) or phrase[1]
    lemma = cue.lemma if cue.lemma in known.verbs else cue.head.lemma_.lower()
    act = _act_of_word(lemma, cue.head)
    if cue.negated and lemma not in RAISES:
        return Act.ASSERT if is_not_found(cue, clauses) else _negated(act, lemma, cue)
    if is_hearsay(cue.head) and act in (Act.ASSERT, Act.ACCUSE):
        return Act.ASSERT
    rule = _RULES.get(lemma)
    by_content = rule(_Report(lemma, act, cue, cue.head, clauses)) if rule is not None else None
    return by_content or act


def act_of_document(source: str) -> Act | None:
    """The act that a document's noun names: "according to estimates by the bank", "according to the forecast"."""
    noun_phrase = _END_OF_DOCUMENT_NOUN.split(source.casefold())[0].split()
    act = lexicon().nouns.get(noun_phrase[-1].removesuffix("s")) if noun_phrase else None
    return act if act in (Act.ESTIMATE, Act.PREDICT) else None


def judgement(lemmas: Iterable[str]) -> Act | None:
    """The act of giving a thing one of these names: blame, praise, or denial where it is called untrue."""
    known, given = lexicon(), frozenset(lemmas)
    untrue = given & known.untrue
    if untrue and not (untrue <= _SCORN and given & _PLANS):
        return Act.DENY
    if given & (known.blame | _SCORN):
        return Act.CRITICISE
    return Act.PRAISE if given & known.praise else None


def _says_nothing(verb: Token) -> bool:
    """ "Said nothing about it"; "said nothing had changed" and "said it knew nothing" were said."""
    return any(c.lower_ == "nothing" and c.dep_ == "dobj" for c in verb.children)


def _act_of_word(lemma: str, head: Token) -> Act:
    known = lexicon()
    if head.pos_ == "NOUN" and lemma in known.nouns:
        return known.nouns[lemma]
    return known.verbs.get(lemma) or known.nouns.get(lemma) or Act.ASSERT


def _negated(act: Act, lemma: str, cue: Cue) -> Act:
    """Who does not endorse opposes; who does not deny concedes; whoever else did not say it was silent about it."""
    if act is Act.ENDORSE:
        return Act.OPPOSE
    if act in (Act.OPPOSE, Act.DENY):
        return Act.CONCEDE
    return Act.DECLINE if cue.modal in ("would", "will") and lemma in _TELLING else Act.SILENT


@dataclass(frozen=True, slots=True)
class _Report:
    """A cue that is not negated, with the content's clauses. `lemma` and `act`: what the cue counts as by itself."""

    lemma: str
    act: Act
    cue: Cue
    head: Token
    clauses: list[MainClause]

    @property
    def infinitive(self) -> MainClause | None:
        """The main clause where it is an infinitive and no imperative: "to leave"."""
        main = self.clauses[0] if self.clauses else None
        return main if main is not None and main.form == "infinitive" and not main.imperative else None


def _order(report: _Report) -> Act | None:
    """As in "told them to leave"."""
    clause = report.infinitive
    return Act.DEMAND if clause is not None and not clause.question and has_to(clause.head) else None


def _proposal(report: _Report) -> Act | None:
    """As in "suggested leaving", "recommended that it be closed", "insisted that any deal include guarantees"."""
    main = report.clauses[0] if report.clauses else None
    if main is None or main.form == "fragment":
        return None
    subjunctive = main.head.tag_ == "VBP" and main.subject is not None and main.subject.tag_ in ("NN", "NNP")
    is_bare = main.head.tag_ in ("VB", "VBG") or (main.form == "infinitive" and main.head.tag_ == "VBN")
    if (is_bare and not main.auxiliaries & _MODALS) or "should" in main.auxiliaries or subjunctive:
        return Act.DEMAND if report.lemma == "insist" else Act.URGE
    return None


def _warning(report: _Report) -> Act | None:
    """As in "warned them to stay away"."""
    clause = report.infinitive
    return Act.URGE if report.act is Act.PREDICT and clause is not None and has_to(clause.head) else None


def _agreement(report: _Report) -> Act | None:
    """As in "agreed to pay"."""
    return Act.PROMISE if report.infinitive is not None else None


def _wish(report: _Report) -> Act | None:
    """As in "wants the council to pay"; "wants to pay" demands nothing."""
    main = report.clauses[0] if report.clauses else None
    done = main is not None and main.head.tag_ == "VBN" and main.head.dep_ == "ccomp"  # "wants the river dredged"
    clause = main if done else report.infinitive
    return Act.DEMAND if clause is not None and clause.subject is not None else None


def _value(report: _Report) -> Act | None:
    """As in "puts the cost at two million"."""
    prices = (t for t in report.head.subtree if t.dep_ == "prep" and t.lower_ == "at")
    return Act.ESTIMATE if any(below.like_num for at in prices for below in at.subtree) else None


def _blame(report: _Report) -> Act | None:
    """As in "blamed the council"; who blames frost, or the loss on the strong franc, accuses nobody."""
    verb = report.head
    if verb.pos_ != "VERB":
        return None
    on = [o for c in verb.children if c.dep_ == "prep" and c.lower_ == "on" for o in c.children if o.dep_ == "pobj"]
    blamed = on or [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]
    several = [each for noun in blamed for each in (noun, *noun.conjuncts)]
    return Act.ASSERT if several and not any(map(can_be_blamed, several)) else None


def _rejection(report: _Report) -> Act | None:
    """A rejected statement is denied, a rejected proposal opposed."""
    known, cue = lexicon(), report.cue
    objects = [c.lemma_.lower() for c in report.head.children if c.dep_ in ("dobj", "nsubjpass")]
    for noun in [*objects, *(clause.head.lemma_.lower() for clause in report.clauses[:1]), *cue.lemmas[cue.length :]]:
        if noun in known.statements:
            return Act.DENY
        if noun in known.proposals:
            return Act.OPPOSE
    if calls_it_something(cue):
        return judgement(lemma for clause in report.clauses for lemma in clause.lemmas) or Act.CRITICISE
    return None


def _name(report: _Report) -> Act | None:
    """As in "called the plan reckless"; "called for" and "called on" are other verbs."""
    cue = report.cue
    if {"for", "on", "upon"} & set(cue.lemmas[cue.length - 1 : cue.length + 2]):
        return None
    return judgement(lemma for clause in report.clauses for lemma in clause.lemmas) or Act.ASSERT


_RULES_OF_LISTS: Mapping[str, Callable[[_Report], Act | None]] = {
    "cues_of_an_order": _order,
    "cues_of_a_proposal": _proposal,
    "cues_of_a_warning": _warning,
    "cues_of_an_agreement": _agreement,
    "cues_of_a_wish": _wish,
    "cues_of_a_value": _value,
    "cues_of_a_rejection": _rejection,
    "cues_of_blame": _blame,
    "cues_of_a_name": _name,
}
"""List of cue verbs to the rule that reads their act from the content."""
_RULES = {verb: rule for name, rule in _RULES_OF_LISTS.items() for verb in words(name)}
