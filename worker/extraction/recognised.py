"""The recogniser's finds, mended: offices taken off names, names off bodies, shouted headlines left alone."""

from __future__ import annotations

import re
from typing import Any

from worker.extraction.gazetteer import gazetteer, plain
from worker.extraction.mention import TITLED, Mention, in_capitals, trimmed
from worker.extraction.names import GIVEN, WORDS
from worker.extraction.types import Span

__all__ = ["recognised"]

_TYPES = frozenset(("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"))
_PARTICLES = frozenset("al el de von van bin ibn di da del der den la le du dos ter ten and".split())
_NICKNAMED = re.compile(r"\b([A-ZÀ-Þ][\w-]{1,40})\s[‘'“\"][^‘'“\"’”\n]{2,25}[’'”\"]\s([A-ZÀ-Þ][\w-]+)")
_OFFICE_AFTER = re.compile(
    r"\s(?:[Mm]inist(?:er|ry)|[Ss]ecretary|[Dd]epartment|[Cc]ommittee|[Cc]hief|[Ss]pokes\w+|[Cc]hair)\b"
)
_LONGEST = 120
"""Characters of a name; what is longer is a run of words or of one letter."""
_TELLING = TITLED | WORDS["bodies"] | WORDS["role_modifiers"]
_NOT_NAMES = frozenset("monday tuesday wednesday thursday friday saturday sunday i he she they we it un".split())


def recognised(doc: Any, text: str) -> list[Mention]:
    """What the parse's recogniser found, in order, none inside another."""
    found: list[Mention] = []
    for ent in doc.ents:
        if ent.label_ in _TYPES and ent.end_char - ent.start_char <= _LONGEST:
            found += _bare(text, (ent.start_char, ent.end_char), ent.label_)
    found += [Mention(m.span(), "PERSON", f"{m[1]} {m[2]}") for m in _NICKNAMED.finditer(text)]
    return _apart([m for m in found if not (m.name.isupper() and m.name.count(" ") > 1)])


def _apart(found: list[Mention]) -> list[Mention]:
    """None inside another; the longer one stays."""
    kept: list[Mention] = []
    for each in sorted(found, key=lambda m: (m.span[0], -m.span[1])):
        if not kept or kept[-1].span[1] <= each.span[0]:
            kept.append(each)
        elif each.span[1] - each.span[0] > kept[-1].span[1] - kept[-1].span[0]:
            kept[-1] = each
    return kept


def _bare(text: str, span: Span, kind: str) -> list[Mention]:
    """A find without its article and possessive; an office is taken off a person's name, a person's name off a body's."""
    start, end = trimmed(text, span)
    name = text[start:end]
    if not any(c.isalnum() for c in name):
        return []  # the recogniser takes emoji and stray signs for names
    if name.islower() and (kind == "PERSON" or " " not in name):
        return []
    if plain(name) in _NOT_NAMES or (name.isupper() and in_capitals(text, start, end)):
        return []
    if " " not in name:
        office = plain(name) in TITLED or (_OFFICE_AFTER.match(text, end) and name not in gazetteer().free)
        return [] if office else [Mention((start, end), kind, name)]  # not "Finance" of "Finance Minister"
    parts = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", name)]
    plains = [plain(text[s:e].strip(".,")) for s, e in parts]
    if (
        _TELLING.isdisjoint(plains)
        and all(text[s].isupper() for s, _ in parts)
        and text[slice(*parts[0])] not in gazetteer().free
    ):
        return [Mention((start, end), kind, name)]
    if all(word in TITLED or word in WORDS["role_modifiers"] for word in plains) or (
        len(parts) > 1 and plains[-1] in WORDS["roles"]
    ):
        return []  # an office and nobody's name
    if (
        len(parts) > 2
        and text[parts[0][0] : parts[0][1]] in gazetteer().free
        and not set(plains[1:]) & WORDS["bodies"]
        and all(text[s].isupper() for s, _ in parts[1:])
    ):
        return _bare(text, (parts[1][0], end), "PERSON")  # "UN Richard Mills"
    if kind not in ("PERSON", "ORG"):
        return [Mention((start, end), kind, name)]
    last = max(
        (
            i
            for i, (s, _) in enumerate(parts)
            if plains[i] in TITLED or (text[s].islower() and plains[i] not in _PARTICLES)
        ),
        default=-1,
    )
    body = max((i for i, word in enumerate(plains) if word in WORDS["bodies"]), default=-1)
    trailing = [text[s:e] for s, e in parts[body + 1 :]]
    if (
        kind == "ORG"
        and body >= 0
        and last <= body
        and 2 <= len(trailing) <= 3
        and all(w[0].isupper() for w in trailing)
        and (plains[body + 1] in GIVEN or len(re.findall(rf"\b{re.escape(trailing[-1])}\b", text)) > 1)
        and " ".join(trailing) not in gazetteer().free
    ):
        return [  # "Karlby University Stig Dam"
            Mention((start, parts[body][1]), "ORG", text[start : parts[body][1]]),
            *_bare(text, (parts[body + 1][0], end), "PERSON"),
        ]
    if last < 0 or last == len(parts) - 1 or body > last:
        return [Mention((start, end), kind, name)]
    if kind == "ORG" and not any(word in TITLED for word in plains[: last + 1]):
        return [Mention((start, end), kind, name)]
    start = parts[last + 1][0]
    if plains[last] == "of" or not text[start].isupper():
        return []  # "Emeritus of Clinical Epidemiology"
    return [Mention((start, end), "PERSON", text[start:end])]
