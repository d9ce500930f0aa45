"""Found attributions against gold ones, by characters: how `claimwire eval` and training count.

The way of counting is that of the attribution corpora: a found content fits a gold one when their characters have an
intersection over union of at least 0.5, one to one, best first; the attribution fits when the sources do so too (or both
have none). White space, quotation marks and end punctuation at the edges do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["chars", "fitting", "report", "tally"]

_EDGE = " \t\n\r\u00a0\"'“”‘’«».,;:!?—–-"
_FIT = 0.5


def chars(spans: Iterable[Sequence[int]], text: str) -> frozenset[int]:
    """Positions that are not blank, edges trimmed."""
    found: set[int] = set()
    for first, last in spans:
        start, end = first, last
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        found.update(i for i in range(start, end) if not text[i].isspace())
    return frozenset(found)


Row = tuple[frozenset[int], frozenset[int], frozenset[int]]


def _rows(attributions: Iterable[Mapping[str, Any]], text: str) -> list[Row]:
    rows = []
    for each in attributions:
        content = chars(each["content"], text)
        if content:
            cue = frozenset(i for s, e in each["cue"] for i in range(s, e))
            rows.append((content, chars(each["source"], text), cue))
    return rows


def _share(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def fitting(gold: Sequence[Row], found: Sequence[Row]) -> list[tuple[float, int, int]]:
    """Share, index of gold, index of found, for each pair."""
    pairs = []
    for g, (gold_content, gold_source, _) in enumerate(gold):
        for f, (content, source, _) in enumerate(found):
            if gold_content & content and (share := _share(gold_content, content)) >= _FIT:
                pairs.append((-share, -_share(gold_source, source), g, f))
    used_g: set[int] = set()
    used_f: set[int] = set()
    out = []
    for share, _, g, f in sorted(pairs):
        if g not in used_g and f not in used_f:
            used_g.add(g)
            used_f.add(f)
            out.append((-share, g, f))
    return out


def tally(
    total: dict[str, float],
    gold: Iterable[Mapping[str, Any]],
    found: Iterable[Mapping[str, Any]],
    text: str,
    weight: float,
) -> None:
    """Adds one article, once for each of its annotators with `weight` 1/k."""
    gold_rows, found_rows = _rows(gold, text), _rows(found, text)

    def add(name: str, value: float) -> None:
        total[name] = total.get(name, 0.0) + weight * value

    add("gold", len(gold_rows))
    add("found", len(found_rows))
    for share, g, f in fitting(gold_rows, found_rows):
        (_, gold_source, gold_cue), (_, source, cue) = gold_rows[g], found_rows[f]
        add("content", 1)
        add("exact", share == 1.0)
        add("source", _share(gold_source, source) >= _FIT)
        add("cue", bool(gold_cue & cue) if gold_cue or cue else 1)
    for index, role in enumerate(("content", "source", "cue")):
        ours = frozenset[int]().union(*(row[index] for row in found_rows))
        theirs = frozenset[int]().union(*(row[index] for row in gold_rows))
        add("gold_" + role, len(theirs))
        add("found_" + role, len(ours))
        add("both_" + role, len(ours & theirs))


def _prf(both: float, found: float, gold: float) -> dict[str, float]:
    p, r = both / found if found else 0.0, both / gold if gold else 0.0
    return {"p": round(100 * p, 1), "r": round(100 * r, 1), "f1": round(200 * p * r / (p + r), 1) if p + r else 0.0}


def report(total: Mapping[str, float]) -> dict[str, Any]:
    """Precision, recall and F1 in percent, and how often source and cue are right where the content is."""

    def get(name: str) -> float:
        return total.get(name, 0.0)

    out: dict[str, Any] = {
        name: _prf(get(key), get("found"), get("gold"))
        for name, key in (("content-exact", "exact"), ("content", "content"), ("attribution", "source"))
    }
    for name in ("source", "cue"):
        out[name + "-acc"] = round(100 * get(name) / get("content"), 1) if get("content") else 0.0
    for role in ("source", "cue", "content"):
        out["chars-" + role] = _prf(get("both_" + role), get("found_" + role), get("gold_" + role))
    return out
