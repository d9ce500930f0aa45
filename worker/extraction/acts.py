"""The act of speech that an attribution is: from its cue, and under a neutral cue from what is said.

docs/acts.md defines each act; the words stand in data/acts.toml.
"""

from __future__ import annotations

import re
from typing import Any

from worker.contract.claim import Act, Source
from worker.extraction.antecedents import refers_to, third_person
from worker.extraction.clause import MainClause
from worker.extraction.cue import Cue
from worker.extraction.lexicon import Lexicon, lexicon
from worker.extraction.polarity import RAISES, left_open

__all__ = ["act_of", "plover_of"]

_FIRST = frozenset(["i", "we"])
_LAWS = frozenset(
    "accord act agreement bill charter code constitution contract convention covenant decree deal directive guideline law licence "
    "memorandum ordinance pact permit policy protocol regulation resolution rule ruling settlement statute term terms treaty truce".split()
)
_REPORTS_SILENCE = frozenset(
    "address announce answer clarify comment confirm describe detail disclose discuss elaborate explain give identify indicate "
    "inform mention name note offer provide release reply report respond reveal say share specify state tell".split()
)
_IMPERATIVE_STATE = frozenset("imperative essential vital necessary crucial critical important urgent high".split())
_SORRY = re.compile(
    r"\b(?:we|I) (?:(?:made|make) (?:\w+ )?(?:mistakes?|errors?)|(?:got|have got) (?:it|this|that) wrong|should(?: not|n['’]t)? have|failed|regret)\b|\bsorry\b|\bmy (?:mistake|fault)\b|\bour (?:mistake|fault)\b",
    re.IGNORECASE,
)
_STATES = frozenset("be have feel know like love remember see hear own want".split())


def act_of(cue: Cue, clauses: list[MainClause], words: str, source: Source) -> Act:
    """`clauses` and `words` are the content's."""
    known = lexicon()
    act = _of_cue(cue, clauses, known)
    if cue.lemmas[:1] == ("accord",) and source.span is not None:
        act = _of_paper(source.span.exact) or act
    if act is Act.ASSERT or (act is Act.PREDICT and cue.lemma == "warn"):
        told = _of_content(cue, clauses, words, source, known)
        if act is Act.ASSERT:
            return told
        if told in (Act.THREATEN, Act.URGE):
            return told
        return Act.ASSERT if _is_fact(clauses) else act
    return act


def plover_of(act: Act, clauses: list[MainClause]) -> str | None:
    """The PLOVER event type of an act. A question asks for no deed, so it is none of REQUEST."""
    if act is Act.ASK:
        asked = clauses and clauses[0].form == "infinitive" and not clauses[0].question
        return "REQUEST" if asked else None
    return lexicon().plover.get(act)


def _of_cue(cue: Cue, clauses: list[MainClause], known: Lexicon) -> Act:
    if cue.head is None:
        return known.verbs.get(cue.lemma, Act.ASSERT)
    phrase = known.phrase(cue.lemmas, cue.length)
    lemma = cue.lemma if cue.lemma in known.verbs or cue.lemma == "rule_out" else cue.head.lemma_.lower()
    if cue.lemma == "rule_out":
        return Act.CONCEDE if cue.negated else Act.DENY
    if phrase is not None and not (
        cue.negated and phrase[1] not in (Act.DECLINE, Act.SILENT, Act.CONCEDE, Act.OPPOSE) and phrase[0][0] != "not"
    ):
        return phrase[1]
    act = known.verbs.get(lemma) or known.nouns.get(lemma) or Act.ASSERT
    if cue.head.pos_ == "NOUN" and lemma in known.nouns:
        act = known.nouns[lemma]
    if cue.negated and lemma not in RAISES:
        if act is Act.ENDORSE:
            return Act.OPPOSE
        if act in (Act.OPPOSE, Act.DENY):
            return Act.CONCEDE
        if cue.modal in ("would", "will") and lemma in _REPORTS_SILENCE:
            return Act.DECLINE
        return Act.SILENT
    infinitive = bool(clauses) and clauses[0].form == "infinitive" and not clauses[0].imperative
    if lemma in ("tell", "say") and infinitive and not clauses[0].question and _to(clauses[0]):
        return Act.DEMAND
    if lemma in ("suggest", "insist", "recommend", "propose") and clauses and clauses[0].form != "fragment":
        bare = clauses[0].head.tag_ in ("VB", "VBG") or "should" in clauses[0].auxiliaries or _subjunctive(clauses[0])
        if bare:
            return Act.DEMAND if lemma == "insist" else Act.URGE
    if act is Act.PREDICT and lemma in ("warn", "caution") and infinitive and _to(clauses[0]):
        return Act.URGE
    if lemma == "agree" and infinitive:
        return Act.PROMISE
    if lemma == "want" and infinitive and clauses[0].subject is not None:
        return Act.DEMAND
    if lemma in ("put", "value", "set", "rate") and _at_a_number(cue.head):
        return Act.ESTIMATE
    if lemma in ("reject", "dismiss", "dispute"):
        return _rejected(cue, clauses, known, act)
    if lemma in ("call", "describe", "brand", "label", "dub") and not {"for", "on", "upon"} & set(
        cue.lemmas[cue.length - 1 : cue.length + 2]
    ):
        return _judged([lemma for c in clauses for lemma in c.lemmas], known) or Act.ASSERT
    return act


