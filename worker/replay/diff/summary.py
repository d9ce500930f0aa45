"""Sums up a comparison: totals, the most telling examples, and whether it stays within a limit."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count

from worker.replay.diff.compare import Change, ChangeKind
from worker.replay.diff.differences import Differences, Scope

__all__ = ["Examples", "Limit", "Summary", "summarised"]

_WEIGHTS = {
    "polarity": 10.0,
    "act": 8.0,
    "voice": 8.0,
    "modality.certainty": 6.0,
    "attribution": 6.0,
    "attribution.source": 6.0,
    "attribution.negated": 10.0,
    "content.text": 5.0,
    "quantities": 5.0,
    "times": 4.0,
    "proposition": 3.0,
    "entities": 2.0,
    "check_worthiness": 0.5,
    "confidence": 0.3,
}
_OF_NEW_OR_GONE = 7.0
_MAX_OF_A_SORT, _MAX_SORTS = 3, 500


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be changed, gone or new: a share of the claims before (`2%`) or a number of claims (`9`)."""

    value: float
    percent: bool

    @classmethod
    def parsed(cls, text: str) -> Limit:
        """Raises ValueError."""
        stripped = text.strip().replace(" ", "")
        percent = stripped.endswith("%")
        value = float(stripped.rstrip("%"))
        if not 0 <= value < float("inf") or (not percent and value != int(value)):
            raise ValueError(text)
        return cls(value, percent)

    def __str__(self) -> str:
        return f"{self.value:g} %" if self.percent else f"{self.value:g} claims"


@dataclass(slots=True)
class Summary:
    before_name: str
    after_name: str
    scope: Scope
    same: int = 0
    changed: int = 0
    moved: int = 0
    """Those of `changed` that have another id now."""
    new: int = 0
    gone: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    by_act: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_publisher: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: list[Change] = field(default_factory=list)

    @property
    def before(self) -> int:
        return self.same + self.changed + self.gone

    @property
    def after(self) -> int:
        return self.same + self.changed + self.new

    @property
    def different(self) -> int:
        return self.changed + self.gone + self.new

    @property
    def share(self) -> float:
        """Changed, gone and new claims, as a share of the claims before; it can be above 1 when many are new."""
        return self.different / self.before if self.before else float(self.different > 0)

    def exceeds(self, limit: Limit) -> bool:
        return self.share * 100 > limit.value if limit.percent else self.different > limit.value

    def as_dict(self) -> dict[str, object]:
        numbers = ("same", "changed", "moved", "new", "gone", "before", "after", "different")
        return {
            "before": self.before_name,
            "after": self.after_name,
            "articles": {
                "compared": self.scope.articles,
                "newer": self.scope.newer,
                "passed": self.scope.passed,
                "passed_with_claims": self.scope.passed_with_claims,
            },
            "claims": {name: getattr(self, name) for name in numbers} | {"share": round(self.share, 6)},
            "by_field": dict(self.by_field.most_common()),
            "by_act": {act: _by_kind(counts) for act, counts in sorted(self.by_act.items())},
            "by_publisher": {name: _by_kind(counts) for name, counts in sorted(self.by_publisher.items())},
            "examples": [
                {"kind": c.kind, "fields": c.fields, "moved": c.moved, "before": c.before, "after": c.after}
                for c in self.examples
            ],
        }


def _by_kind(counts: Counter[str]) -> dict[str, int]:
    return {str(kind): number for kind, number in counts.items()}  # orjson takes no enum for a key


class Examples:
    """Keeps the most telling changes of each sort. A sort is the set of fields that differ, or new, or gone."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], list[tuple[float, int, Change]]] = {}
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._number = count()

    def add(self, change: Change) -> None:
        sort = change.fields or (change.kind,)
        self._seen[sort] += 1
        kept = self._kept.get(sort)
        if kept is None:
            if len(self._kept) >= _MAX_SORTS:
                return
            kept = self._kept[sort] = []
        # the running number decides between equals: changes themselves have no order
        item = (_telling(change), -next(self._number), change)
        if len(kept) < _MAX_OF_A_SORT:
            heapq.heappush(kept, item)
        elif item > kept[0]:
            heapq.heapreplace(kept, item)

    def chosen(self, max_examples: int) -> list[Change]:
        """One example of each sort, then a second of each, ...; sorts that are more telling or more frequent first."""
        sorts = sorted(
            self._kept, key=lambda sort: -max(item[0] for item in self._kept[sort]) * (1 + self._seen[sort] ** 0.5)
        )
        queues = {sort: sorted(self._kept[sort], reverse=True) for sort in sorts}
        chosen: list[Change] = []
        for place in range(_MAX_OF_A_SORT):
            for sort in sorts:
                if place < len(queues[sort]) and len(chosen) < max_examples:
                    chosen.append(queues[sort][place][2])
        return chosen


def _telling(change: Change) -> float:
    """The weight of a change for a reader: of its most important field, times the claim's check-worthiness."""
    claim = change.claim
    worth = 0.5 + (claim.get("check_worthiness") or 0.0)
    if change.kind is not ChangeKind.CHANGED:
        return _OF_NEW_OR_GONE * worth * float(claim.get("confidence", 0.5))
    return max(_WEIGHTS.get(name, 1.0) for name in change.fields) * worth


def summarised(differences: Differences, before: str, after: str, examples: int) -> Summary:
    """Counts all claims of `differences`. `before`, `after`: names of the sides; `examples`: how many, at most."""
    summary = Summary(before, after, differences.scope())
    for act, publisher, number in differences.same():
        summary.same += number
        summary.by_act[act]["same"] += number
        summary.by_publisher[publisher or ""]["same"] += number
    telling = Examples()
    for article in differences.changed():
        for change in article.changes:
            claim = change.before or change.claim
            match change.kind:
                case ChangeKind.CHANGED:
                    summary.changed += 1
                    summary.moved += change.moved
                    summary.by_field.update(change.fields)
                case ChangeKind.NEW:
                    summary.new += 1
                case ChangeKind.GONE:
                    summary.gone += 1
            summary.by_act[claim["act"]][change.kind] += 1
            summary.by_publisher[claim["article"].get("publisher") or ""][change.kind] += 1
            telling.add(change)
    summary.examples = telling.chosen(examples)
    return summary
