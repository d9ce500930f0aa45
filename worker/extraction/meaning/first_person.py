"""Who "I" and "we" are in quoted words: the edits that put the name for the pronoun, as an editor does in brackets.

The first pronoun becomes the name, further ones "she" or "he" where the gender is known, else the surname. The verb
agrees: "I have" is "[Anna Berg] has", "we've" of a club "[Rovers] have".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.claim import Source
from worker.extraction.entities.person_names import Gender
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.inflection import is_past_form, present
from worker.extraction.parse import Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.pronouns import is_plural, short_name, with_article

__all__ = ["first_person_edits"]

_I = {"i": "subject", "me": "object", "my": "owner", "mine": "owner", "myself": "self"}
_WE = {"we": "subject", "our": "owner", "ours": "owner", "ourselves": "self"}
"""Pronouns and the part that they play. "Us" is left: who else it means is seldom known."""
_AGAIN: dict[Gender | None, dict[str, str]] = {
    "f": {"subject": "she", "object": "her", "owner": "her", "self": "herself"},
    "m": {"subject": "he", "object": "him", "owner": "his", "self": "himself"},
}
_OF_A_BODY = {"subject": "it", "owner": "its", "self": "itself"}
_OF_SEVERAL = {"subject": "they", "owner": "their", "self": "themselves"}
_NO_NAMES = words("pronouns_for_a_name")
_SPEAKING = words("roles_that_speak_for_a_body")
_OF_EVERYBODY = words("things_of_everybody")
_DOCUMENTS = words("documents_as_sources") | words("documents_in_a_name")
_NO_LONGER = frozenset({"former", "ex", "then"})
_PEOPLE = words("roles") | words("described_people")
_NOUNS = ("NOUN", "PROPN", "PRON")
_SHORT = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_FINITE_OF_BE = {"am": "be", "are": "be", "'m": "be", "'re": "be"}
_INNER_QUOTE = re.compile(r"(?<![\w’'])[‘'](?=\S)[^‘\"“”\n]*?(?<=[\w,.!?…])[’'](?!\w)")


@dataclass(slots=True)
class _Named:
    """Whom a pronoun means, and what is put for the pronouns after the first. `was`: whether the name was put."""

    name: str
    again: dict[str, str] | None
    plural: bool
    is_person: bool = False
    was: bool = False

    def put_for(self, part: str, *, begins: bool) -> str:
        """The words for a pronoun; `begins`: it begins a sentence."""
        if not self.was:
            self.was = True
            words_for = self.name + _owner(self.name, part)
        else:
            words_for = (self.again or {}).get(part) or self.short + _owner(self.short, part)
        return words_for[0].upper() + words_for[1:] if begins else words_for

    @property
    def short(self) -> str:
        """The surname of a person's full name; other names as they are."""
        parts = self.name.split()
        is_full_name = self.is_person and len(parts) > 1 and all(part[:1].isupper() for part in parts)
        return parts[-1] if is_full_name else self.name


def _owner(name: str, part: str) -> str:
    if part != "owner":
        return ""
    ends = name.endswith("s") and (is_plural(name) or name.endswith("es") or name.rsplit(maxsplit=1)[-1].islower())
    return "'" if ends else "'s"


def first_person_edits(
    text: str,
    tokens: Sequence[Token],
    source: Source,
    gender: Gender | None,
    quotes: Sequence[Span] | None,
    others: Sequence[Span] = (),
) -> tuple[dict[Span, str], dict[Span, str]]:
    """The edits for "I" and "we" among the tokens of a content that lie in one of the `quotes`, and for their verbs.

    `quotes` None: all of the content is quoted. Words that the speaker quotes himself are somebody else's, and so are
    the contents of `others`.
    """
    names: dict[Span, str] = {}
    verbs: dict[Span, str] = {}
    name = short_name(source, again=False)
    if name is None or not tokens or _is_document(name):
        return names, verbs
    is_person = source.kind == "person"
    again = _AGAIN.get(gender) if is_person else None
    if again is not None and _tells_of_another(tokens, again):
        again = {"self": again["self"]}
    speaker = _Named(name, again, is_plural(name) and not is_person, is_person)
    group = _group(text, source, speaker) if not any(_is_of_everybody(token) for token in tokens) else None
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
    inner = [*others, *(match.span() for match in _INNER_QUOTE.finditer(text, start, end))]
    inner += [quote for quote in quotes or () if _is_introduced(text, quote, start)]
    for token in tokens:
        place = token.idx, token.idx + len(token.text)
        whom, parts = (speaker, _I) if token.lower_ in _I else (group, _WE)
        part = parts.get(token.lower_)
        if whom is None or part is None or whom.name.casefold() in _NO_NAMES:
            continue
        joined = _is_joined(token)
        if joined and whom is not speaker:
            continue
        if token.lower_ == "mine" and any(c.dep_ in ("det", "amod", "compound") for c in token.children):
            continue  # "work at the mine"
        if inside_any(place, inner) or not _is_quoted(token, quotes) or _is_filler(token, part):
            continue
        if part == "self" and not whom.was:
            continue  # "do it myself" without the "I" that says who
        names[place] = whom.put_for(part, begins=_begins(token))
        if part == "subject" and not joined:
            verbs |= _agreement(token, plural=whom.plural)
    return names, verbs


def _tells_of_another(tokens: Sequence[Token], again: dict[str, str]) -> bool:
    """Whether the words say "he" of somebody else, who would be taken for a speaker that is "he" as well."""
    return any(token.lower_ in again.values() for token in tokens)


