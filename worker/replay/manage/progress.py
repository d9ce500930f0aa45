"""Shows progress on standard error: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from worker.archives.transfer import TransferCounts
from worker.replay.execution.run import ReplayState

__all__ = ["counter", "duration", "show_progress", "size"]

_LINE_EVERY_S = 5.0
_RATE_OVER_S = 20.0


def duration(seconds: float) -> str:
    """For example 45 s, 12 min 5 s, 3 h 20 min, 2 d 4 h."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"


def size(count: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


class _Rate:
    """Speed over the last 20 seconds, so that a pause or a slow start does not distort the estimate for hours."""

    def __init__(self) -> None:
        self._points: list[tuple[float, int, int]] = []

    def add(self, now: float, records: int, done: int) -> tuple[float, float]:
        """Records and offsets a second."""
        self._points.append((now, records, done))
        while len(self._points) > 2 and self._points[1][0] < now - _RATE_OVER_S:
            self._points.pop(0)
        then, before, done_before = self._points[0]
        elapsed = max(now - then, 1e-9)
        return (records - before) / elapsed, (done - done_before) / elapsed


def words(state: ReplayState, rate: tuple[float, float]) -> str:
    parts = [f"{state.counts.read:,} records"]
    if state.width:
        parts.insert(0, f"{100 * state.done / state.width:.1f} %")
    parts += [f"{rate[0]:.1f}/s", f"{state.counts.claims:,} claims"]
    if state.counts.dead:
        parts.append(f"{state.counts.dead:,} dead")
    if state.counts.dropped:
        parts.append(f"{state.counts.dropped:,} dropped")
    if state.paused:
        parts.append("paused (--go-on to continue)")
    elif state.width and rate[1] > 0:
        parts.append(f"{duration((state.width - state.done) / rate[1])} left")
    return ", ".join(parts)


async def show_progress(name: str, ask: Callable[[], Awaitable[ReplayState]]) -> None:
    """Shows the state again and again until it is cancelled."""
    console = Console(stderr=True)
    rate = _Rate()
    if console.is_terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"))
        with Progress(*columns, console=console, transient=True) as bar:
            task: TaskID | None = None
            while True:
                state = await ask()
                text = words(state, rate.add(time.monotonic(), state.counts.read, state.done))
                if task is None:
                    task = bar.add_task(name, total=state.width, words=text)
                bar.update(task, completed=state.done, words=text)
                await asyncio.sleep(0.25)
    while True:
        await asyncio.sleep(_LINE_EVERY_S)
        state = await ask()
        text = words(state, rate.add(time.monotonic(), state.counts.read, state.done))
        console.print(f"{name}: {text}", markup=False, highlight=False, soft_wrap=True)


def counter(done: str) -> Callable[[TransferCounts], None]:
    """Shows the number of records dumped or loaded: one line on a terminal, a line every few seconds elsewhere."""
    console = Console(stderr=True)
    shown_at = time.monotonic()

    def seen(moved: TransferCounts) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if now - shown_at >= (0.2 if console.is_terminal else _LINE_EVERY_S):
            shown_at = now
            text = f"{moved.records:,} records {done}, {size(moved.bytes)}"
            console.print(
                text, end="\r" if console.is_terminal else "\n", markup=False, highlight=False, soft_wrap=True
            )

    return seen
