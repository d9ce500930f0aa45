"""Corrects the types of names by the whole text: offices beside them, full names of people, words of the names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from worker.extraction.entities.mention import (
    PLACE_BEFORE,
    PLACE_OF,
    TITLED,
    Mention,
    called_before,
    is_body,
    word_before,
)
from worker.extraction.entities.person_names import GIVEN, family, same_surname, surname_key
from worker.extraction.entities.shaped_names import LAST_WORDS, is_located
from worker.extraction.lexicon.word_lists import any_of, ordered_words, words
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["typed"]

_BODY_WORDS = words("body_words")
_UNSURE: dict[EntityType, frozenset[EntityType]] = {
    "FAC": frozenset({"PERSON", "GPE", "LOC", "ORG", "EVENT"}),
    "LOC": frozenset({"PERSON", "GPE", "FAC", "PRODUCT"}),
    "EVENT": frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART"}),
    "LAW": frozenset({"PERSON", "ORG", "EVENT", "WORK_OF_ART", "PRODUCT"}),
    "ORG": frozenset({"PERSON", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART"}),
}
"""Types that the recogniser gives to such names by mistake."""
_PEOPLES = words("peoples_taken_for_bodies")
_LETTERS_OF_A_PRODUCT = re.compile(r"\b(?!(?:Mc|Mac|De|Di|Du|La|Le|Fitz|Van|Von|Al|El|Mc)[A-Z])[A-Z]?[a-z]+[A-Z]")
"""Capitals inside of a word, which no surname has: "NorBook"."""
_PLACES_TOO = words("given_names_also_places")
_PLACES = ("GPE", "LOC", "NORP", "PRODUCT", "FAC")
"""What the recogniser takes a body of a place for: "West Tarn Police"."""
_TRADED = re.compile(rf"\b{any_of('traded')} (?:by|from|to|with) $")
_PARTS_OF_PLACES = words("parts_of_places")
_FURTHER_LISTS = ("further_female_given_names", "further_male_given_names")
_BELONGS_TO_LEADER = words("belongs_to_leader")
_LEADERS = words("leaders_by_surname")
_LAW_WORDS = words("words_of_laws")
_ROLES = words("roles")
_SURNAMES_LIKE_PLACES = words("surnames_like_places")
_LAST_OF_BODIES = words("last_words_of_bodies")
_PRODUCTS = words("products_wherever_written")
_CELESTIAL = words("celestial_bodies")
_SIDES = words("sides_by_name")
_MIN_INITIALS = 3
"""Letters of the initials of a body: "NASA"; "LA" is a city."""
_FURTHER = {plain(name) for listed in _FURTHER_LISTS for name in ordered_words(listed)}
"""Rarer given names, by which what the recogniser took for a firm is a person."""
_OFFICE_BESIDE = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir)\s(?:[\w-]+\s){{0,2}}(?:{any_of('roles')}|member)\s"
    r"(?:of|for|at|from|in)\s[^,.;:\n]{2,60},\s$"
)
"""As in "the director of the dairy, Ina Kersch", "a teacher from Galway, Nuala Breen"."""
_AROUND = 100
_INITIALS = re.compile(r"[A-Z]\.(?:[A-Z]\.)?")
_APPOSITION = re.compile(r",\s([\w’'-]+(?:\s[\w’'-]+){0,6}\s?)")
_ARTICLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Tt]his)\s(?:(?:new|old|latest|last|first|\d[\w.-]*)\s){0,2}$")
_LIST = re.compile(r",?\s(?:and\s)?")
_NEXT_WORD = re.compile(r"\s(\w+)")
_BEFORE_THEIR_NAMES = words("bodies_before_their_names")
_RELATIVES = words("relatives") | words("further_relatives")
_FIRMS = _BODY_WORDS - _ROLES


class _Families:
    """The surnames of the people whom a text names in full."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = set(names)
        self._alike: dict[str, list[str]] = {}
        for name in self.names:
            self._alike.setdefault(surname_key(name), []).append(name)

    def have(self, name: str) -> bool:
        """Whether one of them is a name, or another spelling of it with the same first letter."""
        alike = self._alike.get(surname_key(name), ())
        return name in self.names or any(same_surname(name, other) for other in alike if other[:1] == name[:1])


