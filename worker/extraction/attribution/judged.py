"""Attributions of what is judged in the passive, "the verdict was described as a disgrace by Tom Arden", and of what is
called something in the active: "the defence called the letter a forgery".
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.contract.claim import QuoteType
from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.somebody import names_somebody
from worker.extraction.attribution.statements.able_to_say import speaks
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, meet, tokens_span, trim
from worker.extraction.syntax.participles import judged_by_the_way
from worker.extraction.syntax.relations import FINITE_TAGS, has_subject, is_negated, is_passive, subtree_without

__all__ = ["judged"]

_NAMING = words("naming_cues")
_JUDGING = words("judging_passives")
_BEHIND = read_table("passives")["what_follows"]
"""What stands behind "by WHO" below each verb: "is put by the army | at 31", "said by the dealer | to be Roman"."""
_VERBS = _NAMING | _JUDGING | _BEHIND.keys()
_CALLING = words("cues_of_a_name") | {"denounce", "dismiss", "hail", "slam", "tout"}
"""With what a thing is called by the way, these are words of whoever is behind "by"."""
_NAMED_BY = words("cues_of_a_name") - {"describe"}
_NO_NAMES = words("things_called_for_aloud") | {"day", "night", "quits", "halt", "truce"}
"""What is called and is no name: "called it a day", "called her a taxi"."""
_SPEAKERS = words("described_people") | words("described_bodies") | words("unnamed_people") | words("groups_of_hearers")
_MAX_AGENT = 12
_FOR_WHAT = frozenset(("for", "as", "of", "over"))
_BLOWS = frozenset(("attack", "blast", "slam", "slate"))
"""Judging passives that are done with hands as well."""
_TOUCHED = words("things_one_can_touch")
_CONFIDENCE = 0.65
_MAX_APART = 14


def judged(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of such passives, which replace others of the same cue that do not have who
    judges for their source. `marks`: the quotes.
    """
    kept = list(found)
    for verb in doc:
        if (called := _called(verb, text, marks)) is not None:
            place = verb.idx, verb.idx + len(verb.text)
            same = [each for each in kept if each.cue is not None and meet(each.cue, place)]
            if all(each.quote_type is QuoteType.INDIRECT for each in same):
                kept = [*(each for each in kept if each not in same), called]
            continue
        if verb.tag_ not in ("VBN", "VBD") or verb.lemma_ not in _VERBS:
            continue
        if (made := _with_what_follows(verb, text, marks)) is not None:
            pass
        elif verb.tag_ == "VBN" and is_passive(verb):
            made = _judged(verb, text, marks)
        elif judged_by_the_way(verb) is not None:
            made = _judged_by_the_way(verb, text, marks)
        else:
            continue
        if made is None or made.source is None:
            continue
        place = verb.idx, verb.idx + len(verb.text)
        same = [each for each in kept if each.cue is not None and meet(each.cue, place)]
        if any(_is_by(each, made.source) and len(each.content) >= len(made.content) for each in same):
            continue
        kept = [*(each for each in kept if each not in same), made]
    return sorted(kept, key=lambda each: each.content[0])


def _is_by(each: Attribution, source: Span) -> bool:
    if each.source is None or not meet(each.source, source) or each.source[1] > source[1]:
        return False
    return not any(meet(part, source) for part in each.content)


