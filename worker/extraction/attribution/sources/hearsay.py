"""Hearsay: what is reported in the passive, by sources without a name, or under an adverb such as "reportedly"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any, meet, tokens_span, trim
from worker.extraction.syntax.participles import is_said_by_the_way, words_of_participle
from worker.extraction.syntax.relations import has_subject, is_passive, subtree_without

__all__ = ["by_nobody", "is_hearsay", "is_hedge_alone", "is_hedged", "is_verb_of_hearsay", "with_hearsay"]

_VERBS = words("verbs_of_hearsay")
_WITH_INFINITIVE = words("hearsay_with_infinitive")
_HEDGES = words("possible_adverbs") | words("probable_adverbs")
_POSSIBLE = words("possible_cues")
_CONFIDENCE = 0.7
_IN_SPITE_OF = frozenset(("despite", "amid", "amidst", "notwithstanding", "following", "after"))
_SEEMING = frozenset(("appear", "seem"))
_RAISING = words("verbs_with_empty_it")


def is_hearsay(verb: Token) -> bool:
    """Whether a cue reports in the passive what nobody is named for: "is said to", "it was reported that"."""
    return verb.lemma_ in _VERBS and is_passive(verb) and not any(c.dep_ == "agent" for c in verb.children)


def is_verb_of_hearsay(verb: Token) -> bool:
    return verb.lemma_ in _VERBS


def is_hedge_alone(cue: Phrase) -> bool:
    """Whether a cue is only a hedge: "The firm reportedly paid" is not said by the firm, "it appears" by nobody."""
    words_of_cue = [token for token in cue if token.is_alpha]
    return bool(words_of_cue) and all(
        (token.lower_ in _HEDGES and not has_subject(token)) or token.lower_ == "it" or token.lemma_ in _SEEMING
        for token in words_of_cue
    )


def is_hedged(content: Sequence[Token]) -> bool:
    """Whether an adverb such as "allegedly" hedges what nobody is said to have said."""
    return any(token.lower_ in _HEDGES and token.dep_ == "advmod" for token in content)


def by_nobody(doc: Doc, text: str, each: Attribution) -> Attribution:
    """An attribution of hearsay without the subject of its passive for a source: "the mayor is thought to favour a
    tunnel" tells what the mayor is said to do, and the "it" of "it has been claimed that" is nobody.
    """
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if cue is None:
        return each
    source = doc.char_span(*each.source, alignment_mode="expand") if each.source else None
    if source is not None and source.text.casefold() in ("it", "there"):
        if source.text.casefold() == "there" or any(is_hearsay(t) or t.lemma_ in _RAISING for t in cue):
            return replace(each, source=None)
        return each
    if source is not None and (noun := _met_with(cue, source)) is not None:
        return replace(each, source=None, cue=(noun.idx, noun.idx + len(noun.text)), lemma=noun.lemma_)
    verb = next((t for t in cue if is_passive(t) and not any(c.dep_ == "agent" for c in t.children)), None)
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None) if verb is not None else None
    if verb is None or subject is None:
        return each
    if subject.lower_ == "it" and source is None:
        return _without(text, each, subject)
    if source is not None and is_hearsay(verb) and source[0].idx <= subject.idx < source[-1].idx + len(source[-1].text):
        behind = doc.char_span(*each.content[0], alignment_mode="expand")
        if behind is not None and behind[0].i > verb.i and behind[0].lower_ == "to":
            return replace(each, source=None, content=(trim(text, _whole(subject)), *each.content))
    return each


def _met_with(cue: Phrase, source: Phrase) -> Token | None:
    """The noun of "the firm has held firm despite criticism that": what is said against it is not said by it."""
    noun = next((t for t in reversed(list(cue)) if t.is_alpha), None)
    if noun is None or any(t.lemma_ in VERBS for t in cue) or noun.lemma_.casefold() not in lexicon().nouns:
        return None  # "said after the vote"
    if noun.pos_ != "NOUN" or noun.dep_ != "pobj" or noun.head.lower_ not in _IN_SPITE_OF:
        return None
    if any(c.dep_ in ("poss", "prep") for c in noun.children) or source[-1].i > noun.i:
        return None
    return noun


def with_hearsay(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of "is said to" and its like that no other has. `marks`: the quotes."""
    found = [each for each in found if not _is_reduced_wrongly(doc, each)]
    taken = [part for each in found for part in (each.cue, *(each.content if each.cue is None else ())) if part]
    made = [
        each
        for verb in doc
        if verb.lemma_ in _WITH_INFINITIVE and verb.tag_ in ("VBN", "VBD")
        if (each := _is_said_to(text, verb, marks) if is_passive(verb) else _said_to(text, verb, marks)) is not None
        if each.cue is not None and not any(meet(part, (each.cue[0], each.content[-1][1])) for part in taken)
    ]
    return sorted([*found, *made], key=lambda each: each.content[0])


