"""Finds every place where a text names somebody or something, with the type of the name.

The small English model includes offices in names, and confuses surnames with organisations and firms with people. This
module takes its entities as recogniser_fixes.py repairs them, adds the names of missed_names.py and of the gazetteer,
and lets name_types.py correct the types by what the whole text says about a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from worker.extraction.entities.headline_names import without_headline_words
from worker.extraction.entities.mention import (
    CAPITAL,
    MIN_POPULATION,
    PLACE_BEFORE,
    TITLED,
    Mention,
    Spread,
    is_body,
    is_within,
    word_before,
)
from worker.extraction.entities.metonymy import means_government
from worker.extraction.entities.missed_names import beside_trades, cities, employers, firms, introduced, known
from worker.extraction.entities.name_types import typed
from worker.extraction.entities.person_names import GIVEN, family
from worker.extraction.entities.recogniser_fixes import recognised
from worker.extraction.entities.shaped_names import shaped
from worker.extraction.entities.told_kinds import told
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["mentions"]

_WORD = re.compile(r"\w+")
_BEFORE_CAPITAL = re.compile(r"\s[A-Z]")
_WORD_BEFORE = re.compile(r"(?:^|(?<=[\s“\"]))([A-ZÀ-Þ][\w’'-]+) \Z")
_PARTICLES = words("name_particles")
_MAX_GIVEN = 24
_MODIFIERS = words("role_modifiers")
_NEVER_FIRST = words("never_first_in_name")
_PARTS = words("parts_of_places")
_LEADERS = words("leaders_by_surname")
_MIN_LETTERS = 4
_REPEATED = frozenset(("ORG", "PERSON"))
"""Types of single words that are names wherever they have a capital; a title of a work may be any word."""
_SURNAME_BEHIND = re.compile(r" [A-ZÀ-Þ][\w’'-]+")
_HOLDS = frozenset(("PERSON", "ORG", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"))
"""Types of names inside which nothing else is named: "Bank of England" does not name England."""


def mentions(doc: Doc, text: str) -> list[Mention]:
    """All mentions in the order of the text, none inside another."""
    capitals = [m.span() for m in CAPITAL.finditer(text)]
    found = Spread(_begun(doc, _rejoined(without_headline_words(recognised(doc, text), text), text), text))
    found = _with(found, cities(text, capitals, found))
    found = _with(found, introduced(text, capitals, found))
    found = _with(found, beside_trades(doc, found))
    found = Spread([*found.mentions, *(m for m in firms(text, capitals) if not found.meeting(m.span))])
    found = Spread(typed(found.mentions, text))
    found = _with(found, shaped(text, capitals, found))
    found = _with(found, told(doc, text, found))
    merged = _merged(_with_namesakes(found, text), known(text, capitals))
    merged += employers(text, capitals, Spread(merged))
    merged += _well_known(doc, text, capitals, Spread(merged))
    merged += _repeated(text, capitals, Spread(merged))
    merged += _beside_bodies(doc, Spread(merged))
    near = frozenset(m.entry.country for m in merged if m.entry is not None and m.entry.what == "country")
    firsts = {m.name.split()[0] for m in merged if m.kind == "ORG" and m.entry is None and " " in m.name}
    towns = {m.name for m in merged if m.kind == "GPE" and m.name in firsts and is_within(text, m.span[0])}
    merged = [replace(m, kind="GPE") if m.kind == "ORG" and m.name in towns else m for m in merged]
    placed = [_placed(each, text, near, firsts - towns) for each in merged]
    return sorted((_as_government(each, doc) for each in placed), key=lambda m: m.span)


def _rejoined(found: Iterable[Mention], text: str) -> list[Mention]:
    """The mentions, a name behind an office as one where it was torn: "lawmaker Berit" and "Lie", "Yann Le" Goff."""
    joined: list[Mention] = []
    for each in sorted((_with_surname(m, text) for m in found), key=lambda m: m.span):
        last = joined[-1] if joined else None
        if last is not None and each.span[0] < last.span[1]:
            continue
        is_torn = last is not None and _is_name_with_particle(last, each, text)
        is_torn = is_torn or (
            last is not None
            and each.kind == "PERSON"
            and " " not in each.name
            and " " not in last.name
            and text[last.span[1] : each.span[0]] == " "
            and word_before(text, last.span[0]) in TITLED
        )
        if last is not None and is_torn:
            span = last.span[0], each.span[1]
            joined[-1] = Mention(span, "PERSON", text[slice(*span)])
        else:
            joined.append(each)
    return joined


def _is_name_with_particle(one: Mention, other: Mention, text: str) -> bool:
    """ "Piero" and "Vale" of "Piero di Vale"."""
    between = text[one.span[1] : other.span[0]]
    are_single = " " not in one.name and one.kind in ("PERSON", "ORG") and one.name[:1].isupper()
    return are_single and len(between) > 3 and between[:1] == between[-1:] == " " and between.strip() in _PARTICLES


def _begun(doc: Doc, found: list[Mention], text: str) -> list[Mention]:
    """The mentions, a surname at the beginning of a sentence with the given name that the recogniser left out."""
    made: list[Mention] = []
    for each in found:
        word = _WORD_BEFORE.search(text, max(0, each.span[0] - _MAX_GIVEN), each.span[0])
        is_surname = word is not None and each.kind == "PERSON" and " " not in each.name and each.entry is None
        tokens = doc.char_span(*word.span(1), alignment_mode="expand") if word is not None and is_surname else None
        given = tokens.root if tokens is not None else None
        if given is not None and given.is_sent_start and given.tag_ == "NNP" and given.dep_ == "compound":
            is_office = plain(given.text) in TITLED or plain(given.text) in _MODIFIERS
            begin = each.span[0] if is_office or given.text in _NEVER_FIRST else given.idx
            made.append(Mention((begin, each.span[1]), "PERSON", text[begin : each.span[1]]))
        else:
            made.append(each)
    return made


def _with_surname(each: Mention, text: str) -> Mention:
    """A person's name that ends with a particle, with the surname behind it."""
    if each.kind != "PERSON" or " " not in each.name or plain(each.name.rsplit(maxsplit=1)[-1]) not in _PARTICLES:
        return each
    behind = _SURNAME_BEHIND.match(text, each.span[1])
    return Mention((each.span[0], behind.end()), "PERSON", text[each.span[0] : behind.end()]) if behind else each


