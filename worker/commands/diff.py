"""`claimwire diff` and `claimwire promote`: what a replay changes, and making it so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker.commands.options import RefusedError, config_option, settings_of
from worker.commands.replay import guarded

if TYPE_CHECKING:
    from worker.replay.sides import Side
    from worker.settings import Settings

__all__ = ["diff", "promote"]


@click.command()
@config_option
@click.argument("name")
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--against", metavar="OTHER", help="Another replay instead of the live claims.")
@click.option(
    "--files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of replays written to files; a replay that is not in it is looked for in Kafka.",
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page to this file.")
@click.option("--json", "as_json", type=click.Path(dir_okay=False, path_type=Path), help="Write all of it as JSON.")
@click.option(
    "--examples", type=click.IntRange(min=0), default=8, show_default=True, help="Side by side, on the terminal."
)
@click.option("--ignore", multiple=True, metavar="FIELD", help="As in confidence or attribution.cue. Repeatable.")
@click.option("--max-changed", metavar="LIMIT", help="Exit code 1 when more claims differ: 2% of those before, or 20.")
@click.option("--unfinished", is_flag=True, help="Compare also while the replay is not done.")
def diff(config: Path | None, brokers: str | None, name: str, **asked: Any) -> None:
    """What the replay NAME changes, against the live claims or another replay.

    Claims are compared by id, within the articles that the replay extracted; what has another id at the same place of
    the text counts as changed too. An article that the other side has in a newer version is left out. Exit code 0,
    1 with --max-changed when more than that is changed, gone or new, 2 when the comparison cannot be made.
    """
    settings, _ = settings_of(config, brokers=brokers)
    try:
        from worker.replay.summary import Limit

        limit = Limit.parsed(asked["max_changed"]) if asked["max_changed"] else None
    except ValueError:
        raise RefusedError(
            f"--max-changed {asked['max_changed']}: expected a percentage as 2% or a number of claims"
        ) from None
    guarded(lambda: _diff(settings, name, asked, limit), settings.brokers)


async def _diff(settings: Settings, name: str, asked: dict[str, Any], limit: Any) -> int:
    import orjson
    from rich.console import Console

    from worker.replay.diff_page import page
    from worker.replay.diff_text import print_summary
    from worker.replay.differences import Differences
    from worker.replay.summary import summarised

    after = await _side(settings, name, asked)
    before = await (_side(settings, asked["against"], asked) if asked["against"] else _live(settings))
    with Differences(asked["ignore"]) as differences:
        await differences.fill(before, after)
        summary = summarised(differences, before.name, after.name, max(asked["examples"], 60 if asked["html"] else 0))
    if asked["html"]:
        asked["html"].write_text(page(summary), encoding="utf-8")
    if asked["as_json"]:
        asked["as_json"].write_bytes(orjson.dumps(summary.as_dict(), option=orjson.OPT_INDENT_2))
    summary.examples = summary.examples[: asked["examples"]]
    print_summary(summary, Console())
    if limit is None:
        return 0
    exceeded = summary.exceeds(limit)
    click.echo(
        f"{summary.different:,} of {summary.before:,} claims differ ({100 * summary.share:.2f} %), "
        f"{'more than' if exceeded else 'within'} the {limit} allowed",
        err=exceeded,
    )
    return int(exceeded)


async def _live(settings: Settings) -> Side:
    from worker.contract.topics import Topics
    from worker.replay.sides import TopicSide

    return await TopicSide.fixed("live", settings.brokers, Topics.with_prefix(settings.topic_prefix), passed=False)


async def _side(settings: Settings, name: str, asked: dict[str, Any]) -> Side:
    """Raises PlanError: there is no such replay, it is not done, or wrote in place."""
    from worker.contract.topics import Topics
    from worker.replay.assembly import registry_of
    from worker.replay.control import unfinished
    from worker.replay.plan import PlanError, Target, side_topics
    from worker.replay.sides import FileSide, TopicSide

    files = asked["files"] if asked["files"] and (asked["files"] / name).is_dir() else None
    notes = (await registry_of(settings, folder=files).all()).get(name)
    if files and (notes is None or notes.plan is None):
        return FileSide(name, files / name)  # a topic's replay into files: its plan stands in Kafka
    if notes is None or notes.plan is None:
        raise PlanError(f"there is no replay {name}; `claimwire replay --list` tells which there are")
    plan = notes.plan
    left = await unfinished(settings, plan, notes)
    if left and not asked["unfinished"]:
        raise PlanError(f"the replay {name} is not done ({left}); --unfinished compares it as it is")
    title = f"{name} ({plan.pipeline})"
    match plan.target:
        case Target.IN_PLACE:
            raise PlanError(f"the replay {name} wrote in place: there is nothing beside the live claims to compare")
        case Target.FILES:
            return FileSide(title, Path(str(plan.folder)) / name)
        case Target.TOPIC:
            topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
            return await TopicSide.fixed(title, settings.brokers, topics, passed=True)


@click.command()
@config_option
@click.argument("name")
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many articles a second.")
@click.option(
    "--wait", default=60.0, show_default=True, help="Seconds to wait for the worker to make the claims of it."
)
def promote(config: Path | None, brokers: str | None, name: str, **asked: Any) -> None:
    """Make live what the replay NAME says, where it differs.

    The replay's extraction of each article that differs is published to articles.extracted; the running worker makes
    the claim events of it: asserted with the next revision, superseded, retracted. An article that became newer
    meanwhile is left as it is. Stopped in the middle: the same command goes on; done twice it changes nothing.
    """
    settings, _ = settings_of(config, brokers=brokers)
    guarded(lambda: _promote(settings, name, asked), settings.brokers)


async def _promote(settings: Settings, name: str, asked: dict[str, Any]) -> int:
    from worker.replay.differences import Differences
    from worker.replay.plan import PlanError
    from worker.replay.promote import Promotion, promotion_of
    from worker.replay.sides import FileSide
    from worker.replay.summary import summarised

    after = await _side(settings, name, {"files": None, "unfinished": False})
    if isinstance(after, FileSide):
        raise PlanError(f"the replay {name} wrote files: only one that wrote to topics can be promoted")
    before = await _live(settings)
    with Differences() as differences:
        await differences.fill(before, after)
        summary = summarised(differences, before.name, after.name, 0)
        promotion: Promotion = promotion_of(settings, name, differences, asked["rate"])
        if not promotion.articles:
            click.echo(f"Nothing to promote: the live claims are those of {name}.")
            return 0
        click.echo(
            f"{promotion.articles:,} articles differ: {summary.changed:,} claims changed, {summary.gone:,} gone, "
            f"{summary.new:,} new; {summary.scope.newer:,} articles are newer in live and stay"
        )
        if promotion.passed:
            click.echo(f"{promotion.passed:,} articles were passed by in the replay; their live claims stay")
        if not asked["yes"]:
            click.confirm(f"Publish them to {promotion.topic}?", abort=True, err=True)
        await promotion.run()
    left = await promotion.wait(asked["wait"])
    click.echo(f"Published {promotion.published:,} extractions to {promotion.topic}")
    if left:
        click.echo(
            f"The worker has not read {left:,} records of it yet; the claims change when it does (is it running?)",
            err=True,
        )
    return 0
