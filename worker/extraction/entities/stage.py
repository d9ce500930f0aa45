"""The stage of entities: one entity for all mentions of somebody or something, with a type and a stable id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from worker.extraction.entities.find_mentions import mentions
from worker.extraction.entities.lookup import Entities, Named
from worker.extraction.entities.mention import Mention, is_body, is_within
from worker.extraction.entities.person_names import GIVEN, Gender, family, given, same_person, surname_key
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["Entities", "Named", "find_entities"]

_BODY_WORDS = words("body_words")
_TITLES = words("titles") | words("roles")
_FEMALE_TITLES = words("female_titles")
_MALE_TITLES = words("male_titles")
_FEMALE = words("words_for_women") - _FEMALE_TITLES
_MALE = words("words_for_men") - _MALE_TITLES
_SISTERS = words("words_for_women") & _FEMALE_TITLES
_BROTHERS = words("words_for_men") & _MALE_TITLES
_WORD_BEFORE = re.compile(r"\b([A-Za-z]+)[.,]?\s$")
_IN_BRACKETS = re.compile(r"(?:['’]s?)?\s\(([A-Z][A-Za-z&]*[A-Z][A-Za-z]?)\)")
_IN = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]cross)\s$")
_PRODUCTS = words("products_wherever_written")
_REGIONS = words("regions_firms_are_called_after")
_IN_THE = re.compile(r"\b(?:[Ii]n|[Aa]cross|[Aa]long|[Dd]own|[Ii]nto|[Tt]hrough|[Uu]p) the $")
_THE = re.compile(r"\b[Tt]he $")
_IN_A_STATE = re.compile(r", [A-Z]")
_BEFORE_OF = re.compile(r"(.+? .+?) (?:of|for) ")
_LEGAL_FORM = re.compile(rf",?\s{any_of('firm_suffixes')}\.?$")
_TITLE_BEFORE = re.compile(r"\b([A-Za-z]+)\.?\s$")

_HEADLINE = 200
"""Characters in which a headline of a text ends."""
_MAX_NAMES = 4
"""Words of a person's name; a longer one has words of a headline."""


def find_entities(doc: Doc, text: str) -> Entities:
    """Everybody and everything that a text names, each with all mentions; `doc` is the parse of `text`.

    Variants of a name are joined: a surname with the full name where only one person has it, two spellings of one name,
    the short form of an organisation's name with the full one, a capital that means its government with its country.
    """
    found = mentions(doc, text)
    named: list[Named] = []
    by_entry: dict[str, Named] = {}
    persons = [m for m in found if m.kind == "PERSON" and m.entry is None]
    others = [m for m in found if m.kind != "PERSON" or m.entry is not None]
    for mention in others:
        if mention.entry is not None:
            known = by_entry.get(mention.entry.id)
            if known is None:
                known = by_entry[mention.entry.id] = Named(mention.entry.kind, mention.entry.name, mention.entry)
                named.append(known)
            known.spans.append(mention.span)
    named += _bodies([m for m in others if m.entry is None], text)
    named += _persons(persons, text)
    for each in named:
        each.spans.sort()
    return Entities(text, sorted(named, key=lambda n: n.spans[0]))


def _key(name: str) -> str:
    return _LEGAL_FORM.sub("", plain(name))


def _bodies(found: list[Mention], text: str) -> list[Named]:
    """Names that are no person's and not in the gazetteer, each with the type that most of its mentions have."""
    made: dict[str, Named] = {}
    kinds: dict[str, Counter[EntityType]] = {}
    short: dict[str, list[Named]] = {}
    abbreviations = _introduced_in_brackets(found, text)
    alone: dict[str, list[int]] = {}
    for mention in found:
        alone.setdefault(mention.name, []).append(mention.span[0])
    for mention in sorted(found, key=lambda m: -len(m.name)):
        in_region = _is_a_region(mention, alone, text)
        if in_region:
            mention = replace(mention, kind="LOC", name=f"the {mention.name}")  # noqa: PLW2901 - the same, known better
        key = _key(abbreviations.get(mention.name, mention.name))
        each = made.get(key)
        if each is None and not in_region and not _is_in_a_place(mention.name, mention.span[0], text):
            fits = (
                _called_by_last_word(mention, short, text)
                or short.get(plain(mention.name))
                or (short.get(mention.name) if mention.name.isupper() else None)
                or []
            )
            if len(fits) == 1 and not _is_first_alone(
                mention.name, fits[0], alone, text
            ):  # "Aurora" of "Aurora Air", "TWF" of "Transport Workers' Federation"
                fits[0].spans.append(mention.span)
                continue
        if each is None:
            each = made[key] = Named(mention.kind, _readable(mention.name))
            if mention.kind == "ORG":
                for form in _short_forms(mention.name):
                    short.setdefault(form, []).append(each)
        each.spans.append(mention.span)
        kinds.setdefault(key, Counter())[mention.kind] += 1
    for key, counts in kinds.items():
        each = made[key]
        each.kind = max(counts, key=lambda kind: (counts[kind], kind in ("GPE", "ORG"), kind))
        if _can_be_a_place(each) and any(is_within(text, start) for start, _ in each.spans):
            each.kind = "LOC" if "LOC" in counts else "GPE"
    return list(made.values())


