"""claimwire watch: be told of claims by entity, source, words, act, worth, or by how they are related."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.grouped import grouped
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_event, print_json, print_line
from worker.contract.alert import Alert, Watch
from worker.contract.claim import Act
from worker.contract.codec import UNREADABLE
from worker.contract.relation import RelationKind
from worker.contract.topics import Topics
from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["watch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """As a Watch has it."""

    entity: str | None
    source: str | None
    words: str | None
    acts: tuple[Act, ...]
    least_worth: float
    relations: tuple[RelationKind, ...]

    def watch(self) -> Watch:
        return Watch(
            entity=self.entity or None,
            source=self.source or None,
            words=self.words or None,
            acts=[Act(act) for act in self.acts],
            least_worth=self.least_worth,
            relations=[RelationKind(kind) for kind in self.relations],
        )


@click.group()
def watch() -> None:
    """Be told of claims that you ask for. The worker needs link = true.

    \b
    claimwire watch add quay --words "northern quay" --source "port authority"
    claimwire watch add berg --source "Anna Berg" --relation contradicts --relation tension
    claimwire watch alerts --follow
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are


@watch.command()
@with_settings
@click.argument("name")
@grouped(
    "asked",
    Asked,
    click.option("--entity", help="Claims that mention it: a name, all of whose words must be there, or an id."),
    click.option("--source", help="Claims of this source, or of what this publisher's articles say themselves."),
    click.option("--words", help="Claims with all of these words, whatever their endings."),
    click.option("--act", "acts", multiple=True, type=click.Choice(list(Act)), help="Claims of this act. Repeatable."),
    click.option(
        "--worth", "least_worth", type=click.FloatRange(0, 1), default=0.0, help="The least check-worthiness."
    ),
    click.option(
        "--relation",
        "relations",
        multiple=True,
        type=click.Choice(list(RelationKind)),
        help="Not these claims, but those that are related with one of them like this. Repeatable.",
    ),
)
def add(settings: Settings, name: str, asked: Asked) -> None:
    """Make the watch NAME, or put it in the place of the one with that name. All that is given must hold.

    It is told of claims that come from now on: they are records of `claims.alerts`, each with what of it meets which
    condition. Should such a claim be retracted, the record gets a null value.
    """
    from worker.link.watches.stage import asks_nothing

    made = asked.watch()
    if asks_nothing(made):
        raise click.UsageError("say what you want to be told of: at least one option")
    asyncio.run(_put(settings, "watch add", name, made))
    print_line(f"{name}: told of what comes from now on", err=True)


@watch.command()
@with_settings
@click.argument("name")
def rm(settings: Settings, name: str) -> None:
    """End the watch NAME; its alerts get null values."""
    asyncio.run(_put(settings, "watch rm", name, None))


async def _put(settings: Settings, command: str, name: str, made: Watch | None) -> None:
    from worker.operate.watches import put_watch

    await refuse_without_rights(settings, command)
    await put_watch(settings, name, made)


@watch.command("ls")
@with_settings
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: an object for each watch.")
def list_command(settings: Settings, as_json: bool) -> None:
    """Print the watches that there are."""
    from worker.operate.watches import watches_there

    there = asyncio.run(watches_there(settings.kafka, Topics.with_prefix(settings.topic_prefix)))
    for name, each in there.items():
        if as_json:
            print_json({"name": name, "watch": each})
        else:
            print_line(f"{name}: {_as_words(each)}")


def _as_words(each: Watch) -> str:
    asked = {
        "entity": each.entity,
        "source": each.source,
        "words": each.words,
        "act": ", ".join(each.acts),
        "worth": f"{each.least_worth:g} or more" if each.least_worth else None,
        "relation": ", ".join(each.relations),
    }
    return "; ".join(f"{what} {wanted}" for what, wanted in asked.items() if wanted)


@watch.command()
@with_settings
@click.argument("name", required=False)
@click.option("--follow", is_flag=True, help="All that came so far, and those that come, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the alerts as they are.")
def alerts(settings: Settings, name: str | None, follow: bool, as_json: bool) -> None:
    """Print the alerts that hold, of the watch NAME or of all, the earliest first."""
    from worker.operate.watches import alerts_that_hold

    topics = Topics.with_prefix(settings.topic_prefix)
    if follow:
        _until_stopped(_follow(settings, topics.alerts, name, as_json=as_json))
        return
    for value, alert in asyncio.run(alerts_that_hold(settings.kafka, topics, name)):
        _print(value, alert, as_json=as_json)
    sys.stdout.flush()


def _until_stopped(following: Coroutine[None, None, None]) -> None:
    try:
        asyncio.run(following)
    except KeyboardInterrupt:
        return


async def _follow(settings: Settings, topic: str, name: str | None, *, as_json: bool) -> None:
    import msgspec

    from worker.commands.printed.followed import followed

    decoder = msgspec.json.Decoder(Alert)
    async with aclosing(followed(settings, topic, from_beginning=True, quiet=as_json)) as records:
        async for record in records:
            if record.value is None:
                if not as_json:
                    print_line(f"{(record.key or b'').decode('utf-8', 'replace')} holds no more")
                continue
            try:
                alert = decoder.decode(record.value)
            except UNREADABLE as broken:
                print_line(f"{record} is no alert and is left out: {broken}", err=True)
                continue
            if name is None or alert.watch == name:
                _print(record.value, alert, as_json=as_json)


def _print(value: bytes, alert: Alert, *, as_json: bool) -> None:
    if as_json:
        print_event(value)
        return
    claim = alert.claim
    day = (claim.published_at or "no date")[:10]
    print_line(f"{alert.watch}  {day}  {claim.source or claim.publisher or claim.uri}: {claim.text}")
    if alert.relation is not None:
        other = alert.relation.b if alert.relation.a == claim else alert.relation.a
        print_line(f"    {alert.relation.relation.value}  {other.source or other.publisher or other.uri}: {other.text}")
    print_line(f"    because of {'; '.join(f'{each.condition.value} {each.found}' for each in alert.reasons)}")
