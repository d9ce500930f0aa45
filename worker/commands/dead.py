"""claimwire dead: what went to the dead letters, why, and back."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from worker.commands.moments import MOMENT, at
from worker.commands.options import RefusedError, config_option, settings_of
from worker.settings import Settings

__all__ = ["dead"]

T = TypeVar("T")
_STAGES = ("ingest", "lifecycle", "link")
_START = 600


def _chosen_by(command: Any) -> Any:
    """The options that choose dead letters, the same for each command."""
    for option in reversed(
        [
            config_option,
            click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port."),
            click.option("--reason", "reasons", multiple=True, help="Only this reason; several times: any of them."),
            click.option(
                "--stage", type=click.Choice(_STAGES), help="Only what this stage could not process: who read it."
            ),
            click.option("--key", help="Only records with exactly this key."),
            click.option("--since", type=MOMENT, help="Dead since then: 2h, 7d, 2026-11-20 or 2026-11-20T09:00Z."),
            click.option("--until", type=MOMENT, help="Dead before then."),
        ]
    ):
        command = option(command)
    return command


def _connected(work: Coroutine[Any, Any, T], settings: Settings) -> T:
    """Runs it; what the user can mend becomes one line."""
    from aiokafka.errors import KafkaError

    from worker.streaming.dead_topic import DeadLetterError
    from worker.streaming.window import WindowError

    try:
        return asyncio.run(work)
    except (DeadLetterError, WindowError) as wrong:
        raise click.ClickException(str(wrong)) from None
    except KafkaError as refused:
        raise click.ClickException(f"Kafka at {settings.brokers}: {refused!r}") from None


def _topic_of(stage: str | None, settings: Settings) -> frozenset[str]:
    from worker.contract.topics import Topics

    topics = Topics.with_prefix(settings.topic_prefix)
    read = {"ingest": "raw", "lifecycle": "extracted", "link": "claims"}
    return frozenset({getattr(topics, read[stage], "")} if stage else ())


def _ask(
    settings: Settings,
    reasons: tuple[str, ...],
    stage: str | None,
    key: str | None,
    since: int | None,
    until: int | None,
) -> tuple[Any, Any]:
    """The selection (a window of the topic) and the choice among its letters."""
    from worker.contract.topics import Topics
    from worker.streaming.dead_topic import Chosen
    from worker.streaming.window import Selection

    topic = Topics.with_prefix(settings.topic_prefix).dead
    chosen = Chosen(
        reasons=frozenset(reasons),
        topics=_topic_of(stage, settings),
        key=None if key is None else key.encode(),
    )
    return Selection(topic=topic, from_ms=since, to_ms=until), chosen


@click.group()
def dead() -> None:
    """Records that could not be processed: look at them, send them back, delete them.

    \b
    claimwire dead ls --since 1d
    claimwire dead show 3:17
    claimwire dead redrive --reason extraction_timeout --dry-run
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are


@dead.command("ls")
@_chosen_by
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object a group.")
def list_command(config: Path | None, brokers: str | None, as_json: bool, **choice: Any) -> None:
    """Counts by reason and by the topic they came from, with examples. Each example is PARTITION:OFFSET for `show`."""
    settings, _ = settings_of(config, brokers=brokers)
    import orjson

    from worker.streaming.dead_topic import EVERYTHING, Group, summed_up
    from worker.streaming.window import fix_window

    selection, chosen = _ask(settings, **choice)

    async def look() -> list[Group]:
        return await summed_up(
            settings.brokers, await fix_window(settings.brokers, selection, isolation=EVERYTHING), chosen
        )

    groups = _connected(look(), settings)
    for group in groups:
        examples = [
            f"{e.place}  {e.origin}  {_key(e.key)}  {e.error.splitlines()[0][:90]}" for e in group.examples if e
        ]
        if as_json:
            row = {
                "reason": group.reason,
                "topic": group.topic,
                "count": group.count,
                "bytes": group.size,
                "first": at(group.first),
                "last": at(group.last),
                "examples": [e.place for e in group.examples],
            }
            click.echo(orjson.dumps(row))
            continue
        click.echo(f"{group.count:>8}  {group.reason:24} from {group.topic:24} {at(group.first)} to {at(group.last)}")
        for example in examples:
            click.echo(f"{'':10}{example}")
    if not as_json:
        click.echo(f"{sum(group.count for group in groups):>8}  dead letters in {selection.topic} ({chosen})")


