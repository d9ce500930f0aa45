"""The speech act of a statement under a neutral cue ("said"), from what it says: a promise, a demand, blame."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from worker.contract.claim import Act, Source
from worker.extraction.attribution.cue import Cue
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.act_of_cue import judgement
from worker.extraction.meaning.is_speaker import FIRST_PERSON, is_by_third_person, is_speaker
from worker.extraction.meaning.obligation import regulates
from worker.extraction.meaning.polarity import RAISES, left_open
from worker.extraction.meaning.threats import (
    does_not_hesitate,
    goes_to_law,
    harms_somebody,
    harms_under_condition,
    is_own_side,
    is_ultimatum,
    menaces,
    sets_condition,
)
from worker.extraction.meaning.wrongs import blames
from worker.extraction.parse import Token
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.negation import negated_noun
from worker.extraction.syntax.relations import is_negated, is_passive

__all__ = ["act_of_content"]

_LAWS = words("binding_documents") | words("documents_of_rules")
_END_OF_LAW_NOUN = re.compile(r"\b(?:of|on|between|for|from|signed|seen|with)\b|,")
_URGENT = words("urgent_states")
_NOT_ASKED = words("pronouns_that_do_nothing")
_NO_PERFORMANCE = words("auxiliaries_of_no_performance")
_NOT_PERFORMED = (Act.ASSERT, Act.STIPULATE, Act.ESTIMATE, Act.SILENT, Act.DECLINE)
_WILLING = words("states_of_willingness")
_RUMOURS = words("rumours_as_sources")
_NOT_UNDERTAKEN = words("verbs_of_no_undertaking")
_COPULAS = words("judging_copulas")
_NO_DENIAL = words("modals") | {"ca"}
_CONCLUDING = words("probable_cues")
_INSISTING, _HEARERS = words("cues_of_a_denial"), words("hearers_of_a_denial")
_ALLEGATION, _ALLEGED, _WRONG = words("words_of_allegation"), words("what_is_alleged"), words("words_of_wrong")
_BREAKING, _RULES_OF_ALL = words("verbs_of_breaking"), words("what_can_be_broken")
_CAN_BE_UNTRUE = words("what_can_be_untrue")
_BEFALLS = words("what_befalls")
_WORDS_BEFORE, _WORDS_BEHIND = 70, 30
"""How far from a negative statement something alleged is looked for, in words of the text."""
_TRUE = words("words_of_truth")
_STATES = words("verbs_of_state") | RAISES
_KINDER = words("verbs_of_a_threat_or_a_promise")
_MARKS = ('"', "“")
_ADMITS = re.compile(
    r"\b(?:we|I) (?:(?:made|make) (?:\w+ ){0,2}(?:mistakes?|errors?|misjudge?ments?)|"
    r"(?:messed|screwed|slipped) up|blew it|fell short|(?:was|were) (?:in the )?wrong|let (?:\w+ ){1,3}down|"
    r"(?:take|accept|bear) (?:full |sole )?responsibility|could have done (?:more|better)|"
    r"(?:got|have got) (?:it|this|that) wrong|should(?: not|n['’]t)? have|failed|"
    r"regret(?! nothing\b| no\b))\b|(?<!feel )(?<!felt )\bsorry\b|"
    r"\b(?:my|our) (?:mistake|fault)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Content:
    """A content with who says it; `main` is the first of its `clauses`."""

    main: MainClause
    clauses: list[MainClause]
    verbatim: str
    cue: Cue
    source: Source

    @property
    def by_speaker(self) -> bool:
        """Whether the main clause is about the one who says it."""
        spelt = self.source.span.exact.casefold() if self.source.span is not None else ""
        if spelt in _RUMOURS or (_is_quoted(self.main) and is_by_third_person(self.main)):
            return False
        return is_speaker(self.main, self.source)


def act_of_content(cue: Cue, clauses: list[MainClause], verbatim: str, source: Source) -> Act:
    """ASSERT where the content is no other act. `verbatim`: the content's own words."""
    if not clauses or (cue.negated and cue.lemma in RAISES):
        return Act.ASSERT
    content = _Content(clauses[0], clauses, verbatim, cue, source)
    return next((act for rule in _RULES if (act := rule(content)) is not None), Act.ASSERT)


def _is_quoted(main: MainClause) -> bool:
    first = main.tokens[0]
    return first.text in _MARKS or (first.i > 0 and first.nbor(-1).text in _MARKS)


