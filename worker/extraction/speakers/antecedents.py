"""Resolves the third-person subject of a content: the one who speaks, or who was spoken of before, where it is sure.

A wrong name is worse than a pronoun: where two can be meant, nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from worker.contract.claim import Source
from worker.extraction.attribution.types import Attribution
from worker.extraction.entities.person_names import Gender, family
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside, tokens_span
from worker.extraction.speakers.descriptions import Introduced
from worker.extraction.speakers.genders import GENDER_OF, Genders
from worker.extraction.speakers.noun_phrases import is_addition
from worker.extraction.speakers.pronouns import NOMINATIVE, refers_to, short_name, with_article
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without

__all__ = ["Antecedents", "Speaking"]

_TRADES = words("roles")
_SPEAKING_FOR_A_BODY = words("spokespeople")
_MAX_WORDS = 8
"""Words of a phrase that may replace a pronoun."""
_SENTENCES_BACK = 2
"""Sentences before that of a pronoun in which whom it can mean is looked for."""
_MAX_SENTENCES_ON = 6
"""Sentences over which "he" can stay the same person without a name."""


class Speaking(Protocol):
    """How a source makes a statement, as far as antecedents ask for it."""

    @property
    def attribution(self) -> Attribution: ...
    @property
    def source(self) -> Source: ...
    @property
    def gender(self) -> Gender | None: ...


class Antecedents:
    """Answers for the pronouns of one text whom they mean."""

    def __init__(self, doc: Doc, text: str, entities: Entities, known: Sequence[Introduced], genders: Genders) -> None:
        self._doc, self._text, self._entities, self._genders = doc, text, entities, genders
        self._subjects = {
            (start, each.name) for each in known if each.kind == "PERSON" for start, subject in each.mentions if subject
        }
        self._persons = sorted(
            (span, each.name) for each in entities.all if each.kind == "PERSON" for span in each.spans
        )

    def of(self, pronoun: Token, speaking: Speaking | None) -> str | None:
        """The name for the pronoun of a main subject; None where it is not sure.

        `speaking`: who says it in indirect speech, None where the article does.
        """
        word = NOMINATIVE[pronoun.lower_]
        if word in ("he", "she"):
            return self._person(pronoun, GENDER_OF[word], speaking)
        if speaking is None:
            name = self._subject_before(pronoun, plural=word == "they")
            return with_article(self._text, name) if name is not None else None
        source = speaking.source
        if refers_to(pronoun, source):
            name = short_name(source)
        elif word == "it" and source.kind == "person":
            name = _body_of(source) or self._named_subject_before(pronoun)
        else:
            name = None
        return with_article(self._text, name) if name is not None else None

    def _person(self, pronoun: Token, gender: Gender, speaking: Speaking | None) -> str | None:
        if speaking is None or speaking.attribution.source is None:
            people = self._before(pronoun, gender, but=None)
            found = self._only(people, gender)
            if found is not None and people[-1][0] < pronoun.sent.start_char and self._is_after_another(pronoun):
                return None
            return found or self._joined_subject(pronoun, gender) or self._still_the_subject(pronoun, gender)
        source, span = speaking.source, speaking.attribution.source
        whose = self._owner(span)
        if whose is not None and GENDER_OF.get(whose.lower_) == gender:
            return self._only(self._before(whose, gender, but=source.name), gender)
        others = self._within(span, gender, but=source.name)
        can_speak = refers_to(pronoun, source) and speaking.gender in (None, gender)
        if not can_speak:
            return self._only(others or self._before(pronoun, gender, but=source.name), gender)
        if whose is not None or others:
            return None
        introduced_now = not self._known_before(source.name or "", span)
        if introduced_now and self._before(pronoun, gender, but=source.name):
            return None
        return short_name(source)

    def in_quote(self, pronoun: Token, speaking: Speaking) -> str | None:
        """The name for "he" or "she" as the main subject of quoted words: the only other person who can be meant."""
        gender = GENDER_OF.get(pronoun.lower_)
        speaker, span = speaking.source.name, speaking.attribution.source
        if gender is None or speaker is None or span is None or self._text[slice(*span)].casefold() in NOMINATIVE:
            return None  # who speaks as "he" is less sure than a name for another "he" must be
        people = self._before(pronoun, gender, but=speaker)
        people += [each for each in self._within(span, gender, but=speaker) if self._is_owner_of(span, each[0])]
        name = self._only(people, gender)
        return name if name is not None and self._genders.of(name) == gender else None

    def _is_owner_of(self, source: Span, start: int) -> bool:
        """True if the name at an offset has the one who speaks: "Ole Lie's sister", "the lawyer of Ole Lie"."""
        words_of, name = (self._doc.char_span(*at, alignment_mode="expand") for at in (source, (start, start + 1)))
        if words_of is None or name is None or not len(name):
            return False
        at = name[0]
        while at.dep_ == "compound" and at.head != at:
            at = at.head
        owned = at.head.head if at.dep_ == "pobj" and at.head.lower_ == "of" else at.head
        return at.dep_ in ("poss", "pobj") and owned in (words_of.root, *words_of.root.children)

    def _is_after_another(self, pronoun: Token) -> bool:
        """True if the sentence before is about somebody who is no known person: "the driver", "Holt"."""
        subject = self._main_subject_before(pronoun)
        if subject is None or subject.tag_ not in ("NN", "NNP"):
            return False
        span = (subject.idx, subject.idx + len(subject.text))
        phrase = tokens_span(list(subject.subtree))
        if any(inside(at, phrase) for at, _ in self._persons):
            return False  # "the driver, Ole Lie"
        return subject.lemma_.lower() in _TRADES if subject.tag_ == "NN" else self._entities.all_of(span) is None

    def _still_the_subject(self, pronoun: Token, gender: Gender, depth: int = 0) -> str | None:
        """The person who was the subject of the sentence before, where the article goes on about the subject.

        None where another of that gender did something in that sentence, or is named before the pronoun.
        """
        sentence = pronoun.sent
        if _main_subject(sentence) not in (pronoun, pronoun.head) or not sentence.start or depth > _MAX_SENTENCES_ON:
            return None
        before = self._doc[sentence.start - 1].sent
        subject = _main_subject(before)
        if subject is not None and subject.tag_ == "PRP" and GENDER_OF.get(subject.lower_) == gender:
            people = self._before(subject, gender, but=None)
            name = self._only(people, gender) or self._still_the_subject(subject, gender, depth + 1)
        else:
            name = self._person_at(subject, gender)
        return name if name is not None and not self._somebody_else(before, pronoun, gender, name) else None

    def _joined_subject(self, pronoun: Token, gender: Gender) -> str | None:
        """The person who is the subject of the clause before in its sentence: "Kurt Adler resigned, and he left"."""
        verb = pronoun.head if pronoun.dep_ in NOUN_SUBJECTS else pronoun.head.head
        if verb.dep_ != "conj" or verb.head.pos_ not in ("VERB", "AUX"):
            return None
        subject = next((c for c in verb.head.children if c.dep_ in NOUN_SUBJECTS), None)
        return self._person_at(subject, gender)

    def _person_at(self, subject: Token | None, gender: Gender) -> str | None:
        """The one person that a subject names, itself or as its owner: "Kurt Adler", "Kurt Adler's plan"."""
        if subject is None or any(c.dep_ == "conj" for c in subject.children):
            return None
        owner = next((c for c in subject.children if c.dep_ == "poss" and c.pos_ == "PROPN"), None)
        for noun in (subject, owner):
            if noun is not None:
                place = (noun.idx, noun.idx + len(noun.text))
                name = next((named for at, named in self._persons if inside(place, at)), None)
                if name is not None:
                    return name if self._genders.can_be(name, gender) else None
        return None

    def _somebody_else(self, before: Phrase, pronoun: Token, gender: Gender, name: str) -> bool:
        """True if another than `name` can be meant: he does something in `before`, or is named behind it."""
        others = [
            at
            for at, named in self._persons
            if before.start_char <= at[0] < pronoun.idx and named != name and self._genders.can_be(named, gender)
        ]
        if any(at[0] >= before.end_char for at in others):
            return True
        for token in before:
            place = (token.idx, token.idx + len(token.text))
            if token.dep_ not in NOUN_SUBJECTS or token == _main_subject(before):
                continue  # objects do not go on as "he" where the subject can
            is_somebody = token.lemma_.lower() in _TRADES or any(inside(place, at) for at in others)
            if is_somebody or token.tag_ == "WP":
                return True
        return False

    def _owner(self, span: Span) -> Token | None:
        """The pronoun that a source begins with: "his lawyer"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        return tokens[0] if tokens is not None and len(tokens) > 1 and tokens[0].tag_ == "PRP$" else None

    def _within(self, span: Span, gender: Gender, *, but: str | None) -> list[tuple[int, str]]:
        """The people beside the speaker that the words of a source name: "Prent's lawyer", "the mother of Ole Lie"."""
        return [
            (at[0], name)
            for at, name in self._persons
            if inside(at, span) and not self._is_speaker(name, but, gender) and self._genders.can_be(name, gender)
        ]

    def _is_speaker(self, name: str, speaker: str | None, gender: Gender) -> bool:
        """True if a name can be the speaker's; his sister has his surname and another gender."""
        if speaker is None or not _is_same(name, speaker):
            return False
        return name == speaker or self._genders.of(name) != gender or self._genders.of(speaker) in (None, gender)

    def _known_before(self, name: str, span: Span) -> bool:
        """True if a speaker was in the text before: named there, or a pronoun here."""
        if self._text[slice(*span)].casefold() in NOMINATIVE:
            return True
        return any(named == name and at[0] < span[0] for at, named in self._persons)

    def _before(self, pronoun: Token, gender: Gender, *, but: str | None) -> list[tuple[int, str]]:
        """The people whom a pronoun can mean, of the sentences before it and of its own: where, and who."""
        start = pronoun.sent.start
        for _ in range(_SENTENCES_BACK):
            start = self._doc[start - 1].sent.start if start else 0
        begin = self._doc[start].idx
        return [
            (at[0], name)
            for at, name in self._persons
            if begin <= at[0] < pronoun.idx
            and not self._is_speaker(name, but, gender)
            and self._genders.can_be(name, gender)
        ]

    def _only(self, people: Sequence[tuple[int, str]], gender: Gender) -> str | None:
        """The one person among those whom a pronoun can mean, if there is one.

        Who is not known to be of that gender must have been a subject: names of things are among the people.
        """
        names = {name for _, name in people}
        if len(names) != 1 or any(self._is_one_of_several(at, gender) for at, _ in people[-1:]):
            return None
        name = names.pop()
        sure = self._genders.of(name) == gender or any(each in self._subjects for each in people)
        return name if sure else None

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
        return all(self._genders.can_be(name, gender) for span, name in self._persons if inside(place, span))

    def _subject_before(self, pronoun: Token, *, plural: bool) -> str | None:
        """The subject of the sentence before in the same paragraph, if it is a thing of that number."""
        subject = self._main_subject_before(pronoun)
        if subject is None or not _is_thing(subject, plural=plural):
            return None
        named = self._entities.all_of((subject.left_edge.idx, subject.idx + len(subject.text)))
        if named is not None:
            return named[0] if named[1] != "PERSON" else None
        return _definite_phrase(subject)

    def _named_subject_before(self, pronoun: Token) -> str | None:
        """The body that is the subject of the sentence before, by its name."""
        subject = self._main_subject_before(pronoun)
        if subject is None or not _is_thing(subject, plural=False):
            return None
        named = self._entities.all_of((subject.left_edge.idx, subject.idx + len(subject.text)))
        return named[0] if named is not None and named[1] == "ORG" else None

    def _main_subject_before(self, pronoun: Token) -> Token | None:
        sentence = pronoun.sent
        if sentence.start == 0:
            return None
        before = self._doc[sentence.start - 1].sent
        ends = self._text[before.start_char : sentence.start_char].rstrip().endswith((".", "!", "?", "”", '"'))
        return _main_subject(before) if ends else None