def _is_said_to(text: str, verb: Token, marks: Sequence[Span]) -> Attribution | None:
    """ "The sheikh | is rumoured | to be buying a club"; "is supposed to" only of what has been."""
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass" and c.i < verb.i), None)
    what = next((c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i), None)
    first = what.left_edge if what is not None else None
    if subject is None or what is None or first is None or first.tag_ != "TO":
        return None
    if subject.tag_ in ("WDT", "WP", "EX") or subject.lower_ in ("it", "there", "what"):
        return None
    if any(c.dep_ in ("agent", "mark") or c.tag_ == "MD" for c in verb.children):
        return None
    if verb.lemma_ == "suppose" and not any(c.lemma_ == "have" and c.dep_ == "aux" for c in what.children):
        return None
    own = [verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "advmod") and c.i < verb.i)]
    cue = tokens_span([t for t in own if t.i > subject.i])
    named = subtree_without(subject, lambda c: c.dep_ in ("relcl", "acl", "punct") and c.i > subject.i)
    content = (
        trim(text, tokens_span([t for t in named if not t.is_space])),
        trim(text, tokens_span([t for t in what.subtree if not t.is_space])),
    )
    if inside_any(cue, marks) or content[0][1] > cue[0] or content[1][0] < cue[1]:
        return None
    return Attribution(
        source=None,
        cue=cue,
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_,
        confidence=_CONFIDENCE,
    )


def _is_reduced_wrongly(doc: Doc, each: Attribution) -> bool:
    """True where the noun of such a participle was taken for who says it, or its infinitive for an order."""
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    verb = next((t for t in cue or () if t.lemma_ in _WITH_INFINITIVE and is_said_by_the_way(t)), None)
    return verb is not None and (each.source is None or each.source[1] <= verb.idx)


def _said_to(text: str, verb: Token, marks: Sequence[Span]) -> Attribution | None:
    """ "A man | thought | to be in his 60s", "Said | to be worth a million, the ruby": a participle by the way."""
    if not is_said_by_the_way(verb):
        return None
    tokens = words_of_participle(verb)[1:]
    content = (trim(text, tokens_span(tokens)),)
    cue = verb.idx, verb.idx + len(verb.text)
    if inside_any(cue, marks):
        return None
    return Attribution(
        source=None,
        cue=cue,
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_ if verb.lemma_ in _POSSIBLE else "suppose",
        is_framed=True,
        confidence=_CONFIDENCE,
    )


def _whole(noun: Token) -> Span:
    return tokens_span([t for t in noun.subtree if not t.is_space])


def _without(text: str, each: Attribution, expletive: Token) -> Attribution:
    """Without the "it" of "it is alleged" among what is said."""
    at = expletive.idx, expletive.idx + len(expletive.text)
    parts: list[Span] = []
    for start, end in each.content:
        if not (start <= at[0] and at[1] <= end):
            parts.append((start, end))
        elif end == at[1] and start < at[0]:
            parts.append(trim(text, (start, at[0])))
        elif start == at[0] and end > at[1]:
            parts.append(trim(text, (at[1], end)))
        elif (start, end) != at:
            parts.append((start, end))
    return replace(each, content=tuple(parts)) if parts else each
