"""Found attributions against gold ones, by characters: how `claimwire eval` and training count.

A found content fits a gold one as overlap.py says, one to one, best first. The attribution fits when the sources do so
too, or both have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from worker.measure.overlap import MIN_SHARE, chars, one_to_one, share

__all__ = ["Figures", "MarkedAttribution", "PrecisionRecall", "Row", "fitting", "report", "tally"]


class MarkedAttribution(TypedDict):
    """An attribution as a gold file has it. Each part is a list of [start, end), code points of the article's text."""

    source: list[list[int]]
    cue: list[list[int]]
    content: list[list[int]]


class PrecisionRecall(TypedDict):
    """Per cent, one decimal."""

    p: float
    r: float
    f1: float


Figures = TypedDict(
    "Figures",
    {
        "content-exact": PrecisionRecall,
        "content": PrecisionRecall,
        "attribution": PrecisionRecall,
        "source-acc": float,
        "cue-acc": float,
        "chars-source": PrecisionRecall,
        "chars-cue": PrecisionRecall,
        "chars-content": PrecisionRecall,
    },
)
"""Per cent. `-exact`: same characters; `-acc`: share of the contents that fit; `chars-`: counted by character."""

Row = tuple[frozenset[int], frozenset[int], frozenset[int]]
"""The characters of content, source and cue."""


def _rows(attributions: Iterable[MarkedAttribution], text: str) -> list[Row]:
    rows = []
    for attribution in attributions:
        content = chars(attribution["content"], text)
        if content:
            cue = frozenset(i for s, e in attribution["cue"] for i in range(s, e))
            rows.append((content, chars(attribution["source"], text), cue))
    return rows


def fitting(gold: Sequence[Row], found: Sequence[Row]) -> list[tuple[float, int, int]]:
    """(Share of the contents, index of gold, index of found) of each pair that fits, the best first."""
    candidates = []
    for g, (gold_content, gold_source, _) in enumerate(gold):
        for f, (content, source, _) in enumerate(found):
            if gold_content & content and (overlap := share(gold_content, content)) >= MIN_SHARE:
                candidates.append(((overlap, share(gold_source, source)), g, f))
    return [(share(gold[g][0], found[f][0]), g, f) for g, f in one_to_one(candidates)]


def tally(
    total: dict[str, float],
    gold: Iterable[MarkedAttribution],
    found: Iterable[MarkedAttribution],
    text: str,
    weight: float,
) -> None:
    """Adds one article to the sums in `total`, once for each of its k annotators with `weight` 1/k."""
    gold_rows, found_rows = _rows(gold, text), _rows(found, text)

    def add(name: str, value: float) -> None:
        total[name] = total.get(name, 0.0) + weight * value

    add("gold", len(gold_rows))
    add("found", len(found_rows))
    for overlap, g, f in fitting(gold_rows, found_rows):
        (_, gold_source, gold_cue), (_, source, cue) = gold_rows[g], found_rows[f]
        add("content", 1)
        add("exact", overlap == 1.0)
        add("source", share(gold_source, source) >= MIN_SHARE)
        add("cue", bool(gold_cue & cue) if gold_cue or cue else 1)
    for index, role in enumerate(("content", "source", "cue")):
        ours = frozenset[int]().union(*(row[index] for row in found_rows))
        theirs = frozenset[int]().union(*(row[index] for row in gold_rows))
        add("gold_" + role, len(theirs))
        add("found_" + role, len(ours))
        add("both_" + role, len(ours & theirs))


def _precision_recall(both: float, found: float, gold: float) -> PrecisionRecall:
    p, r = both / found if found else 0.0, both / gold if gold else 0.0
    return {"p": round(100 * p, 1), "r": round(100 * r, 1), "f1": round(200 * p * r / (p + r), 1) if p + r else 0.0}


def report(total: Mapping[str, float]) -> Figures:
    """The figures of the sums that `tally` has made."""

    def get(name: str) -> float:
        return total.get(name, 0.0)

    def of_attributions(key: str) -> PrecisionRecall:
        return _precision_recall(get(key), get("found"), get("gold"))

    def of_contents(key: str) -> float:
        return round(100 * get(key) / get("content"), 1) if get("content") else 0.0

    def of_characters(role: str) -> PrecisionRecall:
        return _precision_recall(get("both_" + role), get("found_" + role), get("gold_" + role))

    return {
        "content-exact": of_attributions("exact"),
        "content": of_attributions("content"),
        "attribution": of_attributions("source"),
        "source-acc": of_contents("source"),
        "cue-acc": of_contents("cue"),
        "chars-source": of_characters("source"),
        "chars-cue": of_characters("cue"),
        "chars-content": of_characters("content"),
    }
