"""claimwire lag: how far behind each partition is, over all workers."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict, dataclass

import click

from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_json, print_line
from worker.settings import Settings

__all__ = ["lag"]


@dataclass(frozen=True, slots=True)
class _Row:
    agent: str
    group: str
    topic: str
    partition: int
    committed: int | None
    end: int
    records: int
    seconds: float | None
    beyond_end: bool
    """The committed offset lies beyond the partition's end: the topic was cut, or made again."""


@click.command()
@with_settings
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--fail-above",
    type=click.IntRange(0),
    help="Exit code 1 when more records than this wait altogether, or Kafka cannot tell how many: also without topics.",
)
def lag(settings: Settings, as_json: bool, fail_above: int | None) -> None:
    """Print how many records wait in each partition of each agent, and the age of the oldest one.

    Asks Kafka, not the workers, so that it also works while no worker runs. A group that has committed nothing begins
    at the oldest record. The age is – where the record's timestamp tells no time.
    """
    rows, missing = asyncio.run(_rows(settings))
    if as_json:
        for row in rows:
            print_json(asdict(row))
    else:
        print_line(f"{'agent':<11}{'partition':<34}{'committed':>12}{'end':>12}{'waiting':>10}{'oldest':>10}")
        for row in rows:
            committed = "–" if row.committed is None else str(row.committed)
            place = f"{row.topic}[{row.partition}]"
            print_line(
                f"{row.agent:<11}{place:<34}{committed:>12}{row.end:>12}{row.records:>10}{_age(row.seconds):>10}"
            )
        print_line(f"{sum(row.records for row in rows)} records wait in {len(rows)} partitions")
    if missing:
        print_line(f"{', '.join(missing)}: missing; `claimwire topics --create` makes what the worker needs", err=True)
    beyond = [row for row in rows if row.beyond_end]
    for row in beyond:
        print_line(
            f"{row.topic}[{row.partition}]: group {row.group} has committed {row.committed}, beyond the end {row.end}: "
            f"the topic was cut or made again, how many records wait is not known",
            err=True,
        )
    if fail_above is not None and (missing or beyond or sum(row.records for row in rows) > fail_above):
        sys.exit(1)


async def _rows(settings: Settings) -> tuple[list[_Row], list[str]]:
    """A row for each partition, and the topics that are missing."""
    from worker.consumer_groups import groups_of
    from worker.streaming.topics.offset_reader import OffsetReader

    reader = OffsetReader(settings.kafka, limit_s=10.0, isolation="read_committed")
    rows: list[_Row] = []
    missing: list[str] = []
    try:
        for group in groups_of(settings):
            partitions = await reader.partitions(group.topic)
            if not partitions:
                missing.append(group.topic)
                continue
            committed = await reader.committed(group.group)
            ends, beginnings = await reader.ends(partitions), await reader.beginnings(partitions)
            starts = {p: max(committed.get(p, 0), beginnings[p]) for p in partitions}
            behind = {p: at for p, at in starts.items() if at < ends[p]}
            stamps = await reader.timestamps(behind) if behind else {}
            now = time.time()
            rows += [
                _Row(
                    group.agent,
                    group.group,
                    p.topic,
                    p.partition,
                    committed.get(p),
                    ends[p],
                    max(ends[p] - starts[p], 0),
                    _seconds(stamps.get(p), now),
                    committed.get(p, 0) > ends[p],
                )
                for p in partitions
            ]
    finally:
        await reader.close()
    return rows, missing


def _seconds(timestamp: int | None, now: float) -> float | None:
    from worker.streaming.record import age_s

    age = None if timestamp is None else age_s(timestamp, now)
    return None if age is None else round(age, 1)


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