def typed(found: list[Mention], text: str) -> list[Mention]:
    """The mentions with the types that the whole text gives them."""
    fulls = {m.span for m in found if m.name not in _SIDES and _is_full(m, text)}
    fulls |= _listed_with_people(found, fulls, text)
    people = [m for m in found if m.span in fulls]
    families = _Families(family(m.name) for m in people)
    givens = {plain(m.name).split()[0] for m in people}
    firsts = {m.name.split()[0] for m in found if m.kind == "ORG" and " " in m.name and m.span not in fulls}
    titled = {m.name for m in found if " " not in m.name and word_before(text, m.span[0]) in TITLED} - _known_places()
    made = []
    for each in found:
        kind: EntityType = each.kind
        last = plain(each.name).split()[-1]
        if each.name in _SIDES and kind != "ORG":
            kind = "ORG"
        elif each.span in fulls or _is_called_as_a_place(each, text):
            kind = "PERSON"
        elif " " in each.name and (of_last := LAST_WORDS.get(last)) is not None and kind in _UNSURE[of_last]:
            kind = of_last if not (kind == "GPE" and plain(each.name) in gazetteer().places) else "GPE"
        elif " " in each.name and _is_body_of_a_place(each.name) and kind in _PLACES:
            kind = "ORG"
        elif each.name.split(" ", maxsplit=1)[0] in _PRODUCTS and kind in ("ORG", "GPE", "LOC", "PERSON", "FAC"):
            kind = "PRODUCT"
        elif last in _CELESTIAL and " " not in each.name and kind in ("ORG", "GPE", "PRODUCT", "FAC"):
            kind = "LOC"
        elif kind == "PERSON" and (_LETTERS_OF_A_PRODUCT.search(each.name) or any(c.isdigit() for c in each.name)):
            kind = "PRODUCT" if any(c.isdigit() for c in each.name) else "ORG"
        elif kind in ("ORG", "GPE", "PERSON") and last.removesuffix("s") in _PEOPLES and " " not in each.name:
            kind = "NORP"
        elif kind == "GPE" and " " not in each.name and _is_traded_with(each, text):
            kind = "ORG"
        elif kind == "LAW" and _LAW_WORDS.isdisjoint(plain(each.name).split()):
            kind = "PRODUCT"
        elif kind == "PERSON" and _is_place(each, text):
            kind = "GPE"
        elif kind == "PERSON" and (
            is_body(each.name)
            or each.name in firsts
            or _is_firm(each, text)
            or word_before(text, each.span[0]) in _BEFORE_THEIR_NAMES
        ):
            kind = "ORG"
        elif kind == "PERSON" and " " in each.name and _is_made(each, text):
            kind = "PRODUCT"
        elif each.name in titled and kind in ("ORG", "PERSON", "GPE", "PRODUCT"):
            kind = "PERSON"
        elif " " not in each.name and kind not in ("EVENT", "LAW"):
            kind = _single(each, text, families, givens)
        made.append(replace(each, kind=kind))
    things = {m.name for m in made if _is_made(m, text)}
    surely = {m.name for m in people if word_before(text, m.span[0]) in TITLED or plain(m.name).split()[0] in GIVEN}
    return _alike(made, things - surely)


def _alike(found: list[Mention], things: set[str]) -> list[Mention]:
    """The mentions, those of one name of several words with one type, where some are taken for a person and some not.

    `things`: names that have an article somewhere; the more frequent type of such a name is right.
    """
    kinds: dict[str, Counter[EntityType]] = {}
    for each in found:
        if " " in each.name:
            kinds.setdefault(each.name, Counter())[each.kind] += 1
    right: dict[str, EntityType] = {}
    for name, counts in kinds.items():
        if len(counts) > 1 and "PERSON" in counts:
            most = max(counts, key=lambda kind: (counts[kind], kind != "PERSON"))
            right[name] = most if name in things else "PERSON"
    return [replace(each, kind=right.get(each.name, each.kind)) for each in found] if right else found


