"""The content of a verb of speech in the parse: the clauses, objects and infinitives that the verb takes.

Each pattern of complement is a function from a verb to contents, a content being its tokens; a table says which verbs
take it. The first pattern that the verb takes and that the sentence has gives the contents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from worker.extraction.lexicon.report_verbs import OBJECT_CUES
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.spans import Span, token_inside
from worker.extraction.syntax.relations import subtree_without

__all__ = ["TwoWordCue", "reported_contents", "two_word_cue", "valued_thing", "with_infinitive"]

_Content = list[Token]

_ASKING = words("cues_with_addressee_and_infinitive")
_PREPOSITION_OF = {"call": frozenset({"for", "on"})}
"""Verbs whose object needs a preposition: "called the police" reports nothing."""
_PREPOSITIONS_OF_SETTING = words("prepositions_of_setting")
_TIME_CLAUSE_STARTERS = words("time_clause_starters")
_VALUING = words("verbs_of_valuing")
_MAX_ASIDE = 12
"""Words of a cue that is put between commas into its content: ", she argued,"."""


class TwoWordCue(NamedTuple):
    """A verb that reports only together with a second word below it; `lemma`: the verb that both together mean."""

    word: str
    lemma: str


_TWO_WORD_CUES = {"make": TwoWordCue("clear", "stress")}


def two_word_cue(verb: Token) -> TwoWordCue | None:
    """The second word that a verb needs to report speech: "made it clear that"; None for verbs that need none."""
    return _TWO_WORD_CUES.get(verb.lemma_)


def valued_thing(verb: Token) -> Token | None:
    """What a figure is given for: "puts | the losses | at £85 million", "values the panel at"; None for none."""
    if verb.lemma_ not in _VALUING:
        return None
    thing = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    below = (*verb.children, *(thing.subtree if thing is not None else ()))
    at = next((c for c in below if _gives_a_figure(c)), None)
    return thing if thing is not None and at is not None and at.i > thing.i else None


def _gives_a_figure(token: Token) -> bool:
    """True for "at" before a number: "at 85 million", not "at table 4"."""
    if token.lower_ != "at" or token.dep_ != "prep":
        return False
    noun = next((c for c in token.children if c.dep_ in ("pobj", "prep", "pcomp")), None)
    numbers = [t for t in token.subtree if t.like_num or t.ent_type_ in ("MONEY", "PERCENT", "QUANTITY")]
    return noun is not None and bool(numbers) and (numbers[0].i <= noun.i or noun.dep_ != "pobj")


def reported_contents(verb: Token, marks: Sequence[Span]) -> list[_Content]:
    """The contents that a verb of speech reports; empty if it reports nothing. `marks`: the quotes of the text."""
    for is_taken_by, pattern in _PATTERNS:
        if is_taken_by(verb):
            contents = [content for content in pattern(verb, marks) if content]
            if contents:
                return contents
    return []


def with_infinitive(content: _Content, verb: Token) -> _Content:
    """A content with the infinitive right behind it, which many parses hang elsewhere: "call on them to withdraw"."""
    if verb.lemma_ not in _ASKING:
        return content
    last = max(token.i for token in content)
    to = next((t for t in verb.doc[last + 1 : len(verb.doc)] if not _is_adverb(t)), None)
    if to is None or to.tag_ != "TO" or to.head.i < to.i or to.sent != verb.sent:
        return content
    return [*content, *(t for t in to.head.subtree if t.i > last)]


def _is_adverb(token: Token) -> bool:
    return token.pos_ in ("ADV", "PART") and token.tag_ != "TO"


def _clauses_behind(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "The bank said that prices would fall." """
    return (list(c.subtree) for c in verb.children if c.dep_ in ("ccomp", "parataxis") and c.i > verb.i)


def _clause_before(verb: Token, marks: Sequence[Span]) -> Iterator[_Content]:
    """ "Prices will fall, the bank said." The parser makes the clause the complement, as if it came behind."""
    return (list(c.subtree) for c in verb.children if c.dep_ == "ccomp" and c.i < verb.i and not token_inside(c, marks))


