"""The people of a text by place, and which of them a pronoun can mean."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.entities.belonging import tells_of_another
from worker.extraction.entities.person_names import Gender, family
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside
from worker.extraction.speakers.genders import of_description
from worker.extraction.speakers.pronouns import NOMINATIVE
from worker.extraction.speakers.resolve import People

__all__ = ["MentionedPeople", "is_person_noun"]

_PERSON_NOUNS = words("roles") | words("described_people") | words("words_for_women") | words("words_for_men")
_SENTENCES_BACK = 2
"""Sentences before that of a pronoun in which whom it can mean is looked for."""


def is_person_noun(token: Token, gender: Gender) -> bool:
    """True for a common noun for one person who can be of that gender: "the driver"."""
    lemma = token.lemma_.casefold()
    return token.tag_ == "NN" and lemma in _PERSON_NOUNS and of_description([lemma]) in (None, gender)


def _is_alone(text: str, span: Span) -> bool:
    """True for a name that is a line, as the signature of a letter is."""
    start, end = span
    before, after = text[max(0, start - 4) : start].rstrip(" -–—@"), text[end : end + 4].lstrip(" .,")
    return before[-1:] in ("", "\n") and after[:1] in ("", "\n")


class MentionedPeople:
    """Where a text names people, pronouns that are sources included."""

    def __init__(
        self, doc: Doc, text: str, entities: Entities, people: People, speaking_pronouns: Sequence[tuple[Span, str]]
    ) -> None:
        """`speaking_pronouns`: pronouns that are sources, each with the name of whom it surely means."""
        self._doc, self._text, self.genders = doc, text, people.genders
        self._subjects = {
            (start, each.name)
            for each in people.known
            if each.kind == "PERSON"
            for start, subject in each.mentions
            if subject
        }
        named = ((span, each.name) for each in entities.all if each.kind == "PERSON" for span in each.spans)
        self._mentions = sorted([*(each for each in named if not _is_alone(text, each[0])), *speaking_pronouns])

    def before(self, pronoun: Token, gender: Gender, *, but: str | None) -> list[tuple[int, str]]:
        """Those of that gender whom a pronoun can mean, of the sentences before it and of its own: where, and who."""
        start = pronoun.sent.start
        for _ in range(_SENTENCES_BACK):
            start = self._doc[start - 1].sent.start if start else 0
        begin = self._doc[start].idx
        return [
            (at[0], name)
            for at, name in self._mentions
            if begin <= at[0] < pronoun.idx
            and not self._is_speaker(name, but, gender)
            and self.genders.can_be(name, gender)
        ]

    def only(self, people: Sequence[tuple[int, str]], gender: Gender) -> str | None:
        """The one person among those whom a pronoun can mean, if there is one.

        Who is not known to be of that gender must have been a subject: names of things are among the people.
        """
        names = {name for _, name in people}
        if len(names) != 1 or any(self._is_one_of_several(at, gender) for at, _ in people[-1:]):
            return None
        name = names.pop()
        sure = self.genders.of(name) == gender or any(each in self._subjects for each in people)
        return name if sure else None

    def within(self, span: Span, gender: Gender, *, but: str | None) -> list[tuple[int, str]]:
        """The people beside the speaker that the words of a source name: "Prent's lawyer", "the mother of Ole Lie"."""
        return [
            (at[0], name)
            for at, name in self._mentions
            if inside(at, span) and not self._is_speaker(name, but, gender) and self.genders.can_be(name, gender)
        ]

    def between(self, start: int, end: int, gender: Gender) -> list[tuple[Span, str]]:
        """Those who can be of that gender and are named between two offsets."""
        return [(at, name) for at, name in self._mentions if start <= at[0] < end and self.genders.can_be(name, gender)]

    def at(self, token: Token) -> str | None:
        """The person that a token names or is part of."""
        place = (token.idx, token.idx + len(token.text))
        return next((named for at, named in self._mentions if inside(place, at)), None)

    def is_only_one(self, name: str) -> bool:
        """Whether the text names nobody else."""
        return all(named == name for _, named in self._mentions)

    def named_in(self, span: Span) -> bool:
        return any(inside(at, span) for at, _ in self._mentions)

    def known_before(self, name: str, span: Span) -> bool:
        """True if a speaker was in the text before: named there, or a pronoun here."""
        if self._text[slice(*span)].casefold() in NOMINATIVE:
            return True
        return any(named == name and at[0] < span[0] for at, named in self._mentions)

    def subject_person(self, subject: Token | None, gender: Gender) -> str | None:
        """The one person that a subject names, itself or as its owner: "Kurt Adler", "Kurt Adler's plan"."""
        if subject is None or any(c.dep_ == "conj" for c in subject.children):
            return None
        owner = next((c for c in subject.children if c.dep_ == "poss" and c.pos_ == "PROPN"), None)
        for noun in (subject, owner):
            name = self.at(noun) if noun is not None else None
            if name is not None:
                return name if self.genders.can_be(name, gender) else None
        return None

    def unnamed_between(self, tokens: Phrase | Sequence[Token], gender: Gender) -> bool:
        """True if one of the tokens is somebody without a name who can be of that gender: "a trader"."""
        return any(is_person_noun(token, gender) and not self._describes_a_name(token) for token in tokens)

    def _describes_a_name(self, noun: Token) -> bool:
        """True for "actress Eva Strand", "Eva Strand, an actress," and "Eva Strand is an actress"."""
        if noun.dep_ in ("compound", "nmod", "amod", "attr", "poss"):
            return True
        beside = [noun.head] if noun.dep_ == "appos" else []
        beside += [c for c in noun.children if c.dep_ == "appos"]
        return any(self.at(each) is not None for each in beside)

    def _is_speaker(self, name: str, speaker: str | None, gender: Gender) -> bool:
        """True if a name can be the speaker's; his sister has his surname and another gender."""
        if speaker is None or (name != speaker and family(name) != family(speaker)):
            return False
        if name != speaker and speaker.endswith(name) and tells_of_another(speaker.removesuffix(name)):
            return False  # "the mother of Ole Lie"
        return name == speaker or self.genders.of(name) != gender or self.genders.of(speaker) in (None, gender)

    def _is_one_of_several(self, start: int, gender: Gender) -> bool:
        """True if the name at an offset is joined to another's of that gender: "Peter Holt and Kurt Adler"."""
        name = self._doc.char_span(start, start + 1, alignment_mode="expand")
        if name is None or not len(name):
            return False
        at = name[0]
        while at.dep_ == "compound" and at.head != at:
            at = at.head
        other = at.head
        if at.dep_ != "conj" or other.pos_ != "PROPN" or not other.is_title:
            return False
        place = (other.idx, other.idx + len(other.text))
        return all(self.genders.can_be(name, gender) for span, name in self._mentions if inside(place, span))
