"""Phrases that give a source without a verb of speech: "per the office", "in the words of Bo", "to quote him"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from worker.extraction.attribution.sources.hearsay import is_verb_of_hearsay
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any, tokens_span
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS, subtree_without

__all__ = ["QUOTATION_MARKS", "SourcePhrase", "is_source_phrase", "source_phrases"]

QUOTATION_MARKS = frozenset('"“”«»')
_SPEAKING = (
    words("documents_as_sources")
    | words("documents_in_a_name")
    | words("described_people")
    | words("described_bodies")
    | words("unnamed_people")
)
_DOCUMENTS = words("documents_as_sources") | {"data", "datum"}
_EMERGING = frozenset(("emerge", "transpire"))
_RUMOURS = words("rumours_as_sources")
_PUTTING = frozenset(("put", "have", "tell", "see"))
_QUOTING = frozenset(("quote", "cite", "paraphrase", "believe"))
_BORROWING = frozenset(("use", "borrow", "adopt"))
_TAKEN_WORDS = _QUOTING | _BORROWING
_BORROWED = frozenset(("phrase", "word", "expression", "term", "image", "metaphor", "phrasing", "formulation"))
_OF_WHAT = frozenset(("event", "fact", "story", "thing", "affair", "matter", "law"))
"""What a version or an account is of: "on the prosecution's version of events"."""
_OF_A_NAME = frozenset(("DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "PART"))
_MAX_ASIDE = 6
"""Tokens of who speaks in an aside: "two senior officials"."""
_MAX_WHEN = 5
"""Tokens that tell when something emerged."""
_SOME = frozenset(("all", "most", "many", "some", "several", "one", "every", "any"))
_SETS_OFF = frozenset((",", "-", "–", "—", "(", ")", ":", ";"))


@dataclass(frozen=True, slots=True)
class _Nouns:
    verb_of: Mapping[str, str]
    prepositions: Mapping[str, frozenset[str]]
    unmarked: frozenset[str]
    never: frozenset[str]
    without_owner: frozenset[str]


@cache
def _nouns() -> _Nouns:
    table = read_table("source_phrases")
    return _Nouns(
        {str(k): str(v) for k, v in table["verb_of"].items()},
        {str(k): frozenset(str(v).split()) for k, v in table["preposition_of"].items()},
        frozenset(table["unmarked"]["nouns"].split()),
        frozenset(table["never_source"]["nouns"].split()),
        frozenset(table["without_owner"]["nouns"].split()),
    )


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """`span`: all of the phrase, which is no part of the content; `lemma`: the verb that its cue counts as.

    `source` is None where nobody is named: "it is understood".
    """

    span: Span
    source: Span | None
    cue: Span
    lemma: str
    sentence: Span


def is_source_phrase(cue: Phrase) -> bool:
    """Whether the words of a cue are such a phrase's: "in the eyes of", the "mind" of "to his mind"."""
    nouns = _nouns()
    begin = cue[0]
    if cue.text.casefold() in ("as far as", "so far as") or (
        begin.lower_ == "to" and cue[-1].lemma_ in _TAKEN_WORDS and _is_set_off(begin, before=True)
    ):
        return True
    return any(
        token.pos_ == "NOUN" and token.dep_ == "pobj" and token.head.lower_ in nouns.prepositions.get(token.lemma_, ())
        for token in cue
    )


def source_phrases(doc: Doc, marks: Sequence[Span]) -> Iterator[SourcePhrase]:
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
        elif word == "concerned":
            made = _as_far_as(token)
        elif token.lemma_ in _QUOTING or token.lemma_ in _BORROWING:
            made = _to_quote(token)
        elif token.pos_ == "NOUN" and token.lemma_ in nouns.verb_of:
            made = _of_noun(token)
        elif token.tag_ in FINITE_TAGS and token.lemma_ in VERBS:
            made = _aside(token)
        if made is not None and not inside_any(made.span, marks):
            yield made


def _per(per: Token) -> SourcePhrase | None:
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
    made = _made(first, per, noun, "say")
    return _to_its_mark(made, noun) if made is not None and first.i > first.sent.start else made


def _to_its_mark(phrase: SourcePhrase, document: Token) -> SourcePhrase:
    """A phrase with what is said of its document, to the next mark: "per figures | the ministry released on Monday"."""
    if document.lemma_.casefold() not in _DOCUMENTS:
        return phrase
    behind = [t for t in document.doc[document.i + 1 : document.sent.end] if t.idx >= phrase.span[1]]
    at = next((n for n, t in enumerate(behind) if t.is_punct or t.is_space), len(behind))
    said = behind[:at]
    if not any(t.tag_ in ("VBD", "VBN") for t in said):
        return phrase
    return replace(phrase, span=(phrase.span[0], _end(said[-1])))


def _for_whom(preposition: Token) -> SourcePhrase | None:
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


