"""claimwire extract: claims of files, without Kafka."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from worker.commands.printed.printing import print_event, print_line
from worker.visible_text import visible

if TYPE_CHECKING:
    from worker.contract.article import RawArticle
    from worker.contract.extraction import Extraction

__all__ = ["extract"]


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Publication date for an article that names none (UTC).",
)
@click.option(
    "--articles",
    is_flag=True,
    help="JSON Lines: what is taken of each article instead of its claims (text, lines, fields, where each is from).",
)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: a claim event a line, as in the topic `claims`.")
@click.option("--model/--rules-only", default=True, help="Use the trained attribution model where it is installed.")
def extract(files: tuple[str, ...], published: datetime | None, articles: bool, as_json: bool, model: bool) -> None:
    """Print the claims of the articles in FILES, without Kafka. `-` is standard input.

    A file is a text, HTML, one article as JSON in any form that the worker reads, JSON Lines with an article a line, or
    one of these packed with gzip or zstd. Claims go to standard output, error messages to standard error. Exit code 1
    when a file or article could not be read; the others are extracted all the same.
    """
    from worker.archives.articles import read_articles

    print_article = _article_printer() if articles else _claims_printer(as_json=as_json, model=model)
    failed = False
    for name in files:
        for item in read_articles(name, published.replace(tzinfo=UTC) if published else None):
            if isinstance(item, str):
                print_line(item, err=True)
                failed = True
            else:
                failed |= not print_article(item)
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


def _claims_printer(*, as_json: bool, model: bool) -> Callable[[RawArticle], bool]:
    """Prints an article's claims; false where it has none because something is wrong with it."""
    from worker.extraction.outcome import Dropped, Extracted, Failed, Postponed
    from worker.extraction.pipeline import Pipeline

    pipeline = Pipeline.load(model=model)

    def print_claims(article: RawArticle) -> bool:
        (outcome,) = pipeline.extract([article])
        match outcome:
            case Extracted(extraction):
                _print_claims(extraction, article.uri, as_json=as_json)
                for warning in extraction.warnings:
                    print_line(f"{article.uri}: {warning.kind}: {warning.says}", err=True)
            case Dropped(reason, detail):
                print_line(f"{article.uri}: dropped: {reason} ({detail})", err=True)
            case Failed(reason, error) | Postponed(reason, error):
                print_line(f"{article.uri}: {reason}: {error}", err=True)
                return False
        return True

    return print_claims


def _article_printer() -> Callable[[RawArticle], bool]:
    """Prints what is taken of an article, as a line of JSON; false where nothing can be taken."""
    import orjson

    from worker.extraction.outcome import Failed
    from worker.local.taken import taken_of

    def print_article(article: RawArticle) -> bool:
        taken = taken_of(article)
        if isinstance(taken, Failed):
            print_line(f"{article.uri}: {taken.reason}: {taken.error}", err=True)
            return False
        print_event(orjson.dumps(taken))
        return True

    return print_article


def _print_claims(extraction: Extraction, uri: str, *, as_json: bool) -> None:
    from worker.contract.codec import encode
    from worker.local.claim_text import readable

    if as_json:
        for claim in extraction.claims:
            print_event(encode(claim))
        return
    click.echo(f"\n{visible(extraction.article.headline or uri)}  ({extraction.claims_count} claims)\n")
    for claim in extraction.claims:
        click.echo(readable(claim, colour=sys.stdout.isatty()))
