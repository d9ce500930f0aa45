"""The main clause of a content: its verb, its subject, its auxiliaries, its conditions, its tense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.negation import NEGATORS, is_not_yet, negated, negated_noun
from worker.extraction.syntax.relations import has_subject, has_to, is_finite, is_passive, subject_of

__all__ = ["MainClause", "content_tokens", "main_clause_at", "main_clauses"]

Form = Literal["finite", "infinitive", "participle", "fragment"]
"""Of a participle: "of hiding losses"; a fragment has no verb of its own."""
Tense = Literal["past", "present", "future", "none"]

_LIFTING = words("lifting_verbs")
_LIFTING_STATES = words("lifting_states")
_HEDGING_PASSIVES = words("hedging_passives")
_CONDITIONS = words("conditional_conjunctions")
_ADVERBIAL = words("adverbial_conjunctions") | _CONDITIONS
_FUTURE = words("future_auxiliaries")
_STATE_COPULAS = words("copulas_of_states")
_VERBS = ("VERB", "AUX")


@dataclass(frozen=True, kw_only=True)
class MainClause:
    """A clause of a content, read off the parse.

    `head` is the highest word, a verb if there is one; `verb` is the one that carries the meaning ("leave" in "were to
    leave"). `lifted`: lemmas of the words between head and verb ("be", "expect", "likely"). `tokens`: all tokens of the
    content in this sentence.
    """

    head: Token
    verb: Token
    form: Form
    subject: Token | None
    lifted: tuple[str, ...]
    tokens: tuple[Token, ...]

    @cached_property
    def chain(self) -> tuple[Token, ...]:
        """Head and verb, outermost first."""
        return (self.head,) if self.head == self.verb else (self.head, self.verb)

    @cached_property
    def auxiliaries(self) -> frozenset[str]:
        """The auxiliaries of head and verb, in lower case as written ("'ll", "would")."""
        return frozenset(
            c.lower_ for t in self.chain for c in t.children if c.dep_ in ("aux", "auxpass") and c.tag_ != "TO"
        ) | (frozenset([self.head.lower_]) if self.head.tag_ == "MD" else frozenset())

    @cached_property
    def adverbs(self) -> tuple[Token, ...]:
        return tuple(c for t in self.chain for c in t.children if c.dep_ in ("advmod", "neg", "intj", "npadvmod"))

    @cached_property
    def negative(self) -> bool:
        """Whether the clause itself is negated, not one below it."""
        is_clause = (
            self.head.pos_ == "VERB" and self.subject is not None
        )  # "very few shops reopened", read as a participle
        if self.form == "fragment" and not is_clause:
            return negated_noun(self.head) or self.tokens[0].lower_ in NEGATORS
        first = self.tokens[0]
        if first.lower_ == "nor" and first.head not in self.chain:
            return True  # "Nor did the horse tire, the jockey said", read as a word of the cue
        return negated(self.chain, self.tokens)

    @cached_property
    def is_denial(self) -> bool:
        """Whether a word of negation negates the clause; "hardly" and "few people" deny nothing."""
        return self.form != "fragment" and negated(self.chain, self.tokens, nearly=False)

    @cached_property
    def not_yet(self) -> bool:
        """Whether the clause tells what "has yet to" happen, which is no duty."""
        return any(is_not_yet(t) for t in self.tokens if self.head.i < t.i < self.verb.i)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        return frozenset(t.lemma_.lower() for t in self.tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(t.lower_ for t in self.tokens)

    @cached_property
    def conditions(self) -> tuple[Token, ...]:
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
        if has_to(self.head) or self.head.dep_ in ("xcomp", "acl", "conj", "advcl"):
            return False
        # "If you were there, call us"
        ahead = {t.i for c in self.head.children if c.dep_ == "advcl" and c.i < self.head.i for t in c.subtree}
        before = [t for t in self.tokens if t.i < self.head.i and not t.is_punct and t.i not in ahead]
        return all(t.dep_ in ("intj", "neg", "aux", "advmod", "npadvmod") for t in before)

    @cached_property
    def tense(self) -> Tense:
        aux = self.auxiliaries
        if aux & _FUTURE or ("go" in self.lifted and self.head.tag_ == "VBG"):
            return "future"
        tags = {c.tag_ for t in (self.head,) for c in t.children if c.dep_ in ("aux", "auxpass")} or {self.head.tag_}
        if "VBD" in tags:
            return "past"
        if self.head.tag_ == "VBN" and aux & {"have", "has", "'ve", "’ve"}:
            return "past"
        return "present" if tags & {"VBZ", "VBP", "MD"} else "none"


def main_clauses(doc: Doc, spans: Sequence[Span]) -> list[MainClause]:
    """One clause for each sentence that the content touches, in the order of the text, the main one first.

    A heading or an exclamation before the first sentence comes after it. Empty if no token fits.
    """
    tokens = content_tokens(doc, spans)
    groups: list[list[Token]] = []
    for token in tokens:
        new = not groups or any(doc[i].is_sent_start for i in range(groups[-1][-1].i + 1, token.i + 1))
        if new:
            groups.append([token])
        else:
            groups[-1].append(token)
    clauses = [clause for group in groups if (clause := _main(group)) is not None]
    return sorted(clauses, key=lambda clause: clause.form == "fragment" and clause is not clauses[-1])


def content_tokens(doc: Doc, spans: Sequence[Span]) -> list[Token]:
    """The tokens of a content in their order, without white space."""
    tokens: dict[int, Token] = {}
    for start, end in spans:
        inside = doc.char_span(start, end, alignment_mode="contract") or doc.char_span(
            start, end, alignment_mode="expand"
        )
        tokens |= {token.i: token for token in inside or () if not token.is_space}
    return [tokens[index] for index in sorted(tokens)]


def _main(tokens: list[Token]) -> MainClause | None:
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if not t.is_punct and (t.head.i not in inside or t.head == t)]
    if not tops:
        return None
    ranked = sorted(tops, key=lambda t: (_rank(t), t.i))
    head = ranked[0]
    if _rank(head) >= _RANK_ASIDE:
        head = _infinitive_below(head, tokens) or head
        if _rank(head) >= _RANK_NOUN:
            head = _clause_beside(tokens) or head
        if head.pos_ in ("NOUN", "PROPN", "PRON", "ADP"):
            head = _gerund_below(tokens) or head
    return main_clause_at(head, tokens)


def _infinitive_below(head: Token, tokens: list[Token]) -> Token | None:
    """The infinitive that hangs below a preposition or an object: "on neighbours to open"."""
    infinitives = (t for t in tokens if t.tag_ == "VB" and t.dep_ in ("acl", "relcl", "xcomp", "advcl") and has_to(t))
    asked = head.dep_ in ("dobj", "dative", "pobj") and head.head.pos_ == "VERB"
    return next(infinitives, None) if asked or head.tag_ in ("IN", "TO") else None


def _clause_beside(tokens: list[Token]) -> Token | None:
    """The clause that the parse hangs on a dateline or a label."""
    return next((t for t in tokens if t.dep_ in ("parataxis", "appos", "ccomp") and _rank(t) == 0), None)


def _gerund_below(tokens: list[Token]) -> Token | None:
    """The gerund of a deed: "accused him of hiding losses", "thanked the crew for staying"."""
    return next(
        (
            t
            for t in tokens
            if t.tag_ == "VBG" and t.dep_ in ("pcomp", "xcomp") and t.head.lower_ in ("of", "for", "from", "against")
        ),
        None,
    )


def main_clause_at(head: Token, tokens: Sequence[Token]) -> MainClause:
    """The clause of a head among the tokens of a content."""
    inside = {t.i for t in tokens}
    verb, lifted = _lexical(head, inside)
    subject = subject_of(head) or subject_of(verb)
    is_order = (
        head.tag_ == "VBP" and subject is None and head.dep_ == "ROOT" and head == verb
    )  # "If you saw it, call us"
    form: Form = "finite" if is_finite(head) and head.pos_ in _VERBS and not is_order else _without_tense(head)
    if subject is None and head.dep_ == "conj" and head.head.pos_ in _VERBS:
        subject = subject_of(head.head)
    return MainClause(head=head, verb=verb, form=form, subject=subject, lifted=tuple(lifted), tokens=tuple(tokens))


def _without_tense(head: Token) -> Form:
    # "to peak" is an infinitive whatever the tagger says of "peak"; "be vaccinated" after "recommends that" as well
    bare = head.tag_ in ("VB", "VBP") or any(
        c.tag_ == "TO" or (c.tag_ == "VB" and c.dep_ in ("aux", "auxpass")) for c in head.children
    )
    if bare:
        return "infinitive"
    return "participle" if head.tag_ == "VBG" and head.dep_ in ("pcomp", "xcomp", "ccomp", "ROOT") else "fragment"


_RANK_ASIDE, _RANK_NOUN, _RANK_OTHER = 4, 5, 6


def _rank(token: Token) -> int:
    """Which of several unconnected words is the clause's head: the lower the better.

    A finite verb with a subject, one without, an infinitive, another verb, a verb of an adverbial clause, a noun, any.
    """
    if token.pos_ not in _VERBS:
        return _RANK_NOUN if token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM") else _RANK_OTHER
    if token.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in _ADVERBIAL for c in token.children):
        return _RANK_ASIDE
    if is_finite(token):
        return 0 if has_subject(token) else 1
    return 2 if token.tag_ == "VB" else 3


def _lexical(head: Token, inside: set[int]) -> tuple[Token, list[str]]:
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


def _lifted(verb: Token) -> Token | None:
    """The infinitive that has its subject from a verb above it, None if there is none."""
    lifts = (
        verb.lemma_ in _LIFTING
        or verb.lemma_ in ("seem", "appear")
        or (verb.lemma_ in _HEDGING_PASSIVES and is_passive(verb))
    )
    for child in verb.children:
        if lifts and child.i > verb.i and _is_bare_infinitive(child):
            return child
        state = child.dep_ in ("acomp", "advmod", "oprd") and child.lower_ in _LIFTING_STATES
        if state and verb.lemma_ in _STATE_COPULAS:
            below = [c for c in child.children if c.dep_ == "xcomp" and has_to(c)]
            if below:
                return below[0]
    return None


def _is_bare_infinitive(child: Token) -> bool:
    """Whether a word is an infinitive with "to" and without a subject of its own."""
    return (
        child.dep_ in ("xcomp", "acomp", "ccomp") and child.pos_ in _VERBS and has_to(child) and not has_subject(child)
    )


def _is_condition(token: Token) -> bool:
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