def _is_fact(clauses: list[MainClause]) -> bool:
    """Whether a warning tells what is so already: "warned that the dam had cracks", not "that it would", "that it may"."""
    if not clauses or clauses[0].form != "finite" or clauses[0].conditions:
        return False
    open_ = clauses[0].auxiliaries & {"will", "would", "may", "might", "could", "can", "'ll", "’ll", "shall", "should"}
    return (
        not open_
        and clauses[0].tense in ("past", "present")
        and not {"expect", "likely", "set", "go"} & set(clauses[0].lifted)
    )


def _of_paper(source: str) -> Act | None:
    """As in "according to estimates by the bank", "according to the forecast": what the source is names the act."""
    head = re.split(r"\b(?:of|by|from|for|in|at|that|released|published)\b|,", source.casefold())[0].split()
    act = lexicon().nouns.get(head[-1].removesuffix("s")) if head else None
    return act if act in (Act.ESTIMATE, Act.PREDICT) else None


def _to(clause: MainClause) -> bool:
    return any(c.tag_ == "TO" for c in clause.head.children)


def _subjunctive(clause: MainClause) -> bool:
    """As in "insisted that any deal include guarantees": a bare verb with one for a subject."""
    return clause.head.tag_ == "VBP" and clause.subject is not None and clause.subject.tag_ in ("NN", "NNP")


def _at_a_number(verb: Any) -> bool:
    """As in "puts the cost at two million"."""
    return any(c.dep_ == "prep" and c.lower_ == "at" and any(t.like_num for t in c.subtree) for c in verb.subtree)


def _rejected(cue: Cue, clauses: list[MainClause], known: Lexicon, act: Act) -> Act:
    """A rejected statement is denied, a rejected proposal opposed."""
    heads = [clauses[0].head.lemma_.lower()] if clauses else []
    heads += list(cue.lemmas[cue.length :])
    for head in heads:
        if head in known.statements:
            return Act.DENY
        if head in known.proposals:
            return Act.OPPOSE
    return act


def _of_content(cue: Cue, clauses: list[MainClause], words: str, source: Source, known: Lexicon) -> Act:
    """What a neutral cue reports: the content decides."""
    if not clauses:
        return Act.ASSERT
    if cue.negated and cue.lemma in RAISES:
        return Act.ASSERT
    main = clauses[0]
    if 2 * sum(c.question for c in clauses) > len(clauses) or (clauses[0].question and len(clauses) < 4):
        return Act.ASK
    if source.span is not None and _is_law(source.span.exact) and _obliges(main):
        return Act.STIPULATE
    if left_open(words):
        return Act.CONCEDE
    for clause in clauses:
        performed = _performed(clause, known)
        if performed is not None:
            return performed
    if _SORRY.search(words) and _speaks(main, source):
        return Act.CONCEDE
    if main.imperative:
        return Act.URGE
    if (asked := _asked(main, source)) is not None:
        return asked
    if (will := _will(main, cue, source, known)) is not None:
        return will
    if (judged := _evaluated(main, known)) is not None:
        return judged
    if _wronged(main, source, known):
        return Act.ACCUSE
    if _denied(main, source):
        return Act.DENY
    return Act.ASSERT


def _performed(clause: MainClause, known: Lexicon) -> Act | None:
    """In "We call on ...", "I condemn ...": saying it does it."""
    if clause.subject is None or clause.subject.lower_ not in _FIRST or clause.tense == "past":
        return None
    if clause.auxiliaries & {
        "would",
        "could",
        "might",
        "may",
        "will",
        "can",
        "must",
        "should",
        "have",
        "has",
        "'ve",
        "’ve",
    }:
        return None
    head = clause.head
    lemmas = [t.lemma_.lower() for t in head.doc[head.i : head.i + 5]]
    phrase = known.phrase(lemmas, 1)
    act = phrase[1] if phrase is not None else known.verbs.get(head.lemma_)
    negated = any(c.dep_ == "neg" for c in head.children)
    if act is None or act in (Act.ASSERT, Act.STIPULATE, Act.ESTIMATE, Act.SILENT, Act.DECLINE):
        return None
    if act is Act.PREDICT and not any(c.dep_ in ("ccomp", "dobj", "xcomp") for c in head.children):
        return None
    if negated:
        return Act.OPPOSE if act is Act.ENDORSE else None
    return act


def _speaks(clause: MainClause, source: Source) -> bool:
    """Whether the clause's subject is the speaker: "we", "it" in "the firm said it would", "Norland" of Norland's mission."""
    subject = clause.subject
    if subject is None:
        return False
    if subject.lower_ in _FIRST:
        return True
    if (pronoun := third_person(subject)) is not None:
        return pronoun == subject and refers_to(pronoun, source)
    words = source.span.exact if source.span is not None else ""
    return subject.pos_ == "PROPN" and bool(re.search(rf"\b{re.escape(subject.text)}\b", words))