def _question(content: _Content) -> Act | None:
    clauses = content.clauses
    asks = 2 * sum(c.question for c in clauses) > len(clauses) or (clauses[0].question and len(clauses) < 4)
    return Act.ASK if asks else None


def _rule_of_law(content: _Content) -> Act | None:
    """As in "The treaty says members must ..."."""
    span = content.source.span
    return Act.STIPULATE if span is not None and _is_law(span.exact) and regulates(content.main) else None


def _left_open(content: _Content) -> Act | None:
    """As in "could not rule out"."""
    return Act.CONCEDE if left_open(content.verbatim) else None


def _performance(content: _Content) -> Act | None:
    """As in "We call on ...", "I condemn ...": to say it is to do it."""
    return next((act for clause in content.clauses if (act := _performed(clause)) is not None), None)


def _admission(content: _Content) -> Act | None:
    """As in "we made mistakes", "I am sorry"."""
    return Act.CONCEDE if _ADMITS.search(content.verbatim) and content.by_speaker else None


def _ultimatum(content: _Content) -> Act | None:
    """As in "Leave or we will shoot"."""
    return Act.THREATEN if is_ultimatum(content.main) else None


def _imperative(content: _Content) -> Act | None:
    return Act.URGE if content.main.imperative else None


def _obligation_of_others(content: _Content) -> Act | None:
    """A demand if it must be done, urged if it should: "they must leave", "it is vital that"."""
    main = content.main
    subject, aux = main.subject, main.auxiliaries
    if subject is None:
        return None
    urgent = any(c.dep_ == "acomp" and c.lower_ in _URGENT for c in main.head.children)
    if subject.lower_ in ("it", "there") and urgent and any(t.lower_ == "that" for t in main.tokens):
        return Act.URGE
    if subject.lower_ in _NOT_ASKED or main.tense == "past" or "have" in aux or main.not_yet:
        return None
    needed = not {"have", "need"}.isdisjoint(main.lifted) and main.head.tag_ in ("VBZ", "VBP")
    needed = needed and not any(c.dep_ == "dobj" for c in main.head.children)  # "you have ten seconds to leave"
    # "thought that they must be wizards" concludes
    concluded = main.verb.lemma_ == "be" and content.cue.lemma in _CONCLUDING
    if ("must" in aux and not concluded) or (needed and not content.by_speaker):
        return Act.DEMAND
    return Act.URGE if aux & {"should", "ought"} else None


def _intention(content: _Content) -> Act | None:
    """What the speaker will do: a promise, or a threat if it harms."""
    main, cue = content.main, content.cue
    if not _WILLING.isdisjoint(main.lifted) and content.by_speaker and not main.negative:
        return Act.PROMISE
    if (harm := does_not_hesitate(main)) is not None and content.by_speaker:
        return Act.THREATEN if harm else Act.PROMISE
    would = "would" in main.auxiliaries and "have" not in main.auxiliaries
    reported_future = would and cue.head is not None and cue.head.i < main.head.i
    own_side = main.subject is not None and is_own_side(main.subject, content.source)
    if not (main.tense == "future" or reported_future) or is_negated(main.head):
        return None
    if not content.by_speaker and not own_side:
        return None
    if harms_somebody(main, content.source):
        return Act.THREATEN
    if harms_under_condition(main) or goes_to_law(main):
        if sets_condition(main):
            return Act.THREATEN
        return _undertaking(content) if goes_to_law(main) or main.verb.lemma_ in _KINDER else None
    return _undertaking(content)


def _menace(content: _Content) -> Act | None:
    """As in "you will regret this"."""
    return Act.THREATEN if menaces(content.main) and content.source.span is not None else None


def _undertaking(content: _Content) -> Act | None:
    main = content.main
    if not content.by_speaker or is_passive(main.verb) or main.verb.pos_ == "AUX":
        return None
    return Act.PROMISE if main.verb.lemma_ not in _NOT_UNDERTAKEN else None


def _evaluation(content: _Content) -> Act | None:
    """Blame or praise in the predicate: "The plan is reckless", "This was a triumph"."""
    main = content.main
    if main.head.lemma_ not in _COPULAS or main.negative:
        return None
    if any(t.lower_ == "context" and t.head.lower_ == "of" for t in main.tokens):
        return Act.DENY  # "taken out of context"
    predicates = [c for c in main.head.children if c.dep_ in ("acomp", "attr", "oprd")]
    if any(t is not None and t.lemma_.lower() in _BEFALLS for t in (main.subject, *predicates)):
        return None  # "the earthquake was a disaster", "it was a terrible winter"
    attributes = [c for p in predicates for c in p.children if c.dep_ in ("amod", "conj", "compound")]
    found = judgement(t.lemma_.lower() for t in [*predicates, *attributes])
    return None if found is Act.DENY and not _can_be_untrue(main.subject) else found


