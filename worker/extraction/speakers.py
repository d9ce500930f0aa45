"""Whom a source's words name: pronouns, roles and surnames lead back to who was introduced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.entities import Entities
from worker.extraction.types import Span

__all__ = ["Speaker", "resolve"]

_PRONOUNS = {"he": "m", "she": "f"}
_TITLES = frozenset(
    "mr mrs ms dr sir lady lord president minister senator judge professor governor chancellor king queen prince "
    "princess pope general captain chairman mayor the a".split()
)
_ROLES = frozenset(
    "ambassador analyst author boss captain chair chairman chairwoman chairperson chancellor chief coach commissioner "
    "councillor defendant deputy diplomat director doctor economist engineer envoy executive expert father founder "
    "governor head judge lawyer leader man manager mayor minister mother officer official owner player premier president "
    "professor prosecutor researcher resident scientist secretary senator spokesman spokesperson spokeswoman teacher "
    "teenager victim witness woman".split()
)
_FEMALE = frozenset("spokeswoman chairwoman woman mother queen princess mrs ms lady".split())
_MALE = frozenset("spokesman chairman man father king prince mr sir lord".split())


@dataclass(frozen=True, slots=True)
class Speaker:
    """`kind` is an entity type or None; `open_names` are those it may be where the text leaves it open."""

    name: str
    kind: str | None
    open_names: tuple[str, ...] = ()


def resolve(text: str, sources: Sequence[Span | None], entities: Entities) -> list[Speaker | None]:
    """One speaker for each source, in the order of the text; None where nobody is named.

    A pronoun is who spoke last and can be it: one who was "she" before is not "he" now. With two who fit equally well
    within the paragraph, both are named as open.
    """
    full = _full_names(text, sources)
    gender: dict[str, str] = {}
    spoke: list[tuple[int, Speaker]] = []
    found: dict[int, Speaker] = {}
    for index in sorted((i for i, s in enumerate(sources) if s), key=lambda i: sources[i] or (0, 0)):
        span = sources[index]
        if span is None:
            continue
        words = text[slice(*span)]
        wanted = _PRONOUNS.get(words.casefold())
        if wanted:
            speaker = _antecedent(span, wanted, spoke, gender, entities) or Speaker(words, None)
            gender[speaker.name] = wanted
        else:
            speaker = _named(words, span, full, entities)
            sign = set(re.findall(r"\w+", words.casefold()))
            if sign & _FEMALE:
                gender[speaker.name] = "f"
            elif sign & _MALE:
                gender[speaker.name] = "m"
        if speaker.kind == "PERSON" or _is_role(words):
            spoke.append((span[0], speaker))
        found[index] = speaker
    return [found.get(index) for index in range(len(sources))]


def _is_role(words: str) -> bool:
    """Whether one person is meant, by office: "the finance minister", "a spokesman for the company"."""
    head = re.split(r"\b(?:of|for|at|in|from|to|who|with|on)\b|,", words.casefold())[0].split()
    return bool(head) and head[-1] in _ROLES


def _named(words: str, span: Span, full: dict[str, str], entities: Entities) -> Speaker:
    for surname, name in full.items():
        if words == surname or name in words:
            return Speaker(name, "PERSON")
    if (person := entities.person_in(span)) is not None:
        return Speaker(person, "PERSON")
    if (whole := entities.all_of(span)) is not None:
        return Speaker(*whole)
    return Speaker(words, None)


def _antecedent(
    span: Span, wanted: str, spoke: list[tuple[int, Speaker]], gender: dict[str, str], entities: Entities
) -> Speaker | None:
    fits = [s for _, s in reversed(spoke) if gender.get(s.name, wanted) == wanted]
    if fits:
        return fits[0]
    names = [n for n in reversed(entities.persons_before(span[0])) if gender.get(n, wanted) == wanted]
    if not names:
        return None
    others = tuple(dict.fromkeys(names))[:3]
    return Speaker(names[0], "PERSON", others if len(others) > 1 else ())


def _full_names(text: str, sources: Sequence[Span | None]) -> dict[str, str]:
    """Surnames that speak alone, with the full name that introduced them, also where the recogniser missed it."""
    found = {}
    for span in sources:
        words = text[slice(*span)] if span else ""
        if span is None or not re.fullmatch(r"[A-ZÀ-Þ][\w'’-]+", words) or words.casefold() in _PRONOUNS:
            continue
        for match in re.finditer(rf"\b([A-ZÀ-Þ][\w'’-]+) {re.escape(words)}\b", text[: span[0]]):
            if match[1].casefold() not in _TITLES and not match[1].isupper():
                found[words] = match[0]
                break
    return found
