"""claimwire lag: how far behind each partition is, over all workers."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from worker.commands.options import config_option, settings_of
from worker.settings import ENV, Settings

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


@click.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--fail-above", type=click.IntRange(0), help="Exit code 1 when more records than this wait altogether.")
def lag(config: Path | None, brokers: str | None, as_json: bool, fail_above: int | None) -> None:
    """Records that wait in each partition of each agent, and the age of the oldest; asked of Kafka, not of the workers.

    Works also while no worker runs. A group that has committed nothing begins at the oldest record.
    """
    settings, _ = settings_of(config, brokers=brokers)
    from worker.observe.offsets import OffsetsUnknownError

    try:
        rows = asyncio.run(_rows(settings))
    except OffsetsUnknownError as silent:
        raise click.ClickException(f"{silent}; set --brokers or {ENV}BROKERS") from None
    if as_json:
        import orjson

        for row in rows:
            click.echo(orjson.dumps(asdict(row)).decode())
    else:
        click.echo(f"{'agent':<11}{'partition':<34}{'committed':>12}{'end':>12}{'waiting':>10}{'oldest':>10}")
        for row in rows:
            committed = "–" if row.committed is None else str(row.committed)
            place = f"{row.topic}[{row.partition}]"
            click.echo(
                f"{row.agent:<11}{place:<34}{committed:>12}{row.end:>12}{row.records:>10}{_age(row.seconds):>10}"
            )
        click.echo(f"{sum(row.records for row in rows)} records wait in {len(rows)} partitions")
    if fail_above is not None and sum(row.records for row in rows) > fail_above:
        sys.exit(1)


async def _rows(settings: Settings) -> list[_Row]:
    from worker.observe.groups import groups_of
    from worker.observe.offsets import OffsetReader

    reader = OffsetReader(settings.brokers, limit_s=10.0)
    rows = []
    try:
        for each in groups_of(settings):
            partitions = await reader.partitions(each.topic)
            if not partitions:
                continue
            committed = await reader.committed(each.group)
            ends, beginnings = await reader.ends(partitions), await reader.beginnings(partitions)
            starts = {p: max(committed.get(p, 0), beginnings[p]) for p in partitions}
            behind = {p: at for p, at in starts.items() if at < ends[p]}
            stamps = await reader.timestamps(behind) if behind else {}
            now = time.time()
            rows += [
                _Row(
                    each.agent,
                    each.group,
                    p.topic,
                    p.partition,
                    committed.get(p),
                    ends[p],
                    max(ends[p] - starts[p], 0),
                    round(max(now - stamps[p] / 1000, 0.0), 1) if p in stamps else None,
                )
                for p in partitions
            ]
    finally:
        await reader.close()
    return rows


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
