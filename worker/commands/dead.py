"""claimwire dead: list the dead letters, look at one, send them back, delete them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from worker.commands.errors.exit_codes import RefusedError
from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.grouped import grouped
from worker.commands.options.times import TIME, printed_time
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_json, print_line
from worker.contract.coordinates import Coordinates
from worker.contract.decimals import MAX_INT32, MAX_INT64, decimal
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.visible_text import visible_lines

if TYPE_CHECKING:
    from worker.operate.dead_letters import Chosen, DeadLetterGroup, Letter
    from worker.operate.redrive import RedriveOptions, RedrivePlan
    from worker.streaming.topics.window import Selection, Window

__all__ = ["dead"]

_STAGES = ("ingest", "lifecycle")
_SHOWN_CHARS, _SHOWN_HEADERS = 600, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which dead letters a command is about. Times are milliseconds since 1970."""

    reasons: tuple[str, ...]
    stage: str | None
    key: str | None
    since: int | None
    until: int | None

    def selection(self, topics: Topics) -> Selection:
        """The window of the dead-letter topic."""
        from worker.streaming.topics.window import Selection

        return Selection(topic=topics.dead, from_ms=self.since, to_ms=self.until)

    def chosen(self, topics: Topics) -> Chosen:
        """The choice among the letters of the window. A stage's letters are those of the topic that it reads."""
        from worker.operate.dead_letters import Chosen

        read_by = {"ingest": topics.raw, "lifecycle": topics.extracted}
        return Chosen(
            reasons=frozenset(self.reasons),
            topics=frozenset({read_by[self.stage]} if self.stage else ()),
            key=None if self.key is None else self.key.encode(),
        )


_with_choice = grouped(
    "choice",
    Choice,
    click.option("--reason", "reasons", multiple=True, help="Only letters of this reason. Repeatable."),
    click.option("--stage", type=click.Choice(_STAGES), help="Only records that this stage could not process."),
    click.option("--key", help="Only records with exactly this key."),
    click.option("--since", type=TIME, help="Only letters since then: 2h, 7d, 2026-11-20 or 2026-11-20T09:00Z."),
    click.option("--until", type=TIME, help="Only letters before then."),
)


def _topics_of(settings: Settings) -> Topics:
    return Topics.with_prefix(settings.topic_prefix)