def _with(found: Spread, more: list[Mention]) -> Spread:
    """`found` with `more` added, which replace the mentions that they share characters with."""
    gone = {m.span for each in more for m in found.meeting(each.span)}
    return Spread([*(m for m in found.mentions if m.span not in gone), *more])


def _merged(found: Spread, listed: list[Mention]) -> list[Mention]:
    """`found` with those of the gazetteer, which replace what they meet, except inside longer names."""
    kept: list[Mention] = []
    taken: set[Span] = set()
    people = [m for m in found.mentions if m.kind == "PERSON" and len(m.name.split()) > 1]
    namesakes = {word for m in people for word in (family(m.name), plain(m.name.split()[0]))}
    for mention in listed:
        holders = found.meeting(mention.span)
        longer = [m for m in holders if m.span[1] - m.span[0] > mention.span[1] - mention.span[0]]
        if any(
            m.kind in _HOLDS or (m.kind == "LOC" and " of " in m.name) or _is_part_or_namesake(m, mention)
            for m in longer
        ):
            continue
        same = [m for m in holders if m.span == mention.span]
        if (
            any(m.kind == "PERSON" for m in same)
            and mention.entry is not None
            and mention.entry.what in ("country", "capital")
            and plain(same[0].name) in namesakes  # "Jordan" after "Michael Jordan" or "Jordan Wells"
        ):
            continue
        taken |= {m.span for m in holders}
        kept.append(mention)
    return kept + [m for m in found.mentions if m.span not in taken]


def _is_part_or_namesake(longer: Mention, of: Mention) -> bool:
    """Whether a place is a part of another one, or called after it: "Northern Ireland", "New Mexico"."""
    first = longer.name.split(" ")[0]
    is_part = first[:1].isupper() and first.casefold() in _PARTS
    return is_part and longer.kind in ("GPE", "LOC") and longer.span[1] == of.span[1]


def _with_namesakes(found: Spread, text: str) -> Spread:
    """The mentions, with people where a single word is the given name of somebody and is used of no place.

    "Paris said" after "Paris Hillard", in a text that has Paris nowhere before her name and in no place.
    """
    people: dict[str, Mention] = {}
    for mention in found.mentions:
        parts = mention.name.split()
        if mention.kind == "PERSON" and len(parts) > 1:
            people.setdefault(parts[0], mention)
    starts = _word_starts(text, people)
    named = {word for word, person in people.items() if _is_only_a_name(word, person, text, starts[word])}
    alone = (
        (word, (at, at + len(word)))
        for word in sorted(named)
        for at in starts[word]
        if not _BEFORE_CAPITAL.match(text, at + len(word))
    )
    more = [
        Mention(span, "PERSON", word)
        for word, span in alone
        if not any(m.kind == "PERSON" for m in found.meeting(span))
    ]
    return _with(found, more)


def _word_starts(text: str, words: Iterable[str]) -> dict[str, list[int]]:
    """Where each of some words is in a text, as a whole word."""
    wanted: dict[str, list[int]] = {word: [] for word in words}
    for match in _WORD.finditer(text) if wanted else ():
        if (starts := wanted.get(match[0])) is not None:
            starts.append(match.start())
    for word in (word for word in wanted if not _WORD.fullmatch(word)):
        wanted[word] = [m.start() for m in re.finditer(rf"\b{re.escape(word)}\b", text)]
    return wanted