def _can_be_untrue(subject: Token | None) -> bool:
    """Whether to call it false denies it: a claim, a picture, "this"; not a passport."""
    if subject is None:
        return False
    if subject.dep_ in ("csubj", "expl"):
        return True
    return bool({subject.lower_, subject.lemma_.lower()} & (_CAN_BE_UNTRUE | lexicon().statements))


def _wrong_of_others(content: _Content) -> Act | None:
    """A third party did wrong: "the company lied to its workers"."""
    main = content.main
    if main.negative or main.tense not in ("past", "present"):
        return None
    return Act.ACCUSE if blames(main, by_speaker=content.by_speaker) else None


def _denial(content: _Content) -> Act | None:
    """A fact denied: "there are no soldiers", "we took no money", "it is not true". A feeling is no fact.

    Where nobody has alleged it, a negative statement is none: "we do not serve lunch", "there were no survivors".
    """
    main = content.main
    if not main.is_denial or main.tense not in ("past", "present") or main.form != "finite":
        return None
    if main.auxiliaries & _NO_DENIAL or main.subject is None:
        return None
    if main.head.lemma_ == "be" and any(c.dep_ == "acomp" and c.lower_ in _TRUE for c in main.head.children):
        return Act.DENY
    # what was done to who says it, "we were told nothing", is no deed of his
    own_deed = main.verb.lemma_ not in _STATES and content.by_speaker and not is_passive(main.verb)
    nothing_wrong = content.by_speaker and (
        not main.lemmas.isdisjoint(_WRONG)
        or (main.verb.lemma_ in _BREAKING and not main.lemmas.isdisjoint(_RULES_OF_ALL))
    )
    if main.subject.dep_ != "expl" and not own_deed and not nothing_wrong:
        return None
    return Act.DENY if nothing_wrong or _is_alleged(content) else None


def _is_alleged(content: _Content) -> bool:
    """Whether what a negative statement is about is something that people are accused of, or was alleged nearby."""
    main, cue = content.main, content.cue
    known = lexicon()
    if cue.lemma in _INSISTING or not _HEARERS.isdisjoint(cue.lemmas):
        return True
    if main.verb.lemma_ in known.wrongs | known.harm | known.harm_of_somebody:
        return True
    if any(t.lemma_.lower() in _ALLEGED for t in main.tokens if t.pos_ == "NOUN"):
        return True
    own = {t.i for t in main.tokens}
    near = main.head.doc[max(0, main.head.i - _WORDS_BEFORE) : main.head.i + _WORDS_BEHIND]
    return any(t.lemma_.lower() in _ALLEGATION for t in near if t.i not in own)


_RULES: tuple[Callable[[_Content], Act | None], ...] = (
    _question,
    _rule_of_law,
    _left_open,
    _performance,
    _admission,
    _ultimatum,
    _imperative,
    _obligation_of_others,
    _menace,
    _intention,
    _evaluation,
    _wrong_of_others,
    _denial,
)
"""The first rule that gives an act decides."""


def _performed(clause: MainClause) -> Act | None:
    subject, head, known = clause.subject, clause.head, lexicon()
    if subject is None or subject.lower_ not in FIRST_PERSON or clause.tense == "past":
        return None
    if clause.auxiliaries & _NO_PERFORMANCE:
        return None
    phrase = known.phrase([t.lemma_.lower() for t in head.doc[head.i : head.i + 5]], 1)
    act = phrase[1] if phrase is not None else known.verbs.get(head.lemma_)
    if act is None or act in _NOT_PERFORMED:
        return None
    if act is Act.PREDICT and not any(c.dep_ in ("ccomp", "dobj", "xcomp") for c in head.children):
        return None
    if is_negated(head) or any(c.dep_ == "dobj" and negated_noun(c) for c in head.children):
        return Act.OPPOSE if act is Act.ENDORSE else None
    return act


def _is_law(source: str) -> bool:
    noun_phrase = _END_OF_LAW_NOUN.split(source.casefold())[0].split()
    return bool(noun_phrase) and (noun_phrase[-1] in _LAWS or noun_phrase[-1].removesuffix("s") in _LAWS)
