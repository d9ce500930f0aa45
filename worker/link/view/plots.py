"""The numbers that the claims of a view state, put together by what they count or measure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from worker.link.relations.amounts import Amount, same_measure
from worker.link.relations.lexicon import units
from worker.link.relations.reading import Reading
from worker.link.view.cluster import NumberPlot, PlottedNumber, Side

__all__ = ["plots_of"]

_SAME = 0.5
_MAX_PLOTS = 6

_Stated = tuple[Side, str, Amount]


def plots_of(readings: Iterable[tuple[Side, Reading]]) -> list[NumberPlot]:
    """Those with the most claims first, at most six; none where only one claim states a number of the kind."""
    kinds: list[list[_Stated]] = []
    for side, reading in readings:
        for amount in reading.amounts:
            stated = (side, reading.claim.claim_id, amount)
            kind = next((kind for kind in kinds if same_measure(kind[0][2], amount) >= _SAME), None)
            if kind is None:
                kinds.append([stated])
            else:
                kind.append(stated)
    several = [kind for kind in kinds if len({claim for _, claim, _ in kind}) > 1]
    several.sort(key=lambda kind: -len({claim for _, claim, _ in kind}))
    return [_plot(kind) for kind in several[:_MAX_PLOTS]]


def _plot(kind: Sequence[_Stated]) -> NumberPlot:
    """In the unit that most of the claims have, so that weeks are not shown as seconds."""
    counted = Counter(amount.unit for _, _, amount in kind)
    unit = min(counted, key=lambda name: (-counted[name], name))
    _, factor = units().get(unit, units().get(unit.casefold(), ("", 1.0)))
    return NumberPlot(
        unit=unit,
        numbers=[
            PlottedNumber(
                claim_id=claim_id,
                side=side,
                min=amount.low / factor if math.isfinite(amount.low) else None,
                max=amount.high / factor if math.isfinite(amount.high) else None,
                approximate=amount.about > 0,
                exact=amount.exact,
            )
            for side, claim_id, amount in kind
        ],
    )