def _can_be_a_place(named: Named) -> bool:
    """Whether a name with "in" before it may be that of a town or a region; not "in Windows 11", "in Tarn Police"."""
    if named.kind not in ("ORG", "GPE", "LOC", "PRODUCT") or named.name in _PRODUCTS:
        return False
    return not (is_body(named.name) or any(c.isdigit() for c in named.name))


def _called_by_last_word(mention: Mention, short: Mapping[str, list[Named]], text: str) -> list[Named]:
    """Bodies that "the Foundation" can be."""
    is_the = text[max(0, mention.span[0] - 4) : mention.span[0]].casefold() == "the "
    return short.get(f"the {plain(mention.name)}", []) if is_the and " " not in mention.name else []


def _is_a_region(mention: Mention, alone: Mapping[str, list[int]], text: str) -> bool:
    """ "Rangers in the Amazon", where the firm Amazon is named without an article besides."""
    if mention.name not in _REGIONS:
        return False
    if not _IN_THE.search(text[max(0, mention.span[0] - 14) : mention.span[0]]):
        return False
    return any(not _THE.search(text[max(0, at - 4) : at]) for at in alone[mention.name])


def _is_in_a_place(name: str, at: int, text: str) -> bool:
    """ "In Phoenix", "in Phoenix, Arizona", beside Phoenix Shipping; not "shares in Phoenix"."""
    before = _IN.search(text[max(0, at - 9) : at])
    if before is None or plain(name) not in gazetteer().places:
        return False
    return before[0][0].isupper() or _IN_A_STATE.match(text, at + len(name)) is not None


def _is_first_alone(name: str, longer: Named, alone: Mapping[str, list[int]], text: str) -> bool:
    """Whether a name stands alone before a longer one that begins with it is named: "Norbook", then "Norbook Club".

    What introduces a body does so with its whole name, but for a headline.
    """
    if name.isupper():
        return False
    body = text.find("\n", 0, _HEADLINE) + 1
    first = min((at for at in alone[name] if at >= body), default=len(text))
    return first < min(start for start, _ in longer.spans)


def _introduced_in_brackets(found: list[Mention], text: str) -> dict[str, str]:
    """Abbreviations with the name that they are introduced behind: "the Norland Bakers' Guild (NBG)"."""
    abbreviations: dict[str, str] = {}
    for mention in found:
        match = _IN_BRACKETS.match(text, mention.span[1])
        if match is not None and " " in mention.name and match[1][0] in "".join(w[0] for w in mention.name.split()):
            abbreviations.setdefault(match[1], mention.name)
    return abbreviations


def _short_forms(name: str) -> set[str]:
    """The short forms of a name of several words: its first word, its initials, "National Bank" of that of Verra."""
    parts = [w for w in re.split(r"[\s\-]+", name) if w]
    if len(parts) < 2:
        return set()
    whose = _BEFORE_OF.match(name)
    forms = {plain(parts[0]), "".join(w[0] for w in parts if w[0].isupper())}
    if plain(parts[-1]) in _BODY_WORDS:
        forms.add(f"the {plain(parts[-1])}")
    return forms | ({plain(whose[1])} if whose else set())


def _readable(name: str) -> str:
    return name.title() if name.isupper() and " " in name else name


def _persons(found: list[Mention], text: str) -> list[Named]:
    """People: first the full names, then the single words, each given to the one person whom it can name, if any."""
    people = _People()
    full = [m for m in found if len(m.name.split()) > 1]
    for mention in sorted(full, key=lambda m: (m.name.isupper(), -len(m.name), m.span)):
        fits = [n for n in people.alike(mention.name) if given(n.name) and _same(n.name, mention.name)]
        if len(fits) == 1:
            fits[0].spans.append(mention.span)
        else:
            people.add(Named("PERSON", _readable(mention.name), None, [mention.span]))
    alone: dict[str, Named] = {}
    first_of: dict[str, Named] = {}
    for mention in sorted((m for m in found if len(m.name.split()) == 1), key=lambda m: m.span):
        each = _whose(mention, people, text) or _introduced_first(mention, people, text, first_of)
        if each is None:
            each = alone.setdefault(plain(mention.name), Named("PERSON", _readable(mention.name)))
        each.spans.append(mention.span)
    return people.all + list(alone.values())