def _is_only_a_name(word: str, person: Mention, text: str, starts: list[int]) -> bool:
    """Whether a word that a person's name begins with is nowhere before it, and nowhere with "in" or "to"."""
    if not word[:1].isupper() or text.find(word) < person.span[0]:
        return False
    return not any(PLACE_BEFORE.search(text[max(0, at - 9) : at]) for at in starts)


def _beside_bodies(doc: Doc, found: Spread) -> list[Mention]:
    """Names at the beginning of a sentence that are joined to those of bodies or places.

    As in "Orange and Shell declined to comment", "Leeds, Lyon and Lima grew".
    """
    made: list[Mention] = []
    for each in found.mentions:
        tokens = doc.char_span(*each.span, alignment_mode="expand") if each.kind in ("ORG", "GPE") else None
        word = tokens.root.head if tokens is not None and tokens.root.dep_ == "conj" else None
        if word is None or not word.is_sent_start or word.tag_ != "NNP" or word.dep_ != "nsubj":
            continue
        span = word.idx, word.idx + len(word.text)
        if not found.meeting(span) and (each.kind == "ORG" or plain(word.text) in gazetteer().places):
            made.append(Mention(span, each.kind, word.text))
    return made


def _well_known(doc: Doc, text: str, capitals: list[Span], found: Spread) -> list[Mention]:
    """Large cities and heads of state that the recogniser missed, as it does at the beginning of a sentence."""
    made: list[Mention] = []
    for start, end in capitals:
        word = text[start:end]
        low = plain(word)
        kind: EntityType = "PERSON" if low in _LEADERS else "GPE"
        if kind == "GPE" and not _is_large_city(low):
            continue
        is_part = text[end : end + 2].lstrip(" \u00a0")[:1].isupper() or text[start - 1 : start] in ("-", "@", "#")
        if word.isupper() or is_part or found.meeting((start, end)):
            continue
        token = doc.char_span(start, end, alignment_mode="expand")
        if token is not None and token.root.tag_ == "NNP" and not word_before(text, start)[:1].isupper():
            made.append(Mention((start, end), kind, word))
    return made


@lru_cache(maxsize=4096)
def _is_large_city(low: str) -> bool:
    entries = gazetteer().places.get(low)
    if not entries or len(low) < _MIN_LETTERS or low in GIVEN:
        return False
    return entries[0].what == "capital" or entries[0].population >= MIN_POPULATION


def _repeated(text: str, capitals: list[Span], found: Spread) -> list[Mention]:
    """Names that were found in one place and missed in another, and surnames of people whom the text names in full."""
    known: dict[str, Mention] = {}
    for each in found.mentions:
        if each.kind == "PERSON" and " " in each.name:
            known[each.name.split()[-1]] = each
        if each.entry is None and len(each.name) >= _MIN_LETTERS and (" " in each.name or each.kind in _REPEATED):
            known.setdefault(each.name, each)
    longest: dict[str, list[str]] = {}
    for name in sorted(known, key=len, reverse=True):
        longest.setdefault(name.split(" ", maxsplit=1)[0], []).append(name)
    made: list[Mention] = []
    for start, end in capitals:
        if made and start < made[-1].span[1]:
            continue
        word = text[start:end].removesuffix("'s").removesuffix("’s")
        for name in longest.get(word, ()):
            span = (start, start + len(name))
            if text.startswith(name, start) and not text[span[1] : span[1] + 1].isalnum() and not found.meeting(span):
                made.append(Mention(span, known[name].kind, name))
                break
    return made


@cache
def _states() -> Mapping[str, str]:
    return {str(short): str(full) for short, full in read_table("state_abbreviations")["states"].items()}


def _placed(each: Mention, text: str, near: frozenset[str], firsts: set[str]) -> Mention:
    """The mention as a city or state of the gazetteer, if it is one, preferably in a country that the text names."""
    state = _states().get(each.name.rstrip("."))
    if state is not None and each.entry is None and "." in text[each.span[1] - 1 : each.span[1] + 1]:
        return replace(each, kind="GPE", entry=gazetteer().place(state, frozenset({"US"})))
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
        (entry.what == "city" and entry.population < MIN_POPULATION) or (each.name.isupper() and len(each.name) < 4)
    ):
        return each
    return replace(each, kind="GPE", entry=entry)


def _as_government(each: Mention, doc: Doc) -> Mention:
    """The mention as the country of a capital, where the capital means its government."""
    if each.entry is None or each.entry.what != "capital":
        return each
    tokens = doc.char_span(*each.span, alignment_mode="expand")
    if tokens is None or not means_government(tokens.root):
        return each
    lists = gazetteer()
    if each.entry.name == "Brussels":
        return replace(each, kind="ORG", entry=lists.named("ORG", "European Union"))
    return replace(each, entry=lists.countries[each.entry.country])
