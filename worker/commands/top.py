"""claimwire top: several workers on one screen, live."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.options import config_option, settings_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from worker.observe.scrape import Scrape

__all__ = ["top"]

_PARTS = ("work", "publish", "wait", "poll")


@click.command()
@config_option
@click.argument("urls", nargs=-1)
@click.option(
    "--interval", type=click.FloatRange(0.5, 60), default=2.0, show_default=True, help="Seconds between two looks."
)
@click.option("--once", is_flag=True, help="Look twice, print, and end: for scripts. Exit code 1 when none answers.")
def top(config: Path | None, urls: tuple[str, ...], interval: float, once: bool) -> None:
    """Throughput, lag, latency and time of the workers at URLS (http://host:port), until Ctrl-C.

    Without URLS: the worker of this machine, at the settings' web_host and web_port. Rates are between two looks.
    """
    settings, _ = settings_of(config)
    addresses = urls or (f"http://{settings.web_host}:{settings.web_port}",)
    addresses = tuple(url if "://" in url else f"http://{url}" for url in addresses)
    try:
        answered = asyncio.run(_show(addresses, interval, once))
    except KeyboardInterrupt:
        return
    if not answered:
        raise click.ClickException(f"no worker answers at {', '.join(addresses)}; is its web_port set, and is it up?")


async def _show(urls: Sequence[str], interval: float, once: bool) -> bool:
    from rich.console import Console
    from rich.live import Live

    from worker.observe.scrape import scrape_all

    before = await scrape_all(urls)
    if once:
        if all(scrape.error for scrape in before):
            return False
        await asyncio.sleep(interval)
        console = Console()
        if not console.is_terminal:
            console = Console(width=160)  # nobody's window: nothing is cut off
        console.print(_screen(await scrape_all(urls), before))
        return True
    with Live(_screen(before, before), refresh_per_second=4, screen=True) as live:
        while True:
            await asyncio.sleep(interval)
            now = await scrape_all(urls)
            live.update(_screen(now, before))
            before = now


def _screen(now: Sequence[Scrape], before: Sequence[Scrape]) -> RenderableType:
    from rich.console import Group

    up = [(n, b) for n, b in zip(now, before, strict=True) if not n.error and not b.error]
    return Group(_workers(now, before), "", _times(up), "", _outcomes([n for n, _ in up]))


def _workers(now: Sequence[Scrape], before: Sequence[Scrape]) -> RenderableType:
    from rich.table import Table

    from worker.observe.scrape import quantile

    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    table.add_column("worker", no_wrap=True)
    table.add_column("state")
    for name in ("articles/s", "claims/s", "MiB/s", "p95", "lag", "oldest", "in flight", "busy", "dead"):
        table.add_column(name, justify="right")
    sums = [0.0] * 3
    lag = dead = 0.0
    for new, old in zip(now, before, strict=True):
        place = new.url.removeprefix("http://").rstrip("/")
        if new.error:
            table.add_row(place, f"[red]no answer: {new.error}", *[""] * 9)
            continue
        seconds = max(new.at - old.at, 1e-9) if not old.error else 0.0

        def rate(name: str, new: Scrape = new, old: Scrape = old, seconds: float = seconds, **labels: str) -> float:
            grown = new.sum(name, **labels) - old.sum(name, **labels)
            return max(grown, 0.0) / seconds if seconds > 1e-6 else 0.0

        rates = [
            rate("claimwire_records_total", agent="ingest"),
            rate("claimwire_claims_total"),
            rate("claimwire_read_bytes_total", agent="ingest") / 2**20,
        ]
        sums = [a + b for a, b in zip(sums, rates, strict=True)]
        waiting, buried = new.sum("claimwire_lag_records"), new.sum("claimwire_records_total", outcome="dead")
        lag, dead = lag + waiting, dead + buried
        processes = new.sum("claimwire_pool_processes") or 1.0
        table.add_row(
            place,
            _state(new),
            *(f"{value:,.1f}" for value in rates),
            _seconds(quantile(0.95, [new], [old], "claimwire_end_to_end_seconds", agent="ingest")),
            f"{waiting:,.0f}",
            _seconds(new.most("claimwire_lag_seconds")),
            f"{new.sum('claimwire_in_flight_records', agent='ingest'):,.0f}",
            f"{min(rate('claimwire_pool_busy_seconds_total') / processes, 1):.0%}",
            f"{buried:,.0f}",
        )
    if len(now) > 1:
        table.add_row(
            "[bold]all",
            "",
            *(f"[bold]{v:,.1f}" for v in sums),
            "",
            f"[bold]{lag:,.0f}",
            *[""] * 3,
            f"[bold]{dead:,.0f}",
        )
    return table


def _state(scrape: Scrape) -> str:
    if not scrape.sum("claimwire_live"):
        return "[red]✕ not live"
    if not scrape.sum("claimwire_ready"):
        return "[yellow]! not ready"
    paused = sorted({labels["why"] for labels, on in scrape.samples.get("claimwire_paused", ()) if on})
    return f"[yellow]paused: {', '.join(paused)}" if paused else "[green]✓ ready"


def _times(up: Sequence[tuple[Scrape, Scrape]]) -> RenderableType:
    """Where the time of all workers went between the two looks."""
    from rich.table import Table

    def grown(name: str, label: str) -> dict[str, float]:
        sums: dict[str, float] = {}
        for new, old in up:
            earlier = old.by(name, label)
            for value, much in new.by(name, label).items():
                sums[value] = sums.get(value, 0.0) + max(much - earlier.get(value, 0.0), 0.0)
        return sums

    loop = grown("claimwire_loop_seconds_total", "part")
    passed = sum(loop.values()) or 1.0
    line = "   ".join(f"{part} [bold]{loop.get(part, 0.0) / passed:.0%}[/]" for part in _PARTS)
    table = Table(box=None, pad_edge=False, header_style="dim", title=f"each second: {line}", title_justify="left")
    table.add_column("stage", min_width=16)
    table.add_column("share", min_width=22)
    table.add_column("mean", justify="right")
    sums, counts = grown("claimwire_stage_seconds_sum", "stage"), grown("claimwire_stage_seconds_count", "stage")
    whole = sum(sums.values())
    for stage, spent in sums.items():
        share = spent / whole if whole else 0.0
        mean = spent / counts[stage] if counts.get(stage) else 0.0
        table.add_row(stage, f"[cyan]{'█' * round(share * 16)}[/] {share:.0%}", _seconds(mean))
    return table


def _outcomes(up: Sequence[Scrape]) -> str:
    """Since the start of each worker."""
    sums: dict[str, float] = {}
    for scrape in up:
        for labels, value in scrape.samples.get("claimwire_records_total", ()):
            if value and labels["agent"] == "ingest":
                word = labels["outcome"] + (f" {labels['reason']}" if labels["reason"] else "")
                sums[word] = sums.get(word, 0.0) + value
    shown = [f"[red]{w}[/] {v:,.0f}" if w.startswith("dead") else f"{w} {v:,.0f}" for w, v in sorted(sums.items())]
    return "[dim]outcomes since the start:[/] " + ("   ".join(shown) or "none yet")


def _seconds(value: float) -> str:
    if value < 1:
        return f"{value * 1000:.0f} ms" if value >= 0.01 or not value else f"{value * 1000:.1f} ms"
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.0f} min"
