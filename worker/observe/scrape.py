"""Reads the metrics of running workers over HTTP and puts them together."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

__all__ = ["Scrape", "quantile", "scrape_all"]

_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Scrape:
    """The samples of one worker at one moment; `error` says why there are none."""

    url: str
    at: float
    samples: dict[str, list[tuple[dict[str, str], float]]] = field(default_factory=dict)
    error: str = ""

    def sum(self, name: str, **labels: str) -> float:
        """Over all series of the name that have these labels."""
        return sum(
            value
            for found, value in self.samples.get(name, ())
            if all(found.get(label) == wanted for label, wanted in labels.items())
        )

    def most(self, name: str) -> float:
        return max((value for _, value in self.samples.get(name, ())), default=0.0)

    def by(self, name: str, label: str, **labels: str) -> dict[str, float]:
        sums: defaultdict[str, float] = defaultdict(float)
        for found, value in self.samples.get(name, ()):
            if all(found.get(key) == wanted for key, wanted in labels.items()):
                sums[found.get(label, "")] += value
        return dict(sums)


def parse(url: str, at: float, text: str) -> Scrape:
    samples: defaultdict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples[sample.name].append((sample.labels, sample.value))
    return Scrape(url, at, dict(samples))


async def scrape_all(urls: Iterable[str], clock: Callable[[], float] = time.monotonic) -> list[Scrape]:
    """One for each URL, in their order; a worker that does not answer in five seconds gives its error."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT_S)) as session:

        async def one(url: str) -> Scrape:
            try:
                async with session.get(f"{url.rstrip('/')}/metrics", headers={"Accept": "text/plain"}) as answer:
                    if answer.status != 200:
                        return Scrape(url, clock(), error=f"HTTP {answer.status}")
                    return parse(url, clock(), await answer.text())
            except (aiohttp.ClientError, TimeoutError, ValueError) as failed:
                return Scrape(url, clock(), error=f"{type(failed).__name__}: {failed}".rstrip(": "))

        return list(await asyncio.gather(*(one(url) for url in urls)))


def quantile(share: float, now: Iterable[Scrape], before: Iterable[Scrape], name: str, **labels: str) -> float:
    """Of a histogram over several workers, between two scrapes of each; 0 when nothing was observed."""
    counts: defaultdict[float, float] = defaultdict(float)
    for sign, scrapes in ((1, now), (-1, before)):
        for scrape in scrapes:
            for least, value in scrape.by(f"{name}_bucket", "le", **labels).items():
                counts[float(least)] += sign * value
    bounds = sorted(counts)
    total = counts[bounds[-1]] if bounds else 0.0
    if total <= 0:
        return 0.0
    rank, lower, below = share * total, 0.0, 0.0
    for bound in bounds:
        if counts[bound] >= rank:
            if bound == float("inf"):
                return lower
            within = counts[bound] - below
            return lower + (bound - lower) * ((rank - below) / within if within else 1.0)
        lower, below = bound, counts[bound]
    return lower
