"""The own-voice stage: statements that no source makes, and those that the article or a source takes for granted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.own_voice.clause_extent import (
    apposition_extent,
    clause_extent,
    relative_clause_span,
    without_participles,
    without_reports,
    without_what_was_said,
)
from worker.extraction.own_voice.clause_kinds import RELATIONS, StatedClause, counted_appositions, stated_clauses
from worker.extraction.own_voice.not_sentences import is_no_statement, start_of_sentence
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, any_meet, by_sentence, inside, inside_any, meet
from worker.extraction.syntax.participles import says_by_the_way
from worker.extraction.syntax.relations import FINITE_TAGS, words_below

__all__ = ["OwnStatement", "find_own_voice"]

_MAX_OF_A_SENTENCE = 12
"""Statements of one sentence; more are the parse of a row of numbers or names."""
_MIN_QUOTE_WORDS = 5
"""Words from which a quote is somebody's; a shorter one is a title, a nickname, a doubtful word."""


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """`presupposed`: the sentence takes it for granted and does not say it. `head`: its verb in the parse, or its noun.

    Two spans of content if a clause of its own is in between: "Its shares, which had tripled in a year, fell".
    """

    content: tuple[Span, ...]
    presupposed: bool
    head: Token


@dataclass(frozen=True, slots=True)
class _Attributed:
    """The spans of one sentence that belong to sources; `quotes` without those of a word or two.

    `cues_of`: the cues by the sources that they have.
    """

    contents: Sequence[Span]
    cues: Sequence[Span]
    sources: Sequence[Span]
    quotes: Sequence[Span]
    cues_of: Mapping[Span, Sequence[Span]]


def find_own_voice(
    doc: Doc,
    text: str,
    headline: str | None,
    attributions: Sequence[Attribution],
    quotes: Sequence[Span],
    unstated: Sequence[Span] = (),
) -> list[OwnStatement]:
    """The statements in the article's own voice and the presupposed ones, in the order of the text.

    A statement that touches an attribution or a quote is not the article's own. A presupposed one may lie inside of a
    content: who says the whole takes it for granted. A relative clause may be about a source. The headline, questions,
    and lines that only name authors or link elsewhere state nothing, and neither do the lines `unstated`.
    """
    statements: list[OwnStatement] = []
    attributed = _attributed_by_sentence(doc, text, attributions, quotes)
    # a relation's number is that of its name in the vocabulary: most words are never made into tokens
    wanted = [doc.vocab.strings[name] for name in RELATIONS]
    places = np.flatnonzero(np.isin(doc.to_array("DEP"), wanted)).tolist()
    body = len(headline) if headline and text.startswith(headline) else 0
    for sentence, theirs in zip(doc.sents, attributed, strict=True):
        if sentence.start_char < body or inside_any((sentence.start_char, sentence.start_char + 1), unstated):
            continue
        first = start_of_sentence(text, sentence)
        if is_no_statement(text, sentence, first):
            continue
        candidates = [doc[i] for i in places[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]]
        own: list[OwnStatement] = []
        for clause in stated_clauses(candidates, sentence):
            content = without_participles(text, clause_extent(text, clause, first), clause, theirs.cues)
            content = without_reports(text, content, clause, theirs.cues)
            content = without_what_was_said(text, content, clause, theirs.cues, theirs.contents)
            if not content:
                continue
            others = replace(theirs, sources=_others_than_who_acts(clause, theirs))
            if (statement := _own(clause, content, others, own)) is not None:
                own.append(statement)
        if any(t.tag_ in FINITE_TAGS for t in sentence):  # else a list: "1 cup of rice, 2 eggs"
            own += _facts_beside_names(candidates, text, theirs)
        statements += own[:_MAX_OF_A_SENTENCE]
    return sorted(statements, key=lambda statement: statement.content)


def _attributed_by_sentence(
    doc: Doc, text: str, attributions: Sequence[Attribution], quotes: Sequence[Span]
) -> list[_Attributed]:
    starts = [sentence.start_char for sentence in doc.sents]
    contents = by_sentence(starts, [span for each in attributions for span in each.content])
    cues = by_sentence(starts, [each.cue for each in attributions if each.cue])
    sources = by_sentence(starts, [each.source for each in attributions if each.source])
    spoken = by_sentence(starts, [span for span in quotes if len(text[slice(*span)].split()) >= _MIN_QUOTE_WORDS])
    cues_of: dict[Span, list[Span]] = {}
    for each in attributions:
        if each.source:
            cues_of.setdefault(each.source, []).append(each.cue or each.content[0])
    return [
        _Attributed(contents.get(i, ()), cues.get(i, ()), sources.get(i, ()), spoken.get(i, ()), cues_of)
        for i in range(len(starts))
    ]


def _others_than_who_acts(clause: StatedClause, theirs: _Attributed) -> Sequence[Span]:
    """The sources but those that do something in a clause, and say something only in a participle beside it."""
    speaks = clause.head.lemma_ in VERBS and not any(c.dep_ == "prt" for c in clause.head.children)
    if speaks or not theirs.sources:
        return theirs.sources  # "she replied, saying that it was true"
    beside = [token for token in words_below(clause.head) if says_by_the_way(token)]
    return [
        source
        for source in theirs.sources
        if not all(any(start <= token.idx < end for token in beside) for start, end in theirs.cues_of[source])
    ]


def _own(
    clause: StatedClause, content: tuple[Span, ...], theirs: _Attributed, own: Sequence[OwnStatement]
) -> OwnStatement | None:
    """The statement of a clause, None if it belongs to a source. `own`: the statements before it in its sentence."""
    whole = content[0][0], content[-1][1]
    if not (clause.presupposed or clause.relative):
        touched = any(
            any_meet(content, spans) for spans in (theirs.contents, theirs.cues, theirs.sources, theirs.quotes)
        )
        told = any(not other.presupposed and inside_any(whole, other.content) for other in own)
        return None if touched or told else OwnStatement(content, presupposed=False, head=clause.head)
    core = relative_clause_span(clause.head) if clause.relative else whole
    noun = clause.head.head
    if (
        clause.relative
        and inside_any(core, theirs.contents)
        and not inside_any((noun.idx, noun.idx + 1), theirs.contents)
    ):
        return None  # "It was the rain, he said, that broke the dam"
    # inside the words of a source it is the source that takes a relative clause for granted
    presupposed = clause.presupposed or inside_any(core, theirs.contents)
    # the edge of a content that was cut in the middle of the clause does not count
    cut = any(_overlaps(core, span) and span[0] <= clause.head.idx < span[1] for span in theirs.contents)
    if cut or any_meet((core,), theirs.cues):
        return None
    if not presupposed and (any_meet((core,), theirs.contents) or any_meet((core,), theirs.quotes)):
        return None
    return OwnStatement(content, presupposed, clause.head)


def _facts_beside_names(candidates: Sequence[Token], text: str, theirs: _Attributed) -> Iterator[OwnStatement]:
    for apposition, noun in counted_appositions(candidates):
        content = apposition_extent(text, apposition, noun)
        cut = any(_overlaps(span, other) for span in content for other in theirs.contents)
        if not cut and not any_meet(content, theirs.cues) and not any_meet(content, theirs.quotes):
            yield OwnStatement(content, presupposed=False, head=apposition)


def _overlaps(span: Span, other: Span) -> bool:
    """Whether a span lies partly inside and partly outside of the other."""
    return meet(span, other) and not inside(span, other)