def _same(name: str, other: str) -> bool:
    """Two names of one person: "Emma Rosa Lind" is "Rosa Lind" as well."""
    is_longer = len(name.split()) <= _MAX_NAMES and plain(name).endswith(f" {plain(other)}")
    return is_longer or same_person(name, other)


class _People:
    """People by what their names have in common."""

    def __init__(self) -> None:
        self.all: list[Named] = []
        self.families: set[str] = set()
        self._alike: dict[str, list[Named]] = {}
        self._by_last: dict[str, list[Named]] = {}
        self._by_first: dict[str, list[Named]] = {}

    def add(self, person: Named) -> None:
        self.all.append(person)
        surname = family(person.name)
        self.families.add(surname)
        self._alike.setdefault(surname_key(surname), []).append(person)
        for last in {surname, plain(person.name.split()[-1])}:
            self._by_last.setdefault(last, []).append(person)
        self._by_first.setdefault((plain(person.name).split() or [""])[0], []).append(person)

    def alike(self, name: str) -> list[Named]:
        """Those whose surname may be that of a name, in the order in which they were added."""
        return self._alike.get(surname_key(family(name)), [])

    def with_last(self, word: str) -> list[Named]:
        """Those whose name ends with a word."""
        return self._by_last.get(word, [])

    def with_first(self, word: str) -> list[Named]:
        """Those whose name begins with a word."""
        return self._by_first.get(word, [])


def _whose(mention: Mention, people: _People, text: str) -> Named | None:
    """The one person whom a single word can name; None where there are none or several."""
    word = plain(mention.name)
    fits = people.with_last(word) or [n for n in people.alike(mention.name) if same_person(n.name, mention.name)]
    if len(fits) > 1 and (title := _title_before(text, mention.span[0])):
        same = [n for n in fits if any(_title_before(text, start) == title for start, _ in n.spans)]
        fits = same if len(same) == 1 else fits
    if len(fits) > 1:
        gender = _gender_of_title(text, mention.span[0])
        fits = _of_gender(fits, gender, text) if gender else []
    if not fits and word not in people.families:
        fits = people.with_first(word)
    return fits[0] if len(fits) == 1 else None


def _introduced_first(mention: Mention, people: _People, text: str, first_of: dict[str, Named]) -> Named | None:
    """The one of several with a surname who was alone with it when the text first put it alone, and keeps it.

    `first_of`: surnames with these people. A relative who comes in later has a first name or a title.
    """
    word, at = plain(mention.name), mention.span[0]
    if word in first_of:
        return first_of[word] if not _title_before(text, at) else None
    fits = people.with_last(word) or people.with_first(word)
    before = [each for each in fits if any(start < at for start, _ in each.spans)]
    if len(fits) < 2 or len(before) != 1 or _title_before(text, at) or at < text.find("\n", 0, _HEADLINE):
        return None
    first_of[word] = before[0]
    return before[0]


def _of_gender(people: list[Named], gender: Gender, text: str) -> list[Named]:
    """Those who may be of a gender, by a word of kinship before them ("her husband, Marek Toll") or the given name."""
    told = [(each, _kin(each, text), GIVEN.get((given(each.name) or [""])[0])) for each in people]
    sure = [each for each, kin, _ in told if kin == gender]
    if len(sure) == 1 and not any(by_name == gender for each, _, by_name in told if each not in sure):
        return sure
    return [each for each, kin, by_name in told if (kin or by_name or gender) == gender]


def _kin(person: Named, text: str) -> Gender | None:
    for start, _ in person.spans:
        before = _WORD_BEFORE.search(text[max(0, start - 24) : start])
        word = before[1].casefold() if before else ""
        is_kin = before is not None and "," in before[0]  # "her brother, Ivo Vale" is no Brother Ivo
        if word in _FEMALE or (is_kin and word in _SISTERS):
            return "f"
        if word in _MALE or (is_kin and word in _BROTHERS):
            return "m"
    return None


def _gender_of_title(text: str, at: int) -> Gender | None:
    """The gender that a title before an offset tells: "Mrs"."""
    title = _title_before(text, at)
    return "f" if title in _FEMALE_TITLES else "m" if title in _MALE_TITLES else None


def _title_before(text: str, at: int) -> str:
    """The word before an offset in lower case, where it is a title: "dr"."""
    before = _TITLE_BEFORE.search(text[max(0, at - 12) : at])
    title = before[1].casefold() if before else ""
    return title if title in _TITLES else ""
