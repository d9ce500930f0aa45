"""Surnames that are sources, with the full names that introduced them, even if the recogniser missed these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worker.extraction.entities.belonging import tells_of_another
from worker.extraction.entities.headline_names import title_lines
from worker.extraction.entities.person_names import is_given_name
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span

__all__ = ["FullNames"]

_NO_SURNAMES = ("he", "she")
_BEFORE_SURNAME = words("words_before_surname")
_SURNAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+")
_TWO_NAMES = re.compile(r"\b([A-ZÀ-Þ][\w'’-]{1,80}) (?=([A-ZÀ-Þ][\w'’-]{1,80}))")
_NAME_BEFORE = re.compile(r"\b([A-ZÀ-Þ][\w’-]{1,80}) $")
_PART_OF_NAME = re.compile(r"['’-]")
_BEFORE_PLACES = ("at", "in", "inside", "near", "on", "outside")
_MAX_PARTS = 8
"""Parts of a name joined by hyphens and apostrophes."""


class FullNames:
    """`sources`: where the sources are in the text, which `doc` is the parse of."""

    def __init__(self, doc: Doc, text: str, sources: Sequence[Span | None], entities: Entities) -> None:
        self._full: dict[str, str] = {}
        surnames = {_surname(text, span) for span in sources if span}
        introductions = _Introductions(doc, text, entities).of(surnames)
        for span in sources:
            surname = _surname(text, span) if span else ""
            if span is None or surname in self._full:
                continue
            name, end = introductions.get(surname, ("", 0))
            if name and end <= span[0]:
                self._full[surname] = name
        self._order = {surname: number for number, surname in enumerate(self._full)}
        self._lengths = sorted({len(surname) for surname in self._full})

    def named_by(self, wording: str) -> str | None:
        """The full name whose surname the words are, or that is among them; the first introduced of several."""
        found = [surname for surname in self._surnames_in(wording) if _names(wording, self._full[surname])]
        if wording in self._full:
            found.append(wording)
        return self._full[min(found, key=self._order.__getitem__)] if found else None

    def _surnames_in(self, wording: str) -> Iterator[str]:
        """The known surnames that follow a blank."""
        at = wording.find(" ") + 1 if self._full else 0
        while at:
            yield from (surname for length in self._lengths if (surname := wording[at : at + length]) in self._full)
            at = wording.find(" ", at) + 1


def _surname(text: str, span: Span) -> str:
    """The words of a source without an age or a role behind them: "Sund, 24", "Sund himself", "Sund's"."""
    return re.sub(r"\s(?:him|her)self$|['’]s?$", "", text[slice(*span)].split(",", 1)[0])


def _names(wording: str, name: str) -> bool:
    """Whether words have a full name and mean who has it, and not "Anna Berg's aide" or "an aide of Anna Berg"."""
    named = re.search(rf"{re.escape(name)}(?!['’]s?\s)", wording)
    return named is not None and not tells_of_another(wording[: named.start()])


def _is_whole_phrase(name: Phrase) -> bool:
    """False for a name with an article, before a noun, or of a place: "the Meet Corvia event", "at Camp Corvia"."""
    last = name.root
    if last.dep_ in ("compound", "nmod", "amod") or any(c.dep_ in ("det", "poss") for c in last.children):
        return False
    return not (last.dep_ == "pobj" and last.head.lower_ in _BEFORE_PLACES)


class _Introductions:
    """The full names of a text by surname."""

    def __init__(self, doc: Doc, text: str, entities: Entities) -> None:
        self._doc, self._text = doc, text
        people = [span for each in entities.all if each.kind == "PERSON" for span in each.spans]
        self._person_spans = frozenset(people)
        self._people, self._in_order = SpanIndex(people), people
        self._known_bodies = {
            text[slice(*span)] for each in entities.all if each.entry is not None for span in each.spans
        }
        self._titles = SpanIndex(title_lines(text))

    def of(self, surnames: set[str]) -> dict[str, tuple[str, int]]:
        """The first full name with each of some surnames, and where it ends."""
        first: dict[str, tuple[str, int]] = {}
        wanted = {each for each in surnames if each.casefold() not in _NO_SURNAMES and _SURNAME.fullmatch(each)}
        for match in _TWO_NAMES.finditer(self._text) if wanted else ():
            given, last = match[1], match[2]
            if given.casefold() in _BEFORE_SURNAME or given.isupper() or self._opens_a_line(match.start(), given):
                continue
            ends = [part.start() for part in _PART_OF_NAME.finditer(last)][:_MAX_PARTS]
            for end in (*ends, len(last)):
                surname = last[:end]
                span = (match.start(), match.end() + end)
                if surname in wanted and surname not in first and self._is_name(given, surname, span):
                    first[surname] = self._whole(span), span[1]
        return first

    def _is_name(self, given: str, surname: str, span: Span) -> bool:
        """Whether two words are somebody's name.

        What stands before the surname must be a given name, or be known to belong to the name of a person; a word that
        begins a sentence or heads a line has a capital for that.
        """
        if is_given_name(given):
            return True
        heads_a_line = self._text[span[0] - 1 : span[0]] in ("", "\n")
        if self._titles.holding(span) and not heads_a_line:
            return span in self._person_spans and not self._is_written_small(given)
        if self._people.holding(span):
            return True
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or len(tokens) < 2 or tokens[0].tag_ != "NNP" or surname in self._known_bodies:
            return False
        return _is_whole_phrase(tokens) and not self._is_written_small(given)

    def _whole(self, span: Span) -> str:
        """The name with further given names before it: "Karim Yusuf Chaudry"."""
        begin, end = span
        longest = min((self._in_order[number][0] for number in self._people.holding(span)), default=begin)
        if longest < begin and any(self._in_order[number] == (longest, end) for number in self._people.holding(span)):
            return self._text[longest:end]  # "Tran Thi Mai Phuong"
        while (before := _NAME_BEFORE.search(self._text, max(begin - 80, 0), begin)) is not None:
            if before[1].casefold() in _BEFORE_SURNAME or not is_given_name(before[1]):
                break
            begin = before.start()
        return self._text[begin:end]

    def _opens_a_line(self, at: int, word: str) -> bool:
        """True for a word that a line begins with and that the text writes small as well: "As Holm pitches"."""
        line = self._text.rfind("\n", 0, at) + 1
        if self._text[line:at].strip(" “\"‘'•-–"):
            return False
        return self._is_written_small(word)

    def _is_written_small(self, word: str) -> bool:
        return re.search(rf"\b{re.escape(word.casefold())}\b", self._text) is not None
