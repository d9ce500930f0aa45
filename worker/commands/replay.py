"""claimwire replay: process records again, beside the live worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.grouped import grouped
from worker.commands.options.window import WindowOptions, with_window_options
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.contract.topics import Topics
    from worker.replay.execution.assembly import Assembled
    from worker.replay.execution.pace import Share
    from worker.replay.plan.plan import ReplayPlan
    from worker.replay.plan.registry import Registry
    from worker.streaming.outcome import Outcome
    from worker.streaming.pool.process_pool import ProcessPool
    from worker.streaming.record import Record

__all__ = ["replay"]

_FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which records are read, beside the window of the topic."""

    topic: str | None
    archives: tuple[Path, ...]
    keys: tuple[str, ...]
    publishers: tuple[str, ...]


_with_source = grouped(
    "source",
    Source,
    click.option("--topic", help="Topic to read. Default: articles.raw."),
    click.option(
        "--from-archive",
        "archives",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="File or folder to read instead of a topic: JSON Lines (.gz, .zst), Parquet, WARC, pages. Repeatable.",
    ),
    click.option("--key", "keys", multiple=True, help="Only records of this key (the article's uri). Repeatable."),
    click.option("--publisher", "publishers", multiple=True, help="Only articles of this publisher. Repeatable."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where the result is written; by default to topics of the replay's own."""

    in_place: bool
    files: Path | None
    format: str
    yes: bool


_with_output = grouped(
    "output",
    Output,
    click.option("--in-place", is_flag=True, help="Write to the live topic articles.extracted."),
    click.option("--files", type=click.Path(file_okay=False, path_type=Path), help="Write files into this folder."),
    click.option(
        "--format", type=click.Choice(_FORMATS), default="jsonl.zst", show_default=True, help="Format of the files."
    ),
    click.option("--yes", is_flag=True, help="Do not ask before writing in place."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How the replay runs, or that it is only planned or resumed."""

    name: str | None
    resume: str | None
    only_plan: bool
    exact: bool
    rate: float | None
    share: float | None
    processes: int | None
    model: bool | None


_with_run = grouped(
    "run",
    Run,
    click.option(
        "--name", help="Name of the replay; processes started with the same name share it. Default: the time now."
    ),
    click.option("--resume", metavar="NAME", help="Go on with a replay that was stopped or killed."),
    click.option(
        "--plan", "only_plan", is_flag=True, help="Only say what would be read and written, and how long it takes."
    ),
    click.option("--exact", is_flag=True, help="With --plan: read everything to count it."),
    click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many records a second."),
    click.option(
        "--share",
        type=click.FloatRange(min=0, min_open=True, max=1),
        help="Part of the machine's cores, up to 1; below 1 the live worker goes first. "
        "Default: the setting replay_share.",
    ),
    click.option("--processes", type=click.IntRange(min=0), help="Extraction processes. Default: as the share says."),
    click.option("--model/--rules-only", default=None, help="Override the setting `model`."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """What is to be done to a replay from outside; nothing where a replay is to run."""

    listing: bool
    pause: str | None
    go_on: str | None
    delete: str | None


_with_management = grouped(
    "management",
    Management,
    click.option("--list", "listing", is_flag=True, help="List all replays and how far they are."),
    click.option("--pause", metavar="NAME", help="Let all processes of a replay wait."),
    click.option("--go-on", metavar="NAME", help="Let them go on."),
    click.option("--delete", metavar="NAME", help="Remove a replay: its topics and its plan."),
)


@dataclass(frozen=True, slots=True)
class Request:
    """All that was asked for of a replay that runs."""

    source: Source
    window: WindowOptions
    output: Output
    run: Run

    @property
    def writes_beside_topics(self) -> bool:
        """From articles.raw to topics of its own, which is what rights.py has the rights for."""
        source, output = self.source, self.output
        return not (source.topic or source.archives or output.in_place or output.files or self.run.only_plan)


@click.command()
@with_settings
@_with_run
@_with_source
@with_window_options
@_with_output
@_with_management
def replay(
    settings: Settings, run: Run, source: Source, chosen: WindowOptions, output: Output, management: Management
) -> None:
    """Process records of a topic, or of archives, again, and write the result beside the live claims.

    The records are those that are there when the replay begins. A consumer group of the replay's own reads them, and
    they are processed as the live worker would. The result is written to claims.replay.NAME (and .extracted, .passed),
    to files (--files), or to the live topics (--in-place). Then `claimwire diff NAME` shows what it changes.

    A replay that was stopped or killed goes on with --resume NAME, on this machine or another. Several processes with
    the same --name share one replay. Exit code 0 when all is done, 1 when it could not go on, 3 when it was stopped
    before the end.
    """
    if run.model is not None:
        settings = replace(settings, model=run.model)
    _log(settings.log_level)
    request = Request(source, chosen, output, run)

    async def work() -> int:
        return 0 if await _manage(settings, management) else await _run(settings, request)

    sys.exit(asyncio.run(work()))


def _log(level: str) -> None:
    from worker.observe.logs import TextFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("claimwire").setLevel(
        logging.WARNING if level == "info" and sys.stderr.isatty() else level.upper()
    )
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL if level != "debug" else logging.DEBUG)


async def _manage(settings: Settings, management: Management) -> bool:
    """Does what was asked for from outside a replay; False where nothing was."""
    from worker.replay.manage.control import delete, list_replays, set_paused

    if management.listing:
        for line in await list_replays(settings):
            print_line(line)
    elif management.delete:
        print_line(await delete(settings, management.delete))
    elif management.pause:
        print_line(await set_paused(settings, management.pause, paused=True))
    elif management.go_on:
        print_line(await set_paused(settings, management.go_on, paused=False))
    else:
        return False
    return True


async def _run(settings: Settings, request: Request) -> int:
    """Makes the plan, or takes the one that is there, and works on it. Returns the exit code."""
    from worker.contract.topics import Topics
    from worker.replay.execution import assembly
    from worker.replay.plan.plan import side_topics

    run = request.run
    if request.writes_beside_topics:
        await refuse_without_rights(settings, "replay")
    name = run.resume or run.name or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if run.resume:
        registry = assembly.registry_of(settings, folder=request.output.files)
        plan = await _begun_before(registry, name)
        settings = replace(settings, **plan.options)  # settings that decide on outcomes stay as they were
        if await _done_already(settings, registry, plan):
            return 0
    else:
        plan = await _plan(settings, request, name)
        registry = assembly.registry_of(settings, plan)
    share = _share(settings, run)
    topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
    async with assembly.started_pool(settings, topics, share) as pool:
        if run.resume:
            await _check_version(plan, pool)
        else:
            version = await assembly.version_of(pool)
            plan = replace(plan, pipeline=version.pipeline, models=version.models)
            if run.only_plan:
                await _print_plan(settings, plan, topics, pool, exact=run.exact)
                return 0
            _confirm(plan, topics, yes=request.output.yes)
            plan = await _begin(registry, plan)
        async with assembly.assembled(plan, settings, registry, pool, topics, rate=run.rate, share=share) as parts:
            return await _work(parts, registry, name)


def _share(settings: Settings, run: Run) -> Share:
    from worker.replay.execution.pace import Share
    from worker.replay.plan.plan import PlanError

    try:
        return Share.of(run.share or settings.replay_share, os.cpu_count() or 1, run.processes or 0)
    except ValueError as wrong:
        raise PlanError(str(wrong)) from None


async def _check_version(plan: ReplayPlan, pool: ProcessPool[Record, Outcome]) -> None:
    """Raises PlanError: the replay was begun with another extraction."""
    from worker.replay.execution.assembly import version_of
    from worker.replay.plan.plan import PlanError

    version = await version_of(pool)
    if (plan.pipeline, plan.models) != (version.pipeline, version.models):
        raise PlanError(
            f"the replay {plan.name} was begun with the extraction {plan.pipeline} {plan.models}, this is "
            f"{version.pipeline} {version.models}: its outputs would be mixed"
        )


def _confirm(plan: ReplayPlan, topics: Topics, *, yes: bool) -> None:
    from worker.replay.plan.plan import Target

    if plan.target is Target.IN_PLACE and not yes:
        click.confirm(f"Write the result over the extractions in {topics.extracted}?", abort=True, err=True)


async def _begin(registry: Registry, wanted: ReplayPlan) -> ReplayPlan:
    """Begins the replay, or joins one of the same name and plan. Raises PlanError: its plan is another one."""
    from worker.replay.plan.plan import PlanError

    plan = await registry.begin(wanted)
    different = plan.differences(wanted)
    if different:
        raise PlanError(
            f"there is a replay {plan.name} already, and it is another one ({'; '.join(different)}); choose another "
            f"--name, go on with --resume {plan.name}, or remove it with --delete {plan.name}"
        )
    return plan


async def _begun_before(registry: Registry, name: str) -> ReplayPlan:
    from worker.replay.plan.plan import PlanError

    notes = (await registry.all()).get(name)
    if notes is None or notes.plan is None:
        raise PlanError(f"there is no replay {name} to resume; `claimwire replay --list` shows which there are")
    return notes.plan


async def _work(parts: Assembled, registry: Registry, name: str) -> int:
    """Runs the replay until its end or a signal, and prints its report. Returns the exit code."""
    from worker.replay.manage.progress import show_progress
    from worker.replay.manage.report import report_lines, report_of

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
        print_line(f"Stopped before the end; go on with: claimwire replay --resume {name}", err=True)
        return 3
    if not ended.reports:
        print_line(f"The replay {name} is done; another process of it reports.", err=True)
        return 0
    report = report_of(parts.replay.plan, parts.topics, ended.counts, ended.seconds)
    await registry.write(name, "report", report)
    for line in report_lines(report):
        print_line(line)
    return 0


async def _plan(settings: Settings, request: Request, name: str) -> ReplayPlan:
    from worker.archives.reading import files_of
    from worker.contract.topics import Topics
    from worker.replay.plan.plan import Filter, PlanError, ReplayPlan, Target, check_name, now

    source, output = request.source, request.output
    check_name(name)
    if output.in_place and output.files:
        raise PlanError("--in-place and --files exclude each other")
    if source.archives:
        _refuse_window(request)
        files_of(list(source.archives))
        window = None
    else:
        topic = source.topic or Topics.with_prefix(settings.topic_prefix).raw
        window = await request.window.window(settings.kafka, topic)
    return ReplayPlan(
        name=name,
        created_at=now(),
        window=window,
        archives=tuple(str(path.resolve()) for path in source.archives),
        filter=Filter(keys=source.keys, publishers=source.publishers),
        target=Target.IN_PLACE if output.in_place else Target.FILES if output.files else Target.TOPIC,
        folder=str(output.files.resolve()) if output.files else None,
        format=output.format,
        options=settings.extraction_options(),
    )


def _refuse_window(request: Request) -> None:
    """Raises PlanError: an option that chooses records of a topic was given together with archives."""
    from worker.replay.plan.plan import PlanError

    given = ["--topic"] if request.source.topic else []
    given += [f"--{name.replace('_', '-')}" for name in request.window.given()]
    if given:
        raise PlanError(f"{', '.join(given)}: chooses records of a topic, and --from-archive reads files")


async def _done_already(settings: Settings, registry: Registry, plan: ReplayPlan) -> bool:
    """Prints the report of a replay that has nothing left to do; False where there is something."""
    from worker.consumer_groups import replay_group
    from worker.contract.topics import Topics
    from worker.replay.execution.checkpoints import overall
    from worker.replay.execution.run import since
    from worker.replay.manage.report import report_lines, report_of
    from worker.replay.plan.plan import side_topics

    notes = (await registry.all())[plan.name]
    report = notes.report
    if report is None:
        if plan.window is None:
            return False
        positions, counts = await overall(settings.kafka, replay_group(settings.installation, plan.name), plan)
        if any(positions[p] < bounds.end for p, bounds in plan.window.bounds.items()):
            return False
        topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, plan.name, plan.target)
        report = report_of(plan, topics, counts, since(plan.created_at))
        await registry.write(plan.name, "report", report)
    for line in report_lines(report):
        print_line(line)
    return True


async def _print_plan(
    settings: Settings, plan: ReplayPlan, topics: Topics, pool: ProcessPool[Record, Outcome], *, exact: bool
) -> None:
    from worker.consumer_groups import replay_group
    from worker.replay.manage.estimate import estimate, measure
    from worker.replay.manage.report import plan_lines, where_to
    from worker.replay.plan.plan import Target
    from worker.streaming.topics.admin import existing_topics

    estimated = await estimate(plan, settings.kafka, exact=exact)
    speed = await measure(estimated.sample, plan, pool, topics, settings)
    written = [] if plan.target is Target.FILES else [name.split()[0] for name in where_to(plan, topics)]
    existing = set(await existing_topics(settings.kafka, written))
    for line in plan_lines(
        plan, topics, replay_group(settings.installation, plan.name), estimated, speed, pool.size, existing
    ):
        print_line(line)
