"""claimwire said: what a source has said."""

from __future__ import annotations

import click

from worker.commands.options.with_settings import with_settings
from worker.settings import Settings

__all__ = ["said"]


@click.command()
@with_settings
@click.argument("source")
@click.option("--standing", "only_standing", is_flag=True, help="Only what stands: no superseded and retracted claims.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the claim events as they are.")
def said(settings: Settings, source: str, only_standing: bool, as_json: bool) -> None:
    """Print what SOURCE has said, the earliest first, from the topic `claims`.

    SOURCE is a name, of which all words must be in that of the source ("Haftar" finds Khalifa Haftar), or an entity_id.
    For a publisher it is what its articles say themselves. Claims that were superseded or retracted are marked, with
    what the article says now; where the worker links (link = true), also with what the source said later against it.
    The topic is read whole. Exit code 1 when there is no claim.
    """
    from worker.commands.asked.printed_claims import print_found
    from worker.operate.claims_found import said_by

    print_found(settings, said_by(source), only_standing=only_standing, as_json=as_json)