@click.group()
def dead() -> None:
    """List, show, send back or delete records that could not be processed.

    \b
    claimwire dead ls --since 1d
    claimwire dead show 3:17
    claimwire dead redrive --reason extraction_timeout --dry-run
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are


@dead.command("ls")
@with_settings
@_with_choice
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: an object for each reason and topic.")
def list_command(settings: Settings, choice: Choice, as_json: bool) -> None:
    """Count the dead letters by reason and by the topic that they came from.

    Each count has examples, named PARTITION:OFFSET as `show` takes them.
    """
    from worker.operate.dead_letters import EVERYTHING, summed_up
    from worker.streaming.topics.window import fix_window

    topics = _topics_of(settings)
    chosen = choice.chosen(topics)

    async def look() -> list[DeadLetterGroup]:
        window = await fix_window(settings.kafka, choice.selection(topics), isolation=EVERYTHING)
        return await summed_up(settings.kafka, window, chosen, _print_foreign)

    groups = asyncio.run(look())
    if as_json:
        _print_groups_as_json(groups)
        return
    for group in groups:
        print_line(_group_line(group))
        for letter in group.examples:
            print_line(f"{'':10}{letter.place}  {letter.origin}  {_key(letter.key)}  {letter.error[:90]}")
    print_line(f"{sum(group.count for group in groups):>8}  dead letters in {topics.dead} ({chosen})")


def _print_foreign(at: Coordinates) -> None:
    from worker.operate.dead_letters import FOREIGN

    print_line(f"PASSED BY {at}: {FOREIGN}", err=True)


def _print_groups_as_json(groups: Sequence[DeadLetterGroup]) -> None:
    for group in groups:
        row = {
            "reason": group.reason,
            "topic": group.topic,
            "count": group.count,
            "bytes": group.size,
            "first": printed_time(group.first),
            "last": printed_time(group.last),
            "examples": [letter.place for letter in group.examples],
        }
        print_json(row)


def _group_line(group: DeadLetterGroup) -> str:
    first, last = printed_time(group.first), printed_time(group.last)
    return f"{group.count:>8}  {group.reason:24} from {group.topic:24} {first} to {last}"


@dead.command()
@with_settings
@click.argument("place")
@click.option(
    "--bytes", "as_bytes", is_flag=True, help="Write only the original value to standard output, byte for byte."
)
def show(settings: Settings, place: str, as_bytes: bool) -> None:
    """Show one dead letter. PLACE is PARTITION:OFFSET in the dead-letter topic, as `ls` prints it."""
    from worker.operate.dead_letters import FOREIGN, DeadLetterError, original, parse, record_at

    first, _colon, second = place.partition(":")
    try:
        partition, offset = decimal(first, MAX_INT32), decimal(second, MAX_INT64)
    except ValueError:
        raise RefusedError(f"{place!r}: expected PARTITION:OFFSET, as `claimwire dead ls` prints them") from None
    topic = _topics_of(settings).dead

    async def look() -> tuple[Letter, bytes | None, str]:
        """The letter, the original value (None: a tombstone, or lost), and why the value is lost ('' if it is not)."""
        record = await record_at(settings.kafka, topic, partition, offset)
        letter = parse(record)
        if letter is None:
            raise DeadLetterError(f"{record}: {FOREIGN}")
        try:
            return letter, (await original(settings.kafka, letter)).value, ""
        except DeadLetterError as lost:
            if as_bytes:
                raise
            return letter, None, str(lost)

    letter, value, lost = asyncio.run(look())
    if as_bytes:
        sys.stdout.buffer.write(value or b"")
        return
    _print_letter(letter, topic)
    if lost:
        click.echo()
        print_line(f"The value was too large for the dead letters, and the original cannot be had: {lost}")
    elif value is None:
        click.echo("\n(a null value: a tombstone)")
    else:
        click.echo(f"\n{_printable(value)}")


def _print_letter(letter: Letter, topic: str) -> None:
    print_line(f"{letter.reason}: {letter.error[:_SHOWN_CHARS]}")
    print_line(f"  was       {letter.origin}, written {printed_time(letter.timestamp)}")
    print_line(f"  died      {printed_time(letter.at.timestamp)}, is now {topic} {letter.place}")
    print_line(f"  key       {_key(letter.key)}")
    print_line(f"  value     {letter.value_bytes} bytes, sha256 {letter.value_sha256[:64]}")
    if letter.redrives:
        print_line(f"  redriven  {letter.redrives} times")
    for name, content in letter.headers[:_SHOWN_HEADERS]:
        print_line(f"  header    {name[:100]}: {(content or b'')[:200].decode('utf-8', 'backslashreplace')}")
    if len(letter.headers) > _SHOWN_HEADERS:
        print_line(f"  header    ... and {len(letter.headers) - _SHOWN_HEADERS:,} more")


def _printable(value: bytes) -> str:
    """The beginning of a value in its own lines, with control characters as escapes."""
    text = value[:_SHOWN_CHARS].decode("utf-8", "backslashreplace")
    return f"{visible_lines(text)}{' ...' if len(value) > _SHOWN_CHARS else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a redrive sends. `rate` is in records a second."""

    limit: int
    rate: float
    max_redrives: int
    superseded: bool
    dry_run: bool
    yes: bool