def _is_same(name: str, other: str | None) -> bool:
    """True if two names can be one person's: "Gen Govender" and "Gopaul Govender"."""
    return other is not None and (name == other or family(name) == family(other))


def _body_of(source: Source) -> str | None:
    """The body that a spokesman is "it" for: "a spokesman for the ministry said it"."""
    body = source.affiliation
    if body is None or source.role is None or not any(word in source.role.casefold() for word in _SPEAKING_FOR_A_BODY):
        return None
    if body.startswith(("the ", "its ", "a ")) or body[:1].isupper():
        return body
    return f"the {body}"


def _main_subject(sentence: Phrase) -> Token | None:
    root = sentence.root
    subjects = [c for c in root.children if c.dep_ in NOUN_SUBJECTS and c.i < root.i]
    return subjects[-1] if subjects else None


def _is_thing(noun: Token, *, plural: bool) -> bool:
    """True if a noun is of that number and no person's name."""
    if noun.pos_ not in ("NOUN", "PROPN") or noun.ent_type_ == "PERSON":
        return False
    joined = [c for c in noun.children if c.dep_ == "conj"]
    if joined and noun.tag_ == "NN":
        return False  # "the speed and the scale": "they" can be somebody else
    return plural == (noun.tag_ in ("NNS", "NNPS") or bool(joined))


def _definite_phrase(noun: Token) -> str | None:
    """A noun that the text has introduced, as it is written inside a sentence; None for another, or a long one."""
    kept = [token for token in subtree_without(noun, is_addition) if not token.is_space]
    if not kept or len(kept) > _MAX_WORDS or kept[-1].i - kept[0].i + 1 != len(kept):
        return None
    if kept[0].lower_ != "the" or any(token.lower_ in ("latter", "former", "same", "other") for token in kept):
        return None
    phrase = " ".join("".join(_written(kept)).split())
    return phrase[:1].lower() + phrase[1:]


def _written(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield token.text_with_ws
