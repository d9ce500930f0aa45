"""claimwire diff: what a replay changes."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.errors.exit_codes import RefusedError
from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.force import force_option
from worker.commands.options.grouped import grouped
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.commands.printed.replay_sides import live_side, replay_side
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.replay.diff.summary import Limit, Summary

__all__ = ["diff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    against: str | None
    files: Path | None
    html: Path | None
    json: Path | None
    examples: int
    ignore: tuple[str, ...]
    max_changed: str | None
    unfinished: bool
    force: bool


@click.command()
@with_settings
@click.argument("name")
@grouped(
    "options",
    DiffOptions,
    click.option("--against", metavar="OTHER", help="Compare with another replay instead of the live claims."),
    click.option(
        "--files",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder of replays written to files; a replay that is not in it is looked for in Kafka.",
    ),
    click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page to this file."),
    click.option("--json", type=click.Path(dir_okay=False, path_type=Path), help="Write all differences as JSON."),
    click.option(
        "--examples", type=click.IntRange(min=0), default=8, show_default=True, help="How many to print side by side."
    ),
    click.option("--ignore", multiple=True, metavar="FIELD", help="As in confidence or attribution.cue. Repeatable."),
    click.option(
        "--max-changed", metavar="LIMIT", help="Exit code 1 when more claims differ: 2% of those before, or 20."
    ),
    click.option("--unfinished", is_flag=True, help="Compare also while the replay is not done."),
    force_option,
)
def diff(settings: Settings, name: str, options: DiffOptions) -> None:
    """Show what the replay NAME changes, against the live claims or another replay.

    Claims are compared by id, within the articles that the replay extracted; a claim with another id at the same place
    of the text counts as changed too. An article that the other side has in a newer version is left out. Exit code 0,
    1 with --max-changed when more claims than that are changed, gone or new, 2 when the comparison cannot be made.
    """
    limit = _limit(options.max_changed) if options.max_changed else None
    sys.exit(asyncio.run(_diff(settings, name, options, limit)))


def _limit(text: str) -> Limit:
    from worker.replay.diff.summary import Limit

    try:
        return Limit.parsed(text)
    except ValueError:
        raise RefusedError(f"--max-changed {text}: expected a percentage as 2% or a number of claims") from None


async def _diff(settings: Settings, name: str, options: DiffOptions, limit: Limit | None) -> int:
    import orjson
    from rich.console import Console

    from worker.archives.whole_file import WholeFile, refuse_target
    from worker.replay.diff.differences import Differences
    from worker.replay.diff.page import page
    from worker.replay.diff.summary import summarised
    from worker.replay.diff.text import print_summary

    for path in (options.html, options.json):
        if path is not None:
            refuse_target(path, replace=options.force)  # before minutes of reading
    if options.files is None:
        await refuse_without_rights(settings, "diff")
    after = await replay_side(settings, name, files=options.files, unfinished=options.unfinished)
    before = (
        await replay_side(settings, options.against, files=options.files, unfinished=options.unfinished)
        if options.against
        else await live_side(settings)
    )
    with Differences(options.ignore) as differences:
        await differences.fill(before, after)
        summary = summarised(differences, before.name, after.name, max(options.examples, 60 if options.html else 0))
    if options.html:
        with WholeFile(options.html, replace=options.force) as file:
            file.write(page(summary).encode())
    if options.json:
        with WholeFile(options.json, replace=options.force) as file:
            file.write(orjson.dumps(summary.as_dict(), option=orjson.OPT_INDENT_2))
    summary.examples = summary.examples[: options.examples]
    print_summary(summary, Console())
    return _print_limit(summary, limit) if limit else 0


def _print_limit(summary: Summary, limit: Limit) -> int:
    """The exit code: 1 when more claims differ than `limit` allows."""
    exceeded = summary.exceeds(limit)
    print_line(
        f"{summary.different:,} of {summary.before:,} claims differ ({100 * summary.share:.2f} %), "
        f"{'more than' if exceeded else 'within'} the {limit} allowed",
        err=exceeded,
    )
    return int(exceeded)
