"""The main clause of a content: its verb, subject, auxiliaries, and what hangs on them that bears on its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.extraction.negation import NEGATORS, negated, negated_noun
from worker.extraction.types import Span

__all__ = ["SUBJECTS", "MainClause", "content_tokens", "main_clause_at", "main_clauses"]

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_LIFTING = frozenset("have need go begin start continue tend be ought use dare get".split())
"""Verbs that lend their subject to an infinitive below them and add little of their own: "have to leave", "is going to"."""
_LIFTING_STATES = frozenset(
    "able about bound certain due eager free going likely obliged prepared ready required set sure supposed unable unlikely "
    "unwilling willing".split()
)
_RAISED = frozenset(
    "allege assume believe estimate expect fear forecast hope know predict project report rumour say suppose think".split()
)
"""In the passive these hedge the infinitive below them: "is expected to rise", "are believed to have fled"."""
_ASIDE = frozenset("after although as because before despite since though unless until when while whereas once".split())
_CONDITIONS = frozenset("if unless provided providing lest".split())


@dataclass(frozen=True, kw_only=True)
class MainClause:
    """`head` is the highest word, a verb where there is one; `verb` the one that carries the meaning ("leave" in "were to leave").

    `form`: "finite", "infinitive", "participle" ("of hiding losses") or "fragment" (no verb of its own). `lifted`: lemmas of what stands between head and
    verb ("be", "expect", "likely"). `tokens`: all of the content that belongs to this sentence.
    """

    head: Any
    verb: Any
    form: str
    subject: Any | None
    lifted: tuple[str, ...]
    tokens: tuple[Any, ...]

    @cached_property
    def chain(self) -> tuple[Any, ...]:
        """Head and verb, outermost first."""
        return (self.head,) if self.head == self.verb else (self.head, self.verb)

    @cached_property
    def auxiliaries(self) -> frozenset[str]:
        """Auxiliaries of head and verb, in lower case as written ("'ll", "would")."""
        return frozenset(
            c.lower_ for t in self.chain for c in t.children if c.dep_ in ("aux", "auxpass") and c.tag_ != "TO"
        ) | (frozenset([self.head.lower_]) if self.head.tag_ == "MD" else frozenset())

    @cached_property
    def adverbs(self) -> tuple[Any, ...]:
        return tuple(c for t in self.chain for c in t.children if c.dep_ in ("advmod", "neg", "intj", "npadvmod"))

    @cached_property
    def negative(self) -> bool:
        """Whether the clause itself is negated, not one below it."""
        if self.form == "fragment":
            return negated_noun(self.head) or self.tokens[0].lower_ in NEGATORS
        return negated(self.chain, self.tokens)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        return frozenset(t.lemma_.lower() for t in self.tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(t.lower_ for t in self.tokens)

    @cached_property
    def conditions(self) -> tuple[Any, ...]:
        """Heads of if-clauses on this clause; "even if" sets no condition."""
        inside = {t.i for t in self.tokens}
        below = [
            c for t in self.chain for c in t.children if c.dep_ in ("advcl", "prep", "ccomp", "dep") and c.i in inside
        ]
        # cut off by the cue: "The museum is ready, she said, if the city pays"
        loose = [t for t in self.tokens if t.dep_ == "advcl" and t.head.i not in inside and t != self.head]
        return tuple(c for c in [*below, *loose] if _is_condition(c))

    @cached_property
    def question(self) -> bool:
        return any(t.text == "?" for t in self.tokens[-3:])

    @cached_property
    def imperative(self) -> bool:
        """A bare verb without a subject at the start: "Leave now", "Please stay", "Do not panic", "Let us hope"."""
        if self.form != "infinitive" or self.subject is not None or self.head.tag_ not in ("VB", "VBP"):
            return False
        if any(c.tag_ == "TO" for c in self.head.children) or self.head.dep_ in ("xcomp", "acl", "conj", "advcl"):
            return False
        before = [t for t in self.tokens if t.i < self.head.i and not t.is_punct]
        return all(t.dep_ in ("intj", "neg", "aux", "advmod", "npadvmod") for t in before)

    @cached_property
    def tense(self) -> str:
        """One of "past", "present", "future", "none"."""
        aux = self.auxiliaries
        if aux & {"will", "shall", "'ll", "’ll", "wo", "won't"} or ("go" in self.lifted and self.head.tag_ == "VBG"):
            return "future"
        tags = {c.tag_ for t in (self.head,) for c in t.children if c.dep_ in ("aux", "auxpass")} or {self.head.tag_}
        if "VBD" in tags:
            return "past"
        if self.head.tag_ == "VBN" and aux & {"have", "has", "'ve", "’ve"}:
            return "past"
        return "present" if tags & {"VBZ", "VBP", "MD"} else "none"


def main_clauses(doc: Any, spans: Sequence[Span]) -> list[MainClause]:
    """One for each sentence that the content touches, in order, fragments last; the first is the main one. Empty where no token fits."""
    tokens = content_tokens(doc, spans)
    groups: list[list[Any]] = []
    for token in tokens:
        new = not groups or any(doc[i].is_sent_start for i in range(groups[-1][-1].i + 1, token.i + 1))
        if new:
            groups.append([token])
        else:
            groups[-1].append(token)
    found = [clause for group in groups if (clause := _main(group)) is not None]
    # a heading or an exclamation before the first sentence is not the main clause
    return sorted(found, key=lambda clause: clause.form == "fragment" and clause is not found[-1])


def content_tokens(doc: Any, spans: Sequence[Span]) -> list[Any]:
    """The tokens of a content in their order, without blanks."""
    found: dict[int, Any] = {}
    for start, end in spans:
        inside = doc.char_span(start, end, alignment_mode="contract") or doc.char_span(
            start, end, alignment_mode="expand"
        )
        found |= {token.i: token for token in inside or () if not token.is_space}
    return [found[index] for index in sorted(found)]


def _main(tokens: list[Any]) -> MainClause | None:
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if not t.is_punct and (t.head.i not in inside or t.head == t)]
    if not tops:
        return None
    ranked = sorted(tops, key=lambda t: (_rank(t), t.i))
    head = ranked[0]
    if _rank(head) >= 4:
        # "on neighbours to open": the infinitive may hang below the noun
        below = [
            t
            for t in tokens
            if t.tag_ == "VB"
            and t.dep_ in ("acl", "relcl", "xcomp", "advcl")
            and any(c.tag_ == "TO" for c in t.children)
        ]
        if (below and head.tag_ in ("IN", "TO")) or (
            below and head.dep_ in ("dobj", "dative", "pobj") and head.head.pos_ == "VERB"
        ):
            head = below[0]
        if _rank(head) >= 5:
            # a dateline or a label that the parse took for the head
            beside = [t for t in tokens if t.dep_ in ("parataxis", "appos", "ccomp") and _rank(t) == 0]
            head = beside[0] if beside else head
        # "accused him of hiding losses", "thanked the crew for staying"
        doing = [
            t
            for t in tokens
            if t.tag_ == "VBG" and t.dep_ in ("pcomp", "xcomp") and t.head.lower_ in ("of", "for", "from", "against")
        ]
        if doing and head.pos_ in ("NOUN", "PROPN", "PRON", "ADP"):
            head = doing[0]
    return main_clause_at(head, tokens)


def main_clause_at(head: Any, tokens: Sequence[Any]) -> MainClause:
    """The clause of a head among the tokens of a content."""
    inside = {t.i for t in tokens}
    verb, lifted = _lexical(head, inside)
    finite = _finite(head)
    form = "finite" if finite and head.pos_ in ("VERB", "AUX") else _without_tense(head)
    subject = next((c for t in (head, verb) for c in t.children if c.dep_ in SUBJECTS), None)
    if subject is None and head.dep_ == "conj" and head.head.pos_ in ("VERB", "AUX"):
        subject = next((c for c in head.head.children if c.dep_ in SUBJECTS), None)
    return MainClause(head=head, verb=verb, form=form, subject=subject, lifted=tuple(lifted), tokens=tuple(tokens))


def _without_tense(head: Any) -> str:
    # "to peak" is an infinitive whatever the tagger says of "peak"; "be vaccinated" after "recommends that" as well
    bare = head.tag_ in ("VB", "VBP") or any(
        c.tag_ == "TO" or (c.tag_ == "VB" and c.dep_ in ("aux", "auxpass")) for c in head.children
    )
    if bare:
        return "infinitive"
    return "participle" if head.tag_ == "VBG" and head.dep_ in ("pcomp", "xcomp", "ccomp", "ROOT") else "fragment"


def _rank(token: Any) -> int:
    """Which of several unconnected words is the clause's head: the lower the better."""
    if token.pos_ not in ("VERB", "AUX"):
        return 5 if token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM") else 6
    aside = token.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in _ASIDE | _CONDITIONS for c in token.children)
    if aside:
        return 4
    own = any(c.dep_ in SUBJECTS for c in token.children)
    if _finite(token):
        return 0 if own else 1
    return 2 if token.tag_ == "VB" else 3


