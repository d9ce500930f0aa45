"""The texts of a replay: the plan before it runs, the report after it has finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from worker.contract.topics import Topics
from worker.replay.manage.estimate import Estimate, ExtractionSpeed
from worker.replay.manage.progress import duration, size
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import ReplayPlan, Target
from worker.replay.plan.registry import ReplayReport

__all__ = ["plan_lines", "report_lines", "report_of", "where_to"]


def source_words(plan: ReplayPlan) -> str:
    """The archives, or the topic with the times and the filter."""
    if plan.window is None:
        return ", ".join(plan.archives)
    words = plan.window.topic
    if plan.window.from_ms is not None:
        words += f" from {_stamp(plan.window.from_ms)}"
    if plan.window.to_ms is not None:
        words += f" to {_stamp(plan.window.to_ms)}"
    if plan.filter.keys:
        words += f", {len(plan.filter.keys)} key{'s' if len(plan.filter.keys) > 1 else ''}"
    if plan.filter.publishers:
        words += f", of {', '.join(plan.filter.publishers)}"
    return words


def _stamp(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def where_to(plan: ReplayPlan, topics: Topics) -> list[str]:
    """The topics or files that the replay writes."""
    match plan.target:
        case Target.FILES:
            return [f"{plan.folder}/{plan.name}/*.{plan.format}"]
        case Target.IN_PLACE:
            return [f"{topics.extracted} (live; the running worker makes the claims of it)", topics.dead]
        case Target.TOPIC:
            return [topics.claims, topics.extracted, topics.dead]


def plan_lines(
    plan: ReplayPlan,
    topics: Topics,
    group: str,
    estimate: Estimate,
    speed: ExtractionSpeed,
    processes: int,
    existing: set[str],
) -> Iterator[str]:
    """The lines of `--plan`, without line ends. `existing`: the topics that need not be created."""
    yield f"Replay {plan.name} of {source_words(plan)}"
    window = plan.window
    if window is not None:
        yield f"  {'partition':>9}  {'offsets':>24}  {'records':>12}  {'bytes':>12}"
        for partition, amount in sorted(estimate.by_partition.items()):
            bounds = window.bounds[partition]
            offsets = f"{bounds.start} to {bounds.end}" if bounds.width else "none"
            yield f"  {partition:9}  {offsets:>24}  {amount.records:12,.0f}  {size(amount.bytes):>12}"
    total = estimate.total
    how = "counted" if estimate.exact else f"estimated from {estimate.seen:,} records; --exact counts"
    yield f"  {total.records:,.0f} records, {size(total.bytes)} ({how})"
    yield ""
    if speed.records == 0:
        yield "Nothing to extract."
        return
    seconds = total.records / speed.rate
    several = "es" if processes > 1 else ""
    yield (
        f"Extraction {plan.pipeline}: {speed.rate:.1f} records/s in {processes} process{several}, "
        f"measured on {speed.records} of these records"
    )
    yield f"Expected duration: {duration(seconds)} in one start of the command, less when several share it"
    share = total.records / speed.records
    yield (
        f"Would write about {speed.claims * share:,.0f} claims ({speed.claims / speed.records:.1f} a record), "
        f"{size(speed.bytes_written * share)}, and pass by {speed.passed * share:,.0f} records, to:"
    )
    for name in where_to(plan, topics):
        new = plan.target is not Target.FILES and name.split()[0] not in existing
        yield f"  {name}{' (to be created)' if new else ''}"
    if window is not None:
        yield f"Read as consumer group {group}; the offsets of the live worker are not touched."


def report_of(plan: ReplayPlan, topics: Topics, counts: ReplayCounts, seconds: float) -> ReplayReport:
    return {
        "name": plan.name,
        "source": source_words(plan),
        "pipeline": plan.pipeline,
        "models": plan.models,
        "written_to": where_to(plan, topics),
        "seconds": round(seconds, 1),
        **counts.as_dict(),
    }


def report_lines(report: ReplayReport) -> Iterator[str]:
    seconds = float(report["seconds"])
    yield f"Replay {report['name']} of {report['source']}: done, {duration(seconds)} after it was begun"
    yield f"  extraction   {report['pipeline']}"
    yield f"  read         {report['read']:,} records, {size(report['bytes'])}"
    yield f"  extracted    {report['ok']:,}, with {report['claims']:,} claims"
    yield f"  passed by    {report['dropped']:,} dropped, {report['dead']:,} dead"
    for reason, count in sorted(report["reasons"].items(), key=lambda item: -item[1]):
        yield f"      {reason:32} {count:,}"
    if report["lost"]:
        yield f"  lost         {report['lost']:,} offsets were deleted by the topic's retention before they were read"
    unaccounted = report["read"] - report["ok"] - report["dropped"] - report["dead"]
    yield f"  unaccounted  {unaccounted}"
    yield f"  written to   {', '.join(report['written_to'])}"
