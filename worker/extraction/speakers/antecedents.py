"""Resolves the third-person pronouns of a content: who speaks, or who was spoken of before, where it is sure.

A wrong name is worse than a pronoun: where two can be meant, nobody is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from worker.contract.claim import Source
from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.types import Attribution
from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, tokens_span
from worker.extraction.speakers.genders import GENDER_OF, of_description
from worker.extraction.speakers.mentioned_people import MentionedPeople, is_person_noun
from worker.extraction.speakers.pronouns import NOMINATIVE, is_plural, refers_to, short_name, with_article
from worker.extraction.speakers.subject_above import clause_of, judged_before, subject_above
from worker.extraction.speakers.things_before import ThingsBefore, main_subject, phrase_of
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["Antecedents", "Speaking"]

_TRADES = words("roles")
_NO_NAMES = words("pronouns_for_a_name") | {"us", "me", "them", "him"}
_TELLING_APART = frozenset({"unlike", "like", "besides", "alongside"})
"""Prepositions before somebody else than whom a pronoun behind them means."""
_SPEAKING_FOR_A_BODY = words("spokespeople")
_OPENING_MARKS = frozenset('“"‘«„')
_MAX_SENTENCES_ON = 6
"""Sentences over which "he" can stay the same person without a name."""


class Speaking(Protocol):
    """How a source makes a statement, as far as antecedents ask for it."""

    @property
    def attribution(self) -> Attribution: ...
    @property
    def cue(self) -> Cue: ...
    @property
    def source(self) -> Source: ...
    @property
    def addressees(self) -> Sequence[Source]: ...
    @property
    def gender(self) -> Gender | None: ...


class Antecedents:
    """Answers for the pronouns of one text whom they mean."""

    def __init__(self, doc: Doc, text: str, entities: Entities, people: MentionedPeople) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._people, self._genders = people, people.genders
        self._things = ThingsBefore(doc, text, entities)

    def of(self, pronoun: Token, speaking: Speaking | None) -> str | None:
        """The name for the pronoun of a main subject; None where it is not sure.

        `speaking`: who says it in indirect speech, None where the article does.
        """
        word = NOMINATIVE[pronoun.lower_]
        if word in ("he", "she"):
            if speaking is not None and self._is_spoken_directly(speaking):
                return self.in_quote(pronoun, speaking)
            return self._person(pronoun, GENDER_OF[word], speaking)
        if speaking is None:
            subject = subject_above(pronoun)
            plural = word == "they"
            name = self._thing(subject, plural=plural) if subject is not None else self._things.subject(pronoun)
            return with_article(self._text, name) if name is not None else None
        if self._is_spoken_directly(speaking):
            return None
        source = speaking.source
        if (known := self._before_its_source(pronoun, speaking)) is not None:
            return known or None
        judged = judged_before(speaking.cue.head)
        told = [each.name for each in speaking.addressees if each.name and is_plural(each.name)]
        told = [name for name in told if name.casefold() not in _NO_NAMES]
        if refers_to(pronoun, source):
            name = short_name(source)
        elif word == "they" and len(told) == len(speaking.addressees) == 1:
            name = told[0]
        elif judged is not None and (source.kind == "person" or (word == "it" and is_plural(source.name or ""))):
            name = self._things.name_of(judged, plural=word == "they")
        elif word == "it" and source.kind == "person":
            name = _body_of(source) or self._things.body(pronoun)
        elif word == "they" and source.kind in ("organisation", "group") and _is_of_several(speaking.cue.head):
            name = _members(source) or short_name(source)
        else:
            name = None
        return with_article(self._text, name) if name is not None else None

    def further(self, pronoun: Token, speaking: Speaking | None) -> str | None:
        """The name for "him", "his" or another pronoun for a person that is no main subject; None where it is not sure.

        `speaking`: who says it in indirect speech, None where the article does.
        """
        gender = GENDER_OF[pronoun.lower_]
        later = self._later_subject(pronoun, gender)
        if later is not None:
            return self._named_later(later, pronoun, gender) if speaking is None else None
        if speaking is None:
            subject = subject_above(pronoun)
            if subject is not None and self._can_be_meant(subject, gender):
                return self._subject_above(subject, pronoun, gender)
            name = self._only_one(self._people.before(pronoun, gender, but=None), pronoun, gender)
            name = name or self._only_one_of_its_sentence(pronoun, gender)
        elif (called := self._called(pronoun, speaking)) is not None:
            name = self._people.subject_person(called, gender)
        else:
            source, span = speaking.source, speaking.attribution.source
            whose = self._owner(span) if span is not None else None
            if whose is not None and GENDER_OF.get(whose.lower_) == gender:
                owner = (source.name or "").partition(" of ")[2]
                if owner[:1].isupper():
                    return owner  # "her son asked her"
                return self._people.only(self._people.before(whose, gender, but=source.name), gender)
            can_speak = refers_to(pronoun, source) and speaking.gender in (None, gender)
            if can_speak or (span is not None and self._people.within(span, gender, but=source.name)):
                return None
            name = self._only_one(self._people.before(pronoun, gender, but=source.name), pronoun, gender)
        return name

    def in_quote(self, pronoun: Token, speaking: Speaking) -> str | None:
        """The name for "he" or "she" in quoted words: the only other person who can be meant."""
        gender = GENDER_OF.get(pronoun.lower_)
        if (topic := self._topic(pronoun, speaking)) is not None:
            return topic
        speaker, span = speaking.source.name, speaking.attribution.source
        if gender is None or speaker is None or span is None or self._text[slice(*span)].casefold() in NOMINATIVE:
            return None  # who speaks as "he" is less sure than a name for another "he" must be
        people = self._people.before(pronoun, gender, but=speaker)
        within = self._people.within(span, gender, but=speaker)
        people += [each for each in within if self._is_owner_of(span, each[0])]
        name = self._people.only(people, gender)
        if name is None or self._genders.of(name) != gender:
            return None
        return name if pronoun.dep_ in NOUN_SUBJECTS or not self._is_somebody_between(people, pronoun, gender) else None

    def _topic(self, pronoun: Token, speaking: Speaking) -> str | None:
        """Whom or what a quote is said of: "said of teacher Ida Lund: “She taught us”"."""
        cue = speaking.cue.head
        topics = (
            [c for c in cue.children if c.dep_ == "prep" and c.lower_ in ("of", "about")] if cue is not None else []
        )
        nouns = [o for c in topics for o in c.children if o.dep_ == "pobj" and o.pos_ in ("NOUN", "PROPN")]
        if len(nouns) != 1 or pronoun in nouns[0].subtree:
            return None
        word = NOMINATIVE[pronoun.lower_]
        if word not in ("he", "she"):
            return self._things.name_of(nouns[0], plural=word == "they")
        gender = GENDER_OF[word]
        return self._people.subject_person(nouns[0], gender) or (
            phrase_of(nouns[0]) if is_person_noun(nouns[0], gender) else None
        )

    def _before_its_source(self, pronoun: Token, speaking: Speaking) -> str | None:
        """What "it" or "they" means in a sentence whose source stands behind it: the subject of the sentence before.

        "The strike begins on Monday. It will stop all ferries, the operator said." Empty if another body can be.
        """
        span = speaking.attribution.source
        if span is None or span[0] < pronoun.idx or speaking.source.kind == "person":
            return None
        name = self._things.subject(pronoun)
        if name is None or not refers_to(pronoun, speaking.source):
            return None
        return "" if name[:1].isupper() and name != speaking.source.name else with_article(self._text, name)

    def _is_spoken_directly(self, speaking: Speaking) -> bool:
        """True for a sentence in marks of its own inside of what is reported: "said that ‘He will pay it’".

        Who speaks so says "I" of himself.
        """
        start, end = speaking.attribution.content[0]
        if self._text[start] not in _OPENING_MARKS:
            start -= 1
        begins = self._text[start + 1 : start + 2]
        return self._text[start] in _OPENING_MARKS and begins.isupper() and " " in self._text[start:end]

    def _person(self, pronoun: Token, gender: Gender, speaking: Speaking | None) -> str | None:
        if speaking is None or speaking.attribution.source is None:
            return self._in_own_words(pronoun, gender)
        return self._in_indirect_speech(pronoun, gender, speaking, speaking.attribution.source)

    def _in_own_words(self, pronoun: Token, gender: Gender) -> str | None:
        later = self._later_subject(pronoun, gender)
        if later is not None:
            return self._named_later(later, pronoun, gender)
        if any(map(self._tells_apart, self._doc[pronoun.sent.start : pronoun.i])):
            return None
        subject = subject_above(pronoun)
        if subject is not None and self._can_be_meant(subject, gender):
            return self._subject_above(subject, pronoun, gender)
        people = self._people.before(pronoun, gender, but=None)
        found = self._people.only(people, gender)
        if found is not None and self._is_after_another(pronoun, people[-1][0], gender):
            return None
        named = found or self._joined_subject(pronoun, gender) or self._still_the_subject(pronoun, gender)
        named = named or self._only_one_of_its_sentence(pronoun, gender)
        return named or (self._unnamed_subject_before(pronoun, gender) if not people else None)

    def _unnamed_subject_before(self, pronoun: Token, gender: Gender) -> str | None:
        """The person without a name whom the sentence before is about, and nobody else: "the man"."""
        subject = self._things.main_subject_before(pronoun)
        if subject is None or not is_person_noun(subject, gender) or main_subject(pronoun.sent) != pronoun:
            return None
        others = [t for t in subject.sent if t != subject and is_person_noun(t, gender)]
        return phrase_of(subject) if not others else None

    def _in_indirect_speech(self, pronoun: Token, gender: Gender, speaking: Speaking, span: Span) -> str | None:
        """`span`: the words of the source."""
        source = speaking.source
        whose = self._owner(span)
        if whose is not None and GENDER_OF.get(whose.lower_) == gender:
            return self._people.only(self._people.before(whose, gender, but=source.name), gender)
        judged = judged_before(speaking.cue.head)
        if judged is not None and self._can_be_meant(judged, gender):
            return self._people.subject_person(judged, gender)
        others = self._people.within(span, gender, but=source.name)
        if not refers_to(pronoun, source) or speaking.gender not in (None, gender):
            return self._people.only(others or self._people.before(pronoun, gender, but=source.name), gender)
        introduced_now = not self._people.known_before(source.name or "", span) and not _is_beside(speaking.cue.head)
        if (son := self._told(source, speaking, gender)) is not None:
            return son
        if introduced_now and self._is_of_somebody_before(pronoun, gender):
            return None
        if any(self._is_person_told(each, gender) for each in speaking.addressees):
            return None
        others += self._people.before(pronoun, gender, but=source.name) if introduced_now else []
        return short_name(source) if whose is None and not others else None

    def _told(self, source: Source, speaking: Speaking, gender: Gender) -> str | None:
        """The only one who is told it, where who tells it is of another gender: "Ida Lund told her son he"."""
        if len(speaking.addressees) != 1 or speaking.gender in (None, gender):
            return None
        owner, _, noun = (speaking.addressees[0].name or "").partition(" ")
        name = short_name(source)
        if GENDER_OF.get(owner.casefold()) != speaking.gender or of_description([noun]) != gender or name is None:
            return None
        return f"{name}{'’' if name.endswith('s') else '’s'} {noun}"

    def _is_person_told(self, addressee: Source, gender: Gender) -> bool:
        """True for one without a name who is told what is said: "the nurse told the patient he"."""
        span = addressee.span
        told = self._doc.char_span(span.start, span.end, alignment_mode="expand") if span is not None else None
        return (
            told is not None
            and len(told) > 0
            and is_person_noun(told.root, gender)
            and self._people.at(told.root) is None
        )

    def _is_of_somebody_before(self, pronoun: Token, gender: Gender) -> bool:
        """Whether the sentence before is about somebody without a name who can be meant: "the president flew home"."""
        subject = self._things.main_subject_before(pronoun)
        return subject is not None and is_person_noun(subject, gender) and self._people.at(subject) is None

    def _thing(self, subject: Token, *, plural: bool) -> str | None:
        """How the subject of a clause above is put for "it" or "they"; "a group" is brought in by it, and stays so."""
        if subject.tag_ == "PRP":
            same = NOMINATIVE.get(subject.lower_) == ("they" if plural else "it")
            return self._things.subject(subject) if same else None
        name = self._things.name_of(subject, plural=plural)
        return phrase_of(subject, indefinite=True) or name if name is not None and name.startswith("the ") else name

    def _later_subject(self, pronoun: Token, gender: Gender) -> Token | None:
        """A subject that a pronoun before it may mean: "after she left, Ida Vale wrote"."""
        subject = main_subject(pronoun.sent)
        if subject is None or subject.tag_ == "PRP" or pronoun.i >= subject.left_edge.i or _is_said(pronoun):
            return None
        return subject if self._can_be_meant(subject, gender) else None

    def _named_later(self, subject: Token, pronoun: Token, gender: Gender) -> str | None:
        """The person named by such a subject, where nobody else was spoken of before."""
        name = self._people.subject_person(subject, gender)
        others = {each for _, each in self._people.before(pronoun, gender, but=None)} - {name}
        return name if not others else None

    def _can_be_meant(self, subject: Token, gender: Gender) -> bool:
        if subject.tag_ == "PRP":
            return GENDER_OF.get(subject.lower_) == gender
        return self._people.subject_person(subject, gender) is not None or is_person_noun(subject, gender)

    def _subject_above(self, subject: Token, pronoun: Token, gender: Gender) -> str | None:
        """The person who is the subject of the clause above, where nobody else stands between."""
        if subject.tag_ == "PRP":
            name = self._person(subject, gender, None)
            return name or self._people.only(self._people.before(pronoun, gender, but=None), gender)
        between = list(self._doc[subject.i + 1 : pronoun.i])
        name = self._people.subject_person(subject, gender)
        if name is not None and self._genders.of(name) == gender:
            between = [t for t in between if t.dep_ != "pobj"]  # "sided with the president although she"
        end = subject.idx + len(subject.text)
        others = {each for _, each in self._people.between(end, pronoun.idx, gender)} - {name}
        if others or self._people.unnamed_between(between, gender):
            return None
        return name or phrase_of(subject, indefinite=True)

    def _only_one(self, people: Sequence[tuple[int, str]], pronoun: Token, gender: Gender) -> str | None:
        """The one person named before who is surely of that gender, with nobody without a name behind him."""
        name = self._people.only(people, gender)
        if name is None or (self._genders.of(name) != gender and not self._people.is_only_one(name)):
            return None
        if self._is_somebody_between(people, pronoun, gender) or self._is_of_another(pronoun, gender):
            return None
        verb = clause_of(pronoun)
        itself = [c for c in verb.children if c.dep_ in NOUN_SUBJECTS and c != pronoun.head]
        if pronoun.tag_ == "PRP" and any(self._people.at(c) == name for c in itself):
            return None  # "Leo Brand gave him 3 boats"
        return name if not self._is_after_another(pronoun, people[-1][0], gender) else None

    def _only_one_of_its_sentence(self, pronoun: Token, gender: Gender) -> str | None:
        """The one person whom a sentence names before a clause that hangs on it: "Holt's trial began when he came".

        None where the sentence before is about another one of that gender, and where somebody without a name is there.
        """
        sentence, verb = pronoun.sent, clause_of(pronoun)
        people = [each for each in self._people.before(pronoun, gender, but=None) if each[0] >= sentence.start_char]
        name = self._people.only(people, gender)
        words_before = self._doc[sentence.start : pronoun.i]
        if name is None or verb == sentence.root or verb.dep_ in ("ccomp", "parataxis", "xcomp"):
            return None
        if any(GENDER_OF.get(t.lower_) == gender for t in words_before):
            return None
        if self._people.unnamed_between(words_before, gender):
            return None
        if any(self._people.at(c) == name for c in verb.children if c.dep_ in NOUN_SUBJECTS and c != pronoun):
            return None  # "when Leo Brand gave him"
        subject = self._things.main_subject_before(pronoun)
        if subject is None:
            return name
        goes_on = GENDER_OF.get(subject.lower_) == gender or is_person_noun(subject, gender)
        named = self._people.subject_person(subject, gender)
        return name if not goes_on and named in (None, name) else None

    def _tells_apart(self, token: Token) -> bool:
        """True for the "unlike" of "unlike Holt, he"."""
        is_preposition = token.lower_ in _TELLING_APART and token.dep_ == "prep"
        return is_preposition and any(self._people.at(c) is not None for c in token.children)

    def _called(self, pronoun: Token, speaking: Speaking) -> Token | None:
        """Whom a participle is about as its object: "went after Brand, calling him a loser"."""
        cue = speaking.cue.head
        if cue is None or cue.tag_ != "VBG" or cue.dep_ not in ("advcl", "conj") or pronoun.tag_ != "PRP":
            return None
        if cue not in (pronoun.head, pronoun.head.head) or pronoun.dep_ not in ("dobj", "nsubj"):
            return None
        above = cue.head
        objects = [c for c in above.children if c.dep_ == "dobj" and above.i < c.i < cue.i]
        beside = [c for c in above.children if c.dep_ == "prep" and above.i < c.i < cue.i]
        objects = objects or [c for prep in beside for c in prep.children if c.dep_ == "pobj"]
        people = [each for each in objects if self._people.at(each) is not None]
        return people[0] if len(people) == 1 else None

    def _is_somebody_between(self, people: Sequence[tuple[int, str]], pronoun: Token, gender: Gender) -> bool:
        """True if somebody without a name stands between the last of some people and a pronoun, or is "he" before them.

        "She did not care (Gutin says). Her tastes" may go on about another woman than Gutin.
        """
        first, last = (self._doc.char_span(at, at + 1, alignment_mode="expand") for at in (people[0][0], people[-1][0]))
        if first is None or last is None:
            return True
        start = self._doc[max(first.start - 1, 0)].sent.start if first.start > first.sent.start else first.start
        told_before = any(GENDER_OF.get(t.lower_) == gender for t in self._doc[start : first.start])
        return told_before or self._people.unnamed_between(self._doc[last.end : pronoun.i], gender)

    def _is_of_another(self, pronoun: Token, gender: Gender) -> bool:
        """True in a clause about somebody without a name: "a convert who pledged his allegiance"."""
        at = clause_of(pronoun)
        while at.head != at:
            if at.dep_ == "relcl" and any(c.lower_ == "who" and c.i < pronoun.i for c in at.children):
                name = self._people.at(at.head)
                if name is None or self._genders.can_be(name, gender):
                    return True
            at = at.head
        return False

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

    def _is_after_another(self, pronoun: Token, named_at: int, gender: Gender) -> bool:
        """True if the sentence before is about somebody who is no known person: "the driver", "Holt".

        `named_at`: where the one was named last who can be meant.
        """
        subject = self._things.main_subject_before(pronoun)
        if named_at >= pronoun.sent.start_char or subject is None or subject.tag_ not in ("NN", "NNP"):
            return False
        span = (subject.idx, subject.idx + len(subject.text))
        if self._people.named_in(tokens_span(list(subject.subtree))):
            return False  # "the driver, Ole Lie"
        if subject.tag_ == "NN":
            return subject.lemma_.lower() in _TRADES or is_person_noun(subject, gender)
        return self._entities.all_of(span) is None

    def _still_the_subject(self, pronoun: Token, gender: Gender, depth: int = 0) -> str | None:
        """The person who was the subject of the sentence before, where the article goes on about the subject.

        None where another of that gender did something in that sentence, or is named before the pronoun.
        """
        sentence = pronoun.sent
        if main_subject(sentence) not in (pronoun, pronoun.head) or not sentence.start or depth > _MAX_SENTENCES_ON:
            return None
        before = self._doc[sentence.start - 1].sent
        subject = main_subject(before)
        if subject is not None and subject.tag_ == "PRP" and GENDER_OF.get(subject.lower_) == gender:
            people = self._people.before(subject, gender, but=None)
            name = self._people.only(people, gender) or self._still_the_subject(subject, gender, depth + 1)
        else:
            name = self._people.subject_person(subject, gender)
        return name if name is not None and not self._somebody_else(before, pronoun, gender, name) else None

    def _joined_subject(self, pronoun: Token, gender: Gender) -> str | None:
        """The person who is the subject of the clause before in its sentence: "Kurt Adler resigned, and he left"."""
        verb = pronoun.head if pronoun.dep_ in NOUN_SUBJECTS else pronoun.head.head
        if verb.dep_ != "conj" or verb.head.pos_ not in ("VERB", "AUX"):
            return None
        subject = next((c for c in verb.head.children if c.dep_ in NOUN_SUBJECTS), None)
        return self._people.subject_person(subject, gender)

    def _somebody_else(self, before: Phrase, pronoun: Token, gender: Gender, name: str) -> bool:
        """True if another than `name` can be meant: he does something in `before`, or is named behind it."""
        mentioned = self._people.between(before.start_char, pronoun.idx, gender)
        others = [at for at, named in mentioned if named != name]
        if any(at[0] >= before.end_char for at in others):
            return True
        for token in before:
            if token.dep_ not in NOUN_SUBJECTS or token == main_subject(before):
                continue  # objects do not go on as "he" where the subject can
            is_somebody = token.lemma_.lower() in _TRADES or self._people.at(token) not in (None, name)
            if (is_somebody and self._can_be(token, gender)) or token.tag_ == "WP":
                return True
        return False

    def _can_be(self, token: Token, gender: Gender) -> bool:
        named = self._people.at(token)
        return named is None or self._genders.can_be(named, gender)

    def _owner(self, span: Span) -> Token | None:
        """The pronoun that a source begins with: "his lawyer"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        return tokens[0] if tokens is not None and len(tokens) > 1 and tokens[0].tag_ == "PRP$" else None