def _of_noun(noun: Token) -> SourcePhrase | None:
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
        last = _last_of(noun, max(top.i, noun.i))
        if not _is_free(preposition, noun.doc[last], noun.lemma_):
            return None
        own = [t for t in top.doc[owner.i + 1 : max(top.i, noun.i) + 1] if t.tag_ != "POS"]
        span = tokens_span(list(noun.doc[preposition.i : last + 1]))
        return SourcePhrase(
            span,
            _of_owner(_owner_of_own(owner, preposition)),
            tokens_span(own),
            nouns.verb_of[noun.lemma_],
            _sentence(noun),
        )
    if noun.lemma_ in nouns.without_owner and (made := _by_count(preposition, top)) is not None:
        return made
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


def _last_of(noun: Token, last: int) -> int:
    """The place of the last word of a phrase, with what its noun is of: "on the union's version | of events"."""
    of = next((c for c in noun.children if c.lower_ == "of" and c.i == last + 1), None)
    what = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    return what.i if what is not None and what.lemma_ in _OF_WHAT else last


def _by_count(preposition: Token, noun: Token) -> SourcePhrase | None:
    """ "By official count, …", "…, by most estimates": whose it is the words before the noun tell."""
    own = [t for t in noun.doc[preposition.i + 1 : noun.i + 1] if not t.is_space]
    is_told = any(c.dep_ in ("amod", "nummod", "nmod") or c.lower_ in _SOME for c in noun.children if c.i < noun.i)
    if preposition.lower_ != "by" or not is_told or noun.right_edge.i > noun.i:
        return None
    if not (_is_set_off(preposition, before=True) and _is_set_off(noun, before=False)):
        return None
    span = tokens_span((preposition, *own))
    return SourcePhrase(
        span, tokens_span(own), tokens_span((preposition,)), _nouns().verb_of[noun.lemma_], _sentence(noun)
    )


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


def _as_put(it: Token) -> SourcePhrase | None:
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
    return SourcePhrase(span, _noun_phrase(subject), tokens_span((verb, it)), "say", _sentence(verb))


def _it_is_said(it: Token) -> SourcePhrase | None:
    """ "The deal, it is understood, will cost a million": an aside of hearsay between commas, or at the end."""
    near = it.doc[it.i + 1 : min(it.i + 6, it.sent.end)]
    if it.i == it.sent.start or not len(near):
        return None
    emerged = near[0].lemma_ in _EMERGING or near[0].lemma_ == "have"
    verb = next((t for t in near[:2] if t.lemma_ in _EMERGING), None) if emerged else None
    if verb is not None:
        return _emerged_aside(it, verb)
    verb = next((t for t in near if t.tag_ in ("VBN", "VBD") and is_verb_of_hearsay(t)), None)
    if verb is None or near[0].lemma_ not in ("be", "have"):
        return None
    before, behind = it.nbor(-1), verb.nbor(1) if verb.i + 1 < len(it.doc) else None
    if before.text not in _SETS_OFF or not (behind is None or behind.is_punct or behind.is_space):
        return None
    span = it.idx, verb.idx + len(verb.text)
    return SourcePhrase(span, None, span, verb.lemma_, _sentence(it))


def _emerged_aside(it: Token, verb: Token) -> SourcePhrase | None:
    """ "Her car, it emerged last night, had been sold": with when it did, to the next mark."""
    behind = list(it.doc[verb.i + 1 : it.sent.end])
    at = next((n for n, t in enumerate(behind) if t.is_punct), len(behind))
    when = behind[:at]
    if it.nbor(-1).text not in _SETS_OFF or at > _MAX_WHEN or any(t.pos_ in ("VERB", "AUX", "SCONJ") for t in when):
        return None
    span = it.idx, _end(when[-1] if when else verb)
    return SourcePhrase(span, None, (it.idx, _end(verb)), "say", _sentence(it))


def _it_emerged(it: Token) -> SourcePhrase | None:
    """ "It has emerged that the pilot had no licence": nobody is named."""
    near = it.doc[it.i + 1 : min(it.i + 9, it.sent.end)]
    verb = next((t for t in near[:3] if t.lemma_ in _EMERGING and t.tag_ in ("VBD", "VBN", "VBZ")), None)
    that = next((t for t in near if t.lower_ == "that" and verb is not None and t.i > verb.i), None)
    if not it.is_sent_start or verb is None or that is None or any(t.is_punct for t in it.doc[it.i : that.i]):
        return None
    return SourcePhrase((it.idx, _end(that)), None, (it.idx, _end(verb)), "say", _sentence(it))


def _rumour_has(it: Token) -> SourcePhrase | None:
    """ "Rumour has it the band will split"."""
    has = it.nbor(-1) if it.i > it.sent.start else it
    noun = has.nbor(-1) if has.i > it.sent.start else has
    if has.lemma_ != "have" or noun.lemma_.casefold() not in _RUMOURS:
        return None
    first = noun.left_edge
    return SourcePhrase((first.idx, _end(it)), (first.idx, _end(noun)), (has.idx, _end(it)), "say", _sentence(it))


def _end(token: Token) -> int:
    return token.idx + len(token.text)


def _if_believed(verb: Token) -> SourcePhrase | None:
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
    return SourcePhrase(span, _noun_phrase(subject), (be.idx, span[1]), "claim", _sentence(verb))


