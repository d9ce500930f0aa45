"""How far a statement of the article's own voice reaches: the words of its clause, as spans of the text."""

from __future__ import annotations

from collections.abc import Container, Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.own_voice.clause_kinds import MIN_WORDS, PRESUPPOSING, StatedClause, only_adds
from worker.extraction.parse import Token
from worker.extraction.spans import Span, tokens_span
from worker.extraction.syntax.participles import (
    is_said_by_the_way,
    judged_by_the_way,
    says_by_the_way,
    words_of_participle,
)
from worker.extraction.syntax.relations import FINITE_TAGS, has_subject, seems_by_the_way, subtree_without, words_below
from worker.extraction.syntax.relative_clauses import described_noun

__all__ = [
    "apposition_extent",
    "clause_extent",
    "relative_clause_span",
    "without_participles",
    "without_reports",
    "without_what_was_said",
]

_ASIDE_STAYS = PRESUPPOSING | words("open_conjunctions")
_CONJUNCTIONS = PRESUPPOSING | words("asserting_conjunctions")
_BEFORE_A_STATEMENT = words("words_before_a_statement")
_BEFORE_A_PRESUPPOSED = _BEFORE_A_STATEMENT | PRESUPPOSING
_CIRCUMSTANCES = words("prepositions_of_a_circumstance")
_POINTING = frozenset(("come", "follow", "happen"))
_MAX_APART = 60
"""Characters between such a preposition and what was said in its phrase."""
_CLAUSES_OF_A_NOUN = frozenset({"relcl", "acl", "advcl"})
"""Relations of clauses that say more of a noun and are no part of its name."""
_EDGE = " \t\n,;:-–—.*•"
"""Characters that never begin or end a statement of the article's own voice."""
_BETWEEN = _EDGE + "\"“”'’"
"""Characters between two words that do not part a statement in two."""


def clause_extent(text: str, clause: StatedClause, first: int) -> tuple[Span, ...]:
    """The spans of a clause, without the clauses that hang on its edges; a relative clause with its noun.

    Two spans if a clause of its own is in between. Empty if the clause is too short for a statement. `first`: where the
    sentence begins.
    """
    head = clause.head
    tokens = [t for t in words_below(head) if t.idx >= first]
    if not tokens:
        return ()
    if clause.relative:
        noun = described_noun(head)
        phrase = [t for t in subtree_without(noun, _is_clause_of_a_noun) if t.i < tokens[0].i and not t.is_space]
        tokens = [*phrase, *tokens]
    tokens = _without_added_clauses(head, _without_clauses_beside(head, tokens))
    if clause.presupposed and not clause.relative and head.dep_ != "relcl" and not has_subject(head):
        tokens = _with_subject_before(head, tokens)
    tokens = _without_edges(head, tokens, presupposed=clause.presupposed)
    return _runs(text, tokens) if len(tokens) >= MIN_WORDS else ()


def without_participles(
    text: str, content: tuple[Span, ...], clause: StatedClause, cues: Sequence[Span]
) -> tuple[Span, ...]:
    """A clause without the participles by which somebody says something: "Branded a coward by the tabloids, | he left",
    "he left, | saying he was tired".

    `cues`: those of the sentence.
    """
    if clause.presupposed or clause.relative or not cues:
        return content
    for token in words_below(clause.head):
        if not any(start <= token.idx < end for start, end in cues):
            continue
        if is_said_by_the_way(token):
            begin, end = tokens_span(words_of_participle(token))
        elif judged_by_the_way(token) is not None or says_by_the_way(token):
            begin, end = tokens_span(words_below(token))
        elif token.tag_ == "VBG" and token.dep_ == "pcomp" and token.head.lower_ == "with":
            begin, end = tokens_span(words_below(token.head))  # "voted for it, | with critics calling it a farce"
        else:
            continue
        content = _without(text, content, (begin, end))
    return content