def _known_places() -> frozenset[str]:
    return frozenset(gazetteer().self_evident)


def _listed_with_people(found: list[Mention], fulls: set[Span], text: str) -> set[Span]:
    """Names of two words that the recogniser took for bodies, in a list of people: "Mike Holm, Colton Scevo and"."""
    listed: set[Span] = set()
    in_order = sorted(found, key=lambda m: m.span)
    for before, each, behind in zip(in_order, in_order[1:], in_order[2:], strict=False):
        is_listed = _joins(text, before, each) and _joins(text, each, behind)
        is_body_or_place = is_body(each.name) or _is_place(each, text)
        looks_like_one = each.kind in ("ORG", "PRODUCT", "GPE") and len(each.name.split()) == 2 and not is_body_or_place
        if is_listed and looks_like_one and {before.span, behind.span} <= fulls:
            listed.add(each.span)
    for one, other in pairwise(in_order):
        if text[one.span[1] : other.span[0]] == " and ":
            listed |= {
                each.span
                for each, beside in ((one, other), (other, one))
                if beside.span in fulls and (_begins_as_a_person(each, text) or _is_taken_for_a_thing(each, text))
            }
    return listed


def _begins_as_a_person(each: Mention, text: str) -> bool:
    """True for "Georgia Reed", if the words are no body's and no place's."""
    parts = each.name.split()
    is_place = _is_place(each, text) or (len(parts) == 2 and plain(parts[1]) in LAST_WORDS)
    return len(parts) == 2 and plain(parts[0]) in _PLACES_TOO and not is_place and not is_body(each.name)


def _is_taken_for_a_thing(each: Mention, text: str) -> bool:
    """ "Brandon Holm and Linus Toll scored": two words beside a person's, which no building is called by."""
    parts = each.name.split()
    is_thing = _is_place(each, text) or is_body(each.name) or plain(parts[-1]) in LAST_WORDS or _is_made(each, text)
    return each.kind in ("FAC", "PRODUCT") and len(parts) == 2 and each.name.replace(" ", "").isalpha() and not is_thing


def _is_called_as_a_place(each: Mention, text: str) -> bool:
    """Whether a name that begins as a place is a person's: "Paris Vale", taken for a town, or with "Paris said"."""
    if each.kind not in ("GPE", "ORG") or not _begins_as_a_person(each, text) or is_located(text, each.span[0]):
        return False
    first = each.name.split()[0]
    return each.kind == "GPE" or any(f"{first} {verb} " in text for verb in ("said", "says", "told", "added"))


def _joins(text: str, one: Mention, other: Mention) -> bool:
    """True where only a comma or "and" stands between two names."""
    return _LIST.fullmatch(text, one.span[1], other.span[0]) is not None


def _is_place(each: Mention, text: str) -> bool:
    """ "São Paulo", "the village of Upper Lom"."""
    first, _, last = each.name.rpartition(" ")
    known = gazetteer().self_evident.get(last) if first.casefold() in _PARTS_OF_PLACES else None
    is_part = known is not None and known.entry.what == "country"  # "Northern Ireland", no Mrs Ireland
    many = bool(first) and plain(each.name) in gazetteer().places
    return many or is_part or PLACE_OF.search(text[max(0, each.span[0] - 14) : each.span[0]]) is not None


def _is_made(each: Mention, text: str) -> bool:
    """Whether an article stands before a name, as before that of a thing: "the 16-inch Norbook Pro"."""
    return _ARTICLE_BEFORE.search(text[max(0, each.span[0] - 24) : each.span[0]]) is not None


def _is_firm(each: Mention, text: str) -> bool:
    """ "A patients' group, Second Chance"."""
    return called_before(text, each.span[0]) in _FIRMS


