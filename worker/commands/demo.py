"""claimwire demo: the whole way of some articles, on a broker of its own."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

__all__ = ["demo"]


@click.command()
@click.option(
    "--broker",
    type=click.Choice(["embedded", "kafka"]),
    default="embedded",
    show_default=True,
    help="embedded: a small broker, of the extra `demo`; kafka: a real one, needs a checkout, Java and `make kafka`.",
)
@click.option(
    "--seeds", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of articles to send."
)
def demo(broker: str, seeds: Path | None) -> None:
    """Send some articles through a worker and print their claims.

    Starts a broker of its own, ends by itself and leaves nothing running.
    """
    try:
        from worker.local.demo import run_demo

        asyncio.run(run_demo(broker, seeds))
    except KeyboardInterrupt:
        click.echo("\nStopped; the broker and the worker are gone.", err=True)
        sys.exit(130)
