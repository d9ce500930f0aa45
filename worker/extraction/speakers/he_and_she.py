"""Whom "he" and "she" as sources mean: who spoke last, acted since or was mentioned; never who is named beside."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.descriptions import Introduced, SourceKind
from worker.extraction.speakers.genders import Genders
from worker.extraction.speakers.speaker import Speaker, Turn
from worker.extraction.speakers.subject_above import clause_of
from worker.extraction.syntax.relations import NOUN_SUBJECTS
from worker.extraction.text.quotes import all_quotes

__all__ = ["HeAndShe", "People"]

_MAX_OPEN = 3
"""Names that a source is left open between."""
_RESOLVED, _OPEN = 0.8, 0.5
"""As in resolve.py."""
_JOINED = ("conj", "parataxis", "nsubj", "nsubjpass")
"""Relations of what a verb has beside it, to the verb."""
_ASIDE = ("relcl", "acl", "appos")
_ENDS_SENTENCE = re.compile(r"[.!?…][”\"’')\]]*\s*$")


@dataclass(frozen=True, slots=True)
class People:
    """The people and bodies that a text introduces, and what it tells of their gender."""

    known: Sequence[Introduced]
    genders: Genders


class HeAndShe:
    """Answers for one text. Turns are given with the last first."""

    def __init__(self, doc: Doc, text: str, entities: Entities, people: People) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._known, self._genders = people.known, people.genders
        self._mentions = sorted(
            (start, place, is_subject) for place, each in enumerate(self._known) for start, is_subject in each.mentions
        )
        self._quotes = all_quotes(text)

    def of(self, span: Span, gender: Gender, turns: Sequence[Turn], *, but: str | None) -> Speaker | None:
        """The person who spoke last, else the person mentioned last. `but`: who cannot be meant, who says the quote."""
        others = self._named_beside(span) | self._who_asked(span, turns) | ({but} if but is not None else set())
        if but is not None and (name := self._named_in_quote(span, gender, others)) is not None:
            return Speaker(name, "PERSON", (), _RESOLVED)
        if (acting := self._subject_of_sentence_before(span, gender, others, turns)) is not None:
            return acting
        for turn in turns:
            if turn.kind is not SourceKind.PERSON or _among(turn.speaker.name, others):
                continue
            if self._genders.can_be(turn.speaker.name, gender):
                return self._acted_since(turn, span, gender, others) or self._spoke_last(turn, span, gender, others)
        return self._subject_above(span, gender, others) or self._mentioned_last(span, gender, others)

    def _subject_above(self, span: Span, gender: Gender, others: set[str]) -> Speaker | None:
        """For a pronoun that opens a paragraph, or follows a quote that does: the only person who is a subject in the
        one before.
        """
        begin = self._text.rfind("\n", 0, span[0]) + 1
        end = len(self._text[:begin].rstrip())
        number = bisect_left(self._quotes, (begin,))
        quote = self._quotes[number] if number < len(self._quotes) else span
        begin_said = quote[1] if quote[0] == begin and quote[1] <= span[0] else begin
        if self._text[begin_said : span[0]].strip(" ,") or not end:
            return None
        above = self._text.rfind("\n", 0, end) + 1
        people = {name for name, is_subject in self._named_within((above, end), gender, others) or () if is_subject}
        return Speaker(people.pop(), "PERSON", (), _RESOLVED) if len(people) == 1 else None

    def _named_in_quote(self, span: Span, gender: Gender, others: set[str]) -> str | None:
        """The only person of that gender whom the quote names before the pronoun, or what was quoted before it in the
        paragraph.
        """
        begin = self._text.rfind("\n", 0, span[0]) + 1
        quotes = self._quotes[bisect_left(self._quotes, (begin,)) : bisect_left(self._quotes, (span[0] + 1,))]
        if not quotes or quotes[-1][1] < span[1]:
            return None
        named = self._entities.within((*quotes[:-1], (quotes[-1][0], span[0])))
        names = {each.name for each in named if each.type == "PERSON" and not _among(each.name, others)}
        fits = [name for name in names if self._genders.can_be(name, gender)]
        return fits[0] if len(fits) == 1 else None

    def _mentioned_last(self, span: Span, gender: Gender, others: set[str]) -> Speaker | None:
        candidates: list[str] = []
        for name in self._entities.persons_before(span[0]):
            if name not in candidates and not _among(name, others) and self._genders.can_be(name, gender):
                candidates.append(name)
                if len(candidates) == _MAX_OPEN:
                    break
        if len(candidates) > 1:
            candidates.sort(key=lambda name: self._genders.of(name) != gender)  # who is surely of that gender first
            return Speaker(candidates[0], "PERSON", tuple(candidates), _OPEN)
        return Speaker(candidates[0], "PERSON", (), _RESOLVED) if candidates else None

    def _who_asked(self, span: Span, turns: Sequence[Turn]) -> set[str]:
        """Who asked him who answers in the same sentence: "Asked by her lawyer if it was true, she said no"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or len(tokens) != 1:
            return set()
        asking = (t for t in self._doc[tokens.sent.start : tokens.start] if t.lower_ == "by" and t.head.tag_ == "VBN")
        askers = [c for by in asking if by.head.i <= by.sent.start + 1 for c in by.children if c.dep_ == "pobj"]
        return {
            turn.speaker.name for turn in turns if any(turn.span[0] <= asker.idx < turn.span[1] for asker in askers)
        }

    def _named_beside(self, span: Span) -> set[str]:
        """Those named behind the pronoun in what its verb governs: "he wrote to Brand", "he said Brand had left"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or len(tokens) != 1 or tokens.root.dep_ not in NOUN_SUBJECTS:
            return set()
        pronoun = tokens.root
        verb = clause_of(pronoun)
        end = verb.right_edge.idx
        first = bisect_left(self._mentions, (span[1],))
        return {
            self._known[place].name
            for start, place, _ in self._mentions[first : bisect_left(self._mentions, (end + 1,))]
            if self._known[place].kind == "PERSON" and self._is_governed(start, verb)
        }

    def _is_governed(self, start: int, verb: Token) -> bool:
        """Whether a name at an offset is below a verb: in no clause that is joined to it or tells of a noun, not as in
        "a Brand poster", and nobody by whose word it is, "according to Brand's aide".
        """
        at = self._doc.char_span(start, start + 1, alignment_mode="expand")
        if at is None or not len(at):
            return False
        token = at[0]
        while token.dep_ == "compound" and token.head.pos_ == "PROPN":
            token = token.head
        if token.dep_ == "compound":
            return False
        while token != verb:
            if token.head == token or token.dep_ in _ASIDE or token.lower_ == "according":
                return False
            if token.head == verb and token.dep_ in _JOINED:
                return False
            token = token.head
        return True

    def _subject_of_sentence_before(
        self, span: Span, gender: Gender, others: set[str], turns: Sequence[Turn]
    ) -> Speaker | None:
        """The person who is the subject of the sentence before, in the same paragraph; nobody has spoken since.

        A quote is skipped: "Brand opened the box. “It is empty,” he said."
        """
        before = self._sentence_before(span)
        if before is None or any(before.start_char <= turn.span[0] < span[0] for turn in turns):
            return None
        subject = next((c for c in before.root.children if c.dep_ in NOUN_SUBJECTS and c.i < before.root.i), None)
        if subject is None or any(c.dep_ == "conj" for c in subject.children):
            return None
        name = self._entities.person_in((subject.left_edge.idx, subject.idx + len(subject.text)))
        name = name or self.named_beside(subject)
        if name is None or _among(name, others) or name.split()[-1].islower() or not self._genders.can_be(name, gender):
            return None
        begin = self._text.rfind("\n", 0, span[0])
        last = next((t for t in turns if begin < t.span[0] < span[0] and t.kind is SourceKind.PERSON), None)
        other = last.speaker.name if last is not None else name
        if other == name or _among(other, others) or not self._genders.can_be(other, gender):
            return Speaker(name, "PERSON", (), _RESOLVED)
        return Speaker(name, "PERSON", (name, other), _OPEN)

    def named_beside(self, noun: Token) -> str | None:
        """The person whose name stands beside a noun: "their coach, Grace Owusu, wept"."""
        beside = next((c for c in noun.children if c.dep_ == "appos" and c.pos_ == "PROPN"), None)
        if beside is None:
            return None
        return self._entities.person_in((beside.left_edge.idx, beside.idx + len(beside.text)))

    def _sentence_before(self, span: Span) -> Phrase | None:
        """The sentence before that of the pronoun or before the quote that it follows; None for another paragraph."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        at = tokens[0].sent.start_char
        number = bisect_left(self._quotes, (span[0],)) - 1
        if number >= 0:
            begin, end = self._quotes[number]
            if begin < at <= end + 2 or (at <= begin and not self._text[at:begin].strip()):
                at = begin
        if not _ENDS_SENTENCE.search(self._text, max(at - 4, 0), at) or self._text[at - 1 : at] == "\n":
            return None
        last = self._doc.char_span(len(self._text[:at].rstrip()) - 1, at, alignment_mode="expand")
        if last is None or not len(last):
            return None
        sentence = last[0].sent
        is_quoted = inside_any((sentence.start_char, sentence.start_char + 1), self._quotes)
        return None if is_quoted or "\n" in self._text[sentence.end_char : at] else sentence

    def _acted_since(self, last: Turn, span: Span, gender: Gender, others: set[str]) -> Speaker | None:
        """The only person who is a subject in this paragraph before the pronoun, where the one who spoke last is in
        none; before a quote that opens its paragraph, the only person of the paragraph before. None for several.
        """
        begin = self._text.rfind("\n", 0, span[0]) + 1
        if last.span[0] >= begin:
            return None
        named = self._named_within((begin, span[0]), gender, others)
        if named is not None:
            subjects = {name for name, is_subject in named if is_subject}
            if len(subjects) != 1 or any(name == last.speaker.name for name, _ in named):
                return None
            return Speaker(subjects.pop(), "PERSON", (), _RESOLVED)
        end = len(self._text[:begin].rstrip())
        above = self._text.rfind("\n", 0, end) + 1
        people = {name for name, _ in self._named_within((above, end), gender, others) or ()}
        if last.span[0] >= above or len(people) != 1:
            return None
        name = people.pop()
        return Speaker(name, "PERSON", (name, last.speaker.name), _OPEN) if name != last.speaker.name else None

    def _named_within(self, span: Span, gender: Gender, others: set[str]) -> list[tuple[str, bool]] | None:
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
            and not _among(each.name, others)
            and self._genders.can_be(each.name, gender)
            and not inside_any((start, start + 1), quotes)
        ]

    def _spoke_last(self, last: Turn, span: Span, gender: Gender, others: set[str]) -> Speaker:
        """The one who spoke last. Open if since then, in the same paragraph, only others were mentioned as subjects.

        Whom the quote before "he said" names is not the one who says it.
        """
        since, speaker = last.span[1], last.speaker
        between = self._mentions[bisect_left(self._mentions, (since,)) : bisect_left(self._mentions, (span[0],))]
        subjects = sorted(
            {place for start, place, is_subject in between if is_subject and not self._is_quoted(start, span)}
        )
        further = [
            each.name
            for each in (self._known[place] for place in subjects)
            if each.kind == "PERSON"
            and each.name != speaker.name
            and not _among(each.name, others)
            and self._genders.can_be(each.name, gender)
        ]
        mentioned_again = any(self._known[place].name == speaker.name for start, place, _ in between if start > since)
        certain = [name for name in further if self._genders.of(name) == gender]
        if len(certain) == 1 and self._genders.of(speaker.name) is None:
            return Speaker(certain[0], "PERSON", (certain[0], speaker.name), _OPEN)
        if further and not mentioned_again and self._text.count("\n", since, span[0]) == 0:
            return Speaker(speaker.name, speaker.kind, (speaker.name, *further[: _MAX_OPEN - 1]), _OPEN)
        return speaker.again(_RESOLVED)

    def _is_quoted(self, start: int, pronoun: Span) -> bool:
        """Whether what stands at an offset is in a quote that ends before a pronoun."""
        first = bisect_left(self._quotes, (start + 1,)) - 1
        return first >= 0 and start < self._quotes[first][1] <= pronoun[0]


def _among(name: str, others: set[str]) -> bool:
    """Whether a person is one of some, who may be named by the surname alone."""
    return name in others or name.rsplit(maxsplit=1)[-1] in others
