"""Which claims are compared: those that share enough of their keys, within a window of days, at most so many each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from worker.link.relations.lexicon import synonyms
from worker.link.relations.reading import Reading

__all__ = ["Bounds", "candidates", "link_keys"]

_OF_NAME = 10.0
"""A name tells as much as the rarest word."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds the work for a claim: days between two claims, claims with one key, claims that one is compared with.

    A key that more than `most_of_key` claims of the window have tells too little to look any of them up by it.
    """

    days: int = 30
    most_of_key: int = 500
    most_compared: int = 40
    least_shared: float = 0.3
    """Of the weight of the keys of that claim which has less of it, the share that both have."""


def link_keys(reading: Reading) -> dict[str, float]:
    """The keys by which a claim finds others, with how much each tells: its words as stems or as their classes of
    synonyms, with those of its names that are not in the text itself. A name has no key of its own beside its words:
    "Brix" and "Ola Brix" are to find each other, and a long name is not to outweigh what is said.
    """
    known = synonyms()
    in_text = set(reading.stems)
    keys = {f"word:{word}": _OF_NAME for name in reading.names for word in name.words if word not in in_text}
    for word, weight in zip(reading.stems, reading.weights.tolist(), strict=True):
        classes = known.get(word)
        for key in [f"class:{c}" for c in classes] if classes else [f"word:{word}"]:
            keys[key] = max(keys.get(key, 0.0), weight)
    return keys


def candidates(readings: Sequence[Reading], bounds: Bounds) -> Iterator[tuple[int, int]]:
    """Pairs of indices, the smaller first, each once.

    `readings` are in the order of publication. The pairs depend on the claims and that order alone, both ways: a pair
    is one if either claim has the other among the `most_compared` that share most with it.
    """
    keys = [link_keys(reading) for reading in readings]
    totals = [sum(each.values()) for each in keys]
    holders: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(keys):
        for key in each:
            holders[key].append(index)
    seen: set[tuple[int, int]] = set()
    for index, each in enumerate(keys):
        shared: defaultdict[int, float] = defaultdict(float)
        for key, weight in each.items():
            if 1 < len(holders[key]) <= bounds.most_of_key:
                for other in holders[key]:
                    shared[other] += min(weight, keys[other][key])
        shared.pop(index, None)
        fitting = [
            (weight / min(totals[index], totals[other]), other)
            for other, weight in shared.items()
            if weight >= bounds.least_shared * min(totals[index], totals[other])
            and _near(readings[index].published, readings[other].published, bounds.days)
        ]
        for _, other in sorted(fitting, key=lambda scored: (-scored[0], scored[1]))[: bounds.most_compared]:
            pair = (min(index, other), max(index, other))
            if pair not in seen:
                seen.add(pair)
                yield pair


def _near(a: date | None, b: date | None, days: int) -> bool:
    return a is None or b is None or abs(a - b) <= timedelta(days=days)
