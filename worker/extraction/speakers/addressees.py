"""Finds those who are addressed: "told reporters", "urged the council to", "speaking to the BBC", "in a letter to"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.spans import Span
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.questions import is_mark_of_question
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS, has_to, is_passive, subtree_without

__all__ = ["addressees", "named_behind"]

_TO_OBJECT = words("verbs_with_addressee_as_object")
_NOT_ALONE = words("verbs_with_addressee_as_object_of_infinitive")
_FOR_A_THING = ("ask", "beg", "petition", "press")
"""Verbs with whom one speaks to and what one wants: "asked the council for money"."""
_BEFORE_TO = words("verbs_with_addressee_after_to")
_BEFORE_WITH = words("verbs_with_addressee_after_with")
_HEARING = words("verbs_of_hearing_from")
_BEFORE_AT = words("verbs_with_addressee_after_at")
_BEFORE_OF = words("verbs_with_addressee_after_of")
_TALKING = words("verbs_of_talking")
_BEFORE_LISTENERS = words("prepositions_before_listeners")
_MESSAGES = words("messages")
_SENDING = words("verbs_of_sending")
_OCCASIONS = words("occasions_of_talking")
_ANSWERED_THINGS = words("answered_things")
_NO_LISTENERS = words("nouns_that_do_not_listen")
_PEOPLE_AND_BODIES = words("described_people") | words("roles") | words("described_bodies") | words("body_words")
_NOUNS_WITH_TO = words("nouns_with_to")
_ANSWERING = ("reply", "respond")
_AUDIENCES = words("audiences")
_TELLING = ("alert", "assure", "inform", "notify", "remind")
"""Verbs with "of" and what is told behind whom it is told."""
_DAYS = words("never_names")
_SPEAKERS = ("i", "we")
_NO_LISTENERS_IN_QUOTES = frozenset((*_SPEAKERS, "you"))
"""Whoever hears a quote, and who says it: "I have been told to leave"."""
_NAME_BETWEEN = re.compile(
    r"\s(?:the\s)?(?P<name>[A-ZÀ-Þ][\w.&’'-]*(?:\s(?:of\s|the\s)*[A-ZÀ-Þ][\w.&’'-]*){0,4}),?\s(?:that\s)?[“\"‘']?"
)
_PLACES_AND_TIMES = ("GPE", "LOC", "FAC", "DATE", "TIME")
_CLAUSES = ("xcomp", "ccomp", "advcl")
_ASIDES = ("advcl", "acl")
"""Relations of a participle to its verb, or to the subject of that."""


def addressees(cue: Token | None, clauses: Sequence[MainClause], *, is_quoted: bool = False) -> list[Span]:
    """Spans of those addressed, in order, each name of a list by itself.

    `cue`: the cue's main word; `clauses`: those of the content, for a quote may name who is spoken to ("we urge the
    council to"); `is_quoted`: the content is direct speech, so that no clause hangs on the verb.
    """
    if cue is not None and _is_object_of_with(cue):
        cue = cue.head.head  # "pleaded with the council", of which the noun looks like the cue
    found = _of_verb(cue, is_quoted=is_quoted) + _beside(cue) if cue is not None else []
    if not is_quoted:
        found = [token for token in found if not _is_amid(token, clauses)]
    for clause in clauses:
        if clause.subject is not None and clause.subject.lower_ in _SPEAKERS and _addresses(clause.verb.lemma_):
            found += [token for token in _of_verb(clause.verb) if token.lower_ not in _NO_LISTENERS_IN_QUOTES]
    found = [token for token in found if token.text[0].isalnum() and token.ent_type_ not in ("DATE", "TIME")]
    return sorted({span for token in found for span in _names(token)})


def _is_object_of_with(noun: Token) -> bool:
    is_object = noun.dep_ == "pobj" and noun.head.lower_ == "with" and noun.head.head.lemma_ in _BEFORE_WITH
    return is_object and noun.lemma_ in _PEOPLE_AND_BODIES


def _is_amid(token: Token, clauses: Sequence[MainClause]) -> bool:
    """True for a name amid a clause that says what happens: "were told a new man, Bo Ek, would come"."""
    return any(
        clause.verb.tag_ in FINITE_TAGS
        and token.i < clause.verb.i
        and token in clause.tokens[1:]
        and token.dep_ != "nsubjpass"
        for clause in clauses
    )


def named_behind(text: str, cue: Token, span: Span, content: Span) -> list[Span]:
    """Whom a name between a verb of telling and its content addresses, whatever the parse makes of it: "told Reuters
    growth would slow". `span`: of the whole cue; `content`: the first span of the content.
    """
    between = _NAME_BETWEEN.fullmatch(text, span[1], content[0]) if span[1] <= content[0] else None
    if between is not None and between["name"].casefold() in _DAYS:
        return []
    told = between is not None and cue.lemma_ in _TO_OBJECT and cue.lemma_ not in _NOT_ALONE and not is_passive(cue)
    return [between.span("name")] if between is not None and told else []


def _addresses(lemma: str) -> bool:
    """True if a verb in the first person is said to somebody: "we urge", "we call on"."""
    return lemma in _TO_OBJECT or lemma in ("call", "appeal", "say")


def _of_verb(verb: Token, *, is_quoted: bool = False) -> list[Token]:
    """The head nouns of those whom a verb or noun of speech addresses."""
    lemma = verb.lemma_.lower()
    clauses = [c for c in verb.children if c.dep_ in _CLAUSES and c.i > verb.i]
    infinitive = any(has_to(c) for c in clauses)
    passive = is_passive(verb)
    objects = [c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i]
    with_clause = infinitive or is_quoted or any(c.dep_ == "ccomp" for c in clauses)
    with_clause = with_clause or (lemma in _FOR_A_THING and any(c.lower_ == "for" for c in verb.children))
    with_clause = with_clause or any(is_mark_of_question(m) for c in clauses for m in c.children)
    takes_object = lemma in _TO_OBJECT and (lemma not in _NOT_ALONE or with_clause)
    found: list[Token] = []
    for child in verb.children:
        match child.dep_:
            case "nsubjpass" if passive and lemma in _TO_OBJECT:
                found.append(child)
            case "nsubj" if lemma in _HEARING and any(c.lower_ == "from" and c.i > verb.i for c in verb.children):
                found.append(child)
            case "dobj" if child.i > verb.i and takes_object and _listens(child) and not passive:
                found.append(child)
            case "dative" if child.i > verb.i and child.pos_ != "ADP" and lemma in _TO_OBJECT:
                # "promised pensioners a bonus"; one who orders or asks for a thing orders it for somebody
                found += [child] if takes_object or (objects and lemma != "order") else []
            case "prep" | "dative" if child.pos_ in ("ADP", "SCONJ", "PART"):
                found += _after_preposition(lemma, child, infinitive=infinitive)
            case "ccomp" if child.i > verb.i and lemma in _TO_OBJECT and has_to(child):
                # "told the crew to leave", where the parse makes the addressee the subject of the infinitive
                found += [c for c in child.children if c.dep_ in NOUN_SUBJECTS and c.i < child.i]
    return found


def _beside(cue: Token) -> list[Token]:
    """Those spoken to in a participle beside the cue, "speaking to the BBC", or by a message that is the source.

    A cue that is a participle itself, "asked whether he would stay, the keeper said", addresses who speaks next.
    """
    if cue.tag_ == "VBN" and cue.dep_ in _ASIDES and cue.lemma_ in _TO_OBJECT and not is_passive(cue):
        return [c for c in cue.head.children if c.dep_ in NOUN_SUBJECTS]
    subject = next((c for c in cue.children if c.dep_ in NOUN_SUBJECTS), None)
    if cue.pos_ == "NOUN":
        return _of_messages([cue])
    # a fronted participle can hang on a noun that the parse takes for the root, beside the subject
    above = [cue, *([subject] if subject is not None else []), *([cue.head] if cue.dep_ == "relcl" else [])]
    participles = [
        c for token in above for c in token.children if c.dep_ in _ASIDES and c.tag_ == "VBG" and c.lemma_ in _TALKING
    ]
    found = [each for participle in participles for each in _of_talking(participle)]
    if subject is None:
        return found
    beside = [c for c in subject.children if c.dep_ == "prep" and c.lower_ == "in" and c.i > subject.i]
    return found + _of_messages([subject, *(noun for c in beside for noun in _objects(c))])


def _of_talking(participle: Token) -> list[Token]:
    """Whom "speaking to", "giving evidence to" and "addressing" are said to."""
    found = []
    for child in participle.children:
        if child.dep_ == "dobj" and participle.lemma_ == "address" and child.lemma_ not in _ANSWERED_THINGS:
            found.append(child)
        elif child.dep_ in ("prep", "dative") and child.lower_ in _BEFORE_LISTENERS:
            found += [noun for noun in _objects(child) if _can_be_addressed(noun)]
    return found


def _after_preposition(lemma: str, preposition: Token, *, infinitive: bool) -> list[Token]:
    """`infinitive`: whether the verb has one, as in "pleaded with the guards to open the gate"."""
    nouns = _objects(preposition)
    match preposition.lower_:
        case "on" | "upon" if lemma == "call":
            return nouns
        case "with" if lemma in _BEFORE_WITH and infinitive:
            return nouns
        case "at" if lemma in _BEFORE_AT:
            return [noun for noun in nouns if _can_be_addressed(noun)]
        case "of" | "from" if lemma in _BEFORE_OF:
            return [noun for noun in nouns if _can_be_addressed(noun)]
        case "to" if lemma == "accord":
            return _of_messages(nouns)
        case "to" if preposition.i and preposition.nbor(-1).lemma_.casefold() in _NOUNS_WITH_TO:
            return []  # "bragged about his closeness | to the king"
        case "to" if lemma in _BEFORE_TO:
            return [noun for noun in nouns if _can_be_addressed(noun) and not _is_answered(lemma, noun)]
        case "in" | "with" | "during" | "at" | "on":
            return _of_messages(nouns) + _of_occasions(nouns)
    return []


def _objects(preposition: Token) -> list[Token]:
    return [child for child in preposition.children if child.dep_ == "pobj"]


def _can_be_addressed(noun: Token) -> bool:
    return _listens(noun) and (noun.pos_ in ("PROPN", "PRON") or noun.ent_type_ not in ("DATE", "TIME"))


def _listens(noun: Token) -> bool:
    return noun.lemma_ not in _NO_LISTENERS and noun.lemma_ not in _ANSWERED_THINGS and noun.lemma_ not in _MESSAGES


def _is_answered(lemma: str, noun: Token) -> bool:
    """True for what one replies to without speaking to it: "responded to the storm", not "responded to Meyer"."""
    return lemma in _ANSWERING and noun.pos_ == "NOUN" and noun.tag_ == "NN" and noun.lemma_ not in _PEOPLE_AND_BODIES


def _of_messages(nouns: Sequence[Token]) -> list[Token]:
    """The addressees of messages among the nouns: "in a letter to the council", "an email sent to staff"."""
    messages = [noun for noun in nouns if noun.lemma_ in _MESSAGES]
    sent = [c for noun in messages for c in noun.children if c.dep_ == "acl" and c.lemma_ in _SENDING]
    prepositions = [c for each in (*messages, *sent) for c in each.children if c.dep_ in ("prep", "dative")]
    return [
        each
        for c in prepositions
        for each in _objects(c)
        if _can_be_addressed(each) and (c.lower_ == "to" or (c.lower_ in ("at", "before") and _is_heard(c, each)))
    ]


def _is_heard(preposition: Token, noun: Token) -> bool:
    """True for "a tweet aimed at the minister" and "a speech before members", not for "a letter before the vote"."""
    return preposition.head.lemma_ in _SENDING if preposition.lower_ == "at" else _is_audience(noun)


def _of_occasions(nouns: Sequence[Token]) -> list[Token]:
    """Those spoken with at an occasion among the nouns: "in an interview with Kanal 4"."""
    prepositions = [c for noun in nouns if noun.lemma_ in _OCCASIONS for c in noun.children if c.dep_ == "prep"]
    met = [each for c in prepositions if c.lower_ in ("with", "to") for each in _objects(c) if _can_be_addressed(each)]
    return met + [each for c in prepositions if c.lower_ == "for" for each in _objects(c) if _is_audience(each)]


def _is_audience(noun: Token) -> bool:
    return noun.lemma_ in _AUDIENCES or (noun.tag_ == "NNS" and noun.lemma_ in _PEOPLE_AND_BODIES)


def _names(token: Token) -> list[Span]:
    """The phrase of a noun; of several joined proper names one span each."""
    joined = [token, *(c for c in token.conjuncts if c.i > token.i)]
    if len(joined) > 1 and _is_title(token, joined[-1]):
        return [(joined[0].left_edge.idx, joined[-1].idx + len(joined[-1].text))]
    if len(joined) > 1 and all(t.pos_ == "PROPN" or t.ent_type_ for t in joined):
        return [_phrase(t, ("relcl", "acl", "punct", "conj", "cc", "prep")) for t in joined]
    if token.lower_ == "those":
        return [_phrase(token, ("punct",))]  # "those gathered in the square"
    begin, end = _phrase(token, ("relcl", "acl", "punct"))
    return [(begin, _end_with_place(token, end))]


def _is_title(first: Token, last: Token) -> bool:
    """True for names joined in quotation marks, as those of a programme are: told "Olm and Friends"."""
    begin, end = first.left_edge.i, last.i + 1
    marks = "“”\"'‘’"
    return begin > 0 and end < len(first.doc) and first.doc[begin - 1].text in marks and first.doc[end].text in marks


def _end_with_place(token: Token, end: int) -> int:
    """The end of a noun with the place behind it that the parse hangs on the verb: "asked people in Olm not to"."""
    if token.dep_ != "dobj" or token.pos_ != "NOUN" or token.lemma_ in ("reporter", "journalist"):
        return end
    behind = next((c for c in token.head.children if c.dep_ == "prep" and c.i == token.i + 1), None)
    is_place = behind is not None and behind.lower_ in ("in", "at", "from", "near", "outside")
    if behind is None or not is_place or not any(has_to(c) and c.i > behind.i for c in token.head.children):
        return end
    nouns = [noun for noun in _objects(behind) if noun.ent_type_ not in ("DATE", "TIME")]
    return max((noun.idx + len(noun.text) for noun in nouns), default=end)


def _is_where_spoken(token: Token) -> bool:
    """True for a place or a day behind those whom one meets there: "reporters in Oslo", no "voters in Ohio"."""
    is_adjunct = token.dep_ == "prep" and any(c.ent_type_ in _PLACES_AND_TIMES for c in token.children)
    return (
        is_adjunct and token.head.lemma_ in ("reporter", "journalist") and token.lower_ in ("in", "at", "on", "outside")
    )


def _is_what_of(token: Token, noun: Token) -> bool:
    """True for what somebody is told of: "notified customers of the leak"."""
    return (
        token.dep_ == "prep" and token.lower_ in ("of", "about") and token.head == noun and noun.head.lemma_ in _TELLING
    )


def _phrase(token: Token, left_out: Sequence[str]) -> Span:
    """A noun with all below it but the branches of relations in `left_out`; hyphens and apostrophes stay."""
    kept = [
        t
        for t in subtree_without(
            token,
            lambda c: (
                _is_where_spoken(c)
                or _is_what_of(c, token)
                or (c.dep_ in left_out and not (c.dep_ == "punct" and c.text in ("-", "'")))
            ),
        )
        if not t.is_space
    ]
    while len(kept) > 1 and kept[-1].dep_ in ("cc", "punct"):
        kept.pop()  # "the paper and", where the parse hangs "and" on another noun
    return kept[0].idx, kept[-1].idx + len(kept[-1].text)
