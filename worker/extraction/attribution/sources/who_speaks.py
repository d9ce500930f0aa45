"""Who speaks where the subject of a cue is told, hears or is quoted: "nurses were told", "heard from a cleaner"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.speech_nouns import source_of_noun
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside, meet, tokens_span, trim
from worker.extraction.syntax.relations import NOUN_SUBJECTS, is_passive, subtree_without

__all__ = ["by_the_speaker", "without_repeats"]

_TELLING = words("verbs_telling_the_subject")
_HEARING = words("verbs_of_hearing_from")
_PARTICLE = re.compile(r"(?P<particle>back|in|on|out|up) (?=[A-ZÀ-Þ])")
_CITING = frozenset(("quote", "cite"))
_AS_SAYING = ("as saying", "as having said", "as telling reporters")
_LEADS_TO_QUOTED = re.compile(r"[^“”\"«»‘]{0,60}?\bas (?:saying|having said|telling [\w ]{2,20}?)(?: that)?[ ,]+")
_NAMES = ("PERSON", "ORG", "GPE", "NORP")


def by_the_speaker(doc: Doc, text: str, each: Attribution, marks: Sequence[Span]) -> Attribution:
    """An attribution with the one who speaks for its source, in place of who is told, hears or quotes it.

    `marks`: the quotes of the text.
    """
    each = _with_particle(text, each)
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if each.source is None and cue is not None:
        given = next((span for token in cue if token.pos_ == "NOUN" and (span := source_of_noun(token))), None)
        if given is not None and not any(meet(given, part) for part in each.content):
            return replace(each, source=given)  # "the argument from the bench was that"
    if cue is not None and (subject := _of_a_joined_verb(doc, each, cue) or _own_subject(text, each, cue)) is not None:
        return replace(each, source=_phrase(text, subject))
    for verb in (token for token in cue or () if token.pos_ == "VERB"):
        if (subject := _behind_its_noun(each.source, verb)) is not None:
            return replace(each, source=_phrase(text, subject))
        if verb.lemma_ in _TELLING and is_passive(verb) and _is_subject(each.source, verb):
            return replace(each, source=_agent(text, verb))
        if verb.lemma_ in _HEARING and (giver := _object_of(verb, ("from",))) is not None:
            return replace(each, source=_phrase(text, giver))
        if verb.lemma_ in _CITING and _is_saying(verb):
            return _of_the_quoted(text, each, verb, marks)
        if (cited := _cited_beside(verb)) is not None and not any(meet(cited, part) for part in each.content):
            return replace(each, source=trim(text, cited))
    return each


def _behind_its_noun(source: Span | None, verb: Token) -> Token | None:
    """The subject of a relative clause without a pronoun, where the source has its noun as well: "a move | analysts |
    said could cost it millions".
    """
    if source is None or verb.dep_ != "relcl" or not inside((verb.head.idx, verb.head.idx + 1), source):
        return None
    subjects = (c for c in verb.children if c.dep_ in NOUN_SUBJECTS and c.tag_ not in ("WDT", "WP"))
    return next((c for c in subjects if verb.head.i < c.i < verb.i and inside((c.idx, c.idx + 1), source)), None)


def _of_a_joined_verb(doc: Doc, each: Attribution, cue: Phrase) -> Token | None:
    """The subject that a verb shares with the one before, where the source is an owner amid that one's words: "Norland
    is one of | the region's | critics and has accused".
    """
    source = doc.char_span(*each.source, alignment_mode="expand") if each.source else None
    verb = next((t for t in reversed(list(cue)) if t.pos_ == "VERB"), None)
    if source is None or verb is None or source.root.dep_ != "poss" or verb.dep_ != "conj":
        return None
    above = verb.head
    while above.dep_ == "conj" and above.head != above:
        above = above.head
    subject = next((c for c in above.children if c.dep_ in NOUN_SUBJECTS and c.i < above.i), None)
    is_amid = subject is not None and above.i < source.root.i < verb.i
    return subject if is_amid and subject is not None and subject.pos_ in ("NOUN", "PROPN") else None


def _own_subject(text: str, each: Attribution, cue: Phrase) -> Token | None:
    """The subject of a verb of saying whose source is none, is in another paragraph or before a semicolon: "The firm,
    which is in trouble, | confirmed". None for a pronoun and for what is said.
    """
    verb = next((t for t in reversed(list(cue)) if t.pos_ == "VERB"), None)
    if verb is None or verb.lemma_ not in VERBS or verb.tag_ not in ("VBD", "VBZ", "VBP") or is_passive(verb):
        return None
    if each.source is not None:
        between = text[min(each.source[1], cue.start_char) : max(each.source[0], cue.start_char)]
        if "\n" not in between and ";" not in between:
            return None
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if verb.dep_ == "acl" and verb.tag_ == "VBD" and verb.head.dep_ == "ROOT":
        subject = verb.head  # behind a long relative clause
    if subject is None or subject.pos_ not in ("NOUN", "PROPN"):
        return None
    names = {token.ent_type_ for token in (subject, *(c for c in subject.children if c.dep_ == "appos"))}
    if names.isdisjoint(_NAMES) and subject.lemma_.casefold() not in SOMEBODY:
        return None
    place = (subject.idx, subject.idx + len(subject.text))
    return subject if not any(meet(place, part) for part in each.content) else None


def _cited_beside(verb: Token) -> Span | None:
    """Whom a report cites in a participle: "the Courier reported, citing two engineers"; None for a reason."""
    beside = (c for c in verb.children if c.tag_ == "VBG" and c.lemma_ in _CITING)
    cited = next((o for c in beside for o in c.children if o.dep_ == "dobj"), None)
    if cited is None or not (cited.ent_type_ in _NAMES or cited.lemma_.casefold() in SOMEBODY):
        return None
    kept = subtree_without(cited, lambda c: c.i > cited.i and c.dep_ in ("relcl", "ccomp", "acl", "advcl", "punct"))
    return tokens_span([t for t in kept if not t.is_space])


def _with_particle(text: str, each: Attribution) -> Attribution:
    """The particle of a verb with the verb: "shot back | Hugo Prent"."""
    if each.cue is None or each.source is None or text[each.cue[1] : each.source[0]].strip():
        return each
    match = _PARTICLE.match(text, *each.source)
    if match is None:
        return each
    lemma = "reply" if each.lemma == match["particle"] else each.lemma
    return replace(each, cue=(each.cue[0], match.end("particle")), source=(match.end(), each.source[1]), lemma=lemma)


def _is_subject(source: Span | None, verb: Token) -> bool:
    return source is not None and any(c.dep_ in NOUN_SUBJECTS and source[0] <= c.idx < source[1] for c in verb.children)


def _agent(text: str, verb: Token) -> Span | None:
    agent = _object_of(verb, ("by",))
    return _phrase(text, agent) if agent is not None else None


def _object_of(verb: Token, prepositions: Sequence[str]) -> Token | None:
    below = (c for c in verb.children if c.lower_ in prepositions and c.i > verb.i)
    return next((noun for c in below for noun in c.children if noun.dep_ == "pobj"), None)


def _phrase(text: str, noun: Token) -> Span:
    kept = subtree_without(noun, lambda c: c.i > noun.i and c.dep_ in ("relcl", "ccomp", "acl", "advcl", "punct"))
    return trim(text, tokens_span([t for t in kept if not t.is_space]))


def _is_saying(verb: Token) -> bool:
    return any(t.lower_ == "saying" for t in verb.doc[verb.i : min(verb.i + 12, verb.sent.end)])


def _of_the_quoted(text: str, each: Attribution, verb: Token, marks: Sequence[Span]) -> Attribution:
    """“The dam will hold,” the minister was quoted as saying by the radio: the minister says it."""
    relations = NOUN_SUBJECTS if is_passive(verb) else ("dobj",)
    subject = next((c for c in verb.children if c.dep_ in relations), None)
    if subject is not None and subject.lower_ in ("who", "that") and verb.dep_ == "relcl":
        subject = verb.head
    if subject is None:
        return each
    source = _phrase(text, subject)
    content: list[Span] = []
    for part in each.content:
        if not meet(part, source):
            content.append(part)
        elif not inside(part, source):
            sides = ((part[0], max(source[0], part[0])), (source[1], part[1]))
            content += [side for start, end in sides if (side := _trimmed(text, (start, end)))[1] > side[0]]
    content = [_behind_saying(text, part) for part in content]
    content = [part for part in content if text[slice(*part)].strip(" ,.") not in _AS_SAYING]
    if not content:
        return each
    return replace(each, source=source, content=tuple(content), quote_type=quote_type(content, marks))


def _behind_saying(text: str, part: Span) -> Span:
    """ "Quoted her | as saying that no branch would close": what she said follows."""
    match = _LEADS_TO_QUOTED.match(text, *part)
    return (match.end(), part[1]) if match is not None and match.end() < part[1] else part


def without_repeats(found: Iterable[Attribution]) -> list[Attribution]:
    """The attributions, each source and content once: what "was quoted as" gave is not said again by "saying"."""
    kept: dict[tuple[Span | None, tuple[Span, ...]], Attribution] = {}
    for each in found:
        kept.setdefault((each.source, each.content), each)
    return list(kept.values())


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in " ,":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end
