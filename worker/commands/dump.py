"""`claimwire dump` and `claimwire load`: a topic's window as a file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from worker.commands.options import config_option, settings_of
from worker.commands.replay import guarded

__all__ = ["dump", "load"]


@click.command()
@config_option
@click.argument("topic")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--partitions", help="As in 0,2-5. Default: all.")
@click.option("--since", help="Records from this time on: 2026-11-20, 2026-11-20T09:30Z, or 7d for seven days ago.")
@click.option("--until", help="Records before this time.")
@click.option("--lateness", help="How much older a record can be than one before it, as in 1h: reading stops there.")
@click.option("--from-offset", help="For every partition, or by partition: 0:1200,3:900.")
@click.option("--to-offset", help="The same; the record of that offset is the first that is left out.")
@click.option("--key", "keys", multiple=True, help="Only records of this key. Repeatable.")
@click.option("--publisher", "publishers", multiple=True, help="Only articles of this publisher. Repeatable.")
@click.option("--all-transactions", is_flag=True, help="Also records of transactions that were given up.")
def dump(config: Path | None, brokers: str | None, topic: str, file: Path, **asked: Any) -> None:
    """Write the records of TOPIC that are there now to FILE.

    FILE ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet. Key, value, headers, timestamp and place of each record are
    kept, so that `claimwire load` gives the same bytes back and `claimwire replay --from-archive` reads them as if
    they came from the topic. The name of TOPIC stands as it is: the setting topic_prefix is not put before it.
    """
    settings, _ = settings_of(config, brokers=brokers)

    async def work() -> int:
        from worker.commands.window_options import window_of
        from worker.replay.plan import Filter
        from worker.replay.progress import counter, size
        from worker.replay.transfer import dump as dump_window

        window = await window_of(settings.brokers, topic, asked, all_transactions=asked["all_transactions"])
        wanted = Filter(keys=asked["keys"], publishers=asked["publishers"]).wanted()
        moved = await dump_window(settings.brokers, window, file, wanted, counter("dumped"))
        click.echo(f"{moved.records:,} records, {size(moved.bytes)}, of {topic} in {file}")
        if moved.lost:
            click.echo(f"{moved.lost:,} offsets were deleted by the topic's retention before they were read", err=True)
        return 0

    guarded(work, settings.brokers)


@click.command()
@config_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.argument("topic")
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--by-key", is_flag=True, help="Partitions go by the key; default: the ones that the records came from.")
def load(config: Path | None, brokers: str | None, files: tuple[Path, ...], topic: str, by_key: bool) -> None:
    """Publish the records of FILES, archives or folders of them, to TOPIC, which must exist.

    Keys, values, headers and timestamps are as they were. Articles that others wrote (JSON Lines, Parquet, WARC) get
    their uri as the key; they have no partition of their own but 0, so --by-key is for them.
    """
    settings, _ = settings_of(config, brokers=brokers)

    async def work() -> int:
        from worker.replay.progress import counter, size
        from worker.replay.transfer import load as load_files

        moved = await load_files(
            settings.brokers,
            list(files),
            topic,
            by_key=by_key,
            compression=settings.compression,
            seen=counter("loaded"),
        )
        click.echo(f"{moved.records:,} records, {size(moved.bytes)}, to {topic}")
        return 0

    guarded(work, settings.brokers)
