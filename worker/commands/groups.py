"""claimwire groups: copies of one text among the articles of files, without Kafka."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.printed.printing import print_event, print_line

if TYPE_CHECKING:
    from worker.link.copies.index import CopyIndex
    from worker.streaming.record import Record

__all__ = ["groups"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--temporary",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder for a temporary file, about 5 KB for each article. Default: the system's.",
)
def groups(files: tuple[Path, ...], temporary: Path | None) -> None:
    """Print which articles in FILES are copies of one text, as JSON Lines: a group of two or more a line.

    FILES are articles in any form that the worker reads, or dumps of `articles.raw` or `articles.extracted`: .jsonl,
    .json (also .gz and .zst), .parquet, .warc, .html, .txt, or folders of them. Of several versions of an article the
    youngest counts; a cancelled or deleted one does not. Copies are recognised over edits, cuts, another headline or
    lead, and inside a longer article. The same articles give the same groups, whatever their order.

    Exit code 1 when an article could not be read; the others are grouped all the same.
    """
    import orjson

    from worker.archives.reading import files_of, read_archives
    from worker.link.copies.index import CopyIndex

    all_read = True
    with (
        tempfile.TemporaryDirectory(prefix="claimwire-", dir=temporary) as folder,
        contextlib.closing(CopyIndex(Path(folder) / "copies.sqlite")) as index,
    ):
        for record in read_archives(files_of(files)):
            all_read &= _apply(record, index)
        for group in index.groups():
            print_event(orjson.dumps(group))
    sys.exit(0 if all_read else 1)


def _apply(record: Record, index: CopyIndex) -> bool:
    """Adds or removes the article of a record. False where it holds none."""
    from worker.contract.codec import BrokenRecordError
    from worker.stages.article_text import article_text
    from worker.stages.versions import is_older_version

    try:
        text = article_text(record)
    except BrokenRecordError as broken:
        print_line(f"{record}: {broken.reason}: {broken.error}; it is left out", err=True)
        return False
    if isinstance(text, str):
        index.remove(text)
        return True
    known = index.version_of(text.uri)
    if known is None or not is_older_version(text.version, text.updated, *known):
        index.add(text)
    return True