def _is_introduced(text: str, quote: Span, start: int) -> bool:
    """True for a quote in a content that begins before it, as somebody's: "one user wrote: “I only want”"."""
    return quote[0] > start and text[start : quote[0]].rstrip().endswith(":")


def _is_document(name: str) -> bool:
    """True for a letter or a message, whose "I" is whoever wrote it."""
    head = re.split(r" (?:on|of|from|to|in|by|at) |,", name, maxsplit=1)[0].split()
    return bool(head) and head[-1].islower() and head[-1] in _DOCUMENTS


def _group(text: str, source: Source, speaker: _Named) -> _Named | None:
    """Whom "we" means: a group that speaks itself, or the body for which somebody with an office speaks.

    None for anybody else, who may mean his family, his readers or everybody.
    """
    if source.kind == "group" and speaker.plural:
        return _Named(speaker.name, _OF_SEVERAL, plural=True)
    body = source.affiliation
    office = set(re.findall(r"[\w-]+", (source.role or "").casefold()))
    if source.kind == "organisation":
        body = speaker.name
    elif body is None or _SPEAKING.isdisjoint(office) or office & _NO_LONGER:
        return None
    is_name = any(character.isupper() for character in body) or body.startswith("the ")
    is_of_the_name = speaker.is_person and body in speaker.name
    said = source.span.exact if source.span is not None else ""
    if re.search(rf"(?<!The )\b[A-ZÀ-Þ][\w&’'-]*\s{re.escape(body)}$", said.rstrip(" ,")):
        return None  # the country at the end of a firm's name: "of Halden Advisers Portugal"
    if not is_name or is_of_the_name or body.split()[-1].casefold() in _PEOPLE:
        return None
    plural = is_plural(body)
    return _Named(with_article(text, body), _OF_SEVERAL if plural else _OF_A_BODY, plural=plural)


def _is_of_everybody(token: Token) -> bool:
    """True for a "we" that is more than the body of the speaker: "we all", "our country"."""
    if token.lower_ not in ("we", "our", "us") or token.i + 1 == len(token.doc):
        return False
    owned = token.head if token.lower_ == "our" else None
    if owned is not None and owned.lemma_.casefold() in _OF_EVERYBODY:
        return True
    return token.lower_ != "our" and token.nbor().lower_ in ("all", "both", "each")


def _begins(token: Token) -> bool:
    """True if a word begins a sentence, quotation marks aside."""
    at = token.i
    while at > 0 and not token.doc[at].is_sent_start and token.doc[at - 1].text in "“\"‘'[(":
        at -= 1
    return bool(token.doc[at].is_sent_start) or at == 0


def _is_joined(token: Token) -> bool:
    """True for one of several, whose verb is a plural: "my wife and I"."""
    if token.dep_ == "conj" or any(c.dep_ == "conj" and c.pos_ in _NOUNS for c in token.children):
        return True
    before = token.doc[max(token.i - 2, 0) : token.i]
    is_behind_and = len(before) == 2 and before[1].lower_ == "and" and before[0].pos_ in ("NOUN", "PROPN")
    return is_behind_and and token.head.dep_ != "conj"


def _is_filler(token: Token, part: str) -> bool:
    """True for the "I" of "I mean, it leaks", the "my" of "oh my" and a lone "me?", which say nothing."""
    if all(t == token or t.is_punct or t.is_space for t in token.sent):
        return True  # "Me? I never touched it"
    words_after = [t.lower_ for t in token.doc[token.i + 1 : token.i + 3]]
    if part == "owner" and token.lower_ == "my":
        return not words_after or not words_after[0][:1].isalnum()
    return words_after == ["mean", ","]


def _is_quoted(token: Token, quotes: Sequence[Span] | None) -> bool:
    return quotes is None or any(start < token.idx < end for start, end in quotes)


def _agreement(pronoun: Token, *, plural: bool) -> dict[Span, str]:
    """The edits that make the verbs of a pronoun agree with the name."""
    if pronoun.dep_ not in ("nsubj", "nsubjpass"):
        return {}
    verb = pronoun.head
    joined = (c for c in verb.children if c.dep_ == "conj" and not _has_own_subject(c))
    verbs = [verb, *(c for c in joined if c.tag_ == "VBP" or any(_is_present(a) for a in c.children))]
    edits = {}
    for each in verbs:
        first = next((c for c in each.children if c.dep_ in ("aux", "auxpass") and c.i < each.i), each)
        form = _third_person_form(first, plural=plural)
        if form is not None:
            short = first.text[:1] in "'’"
            edits[first.idx, first.idx + len(first.text)] = f" {form}" if short else form
    return edits


def _is_present(token: Token) -> bool:
    return token.dep_ in ("aux", "auxpass") and token.tag_ == "VBP"


def _has_own_subject(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") or c.tag_ in ("MD", "TO") for c in verb.children)


def _third_person_form(verb: Token, *, plural: bool) -> str | None:
    """The form of a verb or auxiliary for the third person; None where it stays."""
    word = verb.lower_.replace("’", "'")
    if word in _FINITE_OF_BE:
        return present("be", plural=plural)
    if word == "was":
        return "were" if plural else None
    if word == "were":
        return None if plural or verb.tag_ != "VBD" else "was"
    if word in ("have", "'ve"):
        return present("have", plural=plural) if verb.tag_ != "VB" else None
    if word == "'d":
        return "had" if verb.lemma_ == "have" or is_past_form(verb.head) else "would"
    if word in _SHORT:
        return _SHORT[word]
    return present(verb.lemma_, plural=plural) if verb.tag_ == "VBP" else None
