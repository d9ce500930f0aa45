"""claimwire review: a claim as the draft of a fact-checker's ClaimReview."""

from __future__ import annotations

import asyncio

import click

from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_json, print_line
from worker.contract.topics import Topics
from worker.settings import Settings

__all__ = ["review"]


@click.command()
@with_settings
@click.argument("claim_id")
def review(settings: Settings, claim_id: str) -> None:
    """Print the claim CLAIM_ID as a draft of a ClaimReview (schema.org): what was claimed, by whom, when, and where.

    Where the worker links (link = true), all articles that carry the claim are named; CLAIM_ID may then be a cluster_id
    as well. The verdict, and who gives it, is yours: standard error says what is missing. The topics are read whole.
    Exit code 1 when no such claim stands.
    """
    from worker.operate.claim_review import TO_COMPLETE, NoSuchClaimError, drafted

    try:
        draft = asyncio.run(drafted(settings.kafka, Topics.with_prefix(settings.topic_prefix), claim_id))
    except NoSuchClaimError:
        raise click.ClickException("no claim of that id stands") from None
    print_json(draft)
    print_line(f"to complete: {', '.join(TO_COMPLETE)}", err=True)
