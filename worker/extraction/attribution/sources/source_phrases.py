"""Attributions by a phrase that gives a source without a verb of speech: "per the office", "in the words of Bo Ek"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.hearsay import is_verb_of_hearsay
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside, inside_any, meet, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS, subtree_without

__all__ = ["with_source_phrases"]

_SPEAKING = (
    words("documents_as_sources")
    | words("documents_in_a_name")
    | words("described_people")
    | words("described_bodies")
    | words("unnamed_people")
)
_EMERGING = frozenset(("emerge", "transpire"))
_RUMOURS = words("rumours_as_sources")
_CONFIDENCE = 0.7
_MIN_WORDS = 2
"""Words of a content, or one with a quotation mark."""
_PUTTING = frozenset(("put", "have", "tell", "see"))
_QUOTATION_MARKS = frozenset('"“”«»')
_JOINTS = ("and ", "but ", "so ", "that ", "which ", "because ", "yet ")
_SETS_OFF = frozenset((",", "-", "–", "—", "(", ")", ":", ";"))


@dataclass(frozen=True, slots=True)
class _Nouns:
    verb_of: Mapping[str, str]
    prepositions: Mapping[str, frozenset[str]]
    unmarked: frozenset[str]
    never: frozenset[str]


@cache
def _nouns() -> _Nouns:
    table = read_table("source_phrases")
    return _Nouns(
        {str(k): str(v) for k, v in table["verb_of"].items()},
        {str(k): frozenset(str(v).split()) for k, v in table["preposition_of"].items()},
        frozenset(table["unmarked"]["nouns"].split()),
        frozenset(table["never_source"]["nouns"].split()),
    )


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`span`: all of the phrase, which is no part of the content; `lemma`: the verb that its cue counts as.

    `source` is None where nobody is named: "it is understood".
    """

    span: Span
    source: Span | None
    cue: Span
    lemma: str
    sentence: Span


