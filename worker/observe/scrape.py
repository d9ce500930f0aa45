"""Reads the metrics of running workers over HTTP and adds them up."""

from __future__ import annotations

import asyncio
import math
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from worker.settings import Settings, SettingsError

__all__ = ["Asker", "Scrape", "quantile", "scrape_all"]

_LIMIT_S = 5.0
_MAX_VALUE = 1e18
_MAX_BYTES = 16 * 1024 * 1024
"""A worker of a thousand partitions has about one megabyte of metrics."""


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

    def max(self, name: str) -> float:
        """The largest value of the name's series; 0 where there is none."""
        return max((value for _, value in self.samples.get(name, ())), default=0.0)

    def by(self, name: str, label: str, **labels: str) -> dict[str, float]:
        """Sums by the values of one label, over the series that have the other labels."""
        sums: defaultdict[str, float] = defaultdict(float)
        for found, value in self.samples.get(name, ()):
            if all(found.get(key) == wanted for key, wanted in labels.items()):
                sums[found.get(label, "")] += value
        return dict(sums)


def parse(url: str, at: float, text: str) -> Scrape:
    """The samples with numbers that can be added up.

    Raises:
        ValueError, LookupError: it is not in the form of Prometheus.
    """
    samples: defaultdict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if abs(sample.value) < _MAX_VALUE and _is_number(sample.labels.get("le")):
                samples[sample.name].append((sample.labels, sample.value))
    return Scrape(url, at, dict(samples))


def _is_number(bound: str | None) -> bool:
    """The bound of a bucket, or none at all."""
    try:
        return bound is None or not math.isnan(float(bound))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks the workers: with which web_token, and which certificates it trusts; None: those of the system."""

    token: str = ""
    trusted: ssl.SSLContext | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Asker:
        """Trusts the certificate of the web port too, since a worker's own is often signed by itself.

        Raises:
            SettingsError: web_tls_cert_file cannot be read.
        """
        file = settings.web_tls_cert_file
        if not file:
            return cls(settings.web_token)
        trusted = ssl.create_default_context()
        try:
            trusted.load_verify_locations(file)
        except (OSError, ValueError) as wrong:
            raise SettingsError(f"web_tls_cert_file = {file!r}: expected a certificate in PEM: {wrong}") from None
        return cls(settings.web_token, trusted)


async def scrape_all(
    urls: Iterable[str], asker: Asker | None = None, clock: Callable[[], float] = time.monotonic
) -> list[Scrape]:
    """A scrape for each URL, in their order. That of a worker that does not answer in five seconds has an `error`."""
    asker = asker or Asker()
    headers = {"Accept": "text/plain"} | ({"Authorization": f"Bearer {asker.token}"} if asker.token else {})
    connector = aiohttp.TCPConnector(ssl=asker.trusted or True)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT_S), connector=connector) as session:

        async def one(url: str) -> Scrape:
            try:
                async with session.get(f"{url.rstrip('/')}/metrics", headers=headers) as answer:
                    if answer.status != 200:
                        return Scrape(url, clock(), error=f"HTTP {answer.status}")
                    return parse(url, clock(), await _text(answer))
            except (aiohttp.ClientError, TimeoutError, ValueError, LookupError) as failed:
                return Scrape(url, clock(), error=f"{type(failed).__name__}: {failed}".rstrip(": "))

        return list(await asyncio.gather(*(one(url) for url in urls)))


async def _text(answer: aiohttp.ClientResponse) -> str:
    """Raises ValueError: it is longer than the metrics of any worker."""
    read = bytearray()
    async for piece in answer.content.iter_any():
        read += piece
        if len(read) > _MAX_BYTES:
            raise ValueError(f"more than {_MAX_BYTES:,} bytes of metrics: is it a worker?")
    return read.decode("utf-8", "replace")


def quantile(share: float, now: Iterable[Scrape], before: Iterable[Scrape], name: str, **labels: str) -> float | None:
    """A quantile of a histogram over several workers, between two scrapes of each; None: nothing was observed."""
    counts: defaultdict[float, float] = defaultdict(float)
    for sign, scrapes in ((1, now), (-1, before)):
        for scrape in scrapes:
            for bound, value in scrape.by(f"{name}_bucket", "le", **labels).items():
                counts[float(bound)] += sign * value
    bounds = sorted(counts)
    total = counts[bounds[-1]] if bounds else 0.0
    if total <= 0:
        return None
    rank, lower, below = share * total, 0.0, 0.0
    for upper in bounds:
        if counts[upper] >= rank:
            if upper == float("inf"):
                return lower
            within = counts[upper] - below
            return lower + (upper - lower) * ((rank - below) / within if within else 1.0)
        lower, below = upper, counts[upper]
    return lower