def _members(source: Source) -> str | None:
    """The word of a source for the members of a body: "Democrats"."""
    word = source.span.exact if source.span is not None else ""
    return word if word.isalpha() and word.endswith("s") and word[:1].isupper() else None


def _is_of_several(cue: Token | None) -> bool:
    """True for a cue whose form says that its subject is several: "the council say", "the club have denied"."""
    if cue is None:
        return False
    first = next((c for c in cue.children if c.dep_ in ("aux", "auxpass")), cue)
    return first.tag_ == "VBP" or first.lower_ == "were"


def _is_beside(cue: Token | None) -> bool:
    """True for a participle, whose subject is that of the clause beside it: "struck a calm tone, saying he knew"."""
    return cue is not None and cue.tag_ == "VBG" and cue.dep_ == "advcl" and cue.head.pos_ in ("VERB", "AUX")


def _is_said(pronoun: Token) -> bool:
    """True in a clause that somebody says, whose cue may stand behind it."""
    at = clause_of(pronoun)
    while at.head != at:
        if at.dep_ in ("ccomp", "parataxis"):
            return True
        at = at.head
    return False


def _body_of(source: Source) -> str | None:
    """The body that a spokesman is "it" for: "a spokesman for the ministry said it"."""
    body = source.affiliation
    if body is None or source.role is None or not any(word in source.role.casefold() for word in _SPEAKING_FOR_A_BODY):
        return None
    if body.startswith(("the ", "its ", "a ")) or body[:1].isupper():
        return body
    return f"the {body}"
