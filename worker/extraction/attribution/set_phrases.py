"""Attributions of set phrases and of nouns that somebody utters: "tore into the plan", "issued an apology for it".

The phrases and their acts are in data/acts.toml, the nouns in data/speech_nouns.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from worker.contract.claim import Act
from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.source_phrase import cue_span, source_tokens
from worker.extraction.attribution.sources.speech_nouns import verbs_of_nouns
from worker.extraction.attribution.statements.able_to_say import speaks
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.act_words import SetPhrase, lexicon
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any, meet, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, has_to, is_negated, is_passive

__all__ = ["with_set_phrases"]

_CONFIDENCE = 0.65
_MAX_GAP = 2
"""Words that may be between two words of a phrase: "took a rare swipe at"."""
_MAX_OBJECT = 7
"""Words of the object in the midst of a phrase: "held | the owners of the mill | responsible"."""
_MAX_NOUN = 3
"""Words between a noun of saying and what it says: "an apology to staff on Monday for"."""
_GIVING_WORDS = frozenset(("guarantee", "promise"))
_UTTERING = words("verbs_of_uttering")
_SAID_OF = words("opinions") | lexicon().statements | words("what_is_brushed_aside")
_STOPS = frozenset((",", ";", ":", ".", "?", "!", "—", "–", "“", "”", '"', "("))
_CLAUSES = ("acl", "ccomp", "relcl", "advcl", "xcomp")
_VERB_OF_ACT = {
    Act.ACCUSE: "accuse",
    Act.CONCEDE: "admit",
    Act.CRITICISE: "criticise",
    Act.DEMAND: "demand",
    Act.DENY: "deny",
    Act.ENDORSE: "endorse",
    Act.OPPOSE: "oppose",
    Act.PRAISE: "praise",
    Act.PREDICT: "predict",
    Act.PROMISE: "promise",
    Act.URGE: "urge",
    Act.THREATEN: "threaten",
}
"""The verb that a phrase of an act counts as."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase in a text: its verb, its last word, and the tokens of what it says."""

    verb: Token
    last: Token
    content: list[Token]
    lemma: str
    negated: bool = False
    by: Token | None = None
    """Who says it, where the parse hangs "by" somewhere else than on the verb."""


