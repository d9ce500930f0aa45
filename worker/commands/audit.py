"""claimwire audit: has every record that was read an outcome?"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from worker.commands.moments import MOMENT, at
from worker.commands.options import config_option, settings_of

__all__ = ["audit"]


@click.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--since", type=MOMENT, help="Only records written since then: 2h, 7d, 2026-11-20 or 2026-11-20T09:00Z.")
@click.option("--until", type=MOMENT, help="Only records written before then.")
@click.option("--partition", "partitions", type=int, multiple=True, help="Only this partition of articles.raw.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a partition; a line more for each missing record."
)
def audit(
    config: Path | None,
    brokers: str | None,
    since: int | None,
    until: int | None,
    partitions: tuple[int, ...],
    as_json: bool,
) -> None:
    """Compare articles.raw with all that came of it, and name each record without an outcome.

    Looks at topics and committed offsets only, not at the worker. Every record below the ingest group's committed offset
    must be ok (in articles.extracted), dead, dropped (articles.dropped), waiting (in articles.retry) or superseded: a
    newer record of its key has an outcome, and compaction took the older one. Tombstones whose trace compaction has
    taken as well count as deleted. Exit code 1 when a record has none of these.
    """
    settings, _ = settings_of(config, brokers=brokers)
    import orjson
    from aiokafka.errors import KafkaError

    from worker.contract.topics import Topics
    from worker.streaming.audit import AuditOptions, Finding, Verdict
    from worker.streaming.audit import audit as audited
    from worker.streaming.window import Selection, WindowError

    topics = Topics.with_prefix(settings.topic_prefix)
    options = AuditOptions(
        brokers=settings.brokers,
        app_id=settings.app_id,
        topics=topics,
        selection=Selection(topic=topics.raw, partitions=frozenset(partitions) or None, from_ms=since, to_ms=until),
    )

    def missing(finding: Finding) -> None:
        if as_json:
            click.echo(orjson.dumps({"missing": finding.record, "at": at(finding.timestamp), "why": finding.why}))
        else:
            click.echo(f"MISSING {finding.record} of {at(finding.timestamp)}: {finding.why}")

    try:
        rows = asyncio.run(audited(options, missing))
    except WindowError as wrong:
        raise click.ClickException(str(wrong)) from None
    except KafkaError as refused:
        raise click.ClickException(f"Kafka at {settings.brokers}: {refused!r}") from None
    names = list(Verdict)
    if not as_json:
        click.echo(
            f"{'partition':>9} {'offsets':>19} {'read':>9} " + " ".join(f"{n:>10}" for n in names) + "  not yet due"
        )
    columns = ["read", *map(str, names), "repeated", "open"]
    total: dict[str, int] = dict.fromkeys(columns, 0)
    for row in rows:
        counted: dict[str, int] = {"read": row.read, "repeated": row.repeated, "open": row.open}
        counted |= {str(name): row.verdicts[name] for name in names}
        total = {name: total[name] + counted[name] for name in total}
        if as_json:
            bounds = {"partition": row.partition, "start": row.bounds.start, "end": row.bounds.end}
            click.echo(orjson.dumps(bounds | counted))
        else:
            offsets = f"{row.bounds.start}..{row.bounds.end}"
            click.echo(_line(str(row.partition), offsets, counted, names))
    if not as_json:
        click.echo(_line("all", "", total, names))
        if total["repeated"]:
            click.echo(f"{total['repeated']} outcomes stand there more than once (a restart reads again; ids repeat)")
        click.echo("Nothing is missing." if not total["missing"] else f"{total['missing']} records have no outcome.")
    sys.exit(1 if total["missing"] else 0)


def _line(partition: str, offsets: str, counted: dict[str, Any], names: list[Any]) -> str:
    numbers = " ".join(f"{counted[name]:>10}" for name in names)
    return f"{partition:>9} {offsets:>19} {counted['read']:>9} {numbers}  {counted['open']:>11}"
