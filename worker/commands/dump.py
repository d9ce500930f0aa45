"""claimwire dump: a window of a topic as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import click

from worker.commands.options.force import force_option
from worker.commands.options.grouped import grouped
from worker.commands.options.window import WindowOptions, with_window_options
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.settings import Settings

__all__ = ["dump"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpOptions:
    keys: tuple[str, ...]
    publishers: tuple[str, ...]
    all_transactions: bool
    force: bool


@click.command()
@with_settings
@click.argument("topic")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_window_options
@grouped(
    "options",
    DumpOptions,
    click.option("--key", "keys", multiple=True, help="Only records of this key. Repeatable."),
    click.option("--publisher", "publishers", multiple=True, help="Only articles of this publisher. Repeatable."),
    click.option("--all-transactions", is_flag=True, help="Also records of transactions that were aborted."),
    force_option,
)
def dump(settings: Settings, topic: str, file: Path, chosen: WindowOptions, options: DumpOptions) -> None:
    """Write the records of TOPIC that are there now to FILE.

    FILE ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet. It appears when it is whole, readable by its owner alone.
    Key, value, headers, timestamp and coordinates of each record are kept, so that `claimwire load` gives the same
    bytes back and `claimwire replay --from-archive` reads them as if they came from the topic. TOPIC is the full name:
    the setting topic_prefix is not put before it.
    """

    async def work() -> None:
        from worker.archives.transfer import dump as dump_window
        from worker.archives.whole_file import refuse_target
        from worker.replay.manage.progress import counter, size
        from worker.replay.plan.plan import Filter

        refuse_target(file, replace=options.force)  # before Kafka is asked
        window = await chosen.window(settings.kafka, topic, all_transactions=options.all_transactions)
        wanted = Filter(keys=options.keys, publishers=options.publishers).wanted()
        moved = await dump_window(settings.kafka, window, file, wanted, counter("dumped"), replace=options.force)
        print_line(f"{moved.records:,} records, {size(moved.bytes)}, of {topic} in {file}")
        if moved.lost:
            print_line(f"{moved.lost:,} offsets were deleted by the topic's retention before they were read", err=True)

    asyncio.run(work())
