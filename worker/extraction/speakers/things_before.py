"""Whom "it" and "they" mean where the article goes on about the subject of the sentence before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.speakers.noun_phrases import is_addition
from worker.extraction.speakers.pronouns import NOMINATIVE, third_person
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without

__all__ = ["ThingsBefore", "main_subject", "phrase_of"]

_PEOPLE = words("roles") | words("described_people") | words("words_for_women") | words("words_for_men")
_OF_ANOTHER = frozenset({"latter", "former", "same", "other", "others", "another"})
_MAX_WORDS = 12
"""Words of a phrase that may replace a pronoun."""
_MAX_SENTENCES_ON = 6
"""Sentences over which a pronoun can stay the same thing without a name."""


class ThingsBefore:
    """Answers for "it" and "they" of one text."""

    def __init__(self, doc: Doc, text: str, entities: Entities) -> None:
        self._doc, self._text, self._entities = doc, text, entities

    def subject(self, pronoun: Token, depth: int = 0) -> str | None:
        """The subject of the sentence before, if it is of the pronoun's number and no single person.

        Where it is the same pronoun, what that means.
        """
        subject = self.main_subject_before(pronoun)
        if subject is None or depth > _MAX_SENTENCES_ON:
            return None
        if subject.tag_ == "PRP":
            again = third_person(subject)
            same = again is not None and NOMINATIVE[again.lower_] == NOMINATIVE[pronoun.lower_]
            return self.subject(subject, depth + 1) if same else None
        plural = NOMINATIVE[pronoun.lower_] == "they"
        if _may_be_told_of(pronoun) and _tells_of_another(subject, plural=plural):
            return None
        return self.name_of(subject, plural=plural)

    def name_of(self, subject: Token, *, plural: bool) -> str | None:
        """How a noun that is a subject is put for "it", or for "they" if `plural`; None where it cannot be meant."""
        if not _is_thing(subject, plural=plural):
            return self._several_people(subject) if plural else None
        named = self._entities.all_of((subject.left_edge.idx, subject.idx + len(subject.text)))
        if named is not None:
            return named[0] if named[1] != "PERSON" else None
        return phrase_of(subject)

    def _several_people(self, noun: Token) -> str | None:
        """People who are named together: "Ida Vale and Leo Brand", "the mayor and the bishop"."""
        joined = [noun, *noun.conjuncts]
        return phrase_of(noun) if len(joined) > 1 and all(map(self._is_person, joined)) else None

    def _is_person(self, noun: Token) -> bool:
        if noun.ent_type_ == "PERSON" or noun.lemma_.casefold() in _PEOPLE:
            return True
        return self._entities.person_in((noun.idx, noun.idx + len(noun.text))) is not None

    def body(self, pronoun: Token) -> str | None:
        """The body that is the subject of the sentence before, by its name."""
        subject = self.main_subject_before(pronoun)
        if subject is None or not _is_thing(subject, plural=False):
            return None
        named = self._entities.all_of((subject.left_edge.idx, subject.idx + len(subject.text)))
        return named[0] if named is not None and named[1] == "ORG" else None

    def main_subject_before(self, pronoun: Token) -> Token | None:
        """The subject of the sentence before, where that ends with a stop."""
        sentence = pronoun.sent
        if sentence.start == 0:
            return None
        before = self._doc[sentence.start - 1].sent
        ends = self._text[before.start_char : sentence.start_char].rstrip().endswith((".", "!", "?", "”", '"'))
        return main_subject(before) if ends else None


def _may_be_told_of(pronoun: Token) -> bool:
    """True for a pronoun that does nothing itself: "its value", "it was stolen"."""
    return pronoun.tag_ == "PRP$" or pronoun.dep_ == "nsubjpass" or pronoun.head.lemma_ == "be"


def _tells_of_another(subject: Token, *, plural: bool) -> bool:
    """True where who speaks tells of something that can be meant as well: "The museum said the roof leaked. Its"."""
    verb = subject.head
    said = (c for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i) if verb.lemma_ in VERBS else ()
    return any(_is_thing(c, plural=plural) for clause in said for c in clause.children if c.dep_ in NOUN_SUBJECTS)


def main_subject(sentence: Phrase) -> Token | None:
    root = sentence.root
    subjects = [c for c in root.children if c.dep_ in NOUN_SUBJECTS and c.i < root.i]
    return subjects[-1] if subjects else None


def _is_thing(noun: Token, *, plural: bool) -> bool:
    """True if a noun is of that number and no person's name, and where it is one, no person."""
    if noun.pos_ not in ("NOUN", "PROPN") or noun.ent_type_ == "PERSON":
        return False
    joined = [c for c in noun.children if c.dep_ == "conj"]
    if joined and noun.tag_ == "NN":
        return False  # "the speed and the scale": "they" can be somebody else
    if not plural and noun.tag_ == "NN" and noun.lemma_.casefold() in _PEOPLE:
        return False
    return plural == (noun.tag_ in ("NNS", "NNPS") or bool(joined))


def phrase_of(noun: Token, *, indefinite: bool = False) -> str | None:
    """A noun phrase as it is written inside a sentence, with "the" for "a"; None for one that is too long.

    `indefinite`: "a" stays, in the sentence that brings it in.
    """
    kept = [token for token in subtree_without(noun, _is_said_of) if not token.is_space]
    if not kept or sum(t.is_alpha or t.like_num for t in kept) > _MAX_WORDS or kept[-1].i - kept[0].i + 1 != len(kept):
        return None
    first = kept[0]
    bare = first.pos_ in ("NOUN", "PROPN", "ADJ", "NUM") and noun.tag_ in ("NNS", "NNPS")
    joined = any(c.dep_ == "conj" for c in noun.children) and first.pos_ in ("NOUN", "PROPN")
    joined = joined or (first.pos_ == "PROPN" and first.dep_ == "poss")
    if not (bare or joined or first.lower_ in ("the", "a", "an") or (indefinite and first.lower_ == "another")):
        return None
    if not indefinite and any(token.lower_ in _OF_ANOTHER for token in kept):
        return None
    phrase = " ".join("".join(_written(kept)).split())
    if first.lower_ in ("a", "an") and not indefinite:
        phrase = f"the {phrase.split(maxsplit=1)[1]}"
    is_name = first.pos_ == "PROPN" or first.ent_type_ not in ("", "CARDINAL", "PERCENT", "QUANTITY", "MONEY")
    return phrase if is_name and first.lower_ != "the" else phrase[:1].lower() + phrase[1:]


def _is_said_of(token: Token) -> bool:
    if token.dep_ != "punct":
        return is_addition(token)
    in_a_list = any(c.dep_ == "conj" and c.i > token.i for c in token.head.children)
    between_adjectives = token.text == "," and any(c.i < token.i for c in token.head.lefts) and token.i < token.head.i
    return token.text != "-" and not in_a_list and not between_adjectives


def _written(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield token.text_with_ws
