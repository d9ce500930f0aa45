"""claimwire audit: has every record that was read an outcome, and does every claim have its article?"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.options.grouped import grouped
from worker.commands.options.times import TIME, printed_time
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_json, print_line
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.operate.audit import Finding, PartitionAudit

__all__ = ["audit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChoice:
    """What the user asks of the audit. Times are in milliseconds since 1970."""

    since: int | None
    until: int | None
    partitions: tuple[int, ...]
    only: str | None
    repair: bool
    unknown_articles: bool
    temporary: Path | None

    @property
    def compares_claims(self) -> bool:
        return self.only != "records" and self.until is None and not self.partitions


@click.command()
@with_settings
@grouped(
    "choice",
    AuditChoice,
    click.option(
        "--since", type=TIME, help="Only records written since then: 2h, 7d, 2026-11-20 or 2026-11-20T09:00Z."
    ),
    click.option("--until", type=TIME, help="Only records written before then. Claims are then not compared."),
    click.option(
        "--partition",
        "partitions",
        type=int,
        multiple=True,
        help="Only this partition of articles.raw. Claims are then not compared.",
    ),
    click.option("--only", type=click.Choice(["records", "claims"]), help="Check only that. Default: both."),
    click.option("--repair", is_flag=True, help="Retract the claims that no version of their article makes."),
    click.option(
        "--unknown-articles",
        is_flag=True,
        help="With --repair: also those whose article neither articles.extracted nor articles.live has.",
    ),
    click.option(
        "--temporary",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder for temporary files, about 5 KB for each article. Default: the system's.",
    ),
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each partition, finding and summary.")
def audit(settings: Settings, choice: AuditChoice, as_json: bool) -> None:
    """Compare articles.raw with its outcomes and articles with their claims, and name each record that is missing or
    wrong.

    Looks only at topics and committed offsets, not at the worker. Every record below the committed offset of the ingest
    group must be ok (in articles.extracted), dead, dropped (articles.dropped), waiting (in articles.retry) or
    superseded: a newer record of its key has an outcome, and compaction took the older one. A tombstone counts as
    deleted when compaction has removed its trace too.

    Then: every claim that is asserted in the topic claims must be made by the youngest version of its article, and
    every claim of that version must be asserted. An article with a record that the lifecycle has not processed is not
    compared. With --since only the articles that had a record since then are.

    Exit code 1 when a record has no outcome, or a claim is wrong and was not repaired.
    """
    if (choice.repair or choice.unknown_articles) and not choice.compares_claims:
        raise click.UsageError(
            "--repair compares all claims: it does not go with --until, --partition or --only records"
        )
    if choice.unknown_articles and not choice.repair:
        raise click.UsageError("--unknown-articles goes with --repair")
    missing = 0 if choice.only == "claims" else _missing_records(settings, choice, as_json)
    wrong = asyncio.run(_wrong_claims(settings, choice, as_json)) if choice.compares_claims else 0
    sys.exit(1 if missing or wrong else 0)


def _missing_records(settings: Settings, choice: AuditChoice, as_json: bool) -> int:
    """How many records of articles.raw have no outcome."""
    from worker.contract.topics import Topics
    from worker.operate.audit import AuditOptions
    from worker.operate.audit import audit as compare
    from worker.streaming.topics.window import Selection

    topics = Topics.with_prefix(settings.topic_prefix)
    options = AuditOptions(
        brokers=settings.kafka,
        installation=settings.installation,
        topics=topics,
        selection=Selection(
            topic=topics.raw,
            partitions=frozenset(choice.partitions) or None,
            from_ms=choice.since,
            to_ms=choice.until,
        ),
        isolation="read_uncommitted" if settings.isolation == "read_uncommitted" else "read_committed",
    )
    rows = asyncio.run(compare(options, _print_missing_as_json if as_json else _print_missing))
    if as_json:
        _print_as_json(rows)
    else:
        _print_table(rows)
    return sum(_counts(row)["missing"] for row in rows)


async def _wrong_claims(settings: Settings, choice: AuditChoice, as_json: bool) -> int:
    """How many claims are wrong in the end."""
    from worker.commands.printed.claims_report import ClaimsReport
    from worker.contract.topics import Topics
    from worker.operate.claims_audit import ClaimsAuditOptions, audit_claims
    from worker.operate.claims_repair import repair as retract

    topics = Topics.with_prefix(settings.topic_prefix)
    options = ClaimsAuditOptions(
        brokers=settings.kafka,
        installation=settings.installation,
        topics=topics,
        since_ms=choice.since,
        folder=choice.temporary,
    )
    report = ClaimsReport(topics, as_json=as_json, keep=choice.repair)
    found = await audit_claims(options, report.finding, report.unreadable)
    report.summary(found)
    wrong = sum(found.wrong.values())
    if choice.repair and wrong:
        done = await retract(settings, found, report.kept, unknown_articles=choice.unknown_articles)
        report.repaired(done)
        wrong -= len(done.retracted)
    return wrong


def _print_missing(finding: Finding) -> None:
    print_line(f"MISSING {finding.record} of {printed_time(finding.timestamp)}: {finding.why}")


def _print_missing_as_json(finding: Finding) -> None:
    print_json({"missing": finding.record, "at": printed_time(finding.timestamp), "why": finding.why})


def _print_as_json(rows: Sequence[PartitionAudit]) -> None:
    for row in rows:
        bounds = {"partition": row.partition, "start": row.bounds.start, "end": row.bounds.end}
        print_json(bounds | _counts(row))


def _print_table(rows: Sequence[PartitionAudit]) -> None:
    from worker.operate.audit import AuditVerdict

    names = [str(verdict) for verdict in AuditVerdict]
    print_line(f"{'partition':>9} {'offsets':>19} {'read':>9} " + " ".join(f"{n:>10}" for n in names) + "  not yet due")
    total: Counter[str] = Counter()
    for row in rows:
        counts = _counts(row)
        total.update(counts)
        print_line(_line(str(row.partition), f"{row.bounds.start}..{row.bounds.end}", counts, names))
    print_line(_line("all", "", total, names))
    if total["repeated"]:
        print_line(f"{total['repeated']} outcomes are there more than once (after a restart records are read again)")
    print_line("Nothing is missing." if not total["missing"] else f"{total['missing']} records have no outcome.")


def _counts(row: PartitionAudit) -> dict[str, int]:
    from worker.operate.audit import AuditVerdict

    verdicts = {str(verdict): row.verdicts[verdict] for verdict in AuditVerdict}
    return {"read": row.read, "repeated": row.repeated, "open": row.open} | verdicts


def _line(partition: str, offsets: str, counts: dict[str, int] | Counter[str], names: Sequence[str]) -> str:
    numbers = " ".join(f"{counts[name]:>10}" for name in names)
    return f"{partition:>9} {offsets:>19} {counts['read']:>9} {numbers}  {counts['open']:>11}"
