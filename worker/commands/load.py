"""claimwire load: archives published to a topic."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.settings import Settings

__all__ = ["load"]


@click.command()
@with_settings
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.argument("topic")
@click.option(
    "--by-key", is_flag=True, help="Choose the partition by the key; default: the one that the record came from."
)
def load(settings: Settings, files: tuple[Path, ...], topic: str, by_key: bool) -> None:
    """Publish the records of FILES, archives or folders of them, to TOPIC, which must exist.

    Keys, values, headers and timestamps are as they were. Articles that others wrote (JSON Lines, Parquet, WARC) get
    their uri as the key; they all have partition 0, so use --by-key for them.
    """

    async def work() -> None:
        from worker.archives.transfer import load as load_files
        from worker.replay.manage.progress import counter, size

        moved = await load_files(
            settings.kafka,
            list(files),
            topic,
            by_key=by_key,
            compression=settings.compression,
            seen=counter("loaded"),
        )
        print_line(f"{moved.records:,} records, {size(moved.bytes)}, to {topic}")

    asyncio.run(work())
