"""A day of ten million articles through workers that scale by lag, from the measured cost of an article.

python -m bench.simulation [--words 450] [--a-day 10000000] [--cores 4] [--core-hour 0.04]

Prints for each way to set the workers up: how long an article waits at worst, how long of the day it is more than a
minute, the core hours and what they cost. CPU comes from bench/figures (growth, kafka_against_bare). The curves go to
bench/figures/simulation.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import FOLDER, Curve, Figure, kept, saved
from bench.simulation.arrivals import DAY_S, Arrivals, breaking_news, daily
from bench.simulation.replay import Day, Workers, replayed
from bench.simulation.scaling import LagScaler, ScalerOptions

_PARTITIONS = 64
_DRAWN_S = 120
_NEWS_HOUR = 10.0
_NEWS_FACTOR = 10.0
_USED = 0.95
"""Of the cores, Kafka to Kafka: what a worker reaches of the bare extraction."""


@dataclass(frozen=True, slots=True)
class Setup:
    name: str
    wanted: Callable[[], Callable[[int, float], int]]


def cpu_s(words: int) -> float:
    """CPU seconds of an article of so many words, extraction and worker, as last measured here."""
    (curve,) = (c for c in kept(FOLDER / "growth.json").curves if c.name == "length")
    points = sorted(curve.points)
    near = min(points, key=lambda point: abs(point[0] - words))
    own = [f.median for f in kept(FOLDER / "kafka_against_bare.json").figures if "own process" in f.name]
    return words * near[1] / near[0] + max(own) / 1000


def setups(workers: Workers, mean: float) -> list[Setup]:
    peak = max(1, -(-2 * mean // workers.rate))
    base = max(1, -(-mean // workers.rate))
    ten_seconds = round(10 * workers.rate)

    def fixed(count: float) -> Callable[[], Callable[[int, float], int]]:
        return lambda: lambda _second, _lag: int(count)

    def scaled(threshold: float, least: float) -> Callable[[], Callable[[int, float], int]]:
        options = ScalerOptions(min_workers=int(least), max_workers=workers.partitions, lag_threshold=threshold)
        return lambda: LagScaler(options).workers

    return [
        Setup(f"{int(peak)} workers, as many as the daily peak needs", fixed(peak)),
        Setup("KEDA as in the chart: from 1 on, lagThreshold 500", scaled(500, 1)),
        Setup(f"KEDA from {int(base)} on (the mean), lagThreshold 500", scaled(500, base)),
        Setup(f"KEDA from {int(base)} on, lagThreshold {ten_seconds} (10 s of a worker)", scaled(ten_seconds, base)),
    ]


def curve(name: str, what: str, values: list[float]) -> Curve:
    points = tuple((second / 3600, max(values[second : second + _DRAWN_S])) for second in range(0, DAY_S, _DRAWN_S))
    return Curve(name, "hour of the day", what, points)


def told(day: Day, workers: Workers, price: float) -> str:
    hours = day.core_hours(workers)
    return (
        f"longest wait {day.longest_wait_s:,.0f} s, over a minute for {day.behind_s(60) / 60:,.0f} min, most workers "
        f"{max(day.working)}, {hours:,.0f} core hours, {hours * price:,.0f} a day"
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--words", type=int, default=450, help="of an article")
    ask.add_argument("--a-day", type=float, default=10e6, help="articles")
    ask.add_argument("--cores", type=int, default=4, help="of a worker")
    ask.add_argument("--core-hour", type=float, default=0.04, help="what a core costs an hour")
    given = ask.parse_args()
    mean, each = given.a_day / DAY_S, cpu_s(given.words)
    workers = Workers(rate=given.cores * _USED / each, cores=given.cores, partitions=_PARTITIONS)
    print(f"{1000 * each:.0f} CPU ms an article; a worker of {given.cores} cores does {workers.rate:.1f} articles/s")
    calm = daily(mean)
    news = breaking_news(calm, (_NEWS_FACTOR - 1) * mean, begins_hour=_NEWS_HOUR)
    figures, curves = [], []
    days: list[tuple[str, Arrivals]] = [("calm day", calm), ("breaking news", news)]
    for what, arrivals in days:
        curves.append(curve(f"{what}: arrivals", "articles a second", [arrivals(s) for s in range(DAY_S)]))
        for setup in setups(workers, mean):
            day = replayed(arrivals, workers, setup.wanted())
            print(f"{what}, {setup.name}: {told(day, workers, given.core_hour)}")
            figures.append(Figure(f"{what}, {setup.name}: longest wait", "s", (day.longest_wait_s,)))
            hours = day.core_hours(workers)
            figures.append(Figure(f"{what}, {setup.name}: core hours", "", (hours,)))
            figures.append(Figure(f"{what}, {setup.name}: cost of the day", "", (hours * given.core_hour,)))
            curves.append(curve(f"{what}: {setup.name}", "records that wait", day.lag))
    saved("simulation", "python -m bench.simulation", figures, curves)


if __name__ == "__main__":
    main()