def without_what_was_said(
    text: str, content: tuple[Span, ...], clause: StatedClause, cues: Sequence[Span], contents: Sequence[Span]
) -> tuple[Span, ...]:
    """A clause without the circumstance that somebody said something: "Amid claims that he lied, | he left".

    `cues`, `contents`: those of the sentence.
    """
    if clause.presupposed or clause.relative or not cues:
        return content
    for token in clause.head.sent:
        is_of_a_name = token.is_sent_start and token.lower_ == "in" and token.nbor(1).lower_ == "what"
        if token.lower_ not in _CIRCUMSTANCES and not is_of_a_name:
            continue
        before = token.nbor(-1) if token.i > token.sent.start else token
        if (
            before.ent_type_ in ("DATE", "TIME")
            or before.pos_ == "ADV"
            or (clause.head.lemma_ in _POINTING and token.i > clause.head.i)
        ):
            continue  # "came a day | after claims that"
        cue = next((each for each in cues if token.idx < each[0] < token.idx + _MAX_APART), None)
        end = max((part[1] for part in contents if cue and cue[1] <= part[0] < cue[1] + _MAX_APART), default=None)
        within = token.doc.char_span(token.idx, cue[0], alignment_mode="expand") if cue is not None else None
        if end is None or within is None or any(t.tag_ in FINITE_TAGS for t in within):
            continue
        content = _without(text, content, (token.idx, end))
    return content


def without_reports(
    text: str, content: tuple[Span, ...], clause: StatedClause, cues: Sequence[Span]
) -> tuple[Span, ...]:
    """A clause without the one beside it in which somebody says something: "The bridge was shut | after engineers said
    that it could fall". `cues`: those of the sentence.
    """
    if clause.presupposed or clause.relative or not cues:
        return content
    head = clause.head
    for child in head.children:
        if child.dep_ != "advcl" or not has_subject(child) or child.tag_ not in FINITE_TAGS:
            continue
        if not any(start <= child.idx < end for start, end in cues):
            continue
        begin, end = tokens_span(words_below(child))
        # with all that stands behind it, or before it where it opens the sentence
        content = _without(text, content, (begin, len(text)) if child.i > head.i else (0, end))
    return content


def _without(text: str, content: tuple[Span, ...], cut: Span) -> tuple[Span, ...]:
    """What is left of a content on both sides of a part that is cut out, without punctuation at the edges."""
    sides = (side for part in content for side in ((part[0], min(part[1], cut[0])), (max(part[0], cut[1]), part[1])))
    return tuple(kept for side in sides if side[0] < side[1] and (kept := _trimmed(text, side))[0] < kept[1])


def apposition_extent(text: str, apposition: Token, noun: Token) -> tuple[Span, ...]:
    """From the beginning of the named noun to the end of the apposition."""
    start = subtree_without(noun, _is_clause_of_a_noun)[0].idx
    last = words_below(apposition)[-1]
    return ((start, len(text[: last.idx + len(last.text)].rstrip(_EDGE))),)


def _is_clause_of_a_noun(token: Token) -> bool:
    return token.dep_ in _CLAUSES_OF_A_NOUN


def relative_clause_span(verb: Token) -> Span:
    """A relative clause without the noun that it is about."""
    return tokens_span(words_below(verb))


def _without_clauses_beside(head: Token, tokens: list[Token]) -> list[Token]:
    """Without the joined and the adverbial clauses, which are statements of their own or none."""
    for child in head.children:
        if not has_subject(child):
            continue
        marks = {c.lower_ for c in child.children if c.dep_ in ("mark", "advmod")}
        aside = child.dep_ == "advcl" and not marks & _ASIDE_STAYS
        if child.i > head.i and ((aside and "like" not in marks) or child.dep_ in ("conj", "parataxis")):
            start = min(t.i for t in child.subtree)
            tokens = [t for t in tokens if t.i < start]
        elif child.i < head.i and not seems_by_the_way(child) and (aside or child.dep_ in ("ccomp", "parataxis")):
            last = max(t.i for t in child.subtree)
            tokens = [t for t in tokens if t.i > last]
    return tokens


