"""claimwire publish: the articles of files, as raw articles for the worker."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.options.grouped import grouped
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.submit.mark import Mark
    from worker.submit.publish import FilePublisher

__all__ = ["publish"]

_STOPPED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishChoice:
    rate: float | None
    mark: Path | None
    dry_run: bool


@click.command()
@with_settings
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@grouped(
    "choice",
    PublishChoice,
    click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many articles a second."),
    click.option(
        "--mark",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File that keeps how far it has come: run again after a stop or a crash, it goes on there.",
    ),
    click.option("--dry-run", is_flag=True, help="Read everything, say what would be refused, and send nothing."),
)
def publish(settings: Settings, files: tuple[Path, ...], choice: PublishChoice) -> None:
    """Publish the articles in FILES to articles.raw, each with its uri as the key. `-` is standard input.

    A file is JSON of any form that the worker reads (one article, an array, the answer of an API), JSON Lines, a feed,
    NITF or NewsML-G2, a page, a text, an e-mail (these plain or packed with gzip or zstd), CSV, Parquet, WARC, or a
    folder of such files. What is no article is named with its file and line and is not sent; the others are. An
    article that is sent twice makes no second claim, so a run can simply be repeated.

    Exit code 0 when all was sent, 1 when something was refused or Kafka took no more, 2 when a file cannot be read, 3
    when it was stopped.
    """
    from worker.archives.found import STANDARD_INPUT
    from worker.archives.reading import files_of
    from worker.submit.mark import read_mark

    if choice.mark is not None and STANDARD_INPUT in files:
        raise click.UsageError("--mark: standard input cannot be read again from where it was left")
    named = [part for file in files for part in ([file] if file == STANDARD_INPUT else files_of([file], any_name=True))]
    after = read_mark(choice.mark, named) if choice.mark is not None else None
    if after is not None:
        print_line(f"goes on behind {after}: {after.sent:,} articles were sent, {after.refused:,} refused", err=True)
    sys.exit(asyncio.run(_published(settings, named, choice, after)))


async def _published(settings: Settings, files: list[Path], choice: PublishChoice, after: Mark | None) -> int:
    """Publishes, says how far it came however it ends, and returns the exit code."""
    from worker.contract.forms.own_fields import own_fields
    from worker.contract.topics import Topics
    from worker.publishers import publisher_of
    from worker.replay.manage.progress import counter
    from worker.submit.publish import FilePublisher, PublishOptions

    topic = Topics.with_prefix(settings.topic_prefix).raw
    options = PublishOptions(
        topic=topic,
        max_bytes=settings.article_max_bytes,
        own_fields=own_fields(settings.fields),
        refused=lambda refusal: print_line(f"{refusal.where}: {refusal.reason}: {refusal.error}", err=True),
        seen=counter("read" if choice.dry_run else "sent"),
        mark=choice.mark,
        rate=choice.rate,
    )
    publisher = None if choice.dry_run else publisher_of(settings, "publish")
    publishing = FilePublisher(files, publisher, options, after)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, publishing.stop)
    if publisher is not None:
        await _check_topic(settings, topic)
        await publisher.start()
    try:
        counts = await publishing.run()
    finally:
        _say_how_far(publishing, topic, choice)
        if publisher is not None:
            await publisher.stop()
    return _STOPPED if publishing.stopped else 1 if counts.refused else 0


async def _check_topic(settings: Settings, topic: str) -> None:
    from worker.streaming.topics.admin import existing_topics
    from worker.streaming.topics.window import WindowError

    if topic not in await existing_topics(settings.kafka, [topic]):
        raise WindowError(f"there is no topic {topic} to publish to; `claimwire topics --create` makes it")


def _say_how_far(publishing: FilePublisher, topic: str, choice: PublishChoice) -> None:
    from worker.replay.manage.progress import size

    counts = publishing.counts
    done = "would go" if choice.dry_run else "sent"
    print_line(f"{counts.records:,} articles, {size(counts.bytes)}, {done} to {topic}; {counts.refused:,} refused")
    if publishing.stopped and publishing.reached is not None:
        again = (
            "run it again with the same --mark" if choice.mark else "run it again: what is sent twice changes nothing"
        )
        print_line(f"stopped behind {publishing.reached}; {again}", err=True)