def _finite(token: Any) -> bool:
    return any(
        t.tag_ in _FINITE for t in (token, *(c for c in token.children if c.dep_ in ("aux", "auxpass")))
    ) and not (token.tag_ == "VBP" and any(c.tag_ == "TO" for c in token.children))


def _lexical(head: Any, inside: set[int]) -> tuple[Any, list[str]]:
    """Down from "were", "has", "is likely", "is expected" to the infinitive that they lift."""
    verb, lifted = head, []
    for _ in range(3):
        below = _lifted(verb)
        if below is None or below.i not in inside:
            break
        state = below.head
        lifted.append(verb.lemma_)
        if state != verb:
            lifted.append(state.lower_)
        verb = below
    return verb, lifted


def _lifted(verb: Any) -> Any | None:
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    for child in verb.children:
        infinitive = child.dep_ in ("xcomp", "acomp", "ccomp") and any(c.tag_ == "TO" for c in child.children)
        if infinitive and child.pos_ in ("VERB", "AUX") and child.i > verb.i:
            own = any(c.dep_ in SUBJECTS for c in child.children)
            if not own and (
                verb.lemma_ in _LIFTING or (passive and verb.lemma_ in _RAISED) or verb.lemma_ in ("seem", "appear")
            ):
                return child
        if (
            verb.lemma_ in ("be", "stand", "remain")
            and child.dep_ in ("acomp", "advmod", "oprd")
            and child.lower_ in _LIFTING_STATES
        ):
            below = [c for c in child.children if c.dep_ == "xcomp" and any(x.tag_ == "TO" for x in c.children)]
            if below:
                return below[0]
    return None


def _is_condition(token: Any) -> bool:
    marks = [c for c in token.children if c.dep_ in ("mark", "advmod") and c.lower_ in _CONDITIONS and c.i < token.i]
    if not marks and token.lower_ in _CONDITIONS:
        return True
    if not marks:
        # "should the talks fail", "had they known"
        first = min(token.subtree, key=lambda t: t.i)
        return (
            token.dep_ == "advcl"
            and first.lower_ in ("should", "had", "were")
            and first.dep_ in ("aux", "auxpass", "advcl")
        )
    mark = marks[0]
    before = mark.nbor(-1) if mark.i > 0 else None
    return not (before is not None and before.lower_ in ("even", "as"))
