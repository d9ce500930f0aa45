"""One attribution of two statements becomes two: "said that the plan failed and that the minister knew"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import EDGE, Span, inside_any
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS, has_subject, has_tense
from worker.extraction.text.quotes import all_quotes

__all__ = ["split_statements"]

_MAIN_CLAUSES = ("ccomp", "conj", "ROOT", "parataxis")
_SUBORDINATE = words("adverbial_conjunctions") | {"if", "where", "how", "why", "whether"}
_CLOSING = ('"', "”", "’", "''")
_JOINT = re.compile(r"(?:and|but) ")


def split_statements(doc: Doc, text: str, attributions: Iterable[Attribution]) -> list[Attribution]:
    """The attributions, with one for each statement of a content that joins several; direct quotes stay whole.

    Where the corpora mark one content, a reader who checks has two claims: one may be true and the other not. `doc` is
    the parse of `text`.
    """
    split: list[Attribution] = []
    for each in attributions:
        parts = _parts(doc, text, each.content[0]) if _can_join_statements(each) else _over_its_cue(doc, text, each)
        split += [replace(each, content=(part,)) for part in parts] or [each]
    return split


def _can_join_statements(each: Attribution) -> bool:
    return len(each.content) == 1 and each.quote_type is not QuoteType.DIRECT


def _over_its_cue(doc: Doc, text: str, each: Attribution) -> list[Span]:
    """The two statements of "The fire was seen from the road, | a shepherd said, | and nobody called the brigade".

    A semicolon behind the cue parts them as well.
    """
    if len(each.content) != 2 or each.quote_type is not QuoteType.INDIRECT or each.cue is None:
        return []
    first, second = each.content
    joint = _JOINT.match(text, *second)
    between = text[each.cue[1] : second[0]]
    if (joint is None and ";" not in between) or not first[1] <= each.cue[0] < second[0] or "\n" in between:
        return []
    start = joint.end() if joint else second[0]
    clause = doc.char_span(start, second[1], alignment_mode="expand")
    verb = next((t for t in clause or () if t.tag_ in FINITE_TAGS), None)
    subjects = [c for c in clause or () if c.dep_ in NOUN_SUBJECTS]
    if verb is None or not any(c.i < verb.i and c.head in (verb, verb.head) for c in subjects):
        return []
    return [first, (start, second[1])]


def _parts(doc: Doc, text: str, content: Span) -> list[Span]:
    """The statements of a content; none where it is one. What is joined inside of a quote stays whole."""
    marks = all_quotes(text)
    tokens = doc.char_span(*content, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return []
    joints = _joints(tokens) or [
        joint for joint in _joints_of_words(tokens) if not inside_any((doc[joint].idx, doc[joint].idx + 1), marks)
    ]
    ends = [*(_end_before(doc, joint, tokens.start) for joint in joints), tokens.end]
    parts = [_part(doc, text, content, *edges) for edges in zip([tokens.start, *joints], ends, strict=True)]
    kept = [part for part in parts if part is not None]
    return kept if len(kept) > 1 else []


def _joints(tokens: Phrase) -> list[int]:
    """The numbers of the tokens with which a second, third ... statement of a content begins."""
    joints = []
    clause: Token | None = tokens.root
    while clause is not None:
        joined = next(
            (c for c in clause.children if c.i < tokens.end and (_is_joined(clause, c) or _is_listed(clause, c))), None
        )
        if joined is not None:
            joints.append(joined.left_edge.i)
        clause = joined
    return joints


def _joints_of_words(tokens: Phrase) -> list[int]:
    """The same by the words between main clauses, for what the parse hangs on the cue or on nothing.

    "But" and a semicolon part two statements, commas and an "and" three and more: "taxes would fall, schools would get
    more money and no hospital would close". Two with "and" alone stay one.
    """
    by_joint: dict[str, list[int]] = {}
    mains = [token for token in tokens if token.dep_ in NOUN_SUBJECTS and _is_main(token.head)]
    for subject in mains[1:]:
        start = subject.left_edge.i
        if start > max(mains[0].i, tokens.start):
            by_joint.setdefault(subject.doc[start - 1].lower_, []).append(start)
    commas, ands = by_joint.get(",", []), by_joint.get("and", [])
    listed = [*commas, *ands] if commas and ands and ands[-1] > commas[0] else []
    return sorted([*by_joint.get("but", []), *by_joint.get(";", []), *listed])


def _is_main(verb: Token) -> bool:
    """Whether a finite verb is that of a main clause, and none of saying inside of the content."""
    if verb.dep_ not in _MAIN_CLAUSES or verb.lemma_ in VERBS:
        return False
    if any(c.dep_ in ("mark", "advmod") and c.lower_ in _SUBORDINATE for c in verb.children):
        return False
    return has_tense(verb)


def _end_before(doc: Doc, joint: int, start: int) -> int:
    """The end of the statement before a joint: the "and" and the comma between belong to neither."""
    end = joint
    while end > start and (doc[end - 1].dep_ == "cc" or (doc[end - 1].is_punct and doc[end - 1].text not in _CLOSING)):
        end -= 1
    return end


def _part(doc: Doc, text: str, content: Span, start: int, end: int) -> Span | None:
    """The characters of the tokens from `start` to `end` within a content; None where nothing is left."""
    if end <= start:
        return None
    first, last = max(doc[start].idx, content[0]), min(doc[end - 1].idx + len(doc[end - 1].text), content[1])
    while first < last and text[first] in EDGE:
        first += 1
    return (first, last) if last > first else None


def _is_listed(clause: Token, joined: Token) -> bool:
    """True for the second of several clauses with "that": "was old, that nothing was stolen and that it would open"."""
    if joined.dep_ not in ("advcl", "ccomp", "parataxis", "dep") or joined.left_edge.i <= clause.i:
        return False
    first = joined.left_edge
    is_listed = first.lower_ == "that" and first.dep_ == "mark" and first.head == joined and first.nbor(-1).text == ","
    return is_listed and has_subject(joined)


def _is_joined(clause: Token, joined: Token) -> bool:
    """True if a clause joined to another has its own subject, and "that" or "but" before it."""
    if joined.dep_ != "conj":
        return False
    marked = any(c.dep_ == "mark" and c.lower_ == "that" for c in joined.children)
    but = any(c.dep_ == "cc" and c.lower_ == "but" and c.i < joined.i for c in clause.children)
    return has_subject(joined) and (marked or but)
