"""Prints claims that were looked up, with what became of each."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from worker.commands.printed.printing import print_event, print_line
from worker.visible_text import visible

if TYPE_CHECKING:
    from worker.contract.claim import Claim
    from worker.contract.relation import RelatedClaim
    from worker.operate.claims_found import FoundClaims
    from worker.settings import Settings

__all__ = ["print_found"]


def print_found(settings: Settings, wants: Callable[[Claim], bool], *, only_standing: bool, as_json: bool) -> None:
    """Looks up the claims that are wanted and prints them. Exits with 1 where there is none."""
    from worker.contract.topics import Topics
    from worker.operate.claims_found import find_claims

    found = asyncio.run(find_claims(settings.kafka, Topics.with_prefix(settings.topic_prefix), wants))
    shown = [(value, claim) for value, claim in found.claims if not only_standing or claim.status == "asserted"]
    replaced = found.replaced_by()
    for value, claim in shown:
        if as_json:
            print_event(value)
        else:
            _print(claim, replaced.get(claim.claim_id), found.went_back.get(claim.claim_id, []))
    _print_counts(found, len(shown))
    sys.stdout.flush()
    sys.exit(0 if shown else 1)


def _print(claim: Claim, replacement: Claim | None, went_back: list[RelatedClaim]) -> None:
    from worker.local.claim_text import readable

    article = claim.article
    day = (article.published_at or "no date")[:10]
    ended = "" if claim.status == "asserted" else f", {claim.status}"
    revised = f", revision {claim.revision}" if claim.revision > 1 else ""
    click.echo(f"{day}  {readable(claim, colour=sys.stdout.isatty())}")
    print_line(f"    {article.publisher or article.uri}, {claim.claim_id}{ended}{revised}")
    if replacement is not None:
        print_line(f"    the article now says: {replacement.content.text}")
    for later in went_back:
        print_line(f"    went back on it {(later.published_at or 'without a date')[:10]}: {later.text}")
    click.echo()


def _print_counts(found: FoundClaims, shown: int) -> None:
    over = sum(claim.status != "asserted" for _, claim in found.claims)
    print_line(f"{shown:,} claims; {len(found.claims) - over:,} stand, {over:,} do not any more", err=True)
    if found.unreadable:
        print_line(visible(f"{found.unreadable:,} records are no claims and were left out"), err=True)