def _judged(verb: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    by = _by(verb)
    agent = next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None
    if subject is None or by is None or agent is None or _is_undone(verb):
        return None
    said = verb.doc[verb.i + 1 : by.i]
    named = [t for t in said if not t.is_space]
    if verb.lemma_ == "threaten" and not (named and named[0].lower_ == "with" and not _is_weapon(named)):
        return None
    is_named = bool(named) and (named[0].lower_ == "as" or any(t.dep_ == "oprd" for t in named))
    speaks = _can_speak(agent) or (verb.lemma_ not in _BLOWS and is_trade(agent.lemma_.casefold()))
    if not speaks and not (is_named and verb.lemma_ in _CALLING):
        return None
    if not is_named and (verb.lemma_ not in _JUDGING or (verb.lemma_ == "welcome" and _is_person(subject))):
        return None
    whom = trim(text, tokens_span([t for t in subtree_without(subject, _is_clause) if not t.is_space]))
    threat = verb.lemma_ == "threaten"
    what = named if is_named or threat or (named and named[0].lower_ in _FOR_WHAT) else _behind(agent)
    source = [t for t in _whole(agent) if not what or t.i < what[0].i or what[-1].i < agent.i]
    if verb.lemma_ in ("accuse", "blame") and not what:
        return None
    content = (whom, trim(text, tokens_span(what))) if what else (whom,)
    first = min([verb.i, *(c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg"))])
    return Attribution(
        source=trim(text, tokens_span(source)),
        cue=(verb.doc[first].idx, verb.idx + len(verb.text)),
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_,
        confidence=_CONFIDENCE,
    )


def _called(verb: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    """ "The defence called | the letter | a forgery": somebody names a thing by a common noun or an adjective."""
    if verb.lemma_ not in _NAMED_BY or verb.pos_ != "VERB" or is_passive(verb) or is_negated(verb):
        return None
    parts = {c.dep_: c for c in verb.children}
    subject, thing = parts.get("nsubj"), parts.get("dobj")
    # parses take "the plan reckless" for one noun
    name = parts.get("oprd") or (
        next((c for c in thing.children if c.dep_ == "amod" and c.i > thing.i), None) if thing else None
    )
    if subject is None or thing is None or name is None or _is_undone(verb) or not verb.i < thing.i < name.i:
        return None
    if name.pos_ not in ("NOUN", "ADJ", "VERB") or name.lemma_.casefold() in _NO_NAMES:
        return None
    if not (_can_speak(subject) or speaks(subject)):
        return None
    called = [t for t in name.subtree if not t.is_space]
    content = tuple(
        trim(text, tokens_span(part))
        for part in ([t for t in thing.subtree if t not in called and not t.is_space], called)
    )
    return Attribution(
        source=trim(text, tokens_span(_whole(subject))),
        cue=(verb.idx, verb.idx + len(verb.text)),
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_,
        is_framed=True,
        confidence=_CONFIDENCE,
    )


def _with_what_follows(verb: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    """ "The bronze | is said | by the dealer | to be Roman": what follows who speaks says what is said of the subject.

    The parse hangs it on the speaker as often as on the verb, so its words decide.
    """
    prepositions = str(_BEHIND.get(verb.lemma_, "")).split()
    near = verb.doc[verb.i + 1 : min(verb.i + _MAX_APART, verb.sent.end)]
    by = next((t for t in near if t.lower_ == "by"), None)
    if not prepositions or by is None or any(t.is_punct or t.pos_ == "VERB" for t in verb.doc[verb.i + 1 : by.i]):
        return None
    behind = verb.doc[by.i + 1 : min(by.i + 1 + _MAX_AGENT, verb.sent.end)]
    start = next((t for t in behind if t.lower_ in prepositions and t.i > by.i + 1 and _leads(t)), None)
    agent = [t for t in behind if start is not None and t.i < start.i and not t.is_space]
    who = "any" if start is not None and start.lower_ in ("to", "at") else "speaker"
    if start is None or not agent or not names_somebody(agent, who) or any(t.is_punct for t in agent):
        return None
    what = _to_the_end(verb, start)
    subject = next((c for c in verb.children if c.dep_ in ("nsubjpass", "nsubj")), None)
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg")]
    if subject is None and verb.dep_ == "conj":
        subject = next((c for c in verb.head.children if c.dep_ == "nsubjpass"), None)
    is_finite = bool(auxiliaries)
    if (is_finite and subject is None) or any(c.tag_ in ("MD", "TO") for c in auxiliaries) or not what:
        return None
    whom = [t for t in subtree_without(subject, _is_clause) if not t.is_space] if is_finite and subject else []
    if subject is not None and subject.lower_ == "it" and start.lower_ == "to":
        return None
    content = tuple(trim(text, tokens_span(part)) for part in (whom, what) if part)
    first = min([verb.i, *(c.i for c in auxiliaries)])
    return Attribution(
        source=trim(text, tokens_span(agent)),
        cue=(verb.doc[first].idx, verb.idx + len(verb.text)),
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_,
        is_framed=True,
        confidence=_CONFIDENCE,
    )


def _leads(token: Token) -> bool:
    """True for a "to" before an infinitive or a noun, an "at" before a number, any other preposition."""
    behind = token.nbor(1) if token.i + 1 < len(token.doc) else token
    if token.lower_ == "at":
        return (
            behind.like_num or behind.pos_ in ("NUM", "SYM", "ADV", "ADP") or behind.lower_ in ("a", "about", "between")
        )
    return not behind.is_punct or behind.text in ('"', "“")


def _to_the_end(verb: Token, start: Token) -> list[Token]:
    """From where it starts to the next comma or joined clause of the sentence."""
    tokens = [t for t in verb.doc[start.i : verb.sent.end] if not t.is_space]
    is_reduced = not any(c.dep_ in ("aux", "auxpass") for c in verb.children)
    for number, token in enumerate(tokens):
        if number == 0 or token.text in ('"', "“", "”", "-", "'", "’", "$", "£", "€"):
            continue
        is_other_clause = token.dep_ == "cc" and any(c.i > token.i and has_subject(c) for c in token.head.conjuncts)
        is_main_verb = is_reduced and token.tag_ in FINITE_TAGS
        if token.is_punct or is_other_clause or is_main_verb:
            return tokens[:number]
    return tokens


def _judged_by_the_way(verb: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    """ "Branded a coward by the tabloids, he went home": a participle, whose noun is no part of the content."""
    by = _by(verb) or _in_a_document(verb)
    agent = next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None
    if by is None or agent is None or _is_undone(verb):
        return None
    said = [t for t in verb.doc[verb.i + 1 : by.i] if not t.is_space]
    is_named = bool(said) and (said[0].lower_ == "as" or verb.lemma_ in _CALLING)
    what = said if is_named or (said and said[0].lower_ in _FOR_WHAT) else _behind(agent)
    if not what or not (is_named or what[0].lower_ == "as" or verb.lemma_ in _JUDGING):
        return None
    is_trade_or_document = is_trade(agent.lemma_.casefold()) or by.lower_ == "in"
    if not (_can_speak(agent) or (is_trade_or_document and verb.lemma_ not in _BLOWS)):
        return None
    source = [t for t in _whole(agent) if t.i < what[0].i or what[-1].i < agent.i]
    content = (trim(text, tokens_span(what)),)
    return Attribution(
        source=trim(text, tokens_span(source)),
        cue=(verb.idx, verb.idx + len(verb.text)),
        content=content,
        quote_type=quote_type(content, marks),
        lemma=verb.lemma_,
        confidence=_CONFIDENCE,
    )


def _by(verb: Token) -> Token | None:
    """The "by" of who judges: the last one below the verb or below what the thing is called."""
    near = verb.doc[verb.i + 1 : min(verb.i + _MAX_APART, verb.sent.end)]
    places = {t.i for t in verb.subtree}
    found = [t for t in near if t.lower_ == "by" and t.i in places and t.dep_ in ("agent", "prep")]
    speaking = [t for t in found if any(c.dep_ == "pobj" and (_can_speak(c) or is_trade(c.lower_)) for c in t.children)]
    return next(iter([*reversed(speaking), *(t for t in found if t.dep_ == "agent")]), None)


def _in_a_document(verb: Token) -> Token | None:
    """The "in" of "described in the catalogue as rare"."""
    near = verb.doc[verb.i + 1 : min(verb.i + 2, verb.sent.end)]
    return next((t for t in near if t.lower_ == "in" and t.head == verb), None)


def _can_speak(noun: Token) -> bool:
    return (
        noun.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")
        or noun.lemma_.casefold() in _SPEAKERS
        or noun.lower_ in ("him", "her", "them", "some", "many", "others")
    )


def _is_person(noun: Token) -> bool:
    return noun.ent_type_ == "PERSON" or noun.lower_ in ("he", "she", "they", "who", "i", "we")


def _is_weapon(said: Sequence[Token]) -> bool:
    """ "Threatened with a knife": nothing was said."""
    return any(t.lemma_.casefold() in _TOUCHED for t in said)


def _is_undone(verb: Token) -> bool:
    """True for "called off", "should be welcomed", "was to be praised"."""
    return any(c.dep_ == "prt" or c.tag_ in ("MD", "TO") for c in verb.children)


def _is_clause(token: Token) -> bool:
    return token.dep_ in ("relcl", "acl", "punct", "advcl")


def _whole(agent: Token) -> list[Token]:
    """The agent with its appositions, up to a mark."""
    kept = [t for t in subtree_without(agent, lambda c: c.dep_ in ("relcl", "advcl")) if not t.is_space]
    end = next((n for n, t in enumerate(kept) if t.i > agent.i and t.text in ('"', "“", ";", ":")), len(kept))
    return kept[:end] or [agent]


def _behind(agent: Token) -> list[Token]:
    """What somebody is judged for, behind who judges: "was criticised by doctors | for its cost"."""
    sentence = agent.doc[agent.i + 1 : agent.sent.end]
    if not len(sentence) or sentence[0].lower_ not in _FOR_WHAT:
        return []
    ends = (t.i for t in sentence if _parts(t) or (t.dep_ == "cc" and t.head.pos_ == "VERB"))
    end = next(ends, agent.sent.end)
    return list(agent.doc[agent.i + 1 : end])


def _parts(token: Token) -> bool:
    return token.is_punct and token.text not in ("“", "”", '"', "-")
