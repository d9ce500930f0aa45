"""claimwire top: several workers on one screen, live."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.options.with_settings import config_option
from worker.settings import load_settings
from worker.visible_text import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from worker.observe.scrape import Asker, Scrape

__all__ = ["top"]

_PARTS = ("work", "publish", "wait", "poll")
_WINDOW_S = 10.0
"""A batch of articles can take seconds: over a shorter time a busy worker seems to do nothing, or far too much."""


@click.command()
@config_option
@click.argument("urls", nargs=-1)
@click.option(
    "--interval",
    type=click.FloatRange(0.5, 60),
    default=2.0,
    show_default=True,
    help="Seconds between two screens.",
)
@click.option(
    "--window",
    type=click.FloatRange(1, 3600),
    default=_WINDOW_S,
    show_default=True,
    help="Seconds that rates, times and the p95 are taken over.",
)
@click.option(
    "--once", is_flag=True, help="Measure over one window, print, and end: for scripts. Exit code 1: no worker answers."
)
def top(config: Path | None, urls: tuple[str, ...], interval: float, window: float, once: bool) -> None:
    """Show throughput, lag, latency and use of time of the workers at URLS (http://host:port), until Ctrl-C.

    Without URLS: the worker of this machine, at the settings web_host and web_port. The setting web_token is presented
    to all of them, and the certificate in web_tls_cert_file is trusted. Rates are those of the last --window seconds;
    "-": nothing was measured in them.
    """
    from worker.observe.scrape import Asker

    settings, _ = load_settings(file=config)
    scheme = "https" if settings.web_tls_cert_file else "http"
    addresses = urls or (f"{settings.web_host}:{settings.web_port}",)
    addresses = tuple(url if "://" in url else f"{scheme}://{url}" for url in addresses)
    try:
        answered = asyncio.run(_show(addresses, Asker.from_settings(settings), interval, window, once=once))
    except KeyboardInterrupt:
        return
    if not answered:
        raise click.ClickException(f"no worker answers at {', '.join(addresses)}; is its web_port set, and is it up?")


async def _show(urls: Sequence[str], asker: Asker, interval: float, window: float, *, once: bool) -> bool:
    from rich.console import Console
    from rich.live import Live

    from worker.observe.scrape import scrape_all

    before = await scrape_all(urls, asker)
    if once:
        if all(scrape.error for scrape in before):
            return False
        await asyncio.sleep(window)
        console = Console()
        if not console.is_terminal:
            console = Console(width=160)  # nobody's window: nothing is cut off
        console.print(_screen(await scrape_all(urls, asker), before))
        return True
    earlier = deque([before])
    with Live(_screen(before, before), refresh_per_second=4, screen=True) as live:
        while True:
            await asyncio.sleep(interval)
            earlier.append(await scrape_all(urls, asker))
            while len(earlier) > 2 and earlier[-1][0].at - earlier[1][0].at >= window:
                earlier.popleft()
            live.update(_screen(earlier[-1], earlier[0]))


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
        place = _shown(new.url.partition("://")[2].rstrip("/"))
        if new.error:
            table.add_row(place, f"[red]no answer: {_shown(new.error)}", *[""] * 9)
            continue
        seconds = new.at - old.at if not old.error else 0.0

        def rate(name: str, new: Scrape = new, old: Scrape = old, seconds: float = seconds, **labels: str) -> float:
            grown = new.sum(name, **labels) - old.sum(name, **labels)
            return max(grown, 0.0) / seconds if seconds > 0 else 0.0

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
            *(f"{value:,.1f}" if seconds > 0 else "-" for value in rates),
            _seconds(quantile(0.95, [new], [old], "claimwire_end_to_end_seconds", agent="ingest")),
            f"{waiting:,.0f}",
            _seconds(new.max("claimwire_lag_seconds")),
            f"{new.sum('claimwire_in_flight_records', agent='ingest'):,.0f}",
            f"{min(rate('claimwire_pool_busy_seconds_total') / processes, 1):.0%}" if seconds > 0 else "-",
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
    paused = sorted({labels.get("why", "") for labels, on in scrape.samples.get("claimwire_paused", ()) if on})
    return f"[yellow]paused: {_shown(', '.join(paused))}" if paused else "[green]✓ ready"


def _times(up: Sequence[tuple[Scrape, Scrape]]) -> RenderableType:
    """How the workers spent their time between the two measurements."""
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
    line = "   ".join(f"{part} [bold]{f'{loop.get(part, 0.0) / passed:.0%}' if loop else '-'}[/]" for part in _PARTS)
    table = Table(box=None, pad_edge=False, header_style="dim", title=f"each second: {line}", title_justify="left")
    table.add_column("stage", min_width=16)
    table.add_column("share", min_width=22)
    table.add_column("mean", justify="right")
    sums, counts = grown("claimwire_stage_seconds_sum", "stage"), grown("claimwire_stage_seconds_count", "stage")
    whole = sum(sums.values())
    for stage, spent in sums.items():
        share = spent / whole if whole else None
        mean = spent / counts[stage] if counts.get(stage) else None
        bar = "-" if share is None else f"[cyan]{'█' * round(share * 16)}[/] {share:.0%}"
        table.add_row(_shown(stage), bar, _seconds(mean))
    return table


def _outcomes(up: Sequence[Scrape]) -> str:
    """Counts of outcomes since the start of each worker."""
    sums: dict[str, float] = {}
    for scrape in up:
        for labels, value in scrape.samples.get("claimwire_records_total", ()):
            if value and labels.get("agent") == "ingest":
                word = _shown(f"{labels.get('outcome', '')} {labels.get('reason', '')}"[:80].rstrip())
                sums[word] = sums.get(word, 0.0) + value
    shown = [f"[red]{w}[/] {v:,.0f}" if w.startswith("dead") else f"{w} {v:,.0f}" for w, v in sorted(sums.items())]
    return "[dim]outcomes since the start:[/] " + ("   ".join(shown) or "none yet")


def _shown(text: str) -> str:
    """Text of a worker's answer, which can be neither markup nor an escape sequence."""
    from rich.markup import escape

    return escape(visible(text))


def _seconds(value: float | None) -> str:
    if value is None:
        return "-"
    if value < 1:
        return f"{value * 1000:.0f} ms" if value >= 0.01 or not value else f"{value * 1000:.1f} ms"
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.0f} min"