@dead.command()
@with_settings
@_with_choice
@grouped(
    "sending",
    Sending,
    click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1), help="Send at most so many."),
    click.option("--rate", default=50.0, show_default=True, type=click.FloatRange(0.01), help="Records a second."),
    click.option(
        "--most",
        "max_redrives",
        default=3,
        show_default=True,
        type=click.IntRange(1),
        help="A record that was redriven so often already is refused.",
    ),
    click.option("--superseded", is_flag=True, help="Also send records that a newer record of the same key follows."),
    click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
    click.option("--yes", is_flag=True, help="Do not ask."),
)
def redrive(settings: Settings, choice: Choice, sending: Sending) -> None:
    """Send dead letters back to the topic and partition that they came from.

    Key, value and headers are the original's, with one more header that counts redrives. The end is fixed at the start:
    a record that dies again meanwhile is not sent twice. If the command is interrupted, the same command goes on where
    it was; once it is finished, it takes only the letters that came since. Progress is kept in the consumer group
    {topic_prefix}{app_id}-redrive-..., one for each choice of letters.
    """
    from worker.operate.redrive import RedriveOptions, plan_redrive
    from worker.operate.redrive import redrive as send_back

    topics = _topics_of(settings)
    options = RedriveOptions(
        brokers=settings.kafka,
        installation=settings.installation,
        selection=choice.selection(topics),
        chosen=choice.chosen(topics),
        targets=frozenset({topics.raw, topics.extracted}),
        limit=sending.limit,
        per_second=sending.rate,
        max_redrives=sending.max_redrives,
        superseded=sending.superseded,
        idempotent=settings.idempotent_producer,
    )
    planned = asyncio.run(plan_redrive(options))
    _print_plan(planned, options)
    if sending.dry_run:
        print_line("Nothing was sent (--dry-run).")
        return
    question = f"Send {len(planned.send)} records, {sending.rate:g} a second at most?"
    if planned.send and not sending.yes and not click.confirm(question):
        raise click.Abort
    asyncio.run(refuse_without_rights(settings, "dead redrive"))
    counts = asyncio.run(send_back(options, planned, lambda _sent: None))
    print_line(f"{counts['sent']} sent back, {counts['gone']} whose value is gone.")
    sys.exit(1 if counts["gone"] else 0)


def _print_plan(plan: RedrivePlan, options: RedriveOptions) -> None:
    if plan.resumed:
        print_line("Going on with a redrive that was interrupted.")
    for (reason, topic), count in plan.by_reason.most_common():
        print_line(f"{count:>8}  {reason:24} back to {topic}")
    outcomes = {
        "send": "to be sent",
        "too_often": f"refused: redriven {options.max_redrives} times or more already",
        "superseded": "not sent: a newer record of the same key follows (--superseded sends it all the same)",
        "already": "not sent: sent back by a run that was interrupted",
        "elsewhere": f"not sent: not from a partition of {' or '.join(sorted(options.targets))}",
        "foreign": "not sent: no letters of the worker",
    }
    for outcome, words in outcomes.items():
        if plan.counts[outcome] or outcome == "send":
            print_line(f"{plan.counts[outcome]:>8}  {words}")
            for example in plan.examples.get(outcome, ()):
                print_line(f"{'':10}{example}")
    if plan.left:
        print_line(f"          more are beyond the limit of {options.limit}; the same command takes them next")


@dead.command()
@with_settings
@click.option("--before", type=TIME, help="Delete the letters older than this: 7d, 2026-11-20.")
@click.option("--all", "everything", is_flag=True, help="Delete all that are there now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(settings: Settings, before: int | None, everything: bool, yes: bool) -> None:
    """Delete dead letters for good: in each partition all records below an offset, which is all that Kafka can do.

    The offset of a partition is that of its first record that is not older than --before. The original records in their
    own topics are not touched.
    """
    if (before is None) is not everything:
        raise RefusedError("say what: --before TIME, or --all")
    from worker.operate.dead_letters import EVERYTHING, Chosen, summed_up
    from worker.operate.dead_letters import purge as delete
    from worker.streaming.topics.window import Selection, Window, fix_window

    topic = _topics_of(settings).dead
    selection = Selection(topic=topic, to_ms=before, lateness_ms=0)

    async def look() -> tuple[Window, list[DeadLetterGroup]]:
        fixed = await fix_window(settings.kafka, selection, isolation=EVERYTHING)
        window = Window(
            topic=topic, bounds=fixed.bounds
        )  # by offset: every record below it goes, whatever its timestamp
        return window, await summed_up(settings.kafka, window, Chosen(), lambda _: None)

    window, groups = asyncio.run(look())
    for group in groups:
        print_line(_group_line(group))
    ends = ", ".join(f"{p}: below {b.end}" for p, b in sorted(window.bounds.items()) if b.width)
    if not ends:
        print_line(f"Nothing to delete in {topic}.")
        return
    total = sum(group.count for group in groups)
    print_line(f"{total:>8}  dead letters of {topic} would be deleted for good (by partition, {ends})")
    if not yes and not click.confirm("Delete them?"):
        raise click.Abort
    first_left = asyncio.run(delete(settings.kafka, window))
    print_line(f"Deleted. First offset left: {', '.join(f'{p}: {o}' for p, o in sorted(first_left.items()))}")


def _key(key: bytes | None) -> str:
    return "no key" if key is None else repr(key[:120].decode("utf-8", "backslashreplace"))