def with_set_phrases(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of such phrases whose verb and content no other has.

    `marks`: the quotes of the text.
    """
    kept = list(found)
    for phrase in _each(doc):
        made = _attribution(phrase, text, marks)
        if made is None:
            continue
        kept = [each for each in kept if not _lacks_who_says(each, made)]
        if not any(_has(each, made) for each in kept):
            kept.append(made)
    return sorted(kept, key=lambda each: each.content[0])


def _lacks_who_says(each: Attribution, made: Attribution) -> bool:
    return each.source is None and each.cue is not None and made.source is not None and each.content == made.content


def _has(each: Attribution, made: Attribution) -> bool:
    own = [*each.content, *(part for part in (each.cue, each.source) if part is not None)]
    new = [made.content[0], *([made.cue] if made.cue is not None else ())]
    if each.cue is not None and any(inside_any(part, each.content) for part in new[1:]):
        return False  # said inside of what another says
    return any(meet(one, other) for one in own for other in new)


def _each(doc: Doc) -> Iterator[_Found]:
    known = lexicon().set_phrases
    for token in doc:
        if token.pos_ not in ("VERB", "AUX"):
            continue
        lemma = token.lemma_.casefold()
        found = next((made for phrase in known.get(lemma, ()) if (made := _phrase(token, phrase)) is not None), None)
        if found is None and lemma in _UTTERING:
            found = _uttered(token)
        if found is None and lemma in _GIVING_WORDS and is_passive(token):
            found = _given_in_words(token)
        if found is not None:
            yield found


def _attribution(phrase: _Found, text: str, marks: Sequence[Span]) -> Attribution | None:
    verb = phrase.verb
    if not phrase.content or is_negated(verb) or any(c.tag_ == "MD" for c in verb.children):
        return None
    source = _speaker(verb, marks) if phrase.by is None else [t for t in phrase.by.subtree if t != phrase.by]
    nobody_named = source is None and phrase.lemma in _GIVING_WORDS and _was_given(verb)
    if source is None and not nobody_named:
        return None
    if source is not None and source[0].lower_ in ("no", "nobody", "none", "neither"):
        return None
    first, end = cue_span(verb)
    cue = (first, max(end, phrase.last.idx + len(phrase.last.text)))
    content = trim(text, tokens_span(phrase.content))
    if meet(cue, content):
        cue = (first, end)
    if inside_any(cue, marks) or meet(cue, content):
        return None
    return Attribution(
        source=trim(text, tokens_span(source)) if source is not None else None,
        cue=cue,
        content=(content,),
        quote_type=quote_type((content,), marks),
        lemma=phrase.lemma,
        negated=phrase.negated,
        confidence=_CONFIDENCE,
    )


def _speaker(verb: Token, marks: Sequence[Span]) -> list[Token] | None:
    """The tokens of who speaks, if it is somebody, a body or a document that can."""
    if is_passive(verb):
        agent = next((o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"), None)
        return [t for t in agent.subtree if not t.is_space] if agent is not None and speaks(agent) else None
    if verb.tag_ not in (*FINITE_TAGS, "VBG") and not any(c.dep_ == "aux" and c.tag_ != "TO" for c in verb.children):
        return None
    source = source_tokens(verb, marks)
    if not source:
        return None
    if (
        source[-1].lower_ == "ex" and source[-1].nbor(1).text == "-"
    ):  # "the ex-premier", of which parses make three words
        source = [*source, source[-1].nbor(1), source[-1].nbor(2)]
    places = {t.i for t in source}
    head = next((t for t in source if t.head.i not in places or t.head == t), source[0])
    return source if speaks(head) and head.lower_ not in ("it", "this", "that", "which", "there") else None


def _phrase(verb: Token, phrase: SetPhrase) -> _Found | None:
    """A phrase that begins with this verb, with the words behind it that it says something of."""
    behind = _behind(verb)
    at, content_from = 0, None
    for word in phrase.words[1:]:
        if word == "*":
            content_from = at
            continue
        gap = _MAX_OBJECT if content_from == at else _MAX_GAP
        near = [n for n, t in enumerate(behind[at : at + gap + 1], start=at) if t.lemma_.casefold() == word]
        if not near:
            return None
        at = near[0] + 1
    last = behind[at - 1] if at else verb
    opened = _opened(verb, behind, at, phrase)
    if opened is None:
        return None
    opener, content = opened
    if content_from is not None:
        content = [*behind[content_from:at], *([opener] if opener is not None else ()), *content]
        last = verb
    elif opener is not None:
        last = opener
    if phrase.of_statements and not any(t.lemma_.casefold() in _SAID_OF for t in content[:4]):
        return None
    lemma = _VERB_OF_ACT.get(phrase.act, verb.lemma_)
    return _Found(verb, last, content, lemma, negated=phrase.act in (Act.SILENT, Act.DECLINE))


def _behind(verb: Token) -> list[Token]:
    """The words behind a verb up to a mark."""
    near: list[Token] = []
    for token in verb.doc[verb.i + 1 : min(verb.i + 1 + 3 * _MAX_OBJECT, verb.sent.end)]:
        if token.text in _STOPS:
            break
        if not token.is_space:
            near.append(token)
    return near


def _opened(
    verb: Token, behind: Sequence[Token], at: int, phrase: SetPhrase
) -> tuple[Token | None, list[Token]] | None:
    """What begins the content behind a phrase, None for its own last word, and the content's words."""
    if not phrase.openers:  # "tore into | the plan", "brushed aside | the fears"
        return None, _whole(verb, behind[at:], behind[at - 1] if at else verb)
    for token in behind[at : at + _MAX_NOUN * 2]:
        if token.lower_ in phrase.openers and (token.pos_ in ("ADP", "SCONJ", "PART") or token.tag_ in ("IN", "TO")):
            place = behind.index(token)
            content = _whole(verb, behind[place + 1 :], token)
            return (token, content) if content else None
        if token.tag_ in FINITE_TAGS:
            break
    return (None, []) if phrase.words[-1] == "*" else None


def _whole(verb: Token, behind: Sequence[Token], opener: Token) -> list[Token]:
    """The noun phrase or clause behind `opener`: all that hangs below its first branch."""
    first = next(iter(behind), None)
    if first is None:
        return []
    if opener.lower_ == "that":
        top = opener.head if opener.head.i > opener.i else first
        return [t for t in top.subtree if t.i > opener.i and not t.is_space]
    top = first
    while top.head.i > opener.i and top.head != top and top.head.i < verb.sent.end:
        top = top.head
    tokens = [t for t in top.subtree if t.i > opener.i and not t.is_space]
    return _without_asides(tokens, top)


def _without_asides(tokens: list[Token], top: Token) -> list[Token]:
    """The tokens up to a clause that is joined or tells when, and up to a mark behind which another clause begins."""
    for number, token in enumerate(tokens):
        joined = token.dep_ == "cc" and any(c.dep_ == "conj" and c.pos_ == "VERB" for c in token.head.children)
        begins = token.text in (";", ":", "—", "–") or (token.dep_ == "mark" and token.head.dep_ == "advcl")
        if token.i > top.i and (begins or (joined and top.pos_ not in ("VERB", "AUX"))):
            return tokens[:number]
    return tokens


def _was_given(verb: Token) -> bool:
    """ "Were promised", not "you are promised", "to be promised by a minister"."""
    if any(c.dep_ == "agent" or (c.dep_ == "nsubjpass" and c.lower_ == "you") for c in verb.children):
        return False
    return any(c.lower_ in ("was", "were", "has", "have", "had") for c in verb.children)


def _given_in_words(verb: Token) -> _Found | None:
    """ "Farmers were promised | compensation", whoever promised it."""
    below = next((c for c in verb.children if c.dep_ in ("dobj", "oprd", "xcomp", "ccomp") and c.i > verb.i), None)
    if below is None:
        return None
    by = next((t for t in below.subtree if t.lower_ == "by" and any(speaks(c) for c in t.children)), None)
    agent = by or next((c for c in verb.children if c.dep_ == "agent"), None)
    taken = {t.i for t in agent.subtree} if agent is not None else set()
    content = [t for t in below.subtree if t.i > verb.i and t.i not in taken and not t.is_space]
    return _Found(verb, verb, _without_asides(content, below), verb.lemma_, by=by)


@cache
def _prepositions_of() -> Mapping[str, frozenset[str]]:
    """The prepositions with which a noun of saying has its content: "apology for", "warning of"."""
    return {noun: frozenset(listed.split()) for noun, listed in read_table("speech_nouns")["of_a_thing"].items()}


def _uttered(verb: Token) -> _Found | None:
    """ "Issued a warning that", "voiced concern about", "an apology was given by"."""
    relations = ("nsubjpass",) if is_passive(verb) else ("dobj", "xcomp")
    noun = next((c for c in verb.children if c.dep_ in relations and c.pos_ == "NOUN"), None)
    if noun is None or any(c.lower_ in ("no", "any") or c.dep_ == "prt" for c in (*noun.children, *verb.children)):
        return None
    if any(c.dep_ == "poss" and c.pos_ != "PRON" for c in noun.children):
        return None
    name = noun.lemma_.casefold()
    lemma = verbs_of_nouns("with_clause", "with_infinitive", "verb_of", "of_a_thing_as").get(name)
    if lemma is None:
        return None
    clause = _clause_of(noun, verb)
    if clause:
        return _Found(verb, noun, clause, lemma)
    openers = _prepositions_of().get(name, frozenset())
    end = verb.sent.end
    for token in noun.doc[noun.i + 1 : end]:
        if token.text in _STOPS or (token.tag_ in FINITE_TAGS and token != verb):
            break
        if token.lower_ in openers and token.head in (noun, verb, *noun.children):
            content = _whole(verb, [t for t in noun.doc[token.i + 1 : end] if not t.is_space], token)
            return _Found(verb, token, content, lemma) if content else None
    return None


def _clause_of(noun: Token, verb: Token) -> list[Token]:
    """The words of the clause with "that" or of the infinitive behind a noun of saying."""
    for above in (noun, verb):
        for child in above.children:
            if child.i <= noun.i or child.dep_ not in _CLAUSES:
                continue
            that = next((c for c in child.children if c.lower_ == "that" and c.dep_ == "mark"), None)
            tokens = [t for t in child.subtree if not t.is_space]
            if that is not None and that.i > noun.i:
                return [t for t in tokens if t.i > that.i]
            if above == noun and has_to(child) and noun.lemma_.casefold() in verbs_of_nouns("with_infinitive"):
                return tokens
    return []