def with_source_phrases(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those that such phrases make, which replace what has the phrase for its cue or
    takes it into its content. `marks`: the quotes of the text.
    """
    phrases = [each for each in _phrases(doc, marks) if not any(_is_right(known, each) for known in found)]
    kept = [each for each in found if not any(_is_wrong(each, phrase) for phrase in phrases)]
    others = tuple(kept)
    for phrase in phrases:
        content = _content(doc, text, phrase, others, marks)
        if content is None:
            continue
        made = Attribution(
            source=phrase.source,
            cue=phrase.cue,
            content=content,
            quote_type=quote_type(content, marks),
            lemma=phrase.lemma,
            confidence=_CONFIDENCE,
        )
        kept.append(made)
    return sorted(kept, key=lambda each: each.content[0])


def _phrases(doc: Doc, marks: Sequence[Span]) -> Iterator[_Phrase]:
    nouns = _nouns()
    for token in doc:
        word = token.lower_
        made = None
        if word == "per":
            made = _per(token)
        elif word == "it":
            made = _as_put(token) or _it_is_said(token) or _it_emerged(token) or _rumour_has(token)
        elif word == "for" and token.is_sent_start:
            made = _for_whom(token)
        elif word == "believed":
            made = _if_believed(token)
        elif token.pos_ == "NOUN" and token.lemma_ in nouns.verb_of:
            made = _of_noun(token)
        if made is not None and not inside_any(made.span, marks):
            yield made


def _per(per: Token) -> _Phrase | None:
    """ "Per the mayor, …", "…, as per its annual report": a person, a body or a document, and no "per day"."""
    noun = next((c for c in per.children if c.dep_ == "pobj"), None)
    if noun is None or noun.lemma_ in _nouns().never or noun.i < per.i or per.ent_type_ == "PERSON":
        return None
    has_determiner = any(c.dep_ == "poss" or c.lower_ == "the" for c in noun.children)
    if per.i > per.sent.start and per.nbor(-1).lower_ == "as":
        has_determiner = True
    is_some = any(c.lower_ in ("a", "an", "one") for c in noun.children) and noun.lemma_.casefold() in _SPEAKING
    if not (has_determiner or is_some or noun.pos_ == "PROPN" or noun.tag_ == "NNS") or noun.like_num:
        return None
    first = per.nbor(-1) if per.i > per.sent.start and per.nbor(-1).lower_ == "as" else per
    if not (_is_set_off(first, before=True) or has_determiner):
        return None
    return _made(first, per, noun, "say")


def _for_whom(preposition: Token) -> _Phrase | None:
    """ "For the union, the offer is an insult": a person or body, and a sentence that judges."""
    noun = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    verb = preposition.head
    if noun is None or verb.lemma_ != "be" or verb.i < noun.i or noun.right_edge.nbor(1).text != ",":
        return None
    if not (noun.ent_type_ in ("PERSON", "ORG", "NORP") or noun.lemma_.casefold() in _SPEAKING):
        return None
    judged = {c.lemma_.casefold() for c in verb.children if c.dep_ in ("attr", "acomp")}
    if not judged & (lexicon().blame | lexicon().praise):
        return None
    return _made(preposition, preposition, noun, "say")


def _of_noun(noun: Token) -> _Phrase | None:
    """ "In the view of the court", "in her opinion", "by his own admission", "from the club's point of view"."""
    nouns = _nouns()
    top = noun
    if noun.lemma_ == "view" and noun.head.lower_ == "of" and noun.head.head.lower_ == "point":
        top = noun.head.head
    preposition = top.head
    if top.dep_ != "pobj" or preposition.lower_ not in nouns.prepositions[noun.lemma_] or preposition.i > top.i:
        return None
    owner = next((c for c in top.children if c.dep_ == "poss"), None)
    if owner is not None:
        last = max(top.i, noun.i)
        if not _is_free(preposition, noun.doc[last], noun.lemma_):
            return None
        own = [t for t in top.doc[owner.i + 1 : last + 1] if t.tag_ != "POS"]
        span = tokens_span(list(noun.doc[preposition.i : last + 1]))
        return _Phrase(
            span,
            _of_owner(_owner_of_own(owner, preposition)),
            tokens_span(own),
            nouns.verb_of[noun.lemma_],
            _sentence(noun),
        )
    of = next((c for c in noun.children if c.lower_ == "of" and c.i == noun.i + 1), None)
    object_ = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    if of is None or object_ is None or not any(c.lower_ == "the" for c in top.children):
        return None
    if noun.lemma_ in ("account", "version", "word") and object_.pos_ == "NOUN" and not _is_definite(object_):
        return None  # "on the account of rain", "in the words of praise"
    made = _made(preposition, of, object_, nouns.verb_of[noun.lemma_])
    if made is None:
        return None
    end = next((t for t in noun.doc[of.i + 1 : noun.sent.end] if t.idx + len(t.text) >= made.span[1]), object_)
    return made if _is_free(preposition, end, noun.lemma_) else None


def _owner_of_own(owner: Token, preposition: Token) -> Token:
    """Who "her" is in "by her own admission": the subject of its sentence, where that is no pronoun."""
    if owner.lower_ not in ("his", "her", "its", "their") or owner.nbor(1).lower_ != "own":
        return owner
    verb: Token = preposition
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    subject = next((c for c in verb.children if c.dep_ in NOUN_SUBJECTS and c.pos_ in ("NOUN", "PROPN")), None)
    return subject if subject is not None else owner


def _is_definite(noun: Token) -> bool:
    return any(c.dep_ in ("det", "poss", "nummod") for c in noun.children)


def _as_put(it: Token) -> _Phrase | None:
    """ "As one deputy put it", "as the coach sees it", "to hear the minister tell it"."""
    verb = it.head
    if verb.lemma_ not in _PUTTING or it.i - verb.i != 1 or verb.pos_ not in ("VERB", "AUX"):
        return None
    subject = next((c for c in verb.children if c.dep_ in NOUN_SUBJECTS and c.i < verb.i), None)
    if subject is None or subject.left_edge.i == verb.sent.start:
        return None
    start = subject.left_edge.i - 1
    first = verb.doc[start]
    if verb.lemma_ == "tell" and first.lower_ != "as":
        if first.lemma_ != "hear" or first.i == 0 or first.nbor(-1).lower_ != "to":
            return None
        first = first.nbor(-1)
    elif first.lower_ != "as":
        return None
    behind = [t for t in verb.doc[it.i + 1 : verb.sent.end] if t.text in _SETS_OFF or t.is_punct][:1]
    last = behind[0].i if behind and behind[0].i - it.i <= 4 else it.i + 1  # "as she put it on Monday,"
    span = tokens_span(list(verb.doc[first.i : max(last, it.i + 1)]))
    return _Phrase(span, _noun_phrase(subject), tokens_span((verb, it)), "say", _sentence(verb))


def _it_is_said(it: Token) -> _Phrase | None:
    """ "The deal, it is understood, will cost a million": an aside of hearsay between commas, or at the end."""
    near = it.doc[it.i + 1 : min(it.i + 6, it.sent.end)]
    verb = next((t for t in near if t.tag_ in ("VBN", "VBD") and is_verb_of_hearsay(t)), None)
    if verb is None or near[0].lemma_ not in ("be", "have") or it.i == it.sent.start:
        return None
    before, behind = it.nbor(-1), verb.nbor(1) if verb.i + 1 < len(it.doc) else None
    if before.text not in _SETS_OFF or not (behind is None or behind.is_punct or behind.is_space):
        return None
    span = it.idx, verb.idx + len(verb.text)
    return _Phrase(span, None, span, verb.lemma_, _sentence(it))


def _it_emerged(it: Token) -> _Phrase | None:
    """ "It has emerged that the pilot had no licence": nobody is named."""
    near = it.doc[it.i + 1 : min(it.i + 9, it.sent.end)]
    verb = next((t for t in near[:3] if t.lemma_ in _EMERGING and t.tag_ in ("VBD", "VBN", "VBZ")), None)
    that = next((t for t in near if t.lower_ == "that" and verb is not None and t.i > verb.i), None)
    if not it.is_sent_start or verb is None or that is None or any(t.is_punct for t in it.doc[it.i : that.i]):
        return None
    return _Phrase((it.idx, _end(that)), None, (it.idx, _end(verb)), "say", _sentence(it))


def _rumour_has(it: Token) -> _Phrase | None:
    """ "Rumour has it the band will split"."""
    has = it.nbor(-1) if it.i > it.sent.start else it
    noun = has.nbor(-1) if has.i > it.sent.start else has
    if has.lemma_ != "have" or noun.lemma_.casefold() not in _RUMOURS:
        return None
    first = noun.left_edge
    return _Phrase((first.idx, _end(it)), (first.idx, _end(noun)), (has.idx, _end(it)), "say", _sentence(it))


def _end(token: Token) -> int:
    return token.idx + len(token.text)


def _if_believed(verb: Token) -> _Phrase | None:
    """ "If the captain's log is to be believed"."""
    doc, at = verb.doc, verb.i
    if at < 4 or [t.lower_ for t in doc[at - 2 : at]] != ["to", "be"]:
        return None
    be = doc[at - 3]
    subject = next((c for c in be.children if c.dep_ in NOUN_SUBJECTS), None)
    if be.lemma_ != "be" or subject is None or subject.left_edge.i == 0:
        return None
    first = subject.left_edge.nbor(-1)
    if first.lower_ != "if":
        return None
    span = first.idx, verb.idx + len(verb.text)
    return _Phrase(span, _noun_phrase(subject), (be.idx, span[1]), "claim", _sentence(verb))


def _made(first: Token, last: Token, noun: Token, lemma: str) -> _Phrase | None:
    source = _noun_phrase(noun)
    if noun.i < last.i:
        return None
    return _Phrase((first.idx, source[1]), source, (first.idx, last.idx + len(last.text)), lemma, _sentence(noun))


def _sentence(token: Token) -> Span:
    return token.sent.start_char, token.sent.end_char


def _noun_phrase(noun: Token) -> Span:
    """A noun with what belongs to it, up to a quotation mark; without relative clauses and what is said of it."""
    tokens = subtree_without(noun, lambda c: c.dep_ in ("relcl", "punct", "acl", "advcl") and c.i > noun.i)
    before_marks: list[Token] = []
    for token in tokens:
        gap = token.doc[before_marks[-1].i + 1 : token.i] if before_marks else ()
        if token.text in _QUOTATION_MARKS or any(t.text in _QUOTATION_MARKS or t.dep_ == "relcl" for t in gap):
            break
        before_marks.append(token)
    kept = [t for t in before_marks if not t.is_space] or [noun]
    return tokens_span(kept)


def _of_owner(owner: Token) -> Span:
    return tokens_span([t for t in owner.subtree if t.tag_ != "POS" and not t.is_space])


def _is_free(first: Token, last: Token, lemma: str) -> bool:
    """True if a phrase is set off by commas or begins a sentence: "there were tears in his eyes" gives no source."""
    if lemma in _nouns().unmarked:
        return True
    return _is_set_off(first, before=True) and (
        _is_set_off(last, before=False) or first.i > first.sent.start  # ", in the words of Lena Aas “a …”"
    )


def _is_set_off(token: Token, *, before: bool) -> bool:
    """True at the edge of a sentence or beside a comma, a dash, a bracket or a quotation mark."""
    at = token.i + (-1 if before else 1)
    while 0 <= at < len(token.doc) and token.doc[at].is_space:
        return True
    if not 0 <= at < len(token.doc):
        return True
    if before and token.is_sent_start:
        return True
    beside = token.doc[at]
    return (
        beside.is_punct or beside.text in _SETS_OFF or (before and beside.lower_ in ("that", "but", "and", "because"))
    )


def _is_right(each: Attribution, phrase: _Phrase) -> bool:
    """True if an attribution is the phrase's already."""
    if each.cue is None or not meet(each.cue, phrase.span):
        return False
    if each.source is None or phrase.source is None:
        return each.source is phrase.source and not any(meet(part, phrase.span) for part in each.content)
    return meet(each.source, phrase.source) and not any(meet(part, phrase.span) for part in each.content)


def _is_wrong(each: Attribution, phrase: _Phrase) -> bool:
    if each.cue is not None:
        return meet(each.cue, phrase.span)
    return each.source is None and any(meet(part, phrase.sentence) for part in each.content)


def _content(
    doc: Doc, text: str, phrase: _Phrase, others: Sequence[Attribution], marks: Sequence[Span]
) -> tuple[Span, ...] | None:
    """What of the sentence the source says: all beside the phrase, as far as no other source has it."""
    start, end = phrase.sentence
    end = next((mark[1] for mark in marks if start <= mark[0] < end < mark[1] <= end + 2), end)
    for each in others:
        parts = [part for part in each.content if meet(part, phrase.sentence)]
        around = next((part for part in parts if inside(phrase.span, part)), None)
        if around is not None:
            start, end = max(start, around[0]), min(end, around[1])
            continue
        for part in (*parts, each.source, each.cue):
            if part is None or not meet(part, (start, end)) or each.cue is None:
                continue
            if part[0] >= phrase.span[1]:
                end = min(end, part[0])
            elif part[1] <= phrase.span[0]:
                start = max(start, part[1])
    clause = _clause_around(doc, phrase)
    if clause is not None:
        start, end = max(start, clause[0]), min(end, clause[1])
    sides = [trim(text, (start, phrase.span[0])), trim(text, (phrase.span[1], end))]
    kept = tuple(_without_joint(text, side) for side in sides if _says_something(text[slice(*side)]))
    words_of = " ".join(text[slice(*part)] for part in kept)
    is_quoted = any(mark in words_of for mark in _QUOTATION_MARKS)
    if not kept or (len(words_of.split()) < _MIN_WORDS and not is_quoted):
        return None
    tokens = [t for part in kept for t in (doc.char_span(*part, alignment_mode="expand") or ())]
    return kept if is_quoted or any(t.tag_ in FINITE_TAGS for t in tokens) else None


def _says_something(part: str) -> bool:
    """False for nothing but marks and a conjunction: "And, from his point of view, why should he?"."""
    return any(character.isalnum() for character in part) and f"{part.casefold()} " not in _JOINTS


def _without_joint(text: str, span: Span) -> Span:
    """A content without the conjunction that joins it to what is before: "but, in her view, …"."""
    lead = next((joint for joint in _JOINTS if text[slice(*span)].casefold().startswith(joint)), "")
    return span[0] + len(lead), span[1]


def _clause_around(doc: Doc, phrase: _Phrase) -> Span | None:
    """The subordinate clause in whose middle a phrase stands; None where it stands in the main clause."""
    phrase_tokens = doc.char_span(*phrase.span, alignment_mode="expand")
    if phrase_tokens is None:
        return None
    verb: Token = phrase_tokens.root.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    if verb.dep_ not in ("advcl", "ccomp", "conj", "pcomp") or phrase_tokens.start <= verb.i < phrase_tokens.end:
        return None
    own = [t for t in verb.subtree if not (t.dep_ in ("mark", "cc") and t.head == verb)]
    if not own or not own[0].i < phrase_tokens.start or own[-1].i <= phrase_tokens.end:
        return None
    return tokens_span(own)
