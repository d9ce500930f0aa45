"""The person or body that the words of a source name themselves, whatever stands around the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.entities.mention import is_body
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.extraction.speakers.descriptions import SourceKind, head_of, kind_of
from worker.extraction.speakers.speaker import Speaker
from worker.extraction.speakers.wording.full_names import FullNames

__all__ = ["SpeltOut"]

_ROLES = words("roles")
_OF_A_STATEMENT = re.compile(
    rf"(?:(?:an?|the|new|official|joint)\s)*{any_of('words_for_a_statement')}\s(?:by|from|of)\s", re.IGNORECASE
)
_NAME_OF_BODY_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'&-]*(?:\s(?:of|the|and|[A-ZÀ-Þ][\w’'&-]*))*),?$")
"""The name of a body behind what is said of it: "the owner, Brent Foods"."""
_BEFORE_A_BODY = frozenset({"the", "a", "an", "its", "his", "her", "their", "of", "for", "at"})
_NAME_OF_PERSON_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'-]*[a-zß-þ](?:\s[A-ZÀ-Þ][\w’'-]*[a-zß-þ]){1,2}),?$")
_NAME_BEHIND_OFFICE = re.compile(
    r"(?P<office>[^,]+\s(?:of|for|at)\s[^,]*\w)\s(?P<name>[A-ZÀ-Þ][\w’'-]*[a-zß-þ]\s[A-ZÀ-Þ][\w’'-]*[a-zß-þ])$"
)
"""A person whose long office the recogniser takes into the name: "Secretary of State for Food Ulrik Dahm"."""


class SpeltOut:
    """Names in the words of sources. `sources`: where the sources of the text are."""

    def __init__(self, doc: Doc, text: str, sources: Sequence[Span | None], entities: Entities) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._full_names = FullNames(doc, text, sources, entities)

    def name(self, wording: str, span: Span) -> Speaker | None:
        """The people, the person or the body named."""
        return self._several(wording, span) or self._one(wording, span)

    def _several(self, wording: str, span: Span) -> Speaker | None:
        """Several who are named together, the first of them a person: "Ruth Kiely and her deputy"."""
        first = re.match(r"[^,]+?(?=\sand\s)", wording)
        head = head_of(self._doc, span)
        if first is None or head is None:
            return None
        is_joined = any(c.dep_ == "conj" and c.idx > span[0] + first.end() for c in head.children)
        if not is_joined and re.search(r"\sand\s(?:his|her|their|an?)\s", wording) is None:
            return None
        person = self._entities.person_in((span[0], span[0] + first.end()))
        return Speaker(person + wording[first.end() :], None) if person is not None else None

    def _one(self, wording: str, span: Span) -> Speaker | None:
        """The person or body that the words themselves name."""
        first = wording.find(",")
        if first > 0 and (person := self._entities.person_in((span[0], span[0] + first))) is not None:
            return Speaker(person, "PERSON")  # "Rob Keller, President Vetra North America"
        if (name := self._full_names.named_by(wording)) is not None:
            return Speaker(name, "PERSON")
        if (person := self._entities.person_in(span)) is not None:
            return Speaker(person, "PERSON")
        if (behind := _NAME_BEHIND_OFFICE.match(wording)) is not None and _has_office(behind["office"]):
            return Speaker(behind["name"], "PERSON")
        entity = self._entities.all_of(span) or self._body_of_statement(wording, span)
        return Speaker(*entity) if entity is not None else None

    def beside_comma(self, wording: str, span: Span) -> Speaker | None:
        """The body that an apposition tells more of, or names: "Parcelo, a delivery app", "the group ..., Loud Owl"."""
        first = re.match(r"[^,]+(?=,\s(?:an?|the|one)\s)", wording)
        if first is not None and (entity := self._entities.all_of((span[0], span[0] + first.end()))) is not None:
            return Speaker(*entity)
        person = _NAME_OF_PERSON_BESIDE.search(wording)
        head = head_of(self._doc, (span[0], span[0] + person.start())) if person is not None else None
        if person is not None and not is_body(person[1]) and kind_of(head) is SourceKind.PERSON:
            return Speaker(person[1], "PERSON")  # "the director of the dairy, Ina Kersch"
        last = _NAME_OF_BODY_BESIDE.search(wording)
        if last is None or kind_of(head_of(self._doc, (span[0], span[0] + last.start()))) is not SourceKind.GROUP:
            return None
        entity = self._entities.all_of((span[0] + last.start(1), span[0] + last.end(1)))
        return Speaker(*entity) if entity is not None else Speaker(last[1], None)

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
