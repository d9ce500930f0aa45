"""Attributions inside the content of another: "We call on …" in a quote, "parties' demands for …" in indirect speech.

The corpora mark only the outermost attribution, so these come from rules, whatever found the outer one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from worker.extraction.attribution.quote_type import reported_type
from worker.extraction.attribution.reported import from_verb
from worker.extraction.attribution.reported_content import valued_thing
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import OBJECT_CUES, VERBS
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside, tokens_span

__all__ = ["nested"]

_TAKING_SIDES = words("siding_verbs") | words("siding_verbs_of_speech")
_PLANS = words("plans")
_REPORTING = VERBS | OBJECT_CUES | words("report_verbs_inside_contents")
_TELLING = words("verbs_with_addressee_as_object")
_ASKING_FOR = {
    "ask": frozenset({"for"}),
    "beg": frozenset({"for"}),
    "plead": frozenset({"for"}),
    "complain": frozenset({"of", "about"}),
}
"""Verbs with the prepositions behind which a thing is asked or complained of."""
_BY = words("prepositions_before_who_spoke")
_BESIDE_VERB = frozenset({"aux", "neg", "advmod"})
_LEADS_OUT = frozenset({"that", "for"})
_LEADS_IN = frozenset({"that", "for", "of"})
_CLOSER = {"‘": "’", "'": "'"}
"""Single quotation marks around what a quoted speaker quotes himself."""


@cache
def _verb_of_noun() -> Mapping[str, str]:
    """Nouns that name a speech act, and the verb whose act it is."""
    table = read_table("speech_nouns")
    return {str(noun): str(verb) for noun, verb in table["verb_of"].items()}


def nested(doc: Doc, text: str, outer: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that are wholly inside a content of `outer` and have a cue of their own."""
    found: list[Attribution] = []
    contents = [(span, phrase) for a in outer for span in a.content if (phrase := _phrase(doc, span)) is not None]
    of_cues = {character for a in outer if a.cue for character in range(*a.cue)}
    places = [(token.i, each) for token in _each_token(doc, contents) for each in _at(token, text)]
    candidates = [(i, each) for i, each in places if each.cue and of_cues.isdisjoint(range(*each.cue))]
    numbers = [number for number, _ in candidates]
    for span, phrase in contents:
        for _, each in candidates[bisect_left(numbers, phrase.start) : bisect_left(numbers, phrase.end)]:
            clipped = _clipped(_within_its_marks(each, text), span)
            if clipped is not None and clipped.cue and of_cues.isdisjoint(range(*clipped.cue)):
                of_cues.update(range(*clipped.cue))
                found.append(clipped)
    return found


def _phrase(doc: Doc, span: Span) -> Phrase | None:
    return doc.char_span(*span, alignment_mode="expand")


def _each_token(doc: Doc, contents: Sequence[tuple[Span, Phrase]]) -> Iterator[Token]:
    """The tokens of the contents, each once however many contents it is in, in the order of the text."""
    end = 0
    for start, stop in sorted((phrase.start, phrase.end) for _, phrase in contents):
        yield from doc[max(start, end) : max(stop, end)]
        end = max(stop, end)


def _clipped(each: Attribution, outer: Span) -> Attribution | None:
    """An attribution cut off at the end of the outer content, which the parse may overrun; None if it is not inside."""
    content = tuple((start, min(end, outer[1])) for start, end in each.content if outer[0] <= start < outer[1])
    parts = [part for part in (each.source, each.cue, *content) if part]
    return replace(each, content=content) if content and all(inside(part, outer) for part in parts) else None


def _within_its_marks(each: Attribution, text: str) -> Attribution:
    """An attribution whose content opens with a single quotation mark, cut off at the mark that closes it."""
    start, end = each.content[0]
    closer = _CLOSER.get(text[start - 1 : start])
    if closer is None:
        return each
    close = re.search(rf"(?<=[\w,.!?…]){closer}(?!\w)", text[start:end])
    return replace(each, content=((start, start + close.start()),)) if close is not None else each


