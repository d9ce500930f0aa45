"""Resolves the words of each source: pronouns, roles and surnames lead back to who was introduced."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.descriptions import (
    Described,
    Introduced,
    SourceKind,
    head_of,
    kind_of,
    words_for,
)
from worker.extraction.speakers.epithets import is_epithet, is_inhabitant
from worker.extraction.speakers.full_names import FullNames
from worker.extraction.speakers.genders import GENDER_OF, Genders, of_description
from worker.extraction.speakers.noun_phrases import is_aside, noun_of_relative
from worker.extraction.speakers.owned import call_themselves, owned, speaks_for_a_body
from worker.extraction.speakers.pronouns import with_article
from worker.extraction.speakers.speaker import Speaker, Turn
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without
from worker.extraction.text.quotes import all_quotes

__all__ = ["People", "resolve"]

_THINGS: dict[str, Literal["it", "they"]] = {"it": "it", "its": "it", "they": "they", "their": "they"}
_RELATIVE = ("who", "which", "that")
_PEOPLE = words("described_people") | words("unnamed_people") | words("roles")
_BODY_NOUNS = words("described_bodies") | words("body_words")
_CLAUSE_BEHIND = re.compile(r",?\s(?:who|which|that|whose)\s.*$|,\s\d+,?$|,$", re.DOTALL)
"""What is said of a source behind its name: a relative clause, an age."""
_SELF = re.compile(r"(?<=\w)\s(?:him|her|it|them)sel(?:f|ves)$")
"""As in "Behr himself"."""
_SEEN = re.compile(rf"(?<=\w),?\s{any_of('participles_of_documents')}(?:\s.*)?$", re.DOTALL)
"""Who has a document, or since when, behind one that is new: "a memo seen by the paper"."""
_BY_TRADE = re.compile(r"(?:er|or|ist|ian|man|woman|men|women)$")
"""Endings of nouns for people by what they do. Things end so too, but things do not speak."""
_OF_A_STATEMENT = re.compile(
    rf"(?:(?:an?|the|new|official|joint)\s)*{any_of('words_for_a_statement')}\s(?:by|from|of)\s", re.IGNORECASE
)
_NAME_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+)+),?$")
"""The name of somebody behind a comma that the recogniser does not know: "her agent, Per Holm"."""
_MAX_OPEN = 3
"""Names that a source is left open between."""
_RESOLVED, _OPEN = 0.8, 0.5
"""Confidence of a resolved pronoun, and of the likeliest of several names. Not calibrated; only their order matters."""


@dataclass(frozen=True, slots=True)
class People:
    """The people and bodies that a text introduces, and what it tells of their gender."""

    known: Sequence[Introduced]
    genders: Genders


def resolve(
    doc: Doc,
    text: str,
    sources: Sequence[Span | None],
    holders: Sequence[int | None],
    entities: Entities,
    people: People,
) -> list[Speaker | None]:
    """One speaker for each source, in their order; None where nobody is named.

    `holders`: for each the index of the one in whose content it speaks, which is who "I" and "we" are. A pronoun is
    who spoke last and can be it: one who was "she" before is not "he" now. Where another person has come in between,
    both are named as open. What the pronouns tell of genders is noted in `people`.
    """
    return _Resolver(doc, text, sources, holders, entities, people).resolve_all()


class _Resolver:
    """Goes through the sources in the order of the text and remembers who spoke."""

    def __init__(
        self,
        doc: Doc,
        text: str,
        sources: Sequence[Span | None],
        holders: Sequence[int | None],
        entities: Entities,
        people: People,
    ) -> None:
        self._doc, self._text, self._sources, self._holders = doc, text, sources, holders
        self._entities = entities
        self._known, self._genders = people.known, people.genders
        self._described_names = Described(self._known)
        self._kinds = {each.name: each.kind for each in self._known}
        self._sides = {each.name: each.side for each in reversed(self._known) if each.side is not None}
        self._persons = [each for each in self._known if each.kind == "PERSON"]
        self._mentions = sorted(
            (start, place, is_subject) for place, each in enumerate(self._known) for start, is_subject in each.mentions
        )
        self._full_names = FullNames(text, sources)
        self._nouns: dict[tuple[str, str], list[Token]] = {}
        for token in doc:
            if token.pos_ == "NOUN":
                self._nouns.setdefault((token.lemma_, token.tag_), []).append(token)
        self._quotes = all_quotes(text)
        self._turns: list[Turn] = []
        self._last_author: Speaker | None = None
        self._speakers: dict[int, Speaker] = {}

    def resolve_all(self) -> list[Speaker | None]:
        spans = sorted(
            ((index, span) for index, span in enumerate(self._sources) if span), key=lambda source: source[1]
        )
        # who says "we" is known only when the one who is quoted is, and the name may be behind the quote
        for index, span in sorted(spans, key=lambda source: self._first_person_word(source[1]) is not None):
            self._speakers[index] = self._resolve(index, span)
        return [self._speakers.get(index) for index in range(len(self._sources))]

    def _first_person_word(self, span: Span) -> Literal["i", "we"] | None:
        match self._text[slice(*span)].casefold():
            case "i" | "my":
                return "i"
            case "we" | "our":
                return "we"
        return None

    def _resolve(self, index: int, span: Span) -> Speaker:
        wording = self._text[slice(*span)]
        word = wording.casefold()
        if (first_person := self._first_person_word(span)) is not None:
            return self._quoted_one(index, first_person) or Speaker(wording, None, confidence=_OPEN)
        if (gender := GENDER_OF.get(word)) is not None:
            speaker = self._person(span, gender) or Speaker(wording, None, confidence=_OPEN)
            self._genders.note(speaker.name, gender)
            kind = SourceKind.PERSON
        elif word in _THINGS:
            speaker = self._thing(_THINGS[word], span) or Speaker(wording, None, confidence=_OPEN)
            kind = SourceKind.SEVERAL if speaker.kind is None and word == "they" else SourceKind.GROUP
            kind = SourceKind.PERSON if speaker.kind == "PERSON" else kind
        else:
            speaker, kind = self._named_or_described(wording, span)
            if kind is SourceKind.PERSON and (told := of_description(re.findall(r"\w+", word))) is not None:
                self._genders.note(speaker.name, told)
        self._turns.append(Turn(span, speaker, kind))
        if kind is not SourceKind.DOCUMENT:
            self._last_author = speaker
        return speaker

    def _named_or_described(self, wording: str, span: Span) -> tuple[Speaker, SourceKind]:
        head = head_of(self._doc, span)
        if wording.casefold() in _RELATIVE and head is not None and (noun := noun_of_relative(head)) is not None:
            return self._named_or_described(self._text[slice(*noun)], noun)
        bare = _SELF.sub("", _CLAUSE_BEHIND.sub("", wording))
        if bare.casefold().startswith(("a ", "an ")):
            bare = _SEEN.sub("", bare)
        core = (span[0], span[0] + len(bare))
        name = self._several_named(bare, core) or self._named(bare, core) or self._named_before_comma(bare, core)
        if name is not None and head is not None and self._is_nationality(name, wording, head):
            again = self._called_again(wording, span, head, SourceKind.PERSON)
            if again is not None:
                return again, SourceKind.PERSON
        if name is None:
            kind = kind_of(head)
            described = self._described(wording, span, head, kind) or self._described_below(wording, span, head)
            described = described or self._introduced_before(wording, head, kind) or self._owned(bare, core, head, kind)
            named = described or Speaker(bare, None)
            return named, SourceKind.PERSON if named.kind == "PERSON" else kind
        return name, SourceKind.PERSON if name.kind == "PERSON" else kind_of(head)

    def _owned(self, wording: str, span: Span, head: Token | None, kind: SourceKind) -> Speaker | None:
        """Somebody unnamed by the name that he gives, or by whose he is: "her lawyer", "a spokesman" of a body."""
        called = call_themselves(self._text, span)
        if called is not None:
            name, gender = called
            if gender is not None:
                self._genders.note(name, gender)
            return Speaker(name, "PERSON")
        if head is None or kind is SourceKind.DOCUMENT:
            return None
        if speaks_for_a_body(head):
            body = self._body_before(span)
            whose = f"{wording[0].lower()}{wording[1:]} of " if wording.casefold().startswith(("a ", "one ")) else None
            return Speaker(f"{whose}{self._as_owner(body)}", None, (), _OPEN) if body is not None and whose else None
        has = owned(self._doc, self._text, span)
        owner = self._pronoun(has.pronoun, span) if has is not None else None
        if has is None or owner is None or (has.pronoun == "they" and owner.kind is None):
            return None  # "drivers ... their union": whose without a name is said by the text's own words
        if (beside := _NAME_BESIDE.search(has.rest)) is not None:
            return Speaker(beside[1], "PERSON")
        if has.rest in owner.name:
            return owner  # "her advisers ... their": the same again
        return Speaker(f"the {has.rest} of {self._as_owner(owner)}", None, (), owner.confidence)

    def _pronoun(self, word: str, span: Span) -> Speaker | None:
        """Whom a third-person pronoun in its nominative means."""
        if (gender := GENDER_OF.get(word)) is None:
            return self._thing(_THINGS[word], span)
        begin = self._text.rfind("\n", 0, span[0])
        for start, place, is_subject in reversed(self._mentions[: bisect_left(self._mentions, (span[0],))]):
            each = self._known[place]
            if start < begin:
                break
            if is_subject and each.kind == "PERSON" and self._genders.can_be(each.name, gender):
                return Speaker(each.name, "PERSON", (), _RESOLVED)
        return self._person(span, gender)

    def _as_owner(self, owner: Speaker) -> str:
        name = owner.name if owner.name[:4] != "The " else f"the {owner.name[4:]}"
        is_body = owner.kind == "ORG" and name.split()[-1].casefold() in _BODY_NOUNS
        return with_article(self._text, name) if is_body else name

    def _body_before(self, span: Span) -> Speaker | None:
        """The body that spoke or was a subject last, in the same paragraph or the one before."""
        before = self._text.rfind("\n\n", 0, max(self._text.rfind("\n\n", 0, span[0]), 0))
        last = next((turn for turn in reversed(self._turns) if turn.kind is SourceKind.GROUP), None)
        at, body = (last.span[0], last.speaker) if last is not None else (-1, None)
        for start, place, is_subject in reversed(self._mentions[: bisect_left(self._mentions, (span[0],))]):
            each = self._known[place]
            if start <= at:
                break
            if is_subject and each.kind == "ORG":
                at, body = start, Speaker(each.name, each.kind)
                break
        return body.again(_OPEN) if body is not None and at >= before else None

    def _several_named(self, wording: str, span: Span) -> Speaker | None:
        """Several who are named together, the first of them a person: "Ruth Kiely and her deputy"."""
        first = re.match(r"[^,]+?(?=\sand\s(?!the\s))", wording)
        head = head_of(self._doc, span)
        if first is None or head is None:
            return None
        is_joined = any(c.dep_ == "conj" for c in head.children)
        if not is_joined and re.search(r"\sand\s(?:his|her|their|an?)\s", wording) is None:
            return None
        is_person = self._entities.person_in((span[0], span[0] + first.end())) is not None
        return Speaker(wording, None) if is_person else None

    def _named(self, wording: str, span: Span) -> Speaker | None:
        """The person or body that the words themselves name."""
        if (name := self._full_names.named_by(wording)) is not None:
            return Speaker(name, "PERSON")
        if (person := self._entities.person_in(span)) is not None:
            return Speaker(person, "PERSON")
        entity = self._entities.all_of(span) or self._body_of_statement(wording, span)
        return Speaker(*entity) if entity is not None else None

    def _named_before_comma(self, wording: str, span: Span) -> Speaker | None:
        """The body that an apposition tells more of: "Parcelo, a delivery app"."""
        first = re.match(r"[^,]+(?=,\s(?:an?|the|one)\s)", wording)
        entity = self._entities.all_of((span[0], span[0] + first.end())) if first is not None else None
        return Speaker(*entity) if entity is not None else None

    def _body_of_statement(self, wording: str, span: Span) -> tuple[str, str] | None:
        """The body whose statement or estimates are the source: "a statement from the Riverside Trust"."""
        words_of = _OF_A_STATEMENT.match(wording)
        return self._entities.all_of((span[0] + words_of.end(), span[1])) if words_of is not None else None

    def _person(self, span: Span, gender: Gender) -> Speaker | None:
        """Resolves "he" and "she": the person who spoke last, else the person mentioned last."""
        for turn in reversed(self._turns):
            if turn.kind is SourceKind.PERSON and self._genders.can_be(turn.speaker.name, gender):
                return self._acted_since(turn, span, gender) or self._spoke_last(turn, span, gender)
        candidates: list[str] = []
        for name in self._entities.persons_before(span[0]):
            if name not in candidates and self._genders.can_be(name, gender):
                candidates.append(name)
                if len(candidates) == _MAX_OPEN:
                    break
        if len(candidates) > 1:
            candidates.sort(key=lambda name: self._genders.of(name) != gender)  # who is surely of that gender first
            return Speaker(candidates[0], "PERSON", tuple(candidates), _OPEN)
        return Speaker(candidates[0], "PERSON", (), _RESOLVED) if candidates else None

    def _acted_since(self, last: Turn, span: Span, gender: Gender) -> Speaker | None:
        """The only person who is a subject in this paragraph before the pronoun, where the one who spoke last is in
        none; before a quote that opens its paragraph, the only person of the paragraph before. None for several.
        """
        begin = self._text.rfind("\n", 0, span[0]) + 1
        if last.span[0] >= begin:
            return None
        named = self._named_within((begin, span[0]), gender)
        if named is not None:
            subjects = {name for name, is_subject in named if is_subject}
            if len(subjects) != 1 or any(name == last.speaker.name for name, _ in named):
                return None
            return Speaker(subjects.pop(), "PERSON", (), _RESOLVED)
        end = len(self._text[:begin].rstrip())
        above = self._text.rfind("\n", 0, end) + 1
        people = {name for name, _ in self._named_within((above, end), gender) or ()}
        if last.span[0] >= above or len(people) != 1:
            return None
        name = people.pop()
        return Speaker(name, "PERSON", (name, last.speaker.name), _OPEN) if name != last.speaker.name else None

    def _named_within(self, span: Span, gender: Gender) -> list[tuple[str, bool]] | None:
        """The people of that gender named outside of quotes, and whether each is a subject; None if all is a quote."""
        first = bisect_left(self._quotes, span)
        quotes = self._quotes[max(first - 1, 0) : bisect_left(self._quotes, (span[1],))]
        if quotes and quotes[-1][0] == span[0] and not self._text[quotes[-1][1] : span[1]].strip():
            return None
        between = self._mentions[bisect_left(self._mentions, (span[0],)) : bisect_left(self._mentions, (span[1],))]
        return [
            (each.name, is_subject)
            for start, place, is_subject in between
            if (each := self._known[place]).kind == "PERSON"
            and self._genders.can_be(each.name, gender)
            and not inside_any((start, start + 1), quotes)
        ]

    def _spoke_last(self, last: Turn, span: Span, gender: Gender) -> Speaker:
        """The one who spoke last. Open if since then, in the same paragraph, only others were mentioned as subjects."""
        since, speaker = last.span[1], last.speaker
        between = self._mentions[bisect_left(self._mentions, (since,)) : bisect_left(self._mentions, (span[0],))]
        subjects = sorted({place for _, place, is_subject in between if is_subject})
        others = [
            each.name
            for each in (self._known[place] for place in subjects)
            if each.kind == "PERSON" and each.name != speaker.name and self._genders.can_be(each.name, gender)
        ]
        mentioned_again = any(self._known[place].name == speaker.name for start, place, _ in between if start > since)
        certain = [name for name in others if self._genders.of(name) == gender]
        if len(certain) == 1 and self._genders.of(speaker.name) is None:
            return Speaker(certain[0], "PERSON", (certain[0], speaker.name), _OPEN)
        if others and not mentioned_again and self._text.count("\n", since, span[0]) == 0:
            return Speaker(speaker.name, speaker.kind, (speaker.name, *others[: _MAX_OPEN - 1]), _OPEN)
        return speaker.again(_RESOLVED)

    def _thing(self, pronoun: Literal["it", "they"], span: Span) -> Speaker | None:
        """Resolves "it" (an organisation, a document) and "they" (several, a group): the last one that can be it.

        "They" are also those who are named together as the subject of the sentence before, or one person who spoke.
        """
        together = (self._spoken_of(span) or self._named_together(span)) if pronoun == "they" else None
        together = together or (self._subject_beside(span) if pronoun == "it" else None)
        if together is not None:
            return together
        for turn in reversed(self._turns):
            match turn.kind:
                case SourceKind.GROUP if pronoun == "it":
                    return turn.speaker.again(_RESOLVED)
                case SourceKind.SEVERAL if pronoun == "they":
                    return turn.speaker.again(_RESOLVED)
                case SourceKind.GROUP:
                    return turn.speaker.again(_OPEN)
                case SourceKind.DOCUMENT if pronoun == "it":
                    return turn.speaker.again(_OPEN)
        if pronoun == "it":
            return self._body_before(span)
        last = self._turns[-1] if self._turns else None
        return last.speaker.again(_OPEN) if last is not None and last.kind is SourceKind.PERSON else None

    def _subject_beside(self, span: Span) -> Speaker | None:
        """The body that is a subject earlier in the sentence, if nobody has spoken since: "The party fell when it"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        begin = max(tokens.sent.start_char, self._turns[-1].span[0] if self._turns else 0)
        between = self._mentions[bisect_left(self._mentions, (begin,)) : bisect_left(self._mentions, (span[0],))]
        bodies = [self._known[place] for _, place, is_subject in between if is_subject]
        if not bodies or bodies[-1].kind != "ORG":
            return None
        return Speaker(bodies[-1].name, bodies[-1].kind, (), _RESOLVED)

    def _spoken_of(self, span: Span) -> Speaker | None:
        """The police with whom a sentence begins that they close: "Police searched the club, they said"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens) or tokens[0].i == 0 or tokens[0].nbor(-1).text != ",":
            return None
        first = next((t for t in tokens[0].sent if not t.is_space), None)
        subject = next((t for t in tokens[0].sent if t.dep_ in NOUN_SUBJECTS and t.i < tokens[0].i), None)
        if first is None or subject is None or subject.left_edge.i != first.i or subject.lemma_.casefold() != "police":
            return None
        return Speaker(self._text[first.idx : subject.idx + len(subject.text)], None, confidence=_RESOLVED)

    def _named_together(self, span: Span) -> Speaker | None:
        """The people who are the subject of the sentence before: "Anna Berg and Ole Lie", "two residents".

        None where somebody has spoken since then.
        """
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens) or tokens[0].sent.start == 0:
            return None
        before = self._doc[tokens[0].sent.start - 1].sent
        if self._turns and self._turns[-1].span[0] >= before.start_char:
            return None
        subject = next((c for c in before.root.children if c.dep_ in NOUN_SUBJECTS and c.i < before.root.i), None)
        if subject is None or kind_of(subject) is not SourceKind.SEVERAL or not self._are_people(subject):
            return None
        kept = [t for t in subtree_without(subject, is_aside) if not t.is_space]
        return Speaker(self._text[kept[0].idx : kept[-1].idx + len(kept[-1].text)], None, confidence=_RESOLVED)

    def _are_people(self, subject: Token) -> bool:
        lemma = subject.lemma_.casefold()
        if lemma in _PEOPLE or (subject.tag_ == "NNS" and _BY_TRADE.search(lemma)):
            return True
        return self._entities.person_in((subject.idx, subject.idx + len(subject.text))) is not None

    def _quoted_one(self, index: int, pronoun: Literal["i", "we"]) -> Speaker | None:
        """Resolves "I": the one who is quoted. "We" are those for whom he speaks, if his introduction names them."""
        holder = self._holders[index]
        speaker = self._speakers.get(holder) if holder is not None else None
        if speaker is None:
            return None
        if pronoun == "we":
            side = self._sides.get(speaker.name)
            if side is not None:
                return Speaker(*side, confidence=_RESOLVED)
        return speaker.again(_RESOLVED)

    def _described(self, wording: str, span: Span, head: Token | None, kind: SourceKind) -> Speaker | None:
        """Resolves "the minister", "the company" and "the statement" among those introduced before."""
        if head is None or not wording.casefold().startswith(("the ", "this ", "that ")):
            return None
        if kind is SourceKind.DOCUMENT:
            return self._author(head)
        names = self._described_names.names(head, span)
        if len(names) > 1:
            return Speaker(wording, None, tuple(names[:_MAX_OPEN]), _OPEN)
        if names:
            return Speaker(names[0], self._kinds[names[0]], (), _RESOLVED)
        return self._called_again(wording, span, head, kind) or self._named_further_down(wording, span)

    def _named_further_down(self, wording: str, span: Span) -> Speaker | None:
        """The only body or person of the text whose name or title has all words of a description of two or more.

        News often gives a name after what it describes: "the growers' federation", "Marland Growers' Federation".
        """
        told = {word.casefold() for word in re.findall(r"[\w-]+", wording)[1:]} - {"s"}
        if len(told) < 2:
            return None
        fits = [
            each
            for each in self._known
            if each.kind in ("ORG", "PERSON") and each.last_mention(span[0]) < 0 and told <= words_for(each)
        ]
        return Speaker(fits[0].name, fits[0].kind, (), _RESOLVED) if len(fits) == 1 else None

    @staticmethod
    def _is_nationality(name: Speaker, wording: str, head: Token) -> bool:
        """True for "the Belgian", which the entities take for Belgium or for a people."""
        if not is_epithet(wording, head):
            return False
        return (
            is_inhabitant(wording)
            or name.kind == "NORP"
            or (name.kind == "GPE" and not name.name.startswith(wording.split()[1]))
        )

    def _described_below(self, wording: str, span: Span, head: Token | None) -> Speaker | None:
        """A person whom a headline calls by a trade, "actress sues", and the text below by name."""
        line = self._text.find("\n")
        if head is None or line < 0 or span[1] > line or " " in wording:
            return None
        lemma = head.lemma_.casefold()
        fits = [each.name for each in self._persons if lemma in each.called]
        return Speaker(fits[0], "PERSON", (), _RESOLVED) if len(fits) == 1 else None

    def _introduced_before(self, wording: str, head: Token | None, kind: SourceKind) -> Speaker | None:
        """The body or document without a name that the text told apart before: "the council" of "the city council".

        None where it told two of them apart.
        """
        is_short = re.fullmatch(r"(?:the|this)\s[\w-]+", wording, re.IGNORECASE) is not None
        if head is None or kind not in (SourceKind.GROUP, SourceKind.DOCUMENT) or not is_short:
            return None
        relations = ("compound", "nmod", "amod") if kind is SourceKind.DOCUMENT else ("compound", "nmod", "poss")
        told_apart: set[str] = set()
        for token in self._nouns.get((head.lemma_, head.tag_), ()):
            if token.i >= head.i or len(told_apart) > 1:
                break
            before = [c for c in token.children if c.dep_ in relations and c.i < token.i and c.tag_ != "PRP$"]
            words_before = sum(1 + sum(below.dep_ == "case" for below in c.children) for c in before)
            if before and before[0].i + words_before == token.i:
                told_apart.add(self._text[before[0].idx : token.idx + len(token.text)])
        return Speaker(f"the {told_apart.pop()}", None, confidence=_RESOLVED) if len(told_apart) == 1 else None

    def _called_again(self, wording: str, span: Span, head: Token, kind: SourceKind) -> Speaker | None:
        """The person named last, whom the words call again: "the 29-year-old", "the mother of two".

        An office that nobody was given is that of the only person of a text, if he has none.
        """
        by_trade = head.pos_ == "NOUN" and head.tag_ == "NN" and _BY_TRADE.search(head.lemma_.casefold()) is not None
        one = kind is SourceKind.PERSON or (by_trade and head.lemma_.casefold() not in _BODY_NOUNS)
        epithet, alone = is_epithet(wording, head), one and len(self._persons) == 1
        if not epithet and not alone:
            return None
        gender = of_description([*re.findall(r"\w+", wording.casefold()), head.lemma_.casefold()])
        fits = [
            each
            for each in self._persons
            if each.last_mention(span[0]) >= 0 and (gender is None or self._genders.can_be(each.name, gender))
        ]
        if not fits:
            return None
        if epithet:
            last = max(fits, key=lambda each: each.last_mention(span[0]))
            return Speaker(last.name, "PERSON", (), _RESOLVED if len(fits) == 1 else _OPEN)
        return None if self._persons[0].called else Speaker(fits[0].name, "PERSON", (), _OPEN)

    def _author(self, document: Token) -> Speaker | None:
        """The author of "the statement": who spoke last. None for "the statement by the ministry", which names him."""
        if any(c.dep_ in ("prep", "agent") for c in document.children):
            return None
        return self._last_author.again(_RESOLVED) if self._last_author is not None else None
