"""The range of the numbers that claims state of one thing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from worker.contract.standing import NumberRange
from worker.link.relations.amounts import Amount
from worker.link.relations.lexicon import units

__all__ = ["number_ranges"]


def number_ranges(amounts: Iterable[Sequence[Amount]]) -> list[NumberRange]:
    """The ranges of what the claims measure or count; `amounts` are those of each claim. In the order of the units."""
    by_measure: dict[tuple[str, frozenset[str]], list[tuple[int, Amount]]] = {}
    for claim, stated in enumerate(amounts):
        for amount in stated:
            by_measure.setdefault((amount.measure, amount.counted), []).append((claim, amount))
    ranges = [_range(measure, found) for (measure, _), found in by_measure.items()]
    return sorted(ranges, key=lambda found: (found.unit, found.min is None, found.min or 0.0, found.claims))


def _range(measure: str, found: Sequence[tuple[int, Amount]]) -> NumberRange:
    low, high = min(amount.low for _, amount in found), max(amount.high for _, amount in found)
    return NumberRange(
        unit=_unit(measure, [amount for _, amount in found]),
        min=low if math.isfinite(low) else None,
        max=high if math.isfinite(high) else None,
        claims=len({claim for claim, _ in found}),
    )


def _unit(measure: str, amounts: Sequence[Amount]) -> str:
    if measure.startswith("money:") or measure == "count":
        counted = Counter(amount.unit for amount in amounts)
        return min(counted, key=lambda unit: (-counted[unit], unit))
    return next((name for name, (of, factor) in units().items() if of == measure and factor == 1.0), measure)
