"""What the reader wrote, and the shares that follow from it.

A line of the reader's file is `p07: 3 S T/fragment; 5 V; said 2 4 9`: on page 7 the claims 3 and 5 have faults, and
sources say something in the sentences 2, 4 and 9. Claims that are not named have no fault. GUIDE.md has the letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["ASPECTS", "TEXT_FAULTS", "agreement", "read", "shares"]

ASPECTS = {"S": "source and content", "T": "text", "N": "names", "M": "meaning", "V": "values"}
TEXT_FAULTS = ("fragment", "nothing", "replaced", "open", "broken", "cut", "joined", "odd")


def read(lines: Iterable[str], keys: Mapping[str, list[str]]) -> tuple[dict[str, list[str]], dict[str, list[int]]]:
    """Key of a claim to its faults, and page to the sentences that say something.

    Raises ValueError for a line that names no page, claim or fault.
    """
    faults: dict[str, list[str]] = {key: [] for page in keys.values() for key in page}
    said: dict[str, list[int]] = {}
    for line in lines:
        if not line.strip():
            continue
        page, _, rest = line.strip().partition(":")
        if page not in keys:
            raise ValueError(f"no page {page!r}: {line.strip()}")
        for part in filter(None, map(str.strip, rest.split(";"))):
            first, *others = part.split()
            if first == "said":
                said[page] = [int(one) for one in others]
            elif not 1 <= int(first) <= len(keys[page]) or not all(map(_is_fault, others)):
                raise ValueError(f"{page}: {part!r} names no claim or no fault")
            else:
                faults[keys[page][int(first) - 1]] = sorted(others)
    return faults, said


def _is_fault(word: str) -> bool:
    aspect, _, kind = word.partition("/")
    return aspect in ASPECTS and (not kind or (aspect == "T" and kind in TEXT_FAULTS))


def _applies(aspect: str, row: Mapping[str, Any]) -> bool:
    """Names and values are judged where there are some, or where the reader misses one; `aspects`: all judged."""
    if aspect not in row.get("aspects", ASPECTS):
        return False
    return aspect in row["faults"] or (aspect not in "NV") or bool(row["names" if aspect == "N" else "values"])


def _aspects(faults: Iterable[str]) -> set[str]:
    return {fault[0] for fault in faults}


def shares(rows: list[dict[str, Any]], version: str) -> dict[str, tuple[float, int]]:
    """Aspect to (per cent without a fault, claims judged in it); kind of faulty text to (per cent, claims)."""
    mine = [row | {"faults": _aspects(row["faults"])} for row in rows if version in row["versions"]]
    figures = {}
    for voice in ("attributed", "author", "presupposed"):
        figures[f"{voice}: source and content"] = [("S" not in row["faults"]) for row in mine if row["voice"] == voice]
    for aspect in "TNMV":
        figures[ASPECTS[aspect]] = [aspect not in row["faults"] for row in mine if _applies(aspect, row)]
    for kind in TEXT_FAULTS:
        figures[f"(faulty texts: {kind})"] = [
            f"T/{kind}" in row["faults"] for row in rows if version in row["versions"]
        ]
    return {name: (100 * sum(right) / len(right), len(right)) for name, right in figures.items() if right}


def agreement(first: Mapping[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, tuple[float, float]]:
    """Aspect to (per cent of claims on which two readings agree, Cohen's kappa)."""
    result = {}
    both = sorted(first.keys() & second.keys())
    for aspect, name in ASPECTS.items():
        pairs = [(aspect in _aspects(first[key]), aspect in _aspects(second[key])) for key in both]
        same = sum(a == b for a, b in pairs) / len(pairs)
        a, b = (sum(pair[i] for pair in pairs) / len(pairs) for i in (0, 1))
        chance = a * b + (1 - a) * (1 - b)
        result[name] = (100 * same, (same - chance) / (1 - chance) if chance < 1 else 1.0)
    return result


def words_of(text: str) -> str:
    """Letters and digits alone, to find words of one text in another."""
    return re.sub(r"\W+", " ", text).strip().casefold()