def _clauses_of_two_word_cue(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "She made it clear that the plan had failed": the clause hangs on the second word, on the verb, or between."""
    cue = _TWO_WORD_CUES[verb.lemma_]
    second = next(token for token in verb.subtree if token.lower_ == cue.word)
    children = list(verb.children)
    clauses = [c for c in [*second.children, *children] if c.i > second.i and (c.dep_ == "ccomp" or _has_that(c))]
    clauses = clauses or [x for c in children for x in c.children if x.dep_ == "ccomp" and x.i > second.i]
    if not clauses and second.head.dep_ == "ccomp":
        clauses = [c for c in second.head.children if c.dep_ == "ccomp"]
    return (list(clause.subtree) for clause in clauses)


def _thing_and_figure(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "The council puts the cost at two million." """
    thing = valued_thing(verb)
    if thing is not None:
        figures = (t for c in verb.children if _gives_a_figure(c) for t in c.subtree)
        yield sorted({*thing.subtree, *figures}, key=lambda token: token.i)


def _has_that(clause: Token) -> bool:
    return any(c.dep_ == "mark" and c.lower_ == "that" for c in clause.children)


def _objects(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "She condemned the attack", "they called for a truce", "he threatened to sue": one content of all objects."""
    objects = [
        c
        for c in verb.children
        if c.dep_ in ("dobj", "prep", "xcomp", "dative") and c.i > verb.i and c.lower_ not in _PREPOSITIONS_OF_SETTING
    ]
    needed = _PREPOSITION_OF.get(verb.lemma_)
    if objects and (needed is None or any(c.lower_ in needed for c in objects)):
        kept = (subtree_without(each, _begins_time) for each in objects if not _begins_time(each))
        yield [token for subtree in kept for token in subtree]
    else:
        yield [token for c in verb.children if c.dep_ == "xcomp" for token in c.subtree]


def _begins_time(token: Token) -> bool:
    """True if all below a token is a clause that tells when: "the withdrawal … after the deadline was ignored"."""
    if token.dep_ == "advcl":
        return any(c.dep_ == "mark" and c.lower_ in _TIME_CLAUSE_STARTERS for c in token.children)
    if token.dep_ in ("prep", "mark") and token.lower_ in _TIME_CLAUSE_STARTERS:
        clause = token if token.dep_ == "prep" else token.head
        return any(c.dep_ in ("pcomp", "mark") for c in clause.children)
    return False


def _object_with_infinitive(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "She told the crew to leave", "he refused to resign": only with a verb below."""
    parts = [c for c in verb.children if c.dep_ in ("dobj", "dative", "xcomp", "ccomp") and c.i > verb.i]
    content = [token for part in parts for token in part.subtree]
    if any(token.dep_ in ("xcomp", "ccomp") for token in content):
        yield content


def _clause_around(verb: Token, _: Sequence[Span]) -> Iterator[_Content]:
    """ "The plan, she argued, would fail": the cue between commas hangs on the verb of its content."""
    if verb.dep_ in ("ccomp", "parataxis", "advcl") and verb.head.pos_ in ("VERB", "AUX"):
        cue = list(verb.subtree)
        if _is_between_commas(cue):
            own = {token.i for token in cue}
            yield [token for token in verb.head.subtree if token.i not in own]


def _is_between_commas(clause: Sequence[Token]) -> bool:
    """`clause`: the tokens of a cue with its subject."""
    inner = [token.i for token in clause if not token.is_punct]
    if not inner or len(inner) > _MAX_ASIDE:
        return False
    doc, before, after = clause[0].doc, min(inner) - 1, max(inner) + 1
    return before >= 0 and doc[before].text == "," and after < len(doc) and doc[after].text in (",", ".")


_NO_CLAUSE = words("cues_without_clause") | _VALUING | _TWO_WORD_CUES.keys()
_NO_CLAUSE_BEFORE = words("cues_without_clause_before") | _NO_CLAUSE
_WITH_OBJECT = OBJECT_CUES | words("cues_with_topic")
_WITH_INFINITIVE = words("cues_with_infinitive") - _WITH_OBJECT

_PATTERNS: tuple[tuple[Callable[[Token], bool], Callable[[Token, Sequence[Span]], Iterator[_Content]]], ...] = (
    (lambda verb: verb.lemma_ not in _NO_CLAUSE, _clauses_behind),
    (lambda verb: verb.lemma_ in _TWO_WORD_CUES, _clauses_of_two_word_cue),
    (lambda verb: verb.lemma_ in _VALUING, _thing_and_figure),
    (lambda verb: verb.lemma_ not in _NO_CLAUSE_BEFORE and verb.dep_ != "ccomp", _clause_before),
    (lambda verb: verb.lemma_ in _WITH_OBJECT, _objects),
    (lambda verb: verb.lemma_ in _WITH_INFINITIVE, _object_with_infinitive),
    (lambda _: True, _clause_around),
)
