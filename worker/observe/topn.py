"""The costliest publishers, in bounded memory: labels of a metric must not grow with the world. Pure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cost", "Costliest"]


@dataclass(slots=True)
class Cost:
    """What a publisher has cost since it is counted here. `inherited_seconds`: the most that may not be its own."""

    publisher: str
    records: int = 0
    seconds: float = 0.0
    bytes: int = 0
    dead: int = 0
    inherited_seconds: float = 0.0


class Costliest:
    """Counts up to `capacity` publishers; a newcomer takes the place of the cheapest.

    The Space-Saving algorithm (Metwally, Agrawal, El Abbadi 2005) over seconds of extraction: the newcomer starts
    with the seconds of whom it replaced, kept as its error, so that no publisher whose true cost is above the
    smallest one kept can be missing. Bytes and dead letters are counted from when it came in; a publisher of nothing
    but dead letters is kept because each dead letter weighs as `dead_weight_s` seconds.
    """

    def __init__(self, capacity: int = 200, *, dead_weight_s: float = 0.01) -> None:
        if capacity < 1:
            raise ValueError(f"a top-N of {capacity}")
        self._capacity, self._dead_weight = capacity, dead_weight_s
        self._costs: dict[str, Cost] = {}

    def __len__(self) -> int:
        return len(self._costs)

    def add(self, publisher: str, *, seconds: float, size: int, dead: bool) -> None:
        cost = self._costs.get(publisher)
        if cost is None:
            cost = Cost(publisher)
            if len(self._costs) >= self._capacity:
                least = min(self._costs.values(), key=self._weight)
                del self._costs[least.publisher]
                cost.inherited_seconds = self._weight(least)
            self._costs[publisher] = cost
        cost.records += 1
        cost.seconds += seconds
        cost.bytes += size
        cost.dead += dead

    def _weight(self, cost: Cost) -> float:
        return cost.inherited_seconds + cost.seconds + cost.dead * self._dead_weight

    def by_seconds(self, count: int) -> list[Cost]:
        return sorted(self._costs.values(), key=lambda c: c.seconds, reverse=True)[:count]

    def by_bytes(self, count: int) -> list[Cost]:
        return sorted(self._costs.values(), key=lambda c: c.bytes, reverse=True)[:count]

    def by_dead(self, count: int) -> list[Cost]:
        found = [cost for cost in self._costs.values() if cost.dead]
        return sorted(found, key=lambda c: c.dead, reverse=True)[:count]
