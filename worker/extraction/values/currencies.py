"""Currencies: from a sign, a code or a name to the ISO 4217 code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from worker.extraction.lexicon.tables import read_table

__all__ = ["currency"]


@cache
def _currencies() -> Mapping[str, Mapping[str, str]]:
    return read_table("currencies")


def currency(written: str) -> str:
    """The ISO 4217 code of a sign, a code or a name of a currency; the name itself where several countries share it."""
    tables = _currencies()
    signs, names = tables["signs"], tables["words"]
    plain = " ".join(written.casefold().rstrip(".").split())
    sign = next((s for s in signs if s in plain), None)
    if sign:
        letters = plain.partition(sign)[0].strip()
        return tables["prefixed"].get(letters, signs[sign]) if sign == "$" else signs[sign]
    if len(plain) == 3 and written.strip().isupper():
        return {"RMB": "CNY"}.get(written.strip(), written.strip())
    for known, code in tables["of"].items():
        if plain in (known, known + "s"):
            return code
    name = plain if plain in names else plain.removesuffix("s")
    last = plain.split()[-1]
    return names.get(name.split()[-1], names.get(last, last))
