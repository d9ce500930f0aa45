"""Attributions by a noun of saying: "the doctor's conclusion that he had drowned", "reports that the king was ill".

A clause behind such a noun ends where the noun's own verb begins, which many parses take into it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any, meet, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, has_to, is_negated, subtree_without

__all__ = ["source_of_noun", "verbs_of_nouns", "whose", "with_speech_nouns"]

_CONFIDENCE = 0.65
_MAX_APART = 12
"""Tokens between a noun and its clause: "a warning by the coast guard on Monday that"."""
_MIN_WORDS = 2
_MAKING = frozenset(("make", "raise", "repeat", "voice", "level", "put"))
_GIVERS = frozenset(("by", "from"))
_PLACE_OF_A_WORD = frozenset(("ADP", "DET", "ADJ", "NOUN", "PROPN"))
_FRONTING = words("prepositions_of_a_circumstance")
_SUBJECT_FORMS = frozenset("i he she it we they you".split())
_PAPERS = words("documents_in_a_name") | {
    "story",
    "tale",
    "point",
    "line",
    "answer",
    "memo",
    "position",
    "sense",
    "signal",
}
_LINKS = ("acl", "ccomp", "relcl", "advcl")


@cache
def verbs_of_nouns(*lists: str) -> Mapping[str, str]:
    """The verb whose act each noun counts as, of these lists of data/speech_nouns.toml."""
    table = read_table("speech_nouns")
    return {str(noun): str(verb) for each in lists for noun, verb in table[each].items()}


def with_speech_nouns(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of such nouns, which replace others of the same cue.

    `marks`: the quotes of the text.
    """
    kept = list(found)
    for made in _each(doc, text, marks):
        cue = made.cue or made.content[0]
        noun = doc.char_span(*cue, alignment_mode="expand")
        is_amid = noun is not None and any(t.lower_ in _FRONTING for t in doc[max(noun.start - 3, 0) : noun.start])
        same = [each for each in kept if _has(each, cue, made, is_amid=is_amid)]
        if same:
            kept = [replace(each, is_framed=True) if each in same and each.source else each for each in kept]
            continue
        kept = [each for each in kept if each.cue is None or not meet(each.cue, cue)]
        kept.append(made)
    return sorted(kept, key=lambda each: each.content[0])


def _has(each: Attribution, cue: Span, made: Attribution, *, is_amid: bool) -> bool:
    """True if an attribution says the same, or has the noun in a longer cue: "made the claim that"."""
    if each.cue is None or not meet(each.cue, cue):
        return each.cue is not None and any(part == made.content[0] for part in each.content)
    if not meet(each.content[0], made.content[0]):
        return True
    if made.source is None:
        return each.source is not None and not is_amid
    is_same = each.source is not None and meet(each.source, made.source)
    return is_same and each.content[-1][1] <= made.content[-1][1]


def _each(doc: Doc, text: str, marks: Sequence[Span]) -> Iterator[Attribution]:
    with_clause, with_infinitive = verbs_of_nouns("with_clause"), verbs_of_nouns("with_infinitive")
    for token in doc:
        if token.is_sent_start and token.lower_ == "word" and (made := _word_is_that(token, text, marks)) is not None:
            yield made
            continue
        if (token.pos_ not in ("NOUN", "PROPN") and not _begins_as_noun(token)) or not (
            lemma := with_clause.get(_lemma(token), with_infinitive.get(_lemma(token)))
        ):
            continue
        made = _by_clause(token, text, lemma, marks)
        if made is None and _lemma(token) in with_infinitive:
            made = _by_infinitive(token, text, with_infinitive[_lemma(token)], marks)
        if made is not None:
            yield made