@dead.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.argument("place")
@click.option(
    "--bytes", "as_bytes", is_flag=True, help="The original value and nothing else to standard output, byte for byte."
)
def show(config: Path | None, brokers: str | None, place: str, as_bytes: bool) -> None:
    """One dead letter: PLACE is PARTITION:OFFSET in the dead-letter topic, as `ls` prints it."""
    settings, _ = settings_of(config, brokers=brokers)
    from worker.contract.topics import Topics
    from worker.streaming.dead_topic import DeadLetterError, Letter, original, parse, record_at

    partition, _colon, offset = place.partition(":")
    if not (partition.isdigit() and offset.isdigit()):
        raise RefusedError(f"{place!r}: expected PARTITION:OFFSET, as `claimwire dead ls` prints them")
    topic = Topics.with_prefix(settings.topic_prefix).dead

    async def look() -> tuple[Letter, bytes | None, str]:
        record = await record_at(settings.brokers, topic, int(partition), int(offset))
        letter = parse(record)
        if letter is None:
            raise DeadLetterError(f"{record} was not written by the worker: it has no claimwire_ headers")
        try:
            return letter, (await original(settings.brokers, letter)).value, ""
        except DeadLetterError as gone:
            if as_bytes:
                raise
            return letter, None, str(gone)

    letter, value, gone = _connected(look(), settings)
    if as_bytes:
        sys.stdout.buffer.write(value or b"")
        return
    click.echo(f"{letter.reason}: {letter.error}")
    click.echo(f"  was       {letter.origin}, written {at(letter.timestamp)}")
    click.echo(f"  died      {at(letter.at.timestamp)}, stands at {topic} {letter.place}")
    click.echo(f"  key       {_key(letter.key)}")
    click.echo(f"  value     {letter.value_bytes} bytes, sha256 {letter.value_sha256}")
    if letter.redrives:
        click.echo(f"  redriven  {letter.redrives} times")
    for name, content in letter.headers:
        click.echo(f"  header    {name}: {(content or b'').decode('utf-8', 'backslashreplace')[:200]}")
    if gone:
        click.echo(f"\nThe value was too large for the dead letters, and the original cannot be had: {gone}")
    elif value is None:
        click.echo("\n(a null value: a tombstone)")
    else:
        text = value[:_START].decode("utf-8", "backslashreplace")
        shown = "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
        click.echo(f"\n{shown}{' ...' if len(value) > _START else ''}")


