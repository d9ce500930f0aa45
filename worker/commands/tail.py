"""claimwire tail: claims as they come."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import click

from worker.commands.options.grouped import grouped
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.followed import followed
from worker.commands.printed.printing import print_event, print_line
from worker.contract.claim import Act, Claim, Voice
from worker.contract.codec import UNREADABLE
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.visible_text import visible

__all__ = ["tail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """Which claims are wanted; an empty tuple or None means all."""

    acts: tuple[Act, ...]
    voices: tuple[Voice, ...]
    source: str | None
    publisher: str | None
    min_confidence: float

    def wants(self, claim: Claim) -> bool:
        article = claim.article
        return (
            (not self.acts or claim.act in self.acts)
            and (not self.voices or claim.voice in self.voices)
            and claim.confidence >= self.min_confidence
            and (self.source is None or any(_contains(words, self.source) for words in _source_words(claim)))
            and (self.publisher is None or any(_contains(w, self.publisher) for w in (article.publisher, article.uri)))
        )


@click.command()
@with_settings
@grouped(
    "wanted",
    ClaimFilter,
    click.option("--act", "acts", multiple=True, type=click.Choice(list(Act)), help="Only this act. Repeatable."),
    click.option("--voice", "voices", multiple=True, type=click.Choice(list(Voice)), help="Only this voice."),
    click.option("--source", help="Only claims whose source's name or words contain this."),
    click.option("--publisher", help="Only claims of articles whose publisher or uri contains this."),
    click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Only claims at least this sure."),
)
@click.option("--from-beginning", is_flag=True, help="Begin at the oldest claim, not at the next one.")
@click.option("--count", type=click.IntRange(1), help="End after so many claims.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the claim events as they are.")
def tail(settings: Settings, wanted: ClaimFilter, from_beginning: bool, count: int | None, as_json: bool) -> None:
    """Print claims as they come into the topic `claims`, until Ctrl-C.

    Joins no consumer group, so no offset moves.
    """
    try:
        asyncio.run(_follow(settings, wanted, from_beginning=from_beginning, count=count, as_json=as_json))
    except KeyboardInterrupt:
        return


def _contains(words: str | None, part: str) -> bool:
    return words is not None and part.casefold() in words.casefold()


def _source_words(claim: Claim) -> list[str | None]:
    sources = [link.source for link in claim.attribution]
    return [source.name for source in sources] + [source.span.exact for source in sources if source.span]


async def _follow(
    settings: Settings, wanted: ClaimFilter, *, from_beginning: bool, count: int | None, as_json: bool
) -> None:
    from worker.local.claim_text import readable

    shown, colour = 0, sys.stdout.isatty()
    async with aclosing(_claims(settings, from_beginning=from_beginning, quiet=as_json)) as claims:
        async for value, claim in claims:
            if not wanted.wants(claim):
                continue
            if as_json:
                print_event(value)
            else:
                click.echo(_line(claim, readable(claim, colour=colour)))
            shown += 1
            if count is not None and shown >= count:
                return


async def _claims(
    settings: Settings, *, from_beginning: bool, quiet: bool
) -> AsyncGenerator[tuple[bytes, Claim], None]:
    """The claim events as bytes and decoded, without end. A record that is no claim is reported and left out."""
    import msgspec

    topic = Topics.with_prefix(settings.topic_prefix).claims
    decoder = msgspec.json.Decoder(Claim)
    async with aclosing(followed(settings, topic, from_beginning=from_beginning, quiet=quiet)) as records:
        async for record in records:
            if record.value is None:
                continue  # a tombstone: the claim is gone
            try:
                yield record.value, decoder.decode(record.value)
            except UNREADABLE as broken:
                print_line(f"{record} is no claim and is left out: {broken}", err=True)


def _line(claim: Claim, words: str) -> str:
    article = claim.article
    status = "" if claim.status == "asserted" else f", {claim.status}"
    return f"{words}\n    {visible(article.publisher or article.uri)}, {claim.confidence:.0%} sure{status}\n"
