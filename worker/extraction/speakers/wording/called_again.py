"""Persons whom a description calls again, "the 29-year-old", "the actor", or names below: "a Leeds man" of a lead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.speakers.descriptions import Introduced, SourceKind
from worker.extraction.speakers.genders import Genders, of_description
from worker.extraction.speakers.speaker import Speaker, Turn
from worker.extraction.speakers.wording.epithets import is_epithet
from worker.extraction.speakers.wording.origins import Origins, country_of_inhabitant

__all__ = ["CalledAgain"]

_TITLES = words("roles") | words("described_people")
_PROFESSIONS = words("professions_for_a_named_person")
_OF_OTHERS = words("roles_beside_somebody")
_OF_A_LEAD = words("nouns_of_a_lead")
_ADDED = ("prep", "poss", "relcl", "acl", "appos", "conj")
_WITH_AGE = re.compile(r"[^\n,(]{0,40}(?:,\s|\s\()(?:who\sis\s|aged\s)?\d{1,3}\b(?!\s(?:per|%))")
_AGE = re.compile(r"the\s(?:[\w-]+\s)?(\d{1,3})[\s-]year[\s-]old", re.IGNORECASE)
_AGE_BEHIND = re.compile(r"[^\n,(.]{1,40}(?:,\s|\s\()(?:who\sis\s|aged\s)?(\d{1,3})\b(?=[,.;)]|\s)(?!\s(?:per|%))")
_OF_SOMETHING_NEW = re.compile(r"\s(?:of|for|at|from)\san?\s")
_LEAD_LINES = 2
"""Lines in which somebody can be told of before he is named: the headline and the first paragraph."""
_LINES_BELOW = 3
_FAR = 3
"""Line breaks since somebody spoke, over which a description can still mean him; a paragraph ends with two."""
_RESOLVED, _OPEN = 0.8, 0.5
"""As in resolve.py."""


class CalledAgain:
    """`known`: whom the text introduces."""

    def __init__(self, doc: Doc, text: str, known: Sequence[Introduced], genders: Genders) -> None:
        self._doc, self._text, self._genders = doc, text, genders
        self._persons = [each for each in known if each.kind == "PERSON"]
        self._origins = Origins(doc)
        self._ages: dict[str, set[int]] = {}
        self._nouns: dict[str, list[int]] = {}
        for token in doc:
            if token.pos_ == "NOUN" and token.lemma_.casefold() in _TITLES:
                self._nouns.setdefault(token.lemma_.casefold(), []).append(token.i)

    def person(self, wording: str, span: Span, head: Token, kind: SourceKind, turns: Sequence[Turn]) -> Speaker | None:
        """The person whom a description with the definite article calls again, by age, origin, fame or profession.

        An office that nobody was given is that of the only person of a text, if he has none.
        """
        epithet = is_epithet(wording, head)
        profession = not epithet and self._is_profession(head)
        gender = of_description([*re.findall(r"\w+", wording.casefold()), head.lemma_.casefold()])
        fits = [
            each
            for each in self._persons
            if each.last_mention(span[0]) >= 0 and (gender is None or self._genders.can_be(each.name, gender))
        ]
        if epithet or profession:
            begin = head.sent.start_char
            age = _AGE.match(wording)
            if age is not None:
                fits = [each for each in fits if self._can_be_of_age(each, int(age[1]))]
            others = [each for each in fits if self._acts_or_is_before(each, begin, span[0]) or len(fits) == 1]
            if epithet and (country := country_of_inhabitant(wording)) is not None:
                others = self._of_country(country, others)
            if profession:
                others = [each for each in others if _TITLES.isdisjoint(each.titles)]
            found = self._likeliest(others, span, turns, sure=epithet)
            if age is not None and found is not None:
                self._ages.setdefault(found.name, {int(age[1])})
            return found
        is_new = _OF_SOMETHING_NEW.search(wording) is not None
        if is_new or kind is not SourceKind.PERSON or len(self._persons) != 1 or not fits or self._persons[0].called:
            return None
        if head.lemma_.casefold() in _OF_OTHERS:
            return None
        return Speaker(fits[0].name, "PERSON", (), _OPEN) if not self._was_told_of(head) else None

    def _can_be_of_age(self, each: Introduced, age: int) -> bool:
        """Whether the text tells no other age of somebody, beside the name or by what it has called him before."""
        if each.name not in self._ages:
            behind = (_AGE_BEHIND.match(self._text, start) for start, _ in each.mentions)
            told = {int(match[1]) for match in behind if match is not None}
            if not told:
                return True
            self._ages[each.name] = told
        return age in self._ages[each.name]

    def _of_country(self, country: str, fits: list[Introduced]) -> list[Introduced]:
        """Those whom the text calls so; where it does of nobody, those of whom it tells no other country."""
        known = {each.name: self._origins.of(each) for each in fits}
        own = [each for each in fits if known[each.name] == country]
        return own or [each for each in fits if known[each.name] is None]

    def named_below(self, wording: str, span: Span, head: Token) -> Speaker | None:
        """Somebody of the headline or lead whom the next lines name with an age: "A Leeds man ... Peter Crane, 61"."""
        if head.lemma_.casefold() not in _OF_A_LEAD or head.tag_ not in ("NN", "NNP"):
            return None
        lines = [match.start() for match in re.finditer(r"(?:^|(?<=\n))(?=[^\n])", self._text[: span[0] + 2000])]
        line = sum(start <= span[0] for start in lines)
        if line > _LEAD_LINES or not (line == 1 or wording.casefold().startswith(("a ", "an "))):
            return None
        end = lines[line + _LINES_BELOW] if line + _LINES_BELOW < len(lines) else len(self._text)
        gender = of_description([head.lemma_.casefold()])
        acting = sorted(
            (start, each.name) for each in self._persons for start, is_subject in each.mentions if is_subject
        )
        if not acting or acting[0][0] < span[0]:
            return None
        start, name = acting[0]
        is_first = all(each.mentions[0][0] == start for each in self._persons if each.name == name)
        told = is_first and " " in name and _WITH_AGE.match(self._text, start) is not None and start < end
        if (
            not told
            or not self._begins_sentence(start)
            or (gender is not None and not self._genders.can_be(name, gender))
        ):
            return None
        return Speaker(name, "PERSON", (), _RESOLVED)

    def _begins_sentence(self, start: int) -> bool:
        """Whether a name with what is before it, "Farmer Peter Crane", begins a sentence."""
        name = self._doc.char_span(start, start + 1, alignment_mode="expand")
        if name is None or not len(name):
            return False
        before = self._doc[name[0].sent.start : name[0].i]
        return all(token.pos_ == "PROPN" or token.tag_ == "NN" for token in before)

    @staticmethod
    def _acts_or_is_before(each: Introduced, begin: int, end: int) -> bool:
        """True for who was named before the sentence, or as a subject in it: not in "wrote to Pell"."""
        within = [is_subject for start, is_subject in each.mentions if begin <= start < end]
        return not within or any(within)

    def _is_profession(self, head: Token) -> bool:
        """True for "the actor" and "the “Night Ferry” star", where the text has told of no other actor."""
        if head.lemma_.casefold() not in _PROFESSIONS or head.tag_ not in ("NN", "NNP"):
            return False
        if any(c.dep_ in _ADDED for c in head.children):
            return False
        return not self._was_told_of(head, anew=True)

    def _was_told_of(self, head: Token, *, anew: bool = False) -> bool:
        """Whether the text has told of somebody by the noun before: "a driver", "the driver was hurt".

        `anew`: only as of somebody new, "an actor": "the actor" may be the same again.
        """
        before = (self._doc[number] for number in self._nouns.get(head.lemma_.casefold(), ()) if number < head.i)
        return any(
            self._is_somebody(noun) and not (anew and any(c.lower_ == "the" for c in noun.children)) for noun in before
        )

    @staticmethod
    def _is_somebody(noun: Token) -> bool:
        """True but for a title, "actor Dan Merrow", an aside, "Merrow, an actor", and a headline: "director says"."""
        if not any(c.dep_ == "det" for c in noun.children):
            return False
        has_name = any(c.dep_ == "appos" and c.pos_ == "PROPN" for c in noun.children)
        return noun.dep_ not in ("compound", "nmod", "appos", "attr") and noun.tag_ == "NN" and not has_name

    def _likeliest(self, fits: list[Introduced], span: Span, turns: Sequence[Turn], *, sure: bool) -> Speaker | None:
        """Who spoke last, if that was near; else the only one, or of several who was named last as a subject."""
        if len(fits) == 1:
            return Speaker(fits[0].name, "PERSON", (), _RESOLVED)
        begin = self._text.rfind("\n", 0, span[0])
        spoke = max((turn.span[0] for turn in turns if turn.kind is SourceKind.PERSON), default=-1)
        acting = [each for each in fits if self._last_as_subject(each, span[0]) > max(begin, spoke)]
        if sure and len(acting) == 1:
            return Speaker(acting[0].name, "PERSON", (), _OPEN)  # who has acted since somebody spoke
        names = {each.name for each in fits}
        last = next((turn for turn in reversed(turns) if turn.kind is SourceKind.PERSON), None)
        if last is not None and last.speaker.name in names and self._text.count("\n", last.span[1], span[0]) <= _FAR:
            return Speaker(last.speaker.name, "PERSON", (), _OPEN)
        if not fits or not sure:
            return None
        named = max(fits, key=lambda each: (self._last_as_subject(each, span[0]), each.last_mention(span[0])))
        return Speaker(named.name, "PERSON", (), _OPEN)

    @staticmethod
    def _last_as_subject(each: Introduced, before: int) -> int:
        return max((start for start, is_subject in each.mentions if is_subject and start < before), default=-1)
