"""What the article asserts in its own voice: its clauses that no source stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from worker.extraction.types import Span

__all__ = ["Clause", "narrated"]

_SUBJECTS = ("nsubj", "nsubjpass", "expl")
_ASIDE = ("after", "before", "because", "since", "although", "though", "despite", "as")
"""What follows these is taken for granted; after "while" and "whereas" it is asserted."""
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_EDGE = " \t\n,;:-–—."


@dataclass(frozen=True, slots=True)
class Clause:
    """`presupposed`: the sentence takes it for granted instead of saying it. `denies`: it is negative."""

    span: Span
    presupposed: bool
    denies: bool


def narrated(
    doc: Any, text: str, headline: str | None, attributed: Sequence[Span], quoted: Sequence[Span]
) -> list[Clause]:
    """Statements in the article's own voice, in order.

    `attributed`: contents, cues and sources that belong to somebody; a clause that touches one is not the article's own.
    """
    found: list[Clause] = []
    body = len(headline) if headline and text.startswith(headline) else 0
    for sentence in doc.sents:
        if sentence.start_char < body or sentence.text.strip().endswith("?"):
            continue
        for head, presupposed, relative in _clauses(sentence):
            span = _extent(text, head, relative=relative)
            if span is None or any(s < span[1] and span[0] < e for s, e in (*attributed, *quoted)):
                continue
            if any(c.span[0] <= span[0] and span[1] <= c.span[1] for c in found):
                continue
            denies = any(c.dep_ == "neg" for c in head.children) or any(
                d.lower_ in ("no", "neither") for c in head.children if c.dep_ in _SUBJECTS for d in c.children
            )
            found.append(Clause(span, presupposed, denies))
    return sorted(found, key=lambda clause: clause.span)


def _clauses(sentence: Any) -> Iterator[tuple[Any, bool, bool]]:
    """The head of each finite clause, whether it is presupposed, and whether it is a relative clause."""
    for token in sentence:
        if token.pos_ not in ("VERB", "AUX") or not _finite(token):
            continue
        own = any(c.dep_ in _SUBJECTS for c in token.children)
        if token.dep_ == "ROOT" and own:
            yield token, False, False
        elif token.dep_ in ("conj", "ccomp", "parataxis") and own and token.head.pos_ in ("VERB", "AUX"):
            if token.dep_ == "conj" or (token.head.dep_ == "ROOT" and token.i < token.head.i):
                yield token, False, False
        elif token.dep_ == "advcl" and own:
            marks = [c.lower_ for c in token.children if c.dep_ in ("mark", "advmod", "prep")]
            if any(m in ("if", "unless", "whether") for m in marks):
                continue
            yield token, any(m in _ASIDE for m in marks), False
        elif token.dep_ == "pcomp" and own:
            yield token, True, False
        elif token.dep_ == "relcl" and any(c.lower_ in ("which", "who") for c in token.subtree if c.i < token.i):
            yield token, False, True


def _finite(token: Any) -> bool:
    return any(t.tag_ in _FINITE for t in (token, *(c for c in token.children if c.dep_ in ("aux", "auxpass"))))


def _extent(text: str, head: Any, *, relative: bool) -> Span | None:
    """The clause without the clauses that hang on its edges; a relative clause with the phrase it belongs to."""
    tokens = [t for t in head.subtree if not t.is_space]
    if not tokens:
        return None
    if relative:
        noun = _antecedent(head)
        phrase = [t for t in noun.subtree if t.i < tokens[0].i and not t.is_space and _below(t, noun)]
        tokens = [*phrase, *tokens]
    else:
        for child in head.children:
            joined = child.dep_ == "conj" and any(c.dep_ in _SUBJECTS for c in child.children)
            aside = child.dep_ == "advcl" and any(c.dep_ in _SUBJECTS for c in child.children)
            if (joined or aside) and child.i > head.i:
                first = min(t.i for t in child.subtree)
                tokens = [t for t in tokens if t.i < first]
        # a relative clause after a comma at the end is a statement of its own
        for token in list(tokens):
            if token.dep_ == "relcl" and token.i > head.i:
                first = min(t.i for t in token.subtree)
                if first > 0 and token.doc[first - 1].text == ",":
                    tokens = [t for t in tokens if t.i < first]
        while tokens and (
            tokens[0].dep_ in ("mark", "cc", "punct") or tokens[0].lower_ in ("while", "after", "as", "but", "and")
        ):
            tokens = tokens[1:]
        while tokens and (tokens[-1].dep_ in ("cc", "punct", "mark") and tokens[-1].text not in '”"'):
            tokens = tokens[:-1]
    if len(tokens) < 3:
        return None
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _antecedent(verb: Any) -> Any:
    """The noun of a relative clause; a plural verb passes by a singular noun: "the forces of the general, which control"."""
    noun = verb.head
    plural = any(t.tag_ == "VBP" for t in (verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass"))))
    while plural and noun.tag_ in ("NN", "NNP") and noun.dep_ in ("pobj", "appos", "compound") and noun.head != noun:
        noun = noun.head
        if noun.pos_ == "ADP":
            noun = noun.head
    return noun


def _below(token: Any, head: Any) -> bool:
    """Whether a token hangs below a noun without a clause in between."""
    at = token
    while at != head:
        if at.dep_ in ("relcl", "acl", "advcl"):
            return False
        at = at.head
    return True
