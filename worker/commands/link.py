"""claimwire link: the relations between the claims of files, without Kafka."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from worker.commands.errors.exit_codes import RefusedError
from worker.commands.printed.printing import print_json, print_line

if TYPE_CHECKING:
    from worker.contract.claim import Claim

__all__ = ["link"]

_MAX_CLAIMS = 200_000
"""About 2 GB; all claims are held in memory."""


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="Compare claims of articles that lie at most so many days apart.",
)
@click.option(
    "--most",
    default=40,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Compare a claim with at most so many others, those that share most with it.",
)
@click.option(
    "--least",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Print only relations from this confidence on.",
)
@click.option("--clusters/--no-clusters", default=True, help="Also print the clusters of claims that are one claim.")
def link(files: tuple[str, ...], days: int, most: int, least: float, clusters: bool) -> None:
    """Print how the claims in FILES are related, as JSON Lines with reasons. `-` is standard input.

    A file has claim events a line, as `claimwire extract --json` prints them, or is a dump of the topic `claims`. A
    line of the output is a relation (schemas/relation.v1.json) or a cluster of claims that are one claim
    (schemas/cluster.v1.json). Exit code 1 when a line was no claim; the others are linked all the same.

    \b
    claimwire extract --json monday.html tuesday.html | claimwire link -
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are
    from worker.link.relations.candidates import Bounds
    from worker.link.relations.stage import linked

    claims, failed = _claims(files)
    found = linked(claims, Bounds(days=days, most_compared=most))
    shown = [relation for relation in found.relations if relation.confidence >= least]
    for line in (*shown, *(found.clusters if clusters else ())):
        print_json(line)
    print_line(
        f"{len(claims):,} claims, {found.compared:,} pairs compared, {len(shown):,} relations, "
        f"{len(found.clusters):,} clusters",
        err=True,
    )
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


def _claims(files: tuple[str, ...]) -> tuple[list[Claim], bool]:
    """The claims by id, as they are at the end of the files, and whether a line was none."""
    from worker.archives.claims import Removed, read_claims

    claims: dict[str, Claim] = {}
    failed = False
    for item in read_claims(files):
        if isinstance(item, str):
            print_line(item, err=True)
            failed = True
        elif isinstance(item, Removed):
            claims.pop(item.claim_id, None)
        else:
            claims[item.claim_id] = item
        if len(claims) > _MAX_CLAIMS:
            raise RefusedError(f"more than {_MAX_CLAIMS:,} claims, and all are held in memory: link a shorter time")
    return list(claims.values()), failed