def _without_added_clauses(head: Token, tokens: list[Token]) -> list[Token]:
    """Without relative clauses between commas, which are statements of their own."""
    inside = {t.i for t in tokens}
    for token in list(tokens):
        if token.dep_ != "relcl" or token == head or not only_adds(token):
            continue
        clause = {t.i for t in token.subtree}
        first, last = min(clause), max(clause)
        if first > head.i and not any(i > last for i in inside if not token.doc[i].is_punct):
            tokens = [t for t in tokens if t.i < first]
        elif last < head.i:
            tokens = [t for t in tokens if t.i not in clause]
    return tokens


def _with_subject_before(head: Token, tokens: list[Token]) -> list[Token]:
    """With the subject that the parse gave to the preposition before the verb: "after the deadline was ignored"."""
    first = min(t.i for t in tokens)
    before = head.doc[first - 1] if first else None
    while before is not None and before.head != before:
        before = before.head
        if before.lower_ in PRESUPPOSING and before.dep_ == "prep":
            return [t for t in words_below(before) if t.i > before.i] + tokens
    return tokens


def _without_edges(head: Token, tokens: list[Token], *, presupposed: bool) -> list[Token]:
    """Without conjunctions and punctuation at the beginning and the end."""
    openers = _BEFORE_A_PRESUPPOSED if presupposed else _BEFORE_A_STATEMENT
    while tokens and (_opens(head, tokens, openers) or _is_even_though(head, tokens)):
        tokens = tokens[1:]
    while tokens and tokens[-1].dep_ in ("cc", "punct", "mark") and not _closes(tokens):
        tokens = tokens[:-1]
    return tokens


def _opens(head: Token, tokens: list[Token], openers: Container[str]) -> bool:
    """True if the first of the tokens is punctuation or a conjunction before the statement.

    False for the conjunction of a clause or phrase that is part of it: "If it rains, the road is shut", "As a boy, I".
    """
    first = tokens[0]
    if first.dep_ == "punct":
        return True
    if first.dep_ not in ("mark", "cc") and first.lower_ not in openers:
        return False
    inside = {t.i for t in tokens}
    if first.head != head and first.head.i in inside:
        return False
    phrase_end = max((t.i for t in first.subtree if t.i in inside), default=first.i)
    behind = next((t for t in tokens if t.i > phrase_end), None)
    # the parse may hang the subject of a clause on its conjunction: "after the novelist | told them"
    is_torn = first.lower_ in PRESUPPOSING and behind is not None and not behind.is_punct and head.dep_ == "advcl"
    return phrase_end == first.i or is_torn


def _is_even_though(head: Token, tokens: list[Token]) -> bool:
    """True for the adverb before the conjunction of a statement: "even though", "just as"."""
    first, second = tokens[0], tokens[1] if len(tokens) > 1 else None
    if second is None or second.dep_ != "mark" or second.lower_ not in _CONJUNCTIONS or first.dep_ != "advmod":
        return False
    return second.head == head and first.head in (head, second)


def _closes(tokens: list[Token]) -> bool:
    """True for a mark or a bracket at the end that closes one inside of the tokens."""
    last = tokens[-1]
    if last.text in ("'", "’"):
        return any(t.text in ("'", "‘") for t in tokens[:-1])
    return last.text in '”"' or (last.text == ")" and any(t.text == "(" for t in tokens))


def _runs(text: str, tokens: list[Token]) -> tuple[Span, ...]:
    """The spans of words that follow each other, without punctuation at their edges."""
    runs: list[list[Token]] = []
    for token in tokens:
        between = text[runs[-1][-1].idx + len(runs[-1][-1].text) : token.idx] if runs else ""
        if runs and not between.strip(_BETWEEN):
            runs[-1].append(token)
        else:
            runs.append([token])
    spans = (_trimmed(text, (run[0].idx, run[-1].idx + len(run[-1].text))) for run in runs)
    return tuple((start, end) for start, end in spans if end > start)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end
