"""claimwire promote: makes live what a replay says."""

from __future__ import annotations

import asyncio

import click

from worker.commands.errors.rights_first import refuse_without_rights
from worker.commands.options.with_settings import with_settings
from worker.commands.printed.printing import print_line
from worker.commands.printed.replay_sides import live_side, replay_side
from worker.settings import Settings

__all__ = ["promote"]


@click.command()
@with_settings
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many articles a second.")
@click.option(
    "--wait", default=60.0, show_default=True, help="Seconds to wait until the worker has read what is published."
)
def promote(settings: Settings, name: str, yes: bool, rate: float | None, wait: float) -> None:
    """Make live what the replay NAME says, where it differs.

    The replay's extraction of each article that differs is published to articles.extracted, and the running worker
    makes the claim events from it: asserted with the next revision, superseded, retracted. An article that became newer
    meanwhile is left as it is. If the command is stopped, the same command goes on; done twice it changes nothing.
    """
    asyncio.run(_promote(settings, name, yes=yes, rate=rate, wait_s=wait))


async def _promote(settings: Settings, name: str, *, yes: bool, rate: float | None, wait_s: float) -> None:
    from worker.replay.diff.differences import Differences
    from worker.replay.diff.promote import promotion_of
    from worker.replay.diff.sides import FileSide
    from worker.replay.diff.summary import summarised
    from worker.replay.plan.plan import PlanError

    await refuse_without_rights(settings, "promote")
    after = await replay_side(settings, name)
    if isinstance(after, FileSide):
        raise PlanError(f"the replay {name} wrote files: only one that wrote to topics can be promoted")
    before = await live_side(settings)
    with Differences() as differences:
        await differences.fill(before, after)
        summary = summarised(differences, before.name, after.name, 0)
        promotion = promotion_of(settings, name, differences, rate)
        if not promotion.articles:
            print_line(f"Nothing to promote: the live claims are those of {name}.")
            return
        print_line(
            f"{promotion.articles:,} articles differ: {summary.changed:,} claims changed, {summary.gone:,} gone, "
            f"{summary.new:,} new; {summary.scope.newer:,} articles are newer in live and stay"
        )
        if promotion.passed:
            print_line(f"The replay left out {promotion.passed:,} articles; their live claims stay")
        if not yes:
            click.confirm(f"Publish them to {promotion.topic}?", abort=True, err=True)
        await promotion.run()
    left = await promotion.wait(wait_s)
    print_line(f"Published {promotion.published:,} extractions to {promotion.topic}")
    if left:
        print_line(
            f"The worker has not read {left:,} of them yet; the claims change when it does (is it running?)", err=True
        )
