"""claimwire about: what was said about somebody or something."""

from __future__ import annotations

import click

from worker.commands.options.with_settings import with_settings
from worker.settings import Settings

__all__ = ["about"]


@click.command()
@with_settings
@click.argument("entity")
@click.option("--standing", "only_standing", is_flag=True, help="Only what stands: no superseded and retracted claims.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the claim events as they are.")
def about(settings: Settings, entity: str, only_standing: bool, as_json: bool) -> None:
    """Print the claims that mention ENTITY, the earliest first, from the topic `claims`.

    ENTITY is a name, of which all words must be in that of the entity ("Libya"), or an entity_id (wikidata:Q1016).
    Claims that were superseded or retracted are marked where the topic still has the event that named the entity:
    the event that ends a claim does not, and compaction leaves that one alone. The topic is read whole. Exit code 1
    when there is no claim.
    """
    from worker.commands.asked.printed_claims import print_found
    from worker.operate.claims_found import about_entity

    print_found(settings, about_entity(entity), only_standing=only_standing, as_json=as_json)
