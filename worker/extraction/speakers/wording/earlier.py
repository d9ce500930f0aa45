"""Who was spoken of before without a name: the subject of the sentence before, a source or thing told apart earlier."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.descriptions import SourceKind, head_of, kind_of
from worker.extraction.speakers.noun_phrases import is_aside
from worker.extraction.speakers.speaker import Speaker, Turn
from worker.extraction.speakers.wording.spelt_out import SpeltOut
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without
from worker.extraction.text.quotes import all_quotes

__all__ = ["Earlier"]

_PEOPLE = words("described_people") | words("unnamed_people") | words("roles") | {"police"}
_SHORT = re.compile(r"(?:the|this|these|those|both)\s(?:[\w-]+\s)?[\w-]+", re.IGNORECASE)
_ONE_NOUN = re.compile(r"(?:the|this)\s[\w-]+", re.IGNORECASE)
_MODIFIERS = ("amod", "compound", "nmod", "nummod", "poss")
_TELLING_APART = {
    SourceKind.DOCUMENT: ("compound", "nmod", "amod"),
    SourceKind.GROUP: ("compound", "nmod", "poss"),
    SourceKind.SEVERAL: ("compound",),
}
"""What tells one from another of its kind, by its relation to the noun."""
_OF_BODIES = words("adjectives_of_bodies")
_INDEFINITE = re.compile(r"(?:an?|one)\s", re.IGNORECASE)
_WRITINGS = words("documents_in_a_name") | words("documents_as_sources") | words("documents_that_describe")
_SENTENCES_BACK = 5
_ENDS = ".!?…"
_RESOLVED, _OPEN = 0.8, 0.5
"""As in resolve.py."""


class Earlier:
    """What the sentences before a source speak of."""

    def __init__(self, doc: Doc, text: str, entities: Entities, spelt_out: SpeltOut) -> None:
        self._doc, self._text, self._entities, self._spelt_out = doc, text, entities, spelt_out
        self._quotes = all_quotes(text)
        self._nouns: dict[tuple[str, bool], list[Token]] = {}
        for token in doc:
            if token.pos_ in ("NOUN", "PROPN") and token.text.islower():
                self._nouns.setdefault(_noun_key(token), []).append(token)

    def subject(self, span: Span, turns: Sequence[Turn], *, above: bool = False) -> Span | None:
        """The subject of the sentence before, in the same paragraph and outside of quotes; `above`: or of the last
        sentence of the paragraph above.

        None where somebody has spoken since that sentence began.
        """
        before = self._sentence_before(span, turns)
        if before is None or not self._is_joined(before, span, above=above):
            return None
        subject = _subject(before.root)
        if subject is None or subject.pos_ == "PRON":
            return None
        phrase = self._phrase(subject)
        return None if inside_any(phrase, self._quotes) else phrase

    def document(self, span: Span, turns: Sequence[Turn]) -> Span | None:
        """The only object of the sentence before, in the same paragraph, if it is a document that is new: "a note"."""
        before = self._sentence_before(span, turns)
        if before is None or not self._is_joined(before, span, above=False):
            return None
        objects = [t for t in before if t.dep_ in ("dobj", "attr") and t.pos_ == "NOUN"]
        if len(objects) != 1 or objects[0].lemma_.casefold() not in _WRITINGS:
            return None
        phrase = self._phrase(objects[0])
        is_new = any(c.lower_ in ("a", "an") for c in objects[0].children)
        return phrase if is_new and not inside_any(phrase, self._quotes) else None

    def _is_joined(self, before: Phrase, span: Span, *, above: bool) -> bool:
        """Whether nothing but a space, or the break of a paragraph, is between a sentence and the next one."""
        if self._text.find("\n", before.start_char, span[0]) < 0:
            return True
        end = len(self._text[: before.end_char].rstrip())
        begin = self._text.rfind("\n", 0, span[0])
        is_whole = self._text[end - 1] in _ENDS and self._text.find("\n", before.start_char, end) < 0
        return above and is_whole and not self._text[end:begin].strip()

    def together(self, span: Span, turns: Sequence[Turn]) -> Speaker | None:
        """The people who are the subject of the sentence before: "Anna Berg and Ole Lie", "two residents", "police".

        None where somebody has spoken since then.
        """
        before = self._sentence_before(span, turns)
        subject = _subject(before.root) if before is not None else None
        if subject is not None and subject.lower_ == "they" and self._text.find("\n", subject.idx, span[0]) < 0:
            return self.together((subject.idx, subject.idx + len(subject.text)), turns)  # "They seem keen. They said"
        if subject is None or not self._are_people(subject):
            return None
        phrase = self._phrase(subject)
        named = self._spelt_out.several(self._text[slice(*phrase)], phrase)
        are_several = subject.lemma_.casefold() == "police" or kind_of(subject) is SourceKind.SEVERAL
        if named is None and not are_several:
            return None
        return (named or Speaker(self._text[slice(*phrase)], None)).again(_RESOLVED)

    def several_beside(self, span: Span) -> int | None:
        """Where the last plural noun begins that is the subject of another clause before "they", in its sentence."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        before = self._doc[tokens[0].sent.start : tokens[0].i]
        subjects = [t for t in before if t.dep_ in NOUN_SUBJECTS and t.head != tokens[0].head]
        subjects = [t for t in subjects if not inside_any((t.idx, t.idx + 1), self._quotes)]
        several = [t for t in subjects if t.tag_ in ("NNS", "NNPS") or (t.lower_ == "who" and _is_of_several(t))]
        return several[-1].idx if several else None

    def people(self, span: Span, *, here: bool = False) -> Speaker | None:
        """The people who were a subject last, in this sentence or a few before it: "officers rushed in ... they".

        `here`: in this one alone.
        """
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        start = tokens[0].i
        first = tokens[0].sent.start
        for _ in range(_SENTENCES_BACK):
            sentence = self._doc[start - 1].sent if start else None
            if sentence is None or (here and sentence.start != first):
                return None
            for token in reversed(self._doc[sentence.start : start]):
                if token.dep_ not in NOUN_SUBJECTS or not any(map(self._are_people, (token, *token.conjuncts))):
                    continue
                phrase = self._phrase(token)
                named = self._spelt_out.several(self._text[slice(*phrase)], phrase) if token.pos_ == "PROPN" else None
                if named is not None:
                    return named.again(_OPEN)
                if token.tag_ in ("NNS", "NNPS") and not inside_any(phrase, self._quotes):
                    return Speaker(self._text[slice(*phrase)], None, confidence=_OPEN)
            start = sentence.start
        return None

    def police_of_sentence(self, span: Span) -> Speaker | None:
        """The police with whom a sentence begins that they close: "Police searched the club, they said"."""
        phrase = self.subject_of_closed(span)
        head = head_of(self._doc, phrase) if phrase is not None else None
        if phrase is None or head is None or head.lemma_.casefold() != "police":
            return None
        return Speaker(self._text[phrase[0] : head.idx + len(head.text)], None, confidence=_RESOLVED)

    def subject_of_closed(self, span: Span) -> Span | None:
        """The subject with which a sentence begins that a source closes: "The bank will close a branch, | it said"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens) or tokens[0].i == 0 or tokens[0].nbor(-1).text != ",":
            return None
        first = next((t for t in tokens[0].sent if not t.is_space), None)
        subjects = [t for t in tokens[0].sent if t.dep_ in NOUN_SUBJECTS and t.i < tokens[0].i]
        if first is None or not subjects or subjects[0].left_edge.i != first.i:
            return None
        beside = subjects[1] if len(subjects) > 1 and subjects[1].left_edge.i == subjects[0].i + 1 else None
        if beside is not None and beside.head == subjects[0].head:  # "The charity | Bright Start"
            return first.idx, beside.idx + len(beside.text)
        phrase = self._phrase(subjects[0])
        return None if inside_any(phrase, self._quotes) else phrase

    def spoken_again(self, wording: str, head: Token | None, turns: Sequence[Turn]) -> Speaker | None:
        """A source without a name that spoke before by more words: "the memo" of "an internal memo".

        What tells the words apart, "the second memo", must be among those of before. None where two fit.
        """
        if head is None or _SHORT.fullmatch(wording) is None:
            return None
        apart = {c.lemma_.casefold() for c in head.children if c.dep_ in _MODIFIERS}
        found: dict[str, Speaker] = {}
        for turn in turns:
            if turn.speaker.kind is not None and turn.kind is not SourceKind.DOCUMENT:
                continue
            first = head_of(self._doc, turn.span)
            joined = [] if first is None else [c for c in first.conjuncts if c.idx < turn.span[1]]
            for other in [first, *joined] if first is not None else []:
                if (other.lemma_, other.tag_) != (head.lemma_, head.tag_):
                    continue
                speaker = turn.speaker if not joined else Speaker(self._one_of_several(other), None)
                if apart <= {t.lemma_.casefold() for t in other.subtree}:
                    found[re.sub(r"^(?:the|an?)\s", "", speaker.name.casefold())] = speaker
        return next(iter(found.values())).again(_RESOLVED) if len(found) == 1 else None

    def another(self, turns: Sequence[Turn]) -> Speaker | None:
        """A further one of those of whom one spoke last: "another court official" after "a court official"."""
        last = turns[-1].speaker if turns else None
        if last is None or last.kind is not None or (article := _INDEFINITE.match(last.name)) is None:
            return None
        return Speaker(f"another {last.name[article.end() :]}", None, confidence=_OPEN)

    def told_apart(self, wording: str, head: Token | None, kind: SourceKind) -> Speaker | None:
        """Whom or what the text told apart before without a name: "the council" of "the city council".

        None where it told two of them apart.
        """
        if head is None or kind in (SourceKind.PERSON, SourceKind.OTHER) or _ONE_NOUN.fullmatch(wording) is None:
            return None
        relations = _TELLING_APART[kind]
        told_apart: set[str] = set()
        for token in self._nouns.get(_noun_key(head), ()):
            if token.i >= head.i or len(told_apart) > 1:
                break
            before = [
                c
                for c in token.children
                if (c.dep_ in relations or c.lower_ in _OF_BODIES) and c.i < token.i and c.tag_ != "PRP$"
            ]
            words_before = sum(1 + sum(below.dep_ == "case" for below in c.children) for c in before)
            if before and before[0].i + words_before == token.i:
                told_apart.add(self._text[before[0].idx : token.idx + len(token.text)])
        return Speaker(f"the {told_apart.pop()}", None, confidence=_RESOLVED) if len(told_apart) == 1 else None

    def _sentence_before(self, span: Span, turns: Sequence[Turn]) -> Phrase | None:
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens) or tokens[0].sent.start == 0:
            return None
        before = self._doc[tokens[0].sent.start - 1].sent
        return None if turns and turns[-1].span[0] >= before.start_char else before

    def _phrase(self, noun: Token) -> Span:
        kept = [t for t in subtree_without(noun, is_aside) if not t.is_space]
        return kept[0].idx, kept[-1].idx + len(kept[-1].text)

    def _one_of_several(self, noun: Token) -> str:
        kept = [t for t in subtree_without(noun, lambda c: is_aside(c) or c.dep_ in ("cc", "conj")) if not t.is_space]
        return self._text[kept[0].idx : kept[-1].idx + len(kept[-1].text)]

    def _are_people(self, subject: Token) -> bool:
        if subject.lemma_.casefold() in _PEOPLE or (subject.tag_ == "NNS" and is_trade(subject.lemma_.casefold())):
            return True
        return self._entities.person_in((subject.idx, subject.idx + len(subject.text))) is not None


def _noun_key(noun: Token) -> tuple[str, bool]:
    """A noun with its number. A word that the tagger takes for a name has the lemma of a name."""
    return noun.lemma_.casefold(), noun.tag_.endswith("S")


def _subject(verb: Token) -> Token | None:
    """The subject of a sentence's root; the root where the parse takes the verb for a participle of it: "The head of
    Fjordbank, who had sat in front, | left".
    """
    if verb.pos_ == "NOUN" and any(c.dep_ == "acl" and c.tag_ in ("VBD", "VBN") for c in verb.children):
        return verb if any(c.dep_ == "relcl" for c in verb.children) else None
    return next((c for c in verb.children if c.dep_ in NOUN_SUBJECTS and c.i < verb.i), None)


def _is_of_several(relative: Token) -> bool:
    noun = relative.head.head
    return noun.tag_ in ("NNS", "NNPS") and noun.i < relative.i
