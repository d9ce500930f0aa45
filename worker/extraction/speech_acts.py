"""Cues: the words that the rules take for reports of speech; the trained model has them as a feature.

What act a cue is, acts.py decides.
"""

from __future__ import annotations

from worker.contract.claim import Act

__all__ = ["CLAUSE_ONLY", "NEGATED_CUES", "OBJECT_CUES", "VERBS"]

_BY_ACT = {
    Act.ASSERT: "say tell add state note explain stress emphasize emphasise underline underscore point declare announce report "
    "claim argue insist maintain assert affirm confirm reveal disclose describe comment remark observe reply respond "
    "answer write tweet post recall testify mention repeat reiterate inform conclude believe think feel find show indicate "
    "suggest hear learn joke quip highlight clarify allege contend rule",
    Act.DENY: "deny reject dismiss refute rebut dispute",
    Act.CONCEDE: "admit acknowledge concede confess",
    Act.ESTIMATE: "estimate reckon calculate",
    Act.PREDICT: "warn predict forecast expect project anticipate fear hope",
    Act.DEMAND: "demand order call",
    Act.URGE: "urge advise recommend appeal encourage propose",
    Act.ASK: "ask wonder inquire question",
    Act.PROMISE: "promise pledge vow swear commit",
    Act.THREATEN: "threaten",
    Act.ACCUSE: "accuse blame charge",
    Act.CRITICISE: "criticise criticize condemn denounce slam blast complain lament",
    Act.PRAISE: "praise hail welcome applaud thank",
    Act.ENDORSE: "endorse back agree",
    Act.OPPOSE: "oppose object",
    Act.DECLINE: "decline refuse",
    Act.STIPULATE: "stipulate",
}
VERBS = {lemma: act for act, lemmas in _BY_ACT.items() for lemma in lemmas.split()}
"""Lemma of a cue to its act."""

CLAUSE_ONLY = frozenset(
    [
        "find",
        "show",
        "feel",
        "think",
        "hear",
        "learn",
        "recall",
        "expect",
        "hope",
        "fear",
        "back",
        "order",
        "project",
        "answer",
        "post",
        "charge",
        "point",
        "commit",
        "question",
        "rule",
        "indicate",
        "suggest",
        "believe",
        "calculate",
        "agree",
        "conclude",
        "reveal",
    ]
)
"""These report speech only with a clause of their own: "showed that", not "showed the room"."""

OBJECT_CUES = frozenset(
    [
        "deny",
        "reject",
        "dismiss",
        "refute",
        "dispute",
        "demand",
        "urge",
        "accuse",
        "blame",
        "criticise",
        "criticize",
        "condemn",
        "denounce",
        "slam",
        "praise",
        "hail",
        "welcome",
        "oppose",
        "predict",
        "forecast",
        "promise",
        "pledge",
        "threaten",
        "propose",
        "recommend",
        "announce",
        "mention",
        "confirm",
        "estimate",
        "call",
        "appeal",
        "warn",
    ]
)
"""These report speech with a noun phrase or a preposition as well: "condemned the attack", "called for a truce"."""

NEGATED_CUES = frozenset(
    [
        "mention",
        "comment",
        "say",
        "specify",
        "name",
        "disclose",
        "confirm",
        "reveal",
        "explain",
        "answer",
        "respond",
        "reply",
    ]
)