def _is_full(mention: Mention, text: str) -> bool:
    """Whether a name of several words is a person's: by the office beside it, the given name, or the recogniser."""
    parts = mention.name.split()
    start, end = mention.span
    if not 2 <= len(parts) <= 4 or is_body(mention.name) or mention.kind in ("LAW", "EVENT", "NORP"):
        return False
    if any(c.isdigit() or c == "&" for c in mention.name) or _is_of_a_place(mention, text):
        return False
    if _LETTERS_OF_A_PRODUCT.search(mention.name):
        return False
    if mention.kind in ("PERSON", "ORG", "PRODUCT") and _OFFICE_BESIDE.search(text, max(0, start - _AROUND), start):
        return True
    first, before = plain(parts[0]).rstrip(".").split("-", maxsplit=1)[0], word_before(text, start)
    is_of_body = before in _BEFORE_THEIR_NAMES and first not in GIVEN and first not in _FURTHER
    if is_of_body or _is_place(mention, text) or _is_firm(mention, text):
        return False
    if before in TITLED or first in GIVEN or _INITIALS.fullmatch(parts[0]):
        return True
    if first in _FURTHER and len(parts) == 2 and before != "the" and mention.kind in ("ORG", "PRODUCT", "FAC"):
        return True
    if mention.kind == "PERSON":
        return before != "the"
    after = _APPOSITION.match(text[end : end + 60])
    return after is not None and any(word in _ROLES for word in plain(after[1]).split())


def _is_traded_with(each: Mention, text: str) -> bool:
    """ "Sold to Tarn", where no town of this name is known."""
    known = plain(each.name) in gazetteer().places or each.name in gazetteer().self_evident
    return not known and _TRADED.search(text[max(0, each.span[0] - 24) : each.span[0]]) is not None


def _is_body_of_a_place(name: str) -> bool:
    """True for "West Tarn Police", not for "West Bank"."""
    parts = plain(name).split()
    return parts[-1] in _LAST_OF_BODIES and not (len(parts) == 2 and parts[0] in _PARTS_OF_PLACES)


def _is_of_a_place(mention: Mention, text: str) -> bool:
    """Whether the last word of a name is that of a street, a river, an event, and no surname: "Ruth Hall"."""
    parts = plain(mention.name).split()
    if parts[-1] not in LAST_WORDS:
        return False
    is_surname = (
        len(parts) == 2 and mention.kind == "PERSON" and parts[0] in GIVEN and parts[1] in _SURNAMES_LIKE_PLACES
    )
    return not is_surname or is_located(text, mention.span[0])


def _single(each: Mention, text: str, families: _Families, givens: set[str]) -> EntityType:
    """The type of a single word, by the surnames and given names of the people whom the text names in full."""
    word, whole = plain(each.name), family(each.name)
    if each.name.isupper() and len(each.name) <= 5 and whole not in families.names:
        is_place = word in gazetteer().places or len(each.name) < _MIN_INITIALS
        return "ORG" if each.kind == "PERSON" or (each.kind in ("GPE", "LOC") and not is_place) else each.kind
    is_leader = word in _LEADERS and each.kind in ("ORG", "GPE", "PERSON", "PRODUCT")
    if is_leader or families.have(whole):
        return "PERSON"
    before = word_before(text, each.span[0])
    after = _NEXT_WORD.match(text[each.span[1] : each.span[1] + 20])
    if before in _RELATIVES or called_before(text, each.span[0]) in _RELATIVES:
        return "PERSON"  # "his wife, Portia"
    if before in TITLED or (each.kind == "PERSON" and (word in givens or word in GIVEN)):
        return "PERSON"
    if each.kind in ("ORG", "PRODUCT") and word in givens and word in GIVEN:
        return "PERSON"  # "Grace" of Grace Vale
    if each.kind == "PERSON":
        if after and after[1] in _BELONGS_TO_LEADER and before in ("the", ""):
            return "PERSON"  # "the Biden administration"
        # news text gives a person's full name once; what never has one is a firm or a place
        located = PLACE_BEFORE.search(text[max(0, each.span[0] - 9) : each.span[0]])
        is_place = word in gazetteer().places or (located is not None and not _is_traded_with(each, text))
        return "GPE" if is_place else "ORG"
    return each.kind
