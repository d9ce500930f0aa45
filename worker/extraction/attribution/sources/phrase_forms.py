"""Phrases that give a source without a verb of speech: "per the office", "in the words of Bo", "to quote him"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from worker.extraction.attribution.sources.frames import Framed, begins_a_name, framed
from worker.extraction.attribution.sources.hearsay import is_verb_of_hearsay
from worker.extraction.attribution.sources.somebody import DOCUMENTS
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, any_meet, inside_any, tokens_span
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
_OWNERS = frozenset(("his", "her", "its", "their"))
_OF_WHAT = frozenset(("event", "fact", "story", "thing", "affair", "matter", "law"))
"""What a version or an account is of: "on the prosecution's version of events"."""
_OF_A_NAME = frozenset(("DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "PART"))
_MAX_ASIDE = 6
"""Tokens of who speaks in an aside: "two senior officials"."""
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

    `source` is None where nobody is named: "it is understood". `leads`: what follows it is said, up to the end of its
    clause, else all of the sentence beside it. `is_fixed`: its words make a frame,
    `names`: one before what a thing is called.
    """

    span: Span
    source: Span | None
    cue: Span
    lemma: str
    sentence: Span
    leads: bool = False
    is_fixed: bool = False
    names: bool = False


def is_source_phrase(cue: Phrase) -> bool:
    """Whether the words of a cue are such a phrase's: "in the eyes of", the "mind" of "to his mind"."""
    prepositions = _nouns().prepositions
    return any(
        token.pos_ == "NOUN" and token.dep_ == "pobj" and token.head.lower_ in prepositions.get(token.lemma_, ())
        for token in cue
    )


def source_phrases(doc: Doc, marks: Sequence[Span]) -> Iterator[SourcePhrase]:
    """Those that fill a frame, then those of the parse that meet none of them, outside of the quotes `marks`."""
    for sentence in doc.sents:
        yielded: list[Span] = []
        for made in (*_of_frames(sentence), *_of_parse(sentence)):
            if not inside_any(made.span, marks) and not any_meet((made.span,), yielded):
                yielded.append(made.span)
                yield made


def _of_frames(sentence: Phrase) -> Iterator[SourcePhrase]:
    doc = sentence.doc
    for each in framed(sentence):
        source = None if each.who is None else _source_of(doc, each)
        phrase, cue = (tokens_span(list(doc[start:end])) for start, end in (each.phrase, each.cue))
        if source is not None and phrase[1] == source[1] and not each.leads and (more := _apposition(doc, each)):
            phrase, source = (phrase[0], more), (source[0], more)
        yield SourcePhrase(
            phrase,
            source,
            cue,
            _lemma_of(doc, each),
            (sentence.start_char, sentence.end_char),
            leads=each.leads,
            is_fixed=True,
            names=each.names,
        )


def _lemma_of(doc: Doc, each: Framed) -> str:
    """The verb of hearsay in a cue that nobody is named for, else that of the frame."""
    start, end = each.cue
    hearsay = [t.lemma_ for t in doc[start:end] if t.tag_ in ("VBN", "VBD") and is_verb_of_hearsay(t)]
    return hearsay[-1] if hearsay and each.who is None else each.lemma


def _apposition(doc: Doc, each: Framed) -> int | None:
    """Where what is added to a speaker ends: "its own star, Bastien Colle,", "Ida Voss, the mayor of Lorne,"."""
    comma = each.phrase[1]
    end = doc[each.phrase[0]].sent.end
    if comma >= end or doc[comma].text != "," or comma + 1 >= end:
        return None
    at = next((n for n in range(comma + 1, end) if doc[n].is_punct and doc[n].text not in ("-", "'", "’")), end)
    added = doc[comma + 1 : at]
    if at >= end - 1 or not len(added) or not (doc[at].text == "," or doc[at].text in QUOTATION_MARKS):
        return None
    is_name, was_name = (t.pos_ == "PROPN" for t in (added[-1], doc[comma - 1]))
    says_more = was_name and (added[0].lower_ in ("a", "an", "the", "who", "now") or added[0].like_num)
    names = is_name and not was_name and all(t.pos_ == "PROPN" for t in added)
    if not (says_more or names) or (added[0].lower_ != "who" and any(t.tag_ in FINITE_TAGS for t in added)):
        return None
    return _end(added[-1])


def _source_of(doc: Doc, each: Framed) -> Span:
    start, end = each.who or each.phrase
    if end - start == 1 and doc[start].lower_ in _OWNERS:
        return _of_owner(_owner_of_own(doc[start], doc[each.phrase[0]]))
    return tokens_span([t for t in doc[start:end] if not t.is_space])


def _of_parse(sentence: Phrase) -> Iterator[SourcePhrase]:
    nouns = _nouns()
    for token in sentence:
        made = None
        if token.lower_ == "per" and not begins_a_name(token):
            made = _per(token)
        elif token.lower_ == "for" and token.is_sent_start:
            made = _for_whom(token)
        elif token.pos_ == "NOUN" and token.lemma_ in nouns.verb_of:
            made = _of_noun(token)
        elif token.tag_ in FINITE_TAGS and token.lemma_ in VERBS:
            made = _aside(token)
        if made is not None:
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
    if document.lemma_.casefold() not in DOCUMENTS:
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
    is_quoted = any(t.text in QUOTATION_MARKS for t in verb.doc[verb.i : verb.sent.end])
    if not is_quoted and not judged & (lexicon().blame | lexicon().praise):
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


def _end(token: Token) -> int:
    return token.idx + len(token.text)


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
    if lemma in _nouns().unmarked and first.lower_ == "by":
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