@dead.command()
@_chosen_by
@click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1), help="Send so many at most.")
@click.option("--rate", default=50.0, show_default=True, type=click.FloatRange(0.01), help="Records a second.")
@click.option(
    "--most",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="A record that was redriven so often already is refused.",
)
@click.option("--superseded", is_flag=True, help="Also records behind which a newer one of the same key stands.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def redrive(
    config: Path | None,
    brokers: str | None,
    limit: int,
    rate: float,
    most: int,
    superseded: bool,
    dry_run: bool,
    yes: bool,
    **choice: Any,
) -> None:
    """Send dead letters back to the topic and partition that they came from.

    Key, value and headers are the original's, with one header more that counts. The end is fixed at the start: what
    dies again meanwhile is not sent twice. Broken off, the same command goes on where it was; finished, it takes only
    what died since. Progress is kept in the consumer group {app_id}-redrive-..., one for each choice of letters.
    """
    settings, _ = settings_of(config, brokers=brokers)
    from worker.streaming.redrive import RedriveOptions
    from worker.streaming.redrive import plan as made_plan
    from worker.streaming.redrive import redrive as carried_out

    selection, chosen = _ask(settings, **choice)
    options = RedriveOptions(
        brokers=settings.brokers,
        app_id=settings.app_id,
        selection=selection,
        chosen=chosen,
        limit=limit,
        per_second=rate,
        most_redrives=most,
        superseded=superseded,
        idempotent=settings.idempotent_producer,
    )
    plan = _connected(made_plan(options), settings)
    if plan.resumed:
        click.echo("Going on with a redrive that was broken off.")
    for (reason, topic), count in plan.by_reason.most_common():
        click.echo(f"{count:>8}  {reason:24} back to {topic}")
    told = {
        "send": "to be sent",
        "too_often": f"refused: redriven {most} times or more already",
        "superseded": "passed by: a newer record of the same key stands behind it (--superseded sends it all the same)",
        "already": "passed by: sent back by a run that broke off",
    }
    for outcome, words in told.items():
        if plan.counts[outcome] or outcome == "send":
            click.echo(f"{plan.counts[outcome]:>8}  {words}")
            for example in plan.examples.get(outcome, ()):
                click.echo(f"{'':10}{example}")
    if plan.left:
        click.echo(f"          more are left behind the limit of {limit}; the same command takes them next")
    if dry_run:
        click.echo("Nothing was sent (--dry-run).")
        return
    if plan.send and not yes and not click.confirm(f"Send {len(plan.send)} records, {rate:g} a second at most?"):
        raise click.Abort
    counts = _connected(carried_out(options, plan, lambda _sent: None), settings)
    click.echo(f"{counts['sent']} sent back, {counts['gone']} whose value is gone.")
    sys.exit(1 if counts["gone"] else 0)


@dead.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--before", type=MOMENT, help="Delete what died before then: 7d, 2026-11-20.")
@click.option("--all", "everything", is_flag=True, help="Delete all that stands there now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(config: Path | None, brokers: str | None, before: int | None, everything: bool, yes: bool) -> None:
    """Delete dead letters for good: in each partition all records below an offset, which is all that Kafka can do.

    The offset of a partition is that of its first record that is not older than --before. The original records in their
    own topics are not touched.
    """
    if (before is None) is not everything:
        raise RefusedError("say what: --before TIME, or --all")
    settings, _ = settings_of(config, brokers=brokers)
    from worker.contract.topics import Topics
    from worker.streaming.dead_topic import EVERYTHING, Chosen, Group, summed_up
    from worker.streaming.dead_topic import purge as deleted
    from worker.streaming.window import Selection, Window, fix_window

    topic = Topics.with_prefix(settings.topic_prefix).dead
    selection = Selection(topic=topic, to_ms=before, lateness_ms=0)

    async def look() -> tuple[Window, list[Group]]:
        fixed = await fix_window(settings.brokers, selection, isolation=EVERYTHING)
        window = Window(topic=topic, bounds=fixed.bounds)  # by offset: whatever its timestamp, it will be gone
        return window, await summed_up(settings.brokers, window, Chosen())

    window, groups = _connected(look(), settings)
    for group in groups:
        click.echo(f"{group.count:>8}  {group.reason:24} from {group.topic:24} {at(group.first)} to {at(group.last)}")
    ends = ", ".join(f"{p}: below {b.end}" for p, b in sorted(window.bounds.items()) if b.width)
    if not ends:
        click.echo(f"Nothing to delete in {topic}.")
        return
    total = sum(group.count for group in groups)
    click.echo(f"{total:>8}  dead letters of {topic} would be deleted for good (by partition, {ends})")
    if not yes and not click.confirm("Delete them?"):
        raise click.Abort
    left = _connected(deleted(settings.brokers, window), settings)
    click.echo(f"Deleted. First offset left: {', '.join(f'{p}: {o}' for p, o in sorted(left.items()))}")


def _key(key: bytes | None) -> str:
    return "no key" if key is None else repr(key.decode("utf-8", "backslashreplace")[:120])
