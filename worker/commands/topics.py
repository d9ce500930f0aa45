"""claimwire topics: the topics that the worker needs, as they are."""

from __future__ import annotations

import asyncio
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from worker.commands.options.grouped import grouped
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.contract.topics import TopicSpec
    from worker.operate.topic_drift import Drift
    from worker.streaming.topics.description import TopicState

__all__ = ["topics"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOptions:
    create: bool
    apply: bool
    plan: bool
    partitions: int
    replication: int


@click.command()
@with_settings
@grouped(
    "options",
    TopicOptions,
    click.option("--create", is_flag=True, help="Create the topics that are missing."),
    click.option("--apply", is_flag=True, help="Change what can be changed without losing a record."),
    click.option("--plan", is_flag=True, help="Say what --create and --apply would do, and do nothing."),
    click.option("--partitions", default=8, show_default=True, help="Partitions of a topic that is created."),
    click.option(
        "--replication",
        default=-1,
        show_default=True,
        help="Copies of a topic that is created; -1: the cluster's default.",
    ),
)
def topics(settings: Settings, options: TopicOptions) -> None:
    """Show the topics that the worker needs as they are; --create makes the missing ones, --apply mends what it can.

    A line with ! says where a topic is not as the worker needs it: it may lose records, or refuse them. What --apply
    does not change is printed as the command of Kafka that does. Exit code 1 while a topic is missing or a ! is left;
    with --create alone only while one is missing, so that a worker may start behind it.
    """
    from worker.contract.topics import Topics

    specs = list(Topics.with_prefix(settings.topic_prefix).specs(link=settings.link))
    missing, left = asyncio.run(_topics(settings, specs, options))
    if left:
        click.echo(f"\n{left}", err=True)
    only_create = options.create and not (options.apply or options.plan)
    sys.exit(1 if missing or (left and not only_create) else 0)


async def _topics(settings: Settings, specs: list[TopicSpec], options: TopicOptions) -> tuple[bool, str]:
    """Prints the topics. Whether one is missing, and what is left to be done in a sentence; empty: nothing."""
    from worker.operate.topic_drift import drifts
    from worker.streaming.topics.admin import create_missing
    from worker.streaming.topics.description import change_config, describe_topics

    created: list[str] = []
    if options.create and not options.plan:
        created = await create_missing(
            settings.kafka, specs, partitions=options.partitions, replication=options.replication
        )
    states = await describe_topics(settings.kafka, [spec.name for spec in specs])
    changed: set[str] = set()
    if options.apply and not options.plan:
        for spec in specs:
            state = states.get(spec.name)
            changes = {d.key: d.wanted for d in drifts(spec, state) if d.mendable and d.wanted} if state else {}
            if state and changes:
                await change_config(settings.kafka, state, changes)
                changed.add(spec.name)
        states |= await describe_topics(settings.kafka, sorted(changed))
    found = {spec.name: list(drifts(spec, states[spec.name])) for spec in specs if spec.name in states}
    for spec in specs:
        mark = "just created" if spec.name in created else "just changed" if spec.name in changed else ""
        _print_topic(spec, states.get(spec.name), found.get(spec.name, []), mark)
    if options.plan:
        _print_plan(specs, states, found, options)
    _print_by_hand(settings, found)
    return any(spec.name not in states for spec in specs), _left(specs, states, found)


def _print_topic(spec: TopicSpec, state: TopicState | None, found: list[Drift], mark: str) -> None:
    from worker.operate.topic_drift import SHOWN, readable_value

    if state is None:
        print_line(f"{spec.name:24} {'missing':28} {spec.purpose}")
        return
    copies = "1 copy" if state.copies == 1 else f"{state.copies} copies"
    words = ", ".join(filter(None, (f"{state.partitions} partitions", copies, mark)))
    print_line(f"{spec.name:24} {words:28} {spec.purpose}")
    # a compacted topic keeps the last record of each key for ever: Kafka shows a retention, and does not use it
    unused = {"retention.ms"} if state.config.get("cleanup.policy") == "compact" else set()
    keys = [key for key in SHOWN if key in state.config and key not in unused]
    shown = [f"{key}={readable_value(key, state.config[key])}" for key in keys]
    if shown:
        print_line(f"{'':24} {', '.join(shown)}")
    for drift in found:
        print_line(f"{'':22} ! {drift.why}")


def _print_plan(
    specs: list[TopicSpec], states: dict[str, TopicState], found: dict[str, list[Drift]], options: TopicOptions
) -> None:
    lines = []
    for spec in specs:
        if spec.name not in states:
            copies = "the cluster's default of copies" if options.replication < 0 else f"{options.replication} copies"
            lines.append(f"--create makes {spec.name} with {options.partitions} partitions and {copies}")
        lines += [
            f"--apply sets {each.key} of {spec.name} from {each.actual} to {each.wanted}"
            for each in found.get(spec.name, [])
            if each.mendable
        ]
    print_line("")
    for line in lines or ["Nothing to do with --create or --apply"]:
        print_line(line)


def _print_by_hand(settings: Settings, found: dict[str, list[Drift]]) -> None:
    """The commands of Kafka for what --apply leaves alone, since it can cost records or availability."""
    lines = [
        f"kafka-configs.sh --bootstrap-server {shlex.quote(settings.brokers)} --alter --entity-type topics "
        f"--entity-name {shlex.quote(name)} --add-config {each.key}={each.wanted}"
        for name, drift in found.items()
        for each in drift
        if each.wanted and not each.mendable
    ]
    if lines:
        print_line("\nTo be decided by you, since records or availability depend on it:".strip())
    for line in lines:
        print_line(f"    {line}")


def _left(specs: list[TopicSpec], states: dict[str, TopicState], found: dict[str, list[Drift]]) -> str:
    words = []
    if any(spec.name not in states for spec in specs):
        words.append("Create what is missing with: claimwire topics --create")
    if any(each.mendable for drift in found.values() for each in drift):
        words.append("Mend what can be mended without loss with: claimwire topics --apply")
    if any(not each.mendable for drift in found.values() for each in drift):
        words.append("What is marked ! above and not mended by --apply is yours to decide")
    return ". ".join(words)