def _asked(clause: MainClause, source: Source) -> Act | None:
    """An obligation of others: a demand where it must be, urged where it should."""
    text = [t.lower_ for t in clause.tokens]
    state = any(c.dep_ == "acomp" and c.lower_ in _IMPERATIVE_STATE for c in clause.head.children) and "that" in text
    if clause.subject is not None and clause.subject.lower_ in ("it", "there") and state:
        return Act.URGE
    if clause.subject is None or clause.subject.lower_ in ("i", "there", "it", "this", "that"):
        return None
    aux = clause.auxiliaries
    past = clause.tense == "past" or "have" in aux
    if past:
        return None
    if "must" in aux or (
        set(clause.lifted) & {"have", "need"} and clause.head.tag_ in ("VBZ", "VBP") and not _speaks(clause, source)
    ):
        return Act.DEMAND
    if aux & {"should", "ought"}:
        return Act.URGE
    return None


def _will(clause: MainClause, cue: Cue, source: Source, known: Lexicon) -> Act | None:
    """What the speaker will do: a promise, or a threat where it harms."""
    aux = clause.auxiliaries
    if {"ready", "willing", "prepared"} & set(clause.lifted) and _speaks(clause, source) and not clause.negative:
        return Act.PROMISE
    ahead = clause.tense == "future" or (
        "would" in aux and "have" not in aux and cue.head is not None and cue.head.i < clause.head.i
    )
    if not ahead or not _speaks(clause, source):
        return None
    if any(c.dep_ == "neg" for c in clause.head.children):
        return None
    if clause.verb.lemma_ in known.harm:
        return Act.THREATEN
    passive = any(c.dep_ == "auxpass" for c in clause.verb.children)
    if passive or clause.verb.pos_ == "AUX":
        return None
    return Act.PROMISE


def _evaluated(clause: MainClause, known: Lexicon) -> Act | None:
    """As in "The plan is reckless", "This was a triumph": blame or praise in the predicate."""
    if clause.head.lemma_ not in ("be", "remain", "seem", "look", "feel") or clause.negative:
        return None
    predicates = [c for c in clause.head.children if c.dep_ in ("acomp", "attr", "oprd")]
    if any(t.lower_ == "context" and t.head.lower_ == "of" for t in clause.tokens):
        return Act.DENY  # "taken out of context"
    words = [p.lemma_.lower() for p in predicates]
    words += [c.lemma_.lower() for p in predicates for c in p.children if c.dep_ in ("amod", "conj", "compound")]
    return _judged(words, known)


def _judged(words: list[str], known: Lexicon) -> Act | None:
    """What calling a thing so does: blame, praise, or denial where it is called untrue."""
    if any(w in known.untrue for w in words):
        return Act.DENY
    if any(w in known.blame for w in words):
        return Act.CRITICISE
    return Act.PRAISE if any(w in known.praise for w in words) else None


def _wronged(clause: MainClause, source: Source, known: Lexicon) -> bool:
    """A third party did wrong: "the company lied to its workers"."""
    subject = clause.subject
    if (
        subject is None
        or subject.lower_ in _FIRST
        or subject.dep_ == "nsubjpass"
        or clause.negative
        or _speaks(clause, source)
    ):
        return False
    if subject.pos_ not in ("NOUN", "PROPN") and subject.lower_ not in ("they", "he", "she", "you"):
        return False
    return clause.tense in ("past", "present") and clause.verb.lemma_ in known.wrongs


def _denied(clause: MainClause, source: Source) -> bool:
    """A fact denied: "there are no soldiers", "we never took money", "it is not true". What one lacks or feels is none."""
    if not clause.negative or clause.tense not in ("past", "present") or clause.form != "finite":
        return False
    if clause.auxiliaries & {"would", "could", "can", "should", "must", "may", "might"}:
        return False
    subject = clause.subject
    if subject is None:
        return False
    if subject.dep_ == "expl":
        return True
    if clause.head.lemma_ == "be" and any(
        c.dep_ == "acomp" and c.lower_ in ("true", "correct", "right", "accurate") for c in clause.head.children
    ):
        return True
    return clause.verb.lemma_ not in _STATES | RAISES and _speaks(clause, source)


def _is_law(source: str) -> bool:
    head = re.split(r"\b(?:of|on|between|for|from|signed|seen|with)\b|,", source.casefold())[0].split()
    return bool(head) and (head[-1] in _LAWS or head[-1].removesuffix("s") in _LAWS)


def _obliges(clause: MainClause) -> bool:
    if clause.auxiliaries & {"must", "shall", "should", "may", "can"}:
        return True
    return bool(set(clause.lifted) & {"have", "be", "require", "oblige", "need"}) or clause.head.lemma_ in (
        "require",
        "oblige",
        "prohibit",
        "forbid",
        "ban",
        "allow",
        "permit",
        "entitle",
    )
