"""The publishers that cost most, in bounded memory: they cannot be labels of a metric, which must be bounded. Pure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cost", "Costliest"]


@dataclass(slots=True)
class Cost:
    """The cost of a publisher since it is counted here. At most `inherited_seconds` of its rank are not its own."""

    publisher: str
    records: int = 0
    seconds: float = 0.0
    bytes: int = 0
    dead: int = 0
    warnings: int = 0
    inherited_seconds: float = 0.0


class Costliest:
    """Counts up to `capacity` publishers; a newcomer takes the place of the cheapest.

    The Space-Saving algorithm (Metwally, Agrawal, El Abbadi 2005) over seconds of extraction: the newcomer starts
    with the seconds of the publisher that it replaces, kept as its error, so that no publisher can be missing whose
    true cost is above the smallest one kept. Bytes, dead letters and
    warnings are counted since the publisher came in. Each dead
    letter weighs as much as `dead_weight_s` seconds, so that a publisher of nothing but dead letters is kept.
    """

    def __init__(self, capacity: int = 200, *, dead_weight_s: float = 0.01) -> None:
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}: expected at least 1")
        self._capacity, self._dead_weight = capacity, dead_weight_s
        self._costs: dict[str, Cost] = {}

    def __len__(self) -> int:
        return len(self._costs)

    def add(self, publisher: str, *, seconds: float, size: int, dead: bool, warnings: int = 0) -> None:
        cost = self._costs.get(publisher)
        if cost is None:
            cost = Cost(publisher)
            if len(self._costs) >= self._capacity:
                cheapest = min(self._costs.values(), key=self._weight)
                del self._costs[cheapest.publisher]
                cost.inherited_seconds = self._weight(cheapest)
            self._costs[publisher] = cost
        cost.records += 1
        cost.seconds += seconds
        cost.bytes += size
        cost.dead += dead
        cost.warnings += warnings

    def _weight(self, cost: Cost) -> float:
        return cost.inherited_seconds + cost.seconds + cost.dead * self._dead_weight

    def by_seconds(self, count: int) -> list[Cost]:
        return sorted(self._costs.values(), key=lambda c: c.seconds, reverse=True)[:count]

    def by_bytes(self, count: int) -> list[Cost]:
        return sorted(self._costs.values(), key=lambda c: c.bytes, reverse=True)[:count]

    def by_dead(self, count: int) -> list[Cost]:
        with_dead = [cost for cost in self._costs.values() if cost.dead]
        return sorted(with_dead, key=lambda c: c.dead, reverse=True)[:count]

    def by_warnings(self, count: int) -> list[Cost]:
        with_warnings = [cost for cost in self._costs.values() if cost.warnings]
        return sorted(with_warnings, key=lambda c: c.warnings, reverse=True)[:count]
