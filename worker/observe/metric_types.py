"""Types by which a metric is declared: once, with its type, help, unit and the values that its labels can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

__all__ = ["Declaration", "Declarations", "Label"]

PREFIX = "claimwire_"


@dataclass(frozen=True, slots=True)
class Label:
    """A label with a bounded set of values: all of them in `values` for a closed set, else `bound` names the bound."""

    name: str
    values: tuple[str, ...] = ()
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The entry of a metric on the reference page. `name` is the one that a query uses, with `_total`."""

    name: str
    kind: str
    help: str
    unit: str
    labels: tuple[Label, ...]
    buckets: tuple[float, ...] = ()


class Declarations:
    """Makes metrics in a registry and keeps their declarations in `declared`, in order."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.declared: list[Declaration] = []

    def counter(self, name: str, text: str, *labels: Label, unit: str = "") -> Counter:
        self._declare(f"{name}_total", "counter", text, unit, labels)
        return Counter(PREFIX + name, text, _names(labels), registry=self._registry)

    def gauge(self, name: str, text: str, *labels: Label, unit: str = "") -> Gauge:
        self._declare(name, "gauge", text, unit, labels)
        return Gauge(PREFIX + name, text, _names(labels), registry=self._registry)

    def histogram(self, name: str, text: str, *labels: Label, unit: str = "", buckets: Sequence[float]) -> Histogram:
        self._declare(name, "histogram", text, unit, labels, tuple(buckets))
        return Histogram(PREFIX + name, text, _names(labels), registry=self._registry, buckets=buckets)

    def _declare(
        self,
        name: str,
        kind: str,
        text: str,
        unit: str,
        labels: tuple[Label, ...],
        buckets: tuple[float, ...] = (),
    ) -> None:
        if unit in ("seconds", "bytes") and unit not in name.removesuffix("_total").split("_"):
            raise ValueError(f"the metric {name} is in {unit}: its name must say so")
        self.declared.append(Declaration(PREFIX + name, kind, text, unit, labels, buckets))


def _names(labels: Sequence[Label]) -> list[str]:
    return [label.name for label in labels]