def _at(token: Token, text: str) -> list[Attribution]:
    """The attributions whose cue is a token."""
    if token.pos_ == "VERB":
        if token.lemma_ == "rule" and any(c.dep_ == "prt" and c.lower_ == "out" for c in token.children):
            return _side_taken(token, text, "rule_out", None)
        if token.lemma_ in _TAKING_SIDES:
            return _side_taken(token, text, token.lemma_, _PLANS)
        if (prepositions := _ASKING_FOR.get(token.lemma_)) and (found := _asked_for(token, text, prepositions)):
            return found
        if token.lemma_ in _REPORTING or valued_thing(token) is not None:
            found = from_verb(token, text, [], unnamed=_TELLING)
            return [each for each in found if each.source or token.lemma_ in _TELLING]
    elif token.pos_ == "NOUN" and token.lemma_ in _verb_of_noun():
        return _from_noun(token, text)
    return []


def _asked_for(verb: Token, text: str, prepositions: frozenset[str]) -> list[Attribution]:
    """ "The union had asked for a rise", "the boys complained of hunger": a thing behind a preposition is asked."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    asked = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in prepositions and c.i > verb.i]
    if subject is None or not asked or not any(c.dep_ == "pobj" for c in asked[0].children):
        return []
    content = list(verb.doc[asked[0].i : asked[-1].right_edge.i + 1])  # "for a painting, not for a bill"
    beside = [c for c in verb.children if c.dep_ in _BESIDE_VERB and c.i < verb.i]
    return _attribution(text, list(subject.subtree), [verb, *beside], content, verb.lemma_)


def _side_taken(verb: Token, text: str, lemma: str, nouns: frozenset[str] | None) -> list[Attribution]:
    """ "The government supports the demand …", "Moscow cannot rule out …". `nouns`: the objects that count."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    thing = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    if subject is None or thing is None or (nouns is not None and thing.lemma_ not in nouns):
        return []
    beside = [c for c in verb.children if (c.dep_ in _BESIDE_VERB and c.i < verb.i) or c.dep_ == "prt"]
    return _attribution(text, list(subject.subtree), [verb, *beside], list(thing.subtree), lemma)


def _from_noun(noun: Token, text: str) -> list[Attribution]:
    """Nouns of speech: "the parties' demands for an end", "a report in the daily that it will close", "rumours that".

    Without an owner it is nobody's, and only a clause is its content.
    """
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    speakers = [c for c in noun.children if c.dep_ == "prep" and c.lower_ in _BY and c.i > noun.i]
    if owner is None:
        owner = next((o for c in speakers for o in c.children if o.dep_ == "pobj"), None)
    behind = [
        c
        for c in noun.children
        if c.i > noun.i
        and c.dep_ in ("prep", "acl", "ccomp")
        and c.lower_ not in ("of", "in", "by")
        and c not in speakers
    ]
    if owner is None or speakers:
        # the clause may hang on the owner: "a report in the daily that it will close"
        behind = [c for each in (noun, *([owner] if owner else [])) for c in each.children if _is_that_clause(c)]
    if not behind:
        return []
    lead = [behind[0]] if behind[0].lower_ == "for" else []
    content = [token for each in behind for token in each.subtree]
    first = behind[0].left_edge.i
    source = (
        [token for token in owner.subtree if token.i < first or token.i > content[-1].i] if owner is not None else []
    )
    return _attribution(text, source, [noun, *lead], content, _verb_of_noun()[noun.lemma_])


def _is_that_clause(verb: Token) -> bool:
    return verb.dep_ in ("acl", "ccomp", "relcl") and any(
        c.dep_ == "mark" and c.lower_ == "that" for c in verb.children
    )


def _attribution(
    text: str, source: Sequence[Token], cue: Sequence[Token], content: Sequence[Token], lemma: str
) -> list[Attribution]:
    """One attribution; none where less than two words are left of its content."""
    kept = [token for token in content if not token.is_space]
    begin, end = 0, len(kept)
    while end > begin and (kept[end - 1].is_punct or kept[end - 1].lower_ in _LEADS_OUT):
        end -= 1
    while begin < end and (kept[begin].is_punct or kept[begin].lower_ in _LEADS_IN):
        begin += 1
    if end - begin < 2:
        return []
    span = tokens_span(kept[begin:end])
    return [
        Attribution(
            source=tokens_span([token for token in source if not token.is_space]) if source else None,
            cue=tokens_span(cue),
            content=(span,),
            quote_type=reported_type(text, (span,)),
            lemma=lemma,
            confidence=0.6,
        )
    ]
