"""Where the text names somebody or something, and of what type.

The small English model takes offices into names, surnames for organisations and firms for people. Its finds are mended
(recognised.py), what it missed is added (found_names.py), what the text says about a name elsewhere decides its type
(name_types.py), and here all that and the gazetteer come together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from worker.extraction.found_names import cities, firms, introduced, known
from worker.extraction.gazetteer import gazetteer, plain
from worker.extraction.mention import CAPITAL, LARGE, PLACE_BEFORE, Mention, Spread, is_body
from worker.extraction.metonyms import speaks
from worker.extraction.name_types import typed
from worker.extraction.names import family
from worker.extraction.recognised import recognised
from worker.extraction.types import Span

__all__ = ["mentions"]

_HOLDS = frozenset(("PERSON", "ORG", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"))
"""Types whose names keep what is inside them: "Bank of England" does not name England."""


def mentions(doc: Any, text: str) -> list[Mention]:
    """All mentions in their order, none inside another."""
    words = [m.span() for m in CAPITAL.finditer(text)]
    found = Spread(recognised(doc, text))
    found = _with(found, cities(text, words, found))
    found = _with(found, introduced(text, words, found))
    found = Spread([*found.mentions, *(m for m in firms(text, words) if not found.meeting(m.span))])
    merged = _merged(Spread(typed(found.mentions, text)), known(text, words))
    merged += _repeated(text, words, Spread(merged))
    near = frozenset(m.entry.country for m in merged if m.entry is not None and m.entry.what == "country")
    firsts = {m.name.split()[0] for m in merged if m.kind == "ORG" and m.entry is None and " " in m.name}
    placed = [_placed(each, text, near, firsts) for each in merged]
    return sorted((_spoken(each, doc) for each in placed), key=lambda m: m.span)


def _with(found: Spread, more: list[Mention]) -> Spread:
    """What is added goes before what it meets."""
    gone = {m.span for each in more for m in found.meeting(each.span)}
    return Spread([*(m for m in found.mentions if m.span not in gone), *more])


def _merged(found: Spread, listed: list[Mention]) -> list[Mention]:
    """The gazetteer's finds go before the recogniser's, except inside the names of others."""
    kept: list[Mention] = []
    taken: set[Span] = set()
    for mention in listed:
        holders = found.meeting(mention.span)
        longer = [m for m in holders if m.span[1] - m.span[0] > mention.span[1] - mention.span[0]]
        if any(m.kind in _HOLDS for m in longer):
            continue
        same = [m for m in holders if m.span == mention.span]
        if (
            any(m.kind == "PERSON" for m in same)
            and mention.entry is not None
            and mention.entry.what == "country"
            and _has_namesake(same[0], found.mentions)
        ):
            continue
        taken |= {m.span for m in holders}
        kept.append(mention)
    return kept + [m for m in found.mentions if m.span not in taken]


def _has_namesake(mention: Mention, found: list[Mention]) -> bool:
    """ "Jordan" after "Michael Jordan"."""
    return any(m.kind == "PERSON" and len(m.name.split()) > 1 and family(m.name) == plain(mention.name) for m in found)


def _repeated(text: str, words: list[Span], found: Spread) -> list[Mention]:
    """Surnames and single names that the recogniser took once and missed elsewhere."""
    single: dict[str, Mention] = {}
    for each in found.mentions:
        if each.kind == "PERSON" and len(each.name.split()) > 1:
            single[each.name.split()[-1]] = each
        elif each.kind == "ORG" and " " not in each.name and each.entry is None and len(each.name) > 3:
            single.setdefault(each.name, each)
    made = []
    for start, end in words:
        word = text[start:end]
        bare = word.removesuffix("'s").removesuffix("’s")
        first = single.get(bare)
        if first is not None:
            span = (start, start + len(bare))
            if not found.meeting(span):
                made.append(Mention(span, first.kind, bare))
    return made


def _placed(each: Mention, text: str, near: frozenset[str], firsts: set[str]) -> Mention:
    """Cities and states by the gazetteer, of the countries that the text names before others."""
    if (
        each.entry is not None
        or each.kind in ("PERSON", "NORP", "EVENT", "LAW")
        or is_body(each.name)
        or each.name in firsts
    ):
        return each
    entry = gazetteer().place(each.name, near)
    if entry is None:
        return each
    surely = each.kind in ("GPE", "LOC") or PLACE_BEFORE.search(text[max(0, each.span[0] - 9) : each.span[0]])
    if not surely and (
        (entry.what == "city" and entry.population < LARGE) or (each.name.isupper() and len(each.name) < 4)
    ):
        return each
    return replace(each, kind="GPE", entry=entry)


def _spoken(each: Mention, doc: Any) -> Mention:
    """A capital that stands for its government is the country."""
    if each.entry is None or each.entry.what != "capital":
        return each
    tokens = doc.char_span(*each.span, alignment_mode="expand")
    if tokens is None or not speaks(tokens.root):
        return each
    lists = gazetteer()
    if each.entry.name == "Brussels":
        return replace(each, kind="ORG", entry=lists.named("ORG", "European Union"))
    return replace(each, entry=lists.countries[each.entry.country])
