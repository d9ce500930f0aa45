"""The person or body that the words of a source name themselves, whatever stands around the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.entities.belonging import tells_of_another
from worker.extraction.entities.mention import is_body
from worker.extraction.entities.person_names import is_given_name
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.extraction.speakers.descriptions import SourceKind, head_of, kind_of
from worker.extraction.speakers.speaker import Speaker
from worker.extraction.speakers.wording.full_names import FullNames
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["SpeltOut"]

_ROLES = words("roles")
_OF_A_STATEMENT = re.compile(
    rf"(?:(?:an?|the|new|official|joint)\s)*{any_of('words_for_a_statement')}\s(?:by|from|of)\s", re.IGNORECASE
)
_NAME_OF_BODY_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'&-]*(?:\s(?:of|the|and|[A-ZÀ-Þ][\w’'&-]*))*),?$")
"""The name of a body behind what is said of it: "the owner, Brent Foods"."""
_LED_BY = re.compile(rf",?\s(?:\w+ly\s)?(?:{any_of('participles_of_leading')})\sby\b")
_BETWEEN = re.compile(r",?\s(?:and|&)\s|,\s")
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w’'-]+")
_AND = re.compile(r",?\s(?:and|&)\s")
_OTHERS = re.compile(
    r"(?:his|her|their|its|an?|the|other|others|two|three|four|several|some|many|all)\b", re.IGNORECASE
)
"""How somebody without a name begins who is named beside others."""
_OWN = re.compile(r"(?:his|her|their)\b", re.IGNORECASE)
"""Whoever belongs to who is named before: "Ruth Kiely, the head teacher, and her deputy"."""
_SEVERAL = re.compile(r"\s[a-z]+(?<!s)s$")
"""How several end who are named beside somebody: "Falk and party leaders"."""
_BEFORE_A_BODY = frozenset({"the", "a", "an", "its", "his", "her", "their", "of", "for", "at"})
_NAME_OF_PERSON_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'-]*[a-zß-þ](?:\s[A-ZÀ-Þ][\w’'-]*[a-zß-þ]){1,2}),?$")
_NAMED_BEHIND = re.compile(r",\s(?P<name>[A-ZÀ-Þ][\w’'.-]+(?:\s[A-ZÀ-Þ][\w’'.-]+){1,3}),(?!\s\d)")
_PERSON_AND_TRADE = re.compile(
    r"([A-ZÀ-Þ][\w’'-]*[a-zß-þ](?:\s[A-ZÀ-Þ]\.?)?(?:\s[A-ZÀ-Þ][\w’'-]*[a-zß-þ]){1,2}),\s((?:an?|the|one|former)\s[^,]+)"
)
"""A name that the recogniser does not know, with what its bearer is."""
_NAME_BEHIND_OFFICE = re.compile(
    r"(?P<office>[^,]+\s(?:of|for|at)\s[^,]*\w)\s(?P<name>[A-ZÀ-Þ][\w’'-]*[a-zß-þ]\s[A-ZÀ-Þ][\w’'-]*[a-zß-þ])$"
)
"""A person whose long office the recogniser takes into the name: "Secretary of State for Food Ulrik Dahm"."""


def _is_name(wording: str) -> bool:
    return _CAPITALISED.fullmatch(wording) is not None and wording.casefold() not in _ROLES


def _joined(wording: str) -> list[Span]:
    """The parts of a list of two and more, which has an "and": "Arden, Kiely, and Dahl"."""
    marks = [match.span() for match in _BETWEEN.finditer(wording)]
    if not marks or _AND.match(wording, marks[-1][0]) is None or any(_AND.match(wording, at) for at, _ in marks[:-1]):
        return []
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(wording.rstrip(" ,"))]
    return list(zip(starts, ends, strict=True))


class SpeltOut:
    """Names in the words of sources. `sources`: where the sources of the text are."""

    def __init__(self, doc: Doc, text: str, sources: Sequence[Span | None], entities: Entities) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._full_names = FullNames(doc, text, sources, entities)

    def name(self, wording: str, span: Span) -> Speaker | None:
        """The people, the person or the body named; not who leads or pays them: "a team led by Ruta Meik"."""
        if (led := _LED_BY.search(wording)) is not None:
            wording, span = wording[: led.start()], (span[0], span[0] + led.start())
        return self.several(wording, span) or self._one(wording, span)

    def several(self, wording: str, span: Span) -> Speaker | None:
        """Several who are named together, the first of them a person: "Ruth Kiely, Tom Arden and her deputy".

        Each has the full name. What stands between commas beside one of two is left out.
        """
        parts = _joined(wording)
        if len(parts) < 2 or self._entities.all_of(span) is not None:
            return None
        words_of = [wording[start:end] for start, end in parts]
        people = [self._person_in_list(each, span[0] + start) for each, (start, _) in zip(words_of, parts, strict=True)]
        first, last = people[0], people[-1] or words_of[-1]
        if first is None:
            return Speaker(wording, None) if self._is_family(words_of, people) else None
        is_unnamed = _OTHERS.match(last) or _SEVERAL.search(last) or _is_name(last)
        if not people[-1] and not (is_unnamed or self._is_joined(span, parts[0][1])):
            return None
        between = [(name, each) for name, each in zip(people[1:-1], words_of[1:-1], strict=True)]
        if not all(name or _is_name(each) for name, each in between):
            is_other = people[-1] is not None or _OWN.match(last) is not None
            is_of_two = is_other and wording[: parts[-1][0]].endswith((", and ", ", & "))
            return Speaker(f"{first} and {last}", None) if is_of_two else None  # "Tom Arden, the owner, and Ruth Kiely"
        return Speaker(f"{', '.join((first, *(name or each for name, each in between)))} and {last}", None)

    def _person_in_list(self, wording: str, start: int) -> str | None:
        """The full name of one of several; None for words that are no name: "her brother Nils"."""
        if _OTHERS.match(wording):
            return None
        return self._full_names.named_by(wording) or self._entities.person_in((start, start + len(wording)))

    @staticmethod
    def _is_family(words_of: Sequence[str], people: Sequence[str | None]) -> bool:
        """True for "Ida and Ole Lie"."""
        return len(people) == 2 and is_given_name(words_of[0]) and " " in (people[1] or "")

    def _is_joined(self, span: Span, first: int) -> bool:
        head = head_of(self._doc, span)
        return head is not None and any(c.dep_ == "conj" and c.idx > span[0] + first for c in head.children)

    def _one(self, wording: str, span: Span) -> Speaker | None:
        """The person or body that the words themselves name."""
        first = wording.find(",")
        if first > 0 and (person := self._entities.person_in((span[0], span[0] + first))) is not None:
            return Speaker(person, "PERSON")  # "Rob Keller, President Vetra North America"
        if (name := self._full_names.named_by(wording)) is not None:
            return Speaker(name, "PERSON")
        if (person := self._entities.person_in(span)) is not None:
            return Speaker(person, "PERSON")
        behind = _NAME_BEHIND_OFFICE.match(wording)
        if behind and _has_office(behind["office"]) and not tells_of_another(f"{behind['office']} "):
            return Speaker(behind["name"], "PERSON")
        entity = self._entities.all_of(span) or self._body_of_statement(wording, span)
        return Speaker(*entity) if entity is not None else None

    def beside_comma(self, wording: str, span: Span) -> Speaker | None:
        """The body that an apposition tells more of, or names: "Parcelo, a delivery app", "the group ..., Loud Owl"."""
        first = re.match(r"[^,]+(?=,\s(?:an?|the|one)\s)", wording)
        if first is not None and (entity := self._entities.all_of((span[0], span[0] + first.end()))) is not None:
            return Speaker(*entity)
        told = _PERSON_AND_TRADE.match(wording)
        trade = head_of(self._doc, (span[0] + told.start(2), span[0] + told.end())) if told is not None else None
        if told is not None and not is_body(told[1]) and kind_of(trade) is SourceKind.PERSON:
            return Speaker(told[1], "PERSON")  # "Vik Ramotra, an analyst for Halden Bank"
        person = _NAME_OF_PERSON_BESIDE.search(wording)
        head = head_of(self._doc, (span[0], span[0] + person.start())) if person is not None else None
        if person is not None and not is_body(person[1]) and kind_of(head) is SourceKind.PERSON:
            return Speaker(person[1], "PERSON")  # "the director of the dairy, Ina Kersch"
        last = _NAME_OF_BODY_BESIDE.search(wording)
        if last is None or kind_of(head_of(self._doc, (span[0], span[0] + last.start()))) is not SourceKind.GROUP:
            return None
        entity = self._entities.all_of((span[0] + last.start(1), span[0] + last.end(1)))
        return Speaker(*entity) if entity is not None else Speaker(last[1], None)

    def behind(self, span: Span) -> Speaker | None:
        """The person whom commas name right behind the words of an office: "the chair | , Giles Pomfret, "."""
        named = _NAMED_BEHIND.match(self._text, span[1])
        name = head_of(self._doc, named.span("name")) if named is not None else None
        if named is None or name is None or name.dep_ in NOUN_SUBJECTS:
            return None
        person = self._entities.person_in(named.span("name"))
        return Speaker(person, "PERSON") if person is not None else None

    def by_full_name(self, wording: str, span: Span) -> Speaker | None:
        """What a person has, by the full name: "Ines Falk's team" for "Falk's team"."""
        owner = re.match(r"[A-ZÀ-Þ][\w-]+(?=['’]s?\s)", wording)
        name = self._entities.person_in((span[0], span[0] + owner.end())) if owner is not None else None
        if owner is None or name is None or not name.endswith(f" {owner[0]}"):
            return None
        return Speaker(name + wording[owner.end() :], None)

    def _body_of_statement(self, wording: str, span: Span) -> tuple[str, str] | None:
        """The body whose statement or estimates are the source: "a statement from the Riverside Trust"."""
        words_of = _OF_A_STATEMENT.match(wording)
        return self._entities.all_of((span[0] + words_of.end(), span[1])) if words_of is not None else None


def _has_office(words_of: str) -> bool:
    """True for words that begin with an office and do not end before its body: "the chairman of the"."""
    parts = re.findall(r"\w+", words_of.casefold())
    return not _ROLES.isdisjoint(parts[:4]) and parts[-1] not in _BEFORE_A_BODY