def _word_is_that(noun: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    """ "Word is that the coach will go", "Word in the corridors is that": a rumour."""
    near = noun.doc[noun.i + 1 : min(noun.i + _MAX_APART, noun.sent.end)]
    be = next((t for t in near if t.pos_ not in _PLACE_OF_A_WORD), None)
    if be is None or be.lower_ not in ("is", "was") or be.i + 2 >= noun.sent.end or be.nbor(1).lower_ != "that":
        return None
    clause = [t for t in noun.doc[be.i + 2 : noun.sent.end] if not t.is_space]
    source = whose(noun) or tokens_span((noun,))
    made = _made(noun, text, "report", source, (clause[0].idx, _end_of(clause[-1])), marks, clause)
    return replace(made, cue=tokens_span((be,))) if made is not None else None


def _begins_as_noun(token: Token) -> bool:
    """True for "Reports that", and "Her guess that", which the tagger takes for verbs."""
    if token.pos_ == "VERB" and any(c.dep_ == "poss" and c.i == token.i - 1 for c in token.children):
        return True
    is_first = token.is_sent_start and token.tag_ == "VBZ" and token.i + 1 < len(token.doc)
    return bool(is_first) and token.nbor(1).lower_ == "that"


def _lemma(token: Token) -> str:
    return token.lemma_.casefold()


def _by_clause(noun: Token, text: str, lemma: str, marks: Sequence[Span]) -> Attribution | None:
    source, that = whose(noun) or _maker(noun), _that(noun)
    if any(c.lower_ in ("my", "your") for c in noun.children):
        return None
    if that is None or (source is None and not _is_said_by_nobody(noun)):
        return None
    first = next((t for t in noun.doc[that.i + 1 : noun.sent.end] if not t.is_space), None)
    if first is None or first.tag_ in FINITE_TAGS:
        return None  # "the claim that won him the race"
    end = _end(noun, that)
    clause = noun.doc[first.i : end]
    if not any(t.tag_ in FINITE_TAGS for t in clause):
        return None
    return _made(noun, text, lemma, source, (first.idx, _end_of(clause[-1])), marks, list(clause))


def _by_infinitive(noun: Token, text: str, lemma: str, marks: Sequence[Span]) -> Attribution | None:
    source = whose(noun)
    verb = next((c for c in noun.children if c.i > noun.i and c.dep_ in ("acl", "relcl", "xcomp") and has_to(c)), None)
    if source is None or verb is None or verb.i - noun.i > _MAX_APART:
        return None
    tokens = [t for t in verb.subtree if not t.is_space]
    return _made(noun, text, lemma, source, tokens_span(tokens), marks, tokens)


def _made(
    noun: Token,
    text: str,
    lemma: str,
    source: Span | None,
    content: Span,
    marks: Sequence[Span],
    clause: Sequence[Token],
) -> Attribution | None:
    span = trim(text, content)
    if len(text[slice(*span)].split()) < _MIN_WORDS:
        return None
    cue = noun.idx, _end_of(noun)
    if inside_any(cue, marks) and not inside_any(span, marks):
        return None
    root = next((t for t in clause if t.head.i < clause[0].i or t.head.i > clause[-1].i), clause[0])
    return Attribution(
        source=trim(text, source) if source is not None else None,
        cue=cue,
        content=(span,),
        quote_type=quote_type((span,), marks),
        lemma=lemma,
        denies=is_negated(root),
        is_framed=True,
        confidence=_CONFIDENCE,
    )


def _end_of(token: Token) -> int:
    return token.idx + len(token.text)


def whose(noun: Token, givers: Container[str] = _GIVERS) -> Span | None:
    """The owner of a statement, else who stands behind one of these prepositions, without an apposition."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is not None:
        return tokens_span([t for t in owner.subtree if t.tag_ != "POS" and not t.is_space])
    giver = next((c for c in noun.children if c.lower_ in givers and c.i > noun.i), None)
    person = next((c for c in giver.children if c.dep_ == "pobj"), None) if giver is not None else None
    if person is None:
        return None
    kept = subtree_without(person, lambda c: c.i > person.i and c.dep_ in ("relcl", "acl", "punct", "ccomp", "appos"))
    return tokens_span([t for t in kept if not t.is_space])


def _maker(noun: Token) -> Span | None:
    """Who makes a statement in the passive: "the accusation that … was first made by Nina Falk"."""
    verb = noun.head
    if noun.dep_ != "nsubjpass" or verb.lemma_ not in _MAKING:
        return None
    agent = next((o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"), None)
    return tokens_span([t for t in agent.subtree if not t.is_space]) if agent is not None else None


def source_of_noun(noun: Token) -> Span | None:
    """Whose statement a noun of saying is, by its owner or by "by" or "from"; None for any other noun."""
    return whose(noun) if _lemma(noun) in verbs_of_nouns("with_clause") else None


def _that(noun: Token) -> Token | None:
    """The "that" of the clause behind a noun, with nothing but what belongs to the noun between."""
    for token in noun.doc[noun.i + 1 : min(noun.i + 1 + _MAX_APART, noun.sent.end)]:
        if token.lower_ == "that":
            if token.dep_ == "det" or token.tag_ not in ("IN", "WDT", "DT") or _is_written(noun, token):
                return None
            return token if token.i == noun.i + 1 or whose(noun) is not None else None
        if token.is_punct or token.tag_ in FINITE_TAGS:
            return None
    return None


def _is_written(noun: Token, that: Token) -> bool:
    """True for a paper behind which "that" is an object: "the letter from her bank that she had lost"."""
    return that.dep_ == "dobj" and _lemma(noun) in _PAPERS


def _is_said_by_nobody(noun: Token) -> bool:
    """True for "reports that", "rumours that": somebody has said so; "a claim" needs the one who has."""
    is_plural = noun.tag_ in ("NNS", "NNPS") and _lemma(noun) not in _PAPERS
    return (is_plural or _begins_as_noun(noun)) and not any(c.dep_ == "det" and c.lower_ == "no" for c in noun.children)


def _end(noun: Token, that: Token) -> int:
    """The number of the token behind the clause."""
    doc, sentence = noun.doc, noun.sent
    before = [t for t in doc[sentence.start : noun.i] if not t.is_space]
    while before and before[0].pos_ in ("CCONJ", "PUNCT"):
        before = before[1:]
    if not any(t.tag_ in FINITE_TAGS for t in before):
        is_fronted = bool(before) and (before[0].pos_ in ("ADP", "SCONJ") or before[0].lower_ in _FRONTING)
        end = _comma_behind(doc, that, sentence.end) if is_fronted else _main_verb(noun, that, sentence.end)
        if end is not None:
            return _without_edge(doc, end)
    above = noun.head
    if noun.dep_ in ("nsubj", "nsubjpass") and above.i > that.i and above.pos_ in ("VERB", "AUX"):
        own = [above, *(c for c in above.children if c.i > that.i and c.dep_ in ("aux", "auxpass", "neg"))]
        at = min(t.i for t in own)
        if any(t.tag_ in FINITE_TAGS for t in doc[that.i + 1 : at]):
            return _without_edge(doc, at)
    clause = _clause_of(noun, that)
    return _without_edge(doc, clause.right_edge.i + 1 if clause is not None else sentence.end)


def _comma_behind(doc: Doc, that: Token, end: int) -> int | None:
    """Where the clause of a phrase before its sentence ends: "Despite his insistence that he knew, | he was told"."""
    verb = next((t.i for t in doc[that.i + 1 : end] if t.tag_ in FINITE_TAGS), end)
    commas = [t.i for t in doc[verb:end] if t.text == ","]
    return commas[0] if commas else None


def _main_verb(noun: Token, that: Token, end: int) -> int | None:
    """Where the verb begins whose subject the noun is: "his claim that it was sound | convinced nobody".

    The parse takes it into the clause as often as not, so the words decide: it is the next verb with a tense that has
    no subject and no conjunction before it.
    """
    doc = noun.doc
    runs = _verb_runs(doc[that.i + 1 : end], is_open=noun.head == noun)
    first = next((n for n, run in enumerate(runs) if not _is_below(doc, run[0])), None)
    if first is None:
        return None
    for begin, _ in runs[first + 1 :]:
        if not _is_below(doc, begin) and not _has_own_subject(doc, runs[first][1], begin):
            return begin
    return None


def _verb_runs(tokens: Phrase, *, is_open: bool) -> list[tuple[int, int]]:
    """First and last numbers of the verbs with a tense and of what belongs to them: "could not have known".

    `is_open`: the parse has no verb for the noun, so that any word in "-ed" may be it.
    """
    runs: list[tuple[int, int]] = []
    for token in tokens:
        is_verb = token.pos_ in ("VERB", "AUX") or token.tag_ in FINITE_TAGS
        joins = bool(runs) and all(t.pos_ in ("ADV", "PART") for t in token.doc[runs[-1][1] + 1 : token.i])
        is_one_phrase = joins and is_verb and token.tag_ not in ("VBD", "VBZ", "VBP", "MD")
        if is_one_phrase and _takes(token.doc[runs[-1][1]], token):
            runs[-1] = (runs[-1][0], token.i)
        elif (
            token.tag_ in FINITE_TAGS
            or (is_verb and token.tag_ == "VBN" and _stands_alone(token))
            or (
                is_open
                and runs
                and token.lower_.endswith("ed")
                and token.tag_ in ("VBN", "JJ")
                and token.i > runs[-1][1] + 1
            )
        ):
            runs.append((token.i, token.i))
    return runs


def _takes(auxiliary: Token, verb: Token) -> bool:
    """True for "was seen", "has been", "could burst"; not for "burst | reached"."""
    if verb.tag_ == "VB":
        return auxiliary.tag_ == "MD" or auxiliary.lemma_ == "do"
    return auxiliary.lemma_ in ("be", "have", "get", "'", "’")


def _stands_alone(participle: Token) -> bool:
    """True for a "spread" or "convinced" that may be a past tense: no auxiliary, and an object or adverb behind it."""
    before = participle.nbor(-1)
    behind = participle.nbor(1) if participle.i + 1 < len(participle.doc) else before
    return before.pos_ in ("NOUN", "PROPN", "ADJ", "ADV", "NUM", "VERB", "AUX") and (
        behind.pos_ in ("DET", "PRON", "ADV", "NOUN", "PROPN", "ADJ") or behind.text in ".,"
    )


def _is_below(doc: Doc, verb: int) -> bool:
    """True behind a relative pronoun or a conjunction."""
    before = next((t for t in reversed(list(doc[max(verb - 3, 0) : verb])) if t.pos_ != "ADV"), None)
    return before is not None and (
        before.tag_ in ("WDT", "WP", "IN", "CC", "TO") or before.lower_ in ("who", "which", "that", "and", "or", "but")
    )


def _has_own_subject(doc: Doc, last: int, verb: int) -> bool:
    """True where a conjunction or a pronoun between two verbs makes the second another clause's: "…, and it won"."""
    between = [t for t in doc[last + 1 : verb] if not t.is_space]
    if any(t.pos_ in ("SCONJ", "CCONJ") and t.i > last + 1 for t in between if _opens_clause(t, verb)):
        return True
    return bool(between) and between[-1].tag_ == "PRP" and between[-1].lower_ in _SUBJECT_FORMS


def _opens_clause(conjunction: Token, verb: int) -> bool:
    """True if a verb with a tense follows a conjunction: "and prices rose", not "bread and butter"."""
    return conjunction.pos_ == "SCONJ" or conjunction.head.i >= verb or conjunction.head.pos_ in ("VERB", "AUX")


def _clause_of(noun: Token, that: Token) -> Token | None:
    """The verb of the clause that begins with "that", or the highest verb below the noun behind it."""
    verb = that.head if that.head.i > that.i else None
    if verb is not None:
        while verb.head.i > that.i and verb.dep_ in ("aux", "auxpass", "nsubj", "nsubjpass"):
            verb = verb.head
        return verb
    return next((c for c in noun.children if c.i > that.i and c.dep_ in _LINKS), None)


def _without_edge(doc: Doc, end: int) -> int:
    while end > 0 and (doc[end - 1].is_punct or doc[end - 1].is_space) and doc[end - 1].text not in ('"', "”", "»"):
        end -= 1
    return end
