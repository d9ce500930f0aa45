"""claimwire reviews: verdicts of fact-checkers, which standing shows beside the claims that they are about."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_json, print_line
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.contract.review import Review

__all__ = ["reviews"]


@click.group()
def reviews() -> None:
    """Verdicts of fact-checkers (ClaimReview of schema.org) for claims.standing. The worker needs link = true.

    \b
    claimwire reviews add fact-check.html feed.json
    claimwire reviews ls
    claimwire reviews rm https://checks.example/quay
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are


@reviews.command()
@with_settings
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print the reviews as JSON Lines, and send nothing.")
def add(settings: Settings, files: tuple[Path, ...], dry_run: bool) -> None:
    """Publish the reviews in FILES to claims.reviews. `-` is standard input.

    A file is JSON-LD (one ClaimReview, an array, @graph, a DataFeed), an answer of the Fact Check Tools API, JSON Lines
    of these, or a page with JSON-LD in it; plain or packed with gzip or zstd. A review needs claimReviewed, url, author
    and a verdict (reviewRating). One that comes again takes the place of the former. What is no review, or not in
    English, is named with its file and place and is not published; the others are.

    Exit code 0 when all were published, 1 when one was refused, 2 when a file cannot be read.
    """
    reading = _Reading(files)
    if dry_run:
        for review in reading.reviews():
            print_json(review)
        count = reading.read
    else:
        count = asyncio.run(_add(settings, reading))
    print_line(f"{count:,} reviews {'read' if dry_run else 'published'}; {reading.refused:,} refused", err=True)
    sys.exit(1 if reading.refused else 0)


class _Reading:
    """Reads the reviews of files one after the other, and says what is refused."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self.read = self.refused = 0

    def reviews(self) -> Iterator[Review]:
        from worker.archives.found import STANDARD_INPUT
        from worker.archives.reading import files_of
        from worker.extraction.pipeline import Pipeline
        from worker.submit.reviews import RefusedReview, read_claim, reviews_of

        files = [
            part
            for file in self._files
            for part in ([file] if file == STANDARD_INPUT else files_of([file], any_name=True))
        ]
        pipeline = Pipeline.load()
        for file in files:
            for found in reviews_of(file):
                if isinstance(found, RefusedReview):
                    self._refuse(found.where, found.name, found.error)
                    continue
                try:
                    review = read_claim(pipeline, found)
                except Exception as bug:  # noqa: BLE001 - a bug costs one review
                    self._refuse(str(file), found.url, f"its claim cannot be read: {type(bug).__name__}: {bug}")
                    continue
                self.read += 1
                yield review

    def _refuse(self, where: str, name: str | None, error: str) -> None:
        self.refused += 1
        shown = f" ({name[:120]})" if name else ""
        print_line(f"{where}{shown}: {error}. It is not published", err=True)


async def _add(settings: Settings, reading: _Reading) -> int:
    from worker.submit.review_topic import publish_reviews

    await refuse_without_rights(settings, "reviews add")
    return await publish_reviews(settings, reading.reviews())


@reviews.command("ls")
@with_settings
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the reviews as they are.")
def list_command(settings: Settings, as_json: bool) -> None:
    """Print the reviews that are not withdrawn, the latest first."""
    from worker.contract.topics import Topics
    from worker.submit.review_topic import reviews_there

    for review in asyncio.run(reviews_there(settings.kafka, Topics.with_prefix(settings.topic_prefix))):
        if as_json:
            print_json(review)
        else:
            _print(review)


def _print(review: Review) -> None:
    from worker.contract.review import rating_in_words

    day = (review.published_at or "no date")[:10]
    print_line(f"{review.review_id}  {day}  {review.author}: {rating_in_words(review.rating)}")
    print_line(f"    {review.claimant or 'nobody named'}: {review.claim}")
    print_line(f"    {review.url}")


@reviews.command()
@with_settings
@click.argument("review")
def rm(settings: Settings, review: str) -> None:
    """Withdraw the REVIEW of this id, or all that can be read at this address. Exit code 1 when there is none."""
    gone = asyncio.run(_rm(settings, review))
    for each in gone:
        print_line(f"{each.review_id} withdrawn: {each.author} on: {each.claim}", err=True)
    if not gone:
        raise click.ClickException("there is no review of that id or address")


async def _rm(settings: Settings, wanted: str) -> list[Review]:
    from worker.submit.review_topic import withdraw_reviews

    await refuse_without_rights(settings, "reviews rm")
    return await withdraw_reviews(settings, wanted)