def _aside(verb: Token) -> SourcePhrase | None:
    """ "The smaller bank, insiders whisper, is close to collapse", whatever the parse makes of it."""
    doc, start, end = verb.doc, verb.sent.start, verb.sent.end
    begin = verb.i
    while begin > start and verb.i - begin < _MAX_ASIDE and doc[begin - 1].pos_ in _OF_A_NAME:
        begin -= 1
    who = doc[begin : verb.i]
    if (
        not len(who)
        or begin <= start + 1
        or verb.i + 2 >= end
        or not (doc[begin - 1].text == doc[verb.i + 1].text == ",")
    ):
        return None
    if doc[begin - 2].text in QUOTATION_MARKS or doc[verb.i + 2].text in QUOTATION_MARKS:
        return None
    if any(t.tag_ in ("WDT", "WP", "EX") for t in who) or who[-1].pos_ not in ("NOUN", "PROPN", "PRON"):
        return None
    source = tokens_span(list(who))
    return SourcePhrase((source[0], _end(verb)), source, tokens_span((verb,)), verb.lemma_, _sentence(verb))


def _as_far_as(concerned: Token) -> SourcePhrase | None:
    """ "As far as the club is concerned, the matter is closed"."""
    be = concerned.nbor(-1) if concerned.i > concerned.sent.start else concerned
    subjects = (c for verb in (concerned, be) for c in verb.children if c.dep_ in NOUN_SUBJECTS)
    subject = next((c for c in subjects if c.i < be.i), None)
    if be.lemma_ != "be" or subject is None or subject.left_edge.i < concerned.sent.start + 3:
        return None
    first = subject.left_edge.i - 3
    if [t.lower_ for t in concerned.doc[first : first + 3]] not in (["as", "far", "as"], ["so", "far", "as"]):
        return None
    if not (subject.ent_type_ in ("PERSON", "ORG", "NORP") or _can_speak(subject)):
        return None
    as_ = concerned.doc[first]
    source = tokens_span([t for t in concerned.doc[first + 3 : be.i] if not t.is_space])
    return SourcePhrase(
        (as_.idx, _end(concerned)), source, tokens_span((as_, as_.nbor(2))), "say", _sentence(concerned)
    )


def _to_quote(verb: Token) -> SourcePhrase | None:
    """ "To quote the bishop, …", "…, to use her own phrase, …"."""
    to = verb.nbor(-1) if verb.i > verb.sent.start else verb
    noun = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    if to.lower_ != "to" or verb.tag_ != "VB" or noun is None or not _is_set_off(to, before=True):
        return None
    if verb.lemma_ in _QUOTING:
        if verb.lemma_ == "believe" and not to.is_sent_start:
            return None
        is_anybody = verb.lemma_ == "believe" and noun.pos_ in ("NOUN", "PROPN")
        if not (is_anybody or noun.pos_ == "PROPN" or _can_speak(noun) or any(c.dep_ == "poss" for c in noun.children)):
            return None
        source = _noun_phrase(noun)
        cue = tokens_span((to, verb))
    else:
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        if noun.lemma_ not in _BORROWED or owner is None:
            return None
        source, cue = _of_owner(_owner_of_own(owner, verb)), tokens_span((to, verb))
    end = max(_noun_phrase(noun)[1], _end(noun))
    last = next((t for t in noun.doc[noun.i : noun.sent.end] if _end(t) >= end), noun)
    if not _is_set_off(last, before=False):
        return None
    lemma = "claim" if verb.lemma_ == "believe" else "say"
    return SourcePhrase((to.idx, end), source, cue, lemma, _sentence(verb))


def _can_speak(noun: Token) -> bool:
    lemma = noun.lemma_.casefold()
    return lemma in _SPEAKING or lemma in SOMEBODY or is_trade(lemma)


def _made(first: Token, last: Token, noun: Token, lemma: str) -> SourcePhrase | None:
    source = _noun_phrase(noun)
    if noun.i < last.i:
        return None
    end = source[1]
    clause = next((c for c in noun.children if c.dep_ in ("relcl", "acl") and c.i > noun.i), None)
    if clause is not None and clause.right_edge.i + 1 < len(noun.doc) and not noun.doc[clause.left_edge.i - 1].is_punct:
        end = max(end, _end(clause.right_edge))  # "per figures | the ministry released on Tuesday"
    return SourcePhrase((first.idx, end), source, (first.idx, last.idx + len(last.text)), lemma, _sentence(noun))


def _sentence(token: Token) -> Span:
    return token.sent.start_char, token.sent.end_char


def _noun_phrase(noun: Token) -> Span:
    """A noun with what belongs to it, up to a quotation mark; without relative clauses and what is said of it."""
    tokens = subtree_without(noun, lambda c: c.dep_ in ("relcl", "punct", "acl", "advcl") and c.i > noun.i)
    before_marks: list[Token] = []
    for token in tokens:
        gap = token.doc[before_marks[-1].i + 1 : token.i] if before_marks else ()
        if token.text in QUOTATION_MARKS or any(t.text in QUOTATION_MARKS or t.dep_ == "relcl" for t in gap):
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
