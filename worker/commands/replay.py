"""`claimwire replay`: process records again, beside the live worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker.commands.options import RefusedError, config_option, settings_of

if TYPE_CHECKING:
    from worker.replay.plan import Plan
    from worker.replay.registry import Registry
    from worker.settings import Settings

__all__ = ["guarded", "replay"]

_FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")


def guarded(work: Callable[[], Coroutine[Any, Any, int]], brokers: str) -> None:
    """Runs it and exits with its code: 2 for what was asked for wrongly, 1 for what went wrong."""
    from aiokafka.errors import KafkaConnectionError, KafkaError

    from worker.replay.archives.kinds import ArchiveError
    from worker.replay.plan import PlanError
    from worker.replay.run import ReplayError
    from worker.streaming.pool import StartError
    from worker.streaming.publisher import PublishError
    from worker.streaming.topic_admin import TopicError
    from worker.streaming.window import WindowError

    try:
        sys.exit(asyncio.run(work()))
    except (PlanError, ArchiveError, WindowError) as wrong:
        raise RefusedError(str(wrong)) from None
    except KafkaConnectionError as unreachable:
        raise click.ClickException(f"no answer from Kafka at {brokers} ({unreachable})") from None
    except (ReplayError, PublishError, StartError, TopicError, KafkaError) as failed:
        raise click.ClickException(f"{type(failed).__name__}: {failed}") from None


@click.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option(
    "--name", help="Name of the replay; started again with the same name, it is shared. Default: the time now."
)
@click.option("--topic", help="Topic to read. Default: articles.raw.")
@click.option(
    "--from-archive",
    "archives",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder to read instead of a topic: JSON Lines (.gz, .zst), Parquet, WARC, pages. Repeatable.",
)
@click.option("--partitions", help="As in 0,2-5. Default: all.")
@click.option("--since", help="Records from this time on: 2026-11-20, 2026-11-20T09:30Z, or 7d for seven days ago.")
@click.option("--until", help="Records before this time.")
@click.option(
    "--lateness",
    help="How much older a record can be than one before it, as in 1h: reading stops there behind --until. "
    "Default: unknown, so the topic is read to its end.",
)
@click.option("--from-offset", help="For every partition, or by partition: 0:1200,3:900.")
@click.option("--to-offset", help="The same; the record of that offset is the first that is left out.")
@click.option("--key", "keys", multiple=True, help="Only records of this key (the article's uri). Repeatable.")
@click.option("--publisher", "publishers", multiple=True, help="Only articles of this publisher. Repeatable.")
@click.option("--in-place", is_flag=True, help="Write to the live topic articles.extracted instead of topics aside.")
@click.option("--files", type=click.Path(file_okay=False, path_type=Path), help="Write files into this folder instead.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="jsonl.zst", show_default=True, help="Of --files."
)
@click.option("--yes", is_flag=True, help="Do not ask before writing in place.")
@click.option(
    "--plan", "only_plan", is_flag=True, help="Only tell what would be read and written, and how long it takes."
)
@click.option("--exact", is_flag=True, help="With --plan: read everything to count it.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many records a second.")
@click.option(
    "--share",
    type=click.FloatRange(min=0, min_open=True, max=1),
    help="Part of the machine's cores, up to 1; below 1 the live worker goes first. Default: the setting replay_share.",
)
@click.option("--processes", type=click.IntRange(min=0), help="Extraction processes. Default: as the share says.")
@click.option("--resume", metavar="NAME", help="Go on with a replay that was stopped or killed.")
@click.option("--pause", metavar="NAME", help="Let all processes of a replay wait.")
@click.option("--go-on", metavar="NAME", help="Let them go on.")
@click.option("--delete", metavar="NAME", help="Remove a replay: its topics and its plan.")
@click.option("--list", "listing", is_flag=True, help="All replays and how far they are.")
@click.option("--model/--rules-only", default=None, help="Override the setting `model`.")
def replay(config: Path | None, brokers: str | None, model: bool | None, **asked: Any) -> None:
    """Process records of a topic, or of archives, again, and write the result aside.

    The records are those that are there when the replay begins. They are read as a consumer group of the replay's own
    and processed as the live worker would. The result stands in claims.replay.NAME (and .extracted, .passed), in files
    (--files), or in the live topics (--in-place). Then `claimwire diff NAME` tells what it changes.

    Stopped, killed or on another machine: --resume NAME goes on where it was. Several processes with the same --name
    share one replay. Exit code 0 when all is done, 1 when it could not go on, 3 when it was stopped before the end.
    """
    settings, _ = settings_of(config, brokers=brokers, model=model)
    _log(settings.log_level)
    guarded(lambda: _replay(settings, asked), settings.brokers)


def _log(level: str) -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("claimwire").setLevel(
        logging.WARNING if level == "info" and sys.stderr.isatty() else level.upper()
    )
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL if level != "debug" else logging.DEBUG)


async def _replay(settings: Settings, asked: dict[str, Any]) -> int:
    from worker.replay.control import delete, list_replays, set_paused

    if asked["listing"]:
        for line in await list_replays(settings):
            click.echo(line)
        return 0
    if asked["delete"]:
        click.echo(await delete(settings, asked["delete"]))
        return 0
    for option, paused in (("pause", True), ("go_on", False)):
        if asked[option]:
            click.echo(await set_paused(settings, asked[option], paused=paused))
            return 0
    return await _run(settings, asked)


async def _run(settings: Settings, asked: dict[str, Any]) -> int:
    """Makes the plan, or takes the one that is there, and works on it."""
    from dataclasses import replace

    from worker.contract.topics import Topics
    from worker.replay import assembly
    from worker.replay.pace import Share
    from worker.replay.plan import PlanError, Target, side_topics

    name = asked["resume"] or asked["name"] or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if asked["resume"]:
        registry = assembly.registry_of(settings, folder=asked["files"])
        plan = await _begun_before(registry, name)
        settings = replace(settings, **plan.options)  # what decides on the outcome stays as it was
        if await _done_already(settings, registry, plan):
            return 0
    else:
        plan = await _plan(settings, asked, name)
        registry = assembly.registry_of(settings, plan)
    try:
        share = Share.of(asked["share"] or settings.replay_share, os.cpu_count() or 1, asked["processes"] or 0)
    except ValueError as wrong:
        raise PlanError(str(wrong)) from None
    topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
    async with assembly.started_pool(settings, topics, share) as pool:
        version = await assembly.version_of(pool)
        if not asked["resume"]:
            plan = replace(plan, pipeline=version.pipeline, models=version.models)
            if asked["only_plan"]:
                return await _tell(settings, plan, topics, pool, exact=asked["exact"])
            if plan.target is Target.IN_PLACE and not asked["yes"]:
                click.confirm(f"Write the result over what stands in {topics.extracted}?", abort=True, err=True)
            plan = await _begin(registry, plan)
        elif (plan.pipeline, plan.models) != (version.pipeline, version.models):
            raise PlanError(
                f"the replay {name} was begun with the extraction {plan.pipeline} {plan.models}, this is "
                f"{version.pipeline} {version.models}: its outputs would be mixed"
            )
        async with assembly.assembled(plan, settings, registry, pool, topics, rate=asked["rate"], share=share) as parts:
            return await _work(parts, registry, name)


async def _begin(registry: Registry, wanted: Plan) -> Plan:
    """Begins the replay, or joins it where one was begun just so. Raises PlanError: it was begun otherwise."""
    from worker.replay.plan import PlanError

    plan = await registry.begin(wanted)
    different = plan.differences(wanted)
    if different:
        raise PlanError(
            f"there is a replay {plan.name} already, and it is another one ({'; '.join(different)}); choose another "
            f"--name, go on with --resume {plan.name}, or remove it with --delete {plan.name}"
        )
    return plan


async def _begun_before(registry: Registry, name: str) -> Plan:
    from worker.replay.plan import PlanError

    notes = (await registry.all()).get(name)
    if notes is None or notes.plan is None:
        raise PlanError(f"there is no replay {name} to resume; `claimwire replay --list` tells which there are")
    return notes.plan


async def _work(parts: Any, registry: Registry, name: str) -> int:
    from worker.replay.progress import show_progress
    from worker.replay.report import report_lines, report_of

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, parts.replay.stop)
    showing = asyncio.create_task(show_progress(name, parts.replay.state))
    try:
        ended = await parts.replay.run(parts.source)
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    if not ended.whole:
        click.echo(f"Stopped before the end; go on with: claimwire replay --resume {name}", err=True)
        return 3
    if not ended.reports:
        click.echo(f"The replay {name} is done; another process of it reports.", err=True)
        return 0
    report = report_of(parts.replay.plan, parts.topics, ended.counts, ended.seconds)
    await registry.write(name, "report", report)
    for line in report_lines(report):
        click.echo(line)
    return 0


async def _plan(settings: Settings, asked: dict[str, Any], name: str) -> Plan:
    from worker.agents.ingest import extraction_options
    from worker.commands.window_options import window_of
    from worker.contract.topics import Topics
    from worker.replay.archives.reading import files_of
    from worker.replay.plan import Filter, Plan, PlanError, Target, check_name, now

    check_name(name)
    if asked["in_place"] and asked["files"]:
        raise PlanError("--in-place and --files exclude each other")
    if asked["archives"]:
        by_kafka = [
            o for o in ("topic", "partitions", "since", "until", "lateness", "from_offset", "to_offset") if asked[o]
        ]
        if by_kafka:
            options = ", ".join("--" + option.replace("_", "-") for option in by_kafka)
            raise PlanError(f"{options}: chooses records of a topic, and --from-archive reads files")
        files_of(asked["archives"])
        window = None
    else:
        topic = asked["topic"] or Topics.with_prefix(settings.topic_prefix).raw
        window = await window_of(settings.brokers, topic, asked)
    return Plan(
        name=name,
        created_at=now(),
        window=window,
        archives=tuple(str(path.resolve()) for path in asked["archives"]),
        filter=Filter(keys=asked["keys"], publishers=asked["publishers"]),
        target=Target.IN_PLACE if asked["in_place"] else Target.FILES if asked["files"] else Target.TOPIC,
        folder=str(asked["files"].resolve()) if asked["files"] else None,
        format=asked["form"],
        options=extraction_options(settings),
    )


async def _done_already(settings: Settings, registry: Registry, plan: Plan) -> bool:
    """Tells the report of a replay that has nothing left to do."""
    from worker.contract.topics import Topics
    from worker.replay.assembly import group_of
    from worker.replay.plan import side_topics
    from worker.replay.report import report_lines, report_of
    from worker.replay.run import overall, since

    notes = (await registry.all())[plan.name]
    report = notes.report
    if report is None:
        if plan.window is None:
            return False
        positions, counts = await overall(settings.brokers, group_of(settings, plan.name), plan)
        if any(positions[p] < bounds.end for p, bounds in plan.window.bounds.items()):
            return False
        topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, plan.name, plan.target)
        report = report_of(plan, topics, counts, since(plan.created_at))
        await registry.write(plan.name, "report", report)
    for line in report_lines(dict(report)):
        click.echo(line)
    return True


async def _tell(settings: Settings, plan: Plan, topics: Any, pool: Any, *, exact: bool) -> int:
    from worker.replay.assembly import group_of
    from worker.replay.estimate import estimate, measure
    from worker.replay.plan import Target
    from worker.replay.report import plan_lines
    from worker.streaming.topic_admin import existing_topics

    found = await estimate(plan, settings.brokers, exact=exact)
    speed = await measure(found.sample, plan, pool, topics, settings)
    there = set() if plan.target is Target.FILES else set(await existing_topics(settings.brokers))
    for line in plan_lines(plan, topics, group_of(settings, plan.name), found, speed, pool.size, there):
        click.echo(line)
    return 0
