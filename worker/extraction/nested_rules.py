"""Attributions inside the content of another: "We call on …" in a quote, "parties' demands for …" in indirect speech.

The corpora mark only the outermost attribution, so these come from rules, whatever found the outer one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from worker.contract.claim import QuoteType
from worker.extraction.attribution_rules import from_verb
from worker.extraction.speech_acts import OBJECT_CUES, VERBS
from worker.extraction.types import Attribution, Span

__all__ = ["nested"]

_NOUNS = {
    "demand": "demand",
    "call": "call",
    "request": "ask",
    "appeal": "urge",
    "claim": "claim",
    "warning": "warn",
    "promise": "promise",
    "pledge": "pledge",
    "threat": "threaten",
    "denial": "deny",
    "accusation": "accuse",
    "assertion": "assert",
    "insistence": "insist",
    "proposal": "propose",
    "prediction": "predict",
    "assurance": "promise",
}
"""Noun that names a speech act, and the verb whose act it has."""
_TAKING_SIDES = frozenset({"support", "back", "endorse", "oppose", "favour", "favor", "reject"})
_SIDES = frozenset(
    "accord agreement aim bid bill call candidacy claim decision demand deal effort idea independence law measure mission "
    "motion move plan policy position proposal reform request resolution sanction step treaty truce".split()
)
_ASIDE = frozenset({"aux", "neg", "advmod"})


def nested(doc: Any, text: str, outer: Sequence[Attribution]) -> list[Attribution]:
    """Those that lie whole inside a content of `outer`, cue and all, and that `outer` has not got."""
    found: list[Attribution] = []
    taken = [a.cue for a in outer if a.cue]
    for holder in outer:
        for span in holder.content:
            for token in doc.char_span(*span, alignment_mode="expand") or ():
                for each in _at(token, text):
                    each = _clipped(each, span)  # noqa: PLW2901 - the parse reaches further than the outer content
                    parts = [p for p in (each.source, each.cue, *each.content) if p]
                    inside = bool(each.content) and all(span[0] <= s and e <= span[1] for s, e in parts)
                    known = any(each.cue and s < each.cue[1] and each.cue[0] < e for s, e in taken)
                    if inside and not known and each.source and each.cue:
                        taken.append(each.cue)
                        found.append(each)
    return found


def _clipped(each: Attribution, outer: Span) -> Attribution:
    content = tuple((s, min(e, outer[1])) for s, e in each.content if outer[0] <= s < outer[1])
    return replace(each, content=content)


def _at(token: Any, text: str) -> list[Attribution]:
    if (
        token.pos_ == "VERB"
        and token.lemma_ == "rule"
        and any(c.dep_ == "prt" and c.lower_ == "out" for c in token.children)
    ):
        return _side(token, text, "rule_out", None)
    if token.pos_ == "VERB" and token.lemma_ in _TAKING_SIDES:
        return _side(token, text, token.lemma_, _SIDES)
    if token.pos_ == "VERB" and (token.lemma_ in VERBS or token.lemma_ in OBJECT_CUES):
        return from_verb(token, text, [])
    if token.pos_ == "NOUN" and token.lemma_ in _NOUNS:
        return _noun(token, text)
    return []


def _made(
    text: str, source: Sequence[Any], cue: Sequence[Any], content: Sequence[Any], lemma: str
) -> list[Attribution]:
    def span(tokens: Sequence[Any]) -> Span:
        return min(t.idx for t in tokens), max(t.idx + len(t.text) for t in tokens)

    kept = [t for t in content if not t.is_space]
    while kept and (kept[-1].is_punct or kept[-1].lower_ in ("that", "for")):
        kept = kept[:-1]
    while kept and (kept[0].lower_ in ("that", "for", "of") or kept[0].is_punct):
        kept = kept[1:]
    if not source or len(kept) < 2:
        return []
    mixed = any(mark in text[slice(*span(kept))] for mark in '“"«')
    return [
        Attribution(
            source=span([t for t in source if not t.is_space]),
            cue=span(cue),
            content=(span(kept),),
            quote_type=QuoteType.MIXED if mixed else QuoteType.INDIRECT,
            lemma=lemma,
            confidence=0.6,
        )
    ]


def _side(verb: Any, text: str, lemma: str, nouns: frozenset[str] | None) -> list[Attribution]:
    """Sides taken: "the government supports the demand …", "Moscow cannot rule out …"."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    thing = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    if subject is None or thing is None or (nouns is not None and thing.lemma_ not in nouns):
        return []
    helpers = [c for c in verb.children if (c.dep_ in _ASIDE and c.i < verb.i) or c.dep_ == "prt"]
    return _made(text, list(subject.subtree), [verb, *helpers], list(thing.subtree), lemma)


def _noun(noun: Any, text: str) -> list[Attribution]:
    """Nouns of speech: "the parties' demands for an end …", "her claim that …"."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    rest = [
        c
        for c in noun.children
        if c.i > noun.i and c.dep_ in ("prep", "acl", "ccomp") and c.lower_ not in ("of", "in", "by")
    ]
    if owner is None or not rest:
        return []
    lead = [rest[0]] if rest[0].lower_ == "for" else []
    return _made(text, list(owner.subtree), [noun, *lead], [t for c in rest for t in c.subtree], _NOUNS[noun.lemma_])
