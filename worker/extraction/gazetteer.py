"""Known countries, places and organisations: names to ids, without any network.

Lists and their licences: data/gazetteer/README.md. An id is `wikidata:Q159`, `geonames:524901`, or for who is in no list
the hash of type and name.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from worker.contract.ids import entity_id

__all__ = ["Entry", "Gazetteer", "gazetteer", "identity", "plain"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One known thing. `country` is its ISO code; `what`: country, organisation, capital, state, city."""

    name: str
    kind: str
    country: str
    what: str
    id: str
    population: int = 0


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """A name without accents and case, for comparing."""
    if name.isascii():
        return " ".join(name.casefold().split())
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


class Gazetteer:
    """`free`: names that stand for themselves wherever they are written; `places`: names that a recogniser must have taken for one."""

    def __init__(self) -> None:
        self.countries: dict[str, Entry] = {}
        self.free: dict[str, tuple[Entry, str]] = {}
        """Name as written to its entry and form: name, adjective, people, metonym, or the ISO code where it holds."""
        self.places: dict[str, list[Entry]] = {}
        self._by_name: dict[tuple[str, str], Entry] = {}
        self._read_countries()
        self._read_organisations()
        self._read_places()
        self._read_metonyms()
        self.first_words: dict[str, list[str]] = {}
        for name in sorted(self.free, key=len, reverse=True):
            self.first_words.setdefault(name.split()[0], []).append(name)

    def _read_countries(self) -> None:
        for row in _rows("countries.tsv"):
            entry = Entry(row["name"], "GPE", row["iso"], "country", f"wikidata:{row['wikidata']}")
            self.countries[row["iso"]] = self._by_name["GPE", plain(row["name"])] = entry
            for form, names in (
                ("name", f"{row['name']};{row['aliases']}"),
                ("adjective", row["adjectives"]),
                ("people", row["people"]),
            ):
                for name in filter(None, names.split(";")):
                    self.free.setdefault(name, (entry, form))
                    if form == "name" and len(name) > 3:
                        self.free.setdefault(name.upper(), (entry, form))

    def _read_organisations(self) -> None:
        for row in _rows("organisations.tsv"):
            known = f"wikidata:{row['wikidata']}" if row["wikidata"] else entity_id("ORG", plain(row["name"]))
            entry = self._by_name.setdefault(
                ("ORG", plain(row["name"])), Entry(row["name"], "ORG", row["where"], "organisation", known)
            )
            own = [] if row["where"] and entry.country != row["where"] else [row["name"]]
            for name in filter(None, [*own, *row["aliases"].split(";")]):
                self.free.setdefault(name, (entry, row["where"] or "name"))

    def _read_places(self) -> None:
        for row in _rows("places.tsv"):
            entry = Entry(
                row["name"],
                "GPE",
                row["country"],
                row["what"] or "city",
                f"geonames:{row['geonames']}",
                int(row["population"]),
            )
            for name in filter(None, [row["name"], *row["aliases"].split(";")]):
                self.places.setdefault(plain(name), []).append(entry)
        for entries in self.places.values():
            entries.sort(key=lambda e: (e.what == "capital", e.population), reverse=True)

    def _read_metonyms(self) -> None:
        for row in _rows("metonyms.tsv"):
            entry = self.countries.get(row["for"]) or self._by_name["ORG", plain(row["for"])]
            self.free.setdefault(row["words"], (entry, "metonym"))

    def named(self, kind: str, name: str) -> Entry | None:
        """The country or organisation of that very name."""
        return self._by_name.get((kind, plain(name)))

    def place(self, name: str, near: frozenset[str] = frozenset()) -> Entry | None:
        """The place of a name: one in the countries `near` where there is, else the capital or the most populous."""
        entries = self.places.get(plain(name))
        if not entries:
            return None
        return next((e for e in entries if e.country in near), entries[0])


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("worker.extraction").joinpath(f"data/gazetteer/{name}").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    return Gazetteer()


def identity(kind: str, name: str) -> str:
    """The id of who is named: the gazetteer's where it knows the name, else one of type and name without accents."""
    entry = gazetteer().named(kind, name)
    if entry is None and kind == "GPE":
        entry = gazetteer().place(name)
    return entry.id if entry is not None else entity_id(kind, plain(name))
