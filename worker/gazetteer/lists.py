"""Known countries, places and organisations: names to ids, without any network.

data/README.md describes the lists and their licences. An id is `wikidata:Q159` or `geonames:524901`, or for a
name that no list has, a hash of its type and the name.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from worker.contract.ids import entity_id

__all__ = ["EntityType", "Entry", "Gazetteer", "gazetteer", "identity", "plain"]

EntityType = Literal["PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"]
"""The types of OntoNotes that entities can have: GPE is a country, state or city, NORP a nationality or party."""
EntryKind = Literal["country", "organisation", "capital", "state", "city"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A known country, place or organisation. `country` is an ISO 3166 code, empty where the entry belongs to none."""

    name: str
    kind: EntityType
    country: str
    what: EntryKind
    id: str
    population: int = 0


_PLACE_KINDS: dict[str, EntryKind] = {"": "city", "city": "city", "state": "state", "capital": "capital"}
"""Column `what` of places.tsv."""


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """A name without accents and case, for comparing it with others."""
    if name.isascii():
        return " ".join(name.casefold().split())
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


@dataclass(frozen=True, slots=True)
class SelfEvidentName:
    """A name of an entry; `is_metonym` where it is that of a building or place, as "the Kremlin".

    Where `only_beside` is the ISO code of a country, the name counts only in a text that names the country as well.
    """

    entry: Entry
    is_metonym: bool = False
    only_beside: str = ""


class Gazetteer:
    """The lists, by name.

    `self_evident` has the names that are accepted wherever they are written. `places` has those that are accepted only
    where the recogniser found a place; its keys are without accents and case.
    """

    def __init__(self) -> None:
        self.countries: dict[str, Entry] = {}
        self.self_evident: dict[str, SelfEvidentName] = {}
        self.places: dict[str, list[Entry]] = {}
        self._by_name: dict[tuple[str, str], Entry] = {}
        self._read_countries()
        self._read_organisations()
        self._read_places()
        self._read_metonyms()
        self.first_words: dict[str, list[str]] = {}
        for name in sorted(self.self_evident, key=len, reverse=True):
            self.first_words.setdefault(name.split()[0], []).append(name)

    def _read_countries(self) -> None:
        for row in _rows("countries.tsv"):
            entry = Entry(row["name"], "GPE", row["iso"], "country", f"wikidata:{row['wikidata']}")
            self.countries[row["iso"]] = self._by_name["GPE", plain(row["name"])] = entry
            known = SelfEvidentName(entry)
            for name in filter(None, [row["name"], *row["aliases"].split(";")]):
                self.self_evident.setdefault(name, known)
                if len(name) > 3:
                    self.self_evident.setdefault(name.upper(), known)
            for name in filter(None, [*row["adjectives"].split(";"), *row["people"].split(";")]):
                self.self_evident.setdefault(name, known)

    def _read_organisations(self) -> None:
        for row in _rows("organisations.tsv"):
            known_id = f"wikidata:{row['wikidata']}" if row["wikidata"] else entity_id("ORG", plain(row["name"]))
            entry = self._by_name.setdefault(
                ("ORG", plain(row["name"])), Entry(row["name"], "ORG", row["where"], "organisation", known_id)
            )
            own = [] if row["where"] and entry.country != row["where"] else [row["name"]]
            for name in filter(None, [*own, *row["aliases"].split(";")]):
                self.self_evident.setdefault(name, SelfEvidentName(entry, only_beside=row["where"]))

    def _read_places(self) -> None:
        for row in _rows("places.tsv"):
            entry = Entry(
                row["name"],
                "GPE",
                row["country"],
                _PLACE_KINDS[row["what"]],
                f"geonames:{row['geonames']}",
                int(row["population"]),
            )
            for name in filter(None, [row["name"], *row["aliases"].split(";")]):
                self.places.setdefault(plain(name), []).append(entry)
        for word, entries in self.places.items():
            own = {e.country for e in entries if plain(e.name) == word and e.what == "city"}
            entries[:] = [e for e in entries if plain(e.name) == word or e.country not in own or e.what != "city"]
            entries.sort(key=lambda e: (e.what == "capital", e.population), reverse=True)

    def _read_metonyms(self) -> None:
        for row in _rows("metonyms.tsv"):
            entry = self.countries.get(row["for"]) or self._by_name["ORG", plain(row["for"])]
            self.self_evident.setdefault(row["words"], SelfEvidentName(entry, is_metonym=True))

    def named(self, kind: str, name: str) -> Entry | None:
        """The country or organisation with exactly this name, accents and case aside."""
        return self._by_name.get((kind, plain(name)))

    def place(self, name: str, near: frozenset[str] = frozenset()) -> Entry | None:
        """The place with this name: one in the countries `near`, else a capital, else the most populous."""
        entries = self.places.get(plain(name))
        if not entries:
            return None
        return next((e for e in entries if e.country in near), entries[0])


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("worker.gazetteer").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once (0.2 s)."""
    return Gazetteer()


def identity(kind: str, name: str) -> str:
    """The id of a name: the gazetteer's, or for a name that it has not, a hash of type and name without accents."""
    entry = gazetteer().named(kind, name)
    if entry is None and kind == "GPE":
        entry = gazetteer().place(name)
    return entry.id if entry is not None else entity_id(kind, plain(name))
