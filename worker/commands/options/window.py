"""The options that choose records of a topic, shared by `dump` and `replay`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import click

from worker.brokers import Brokers
from worker.commands.options.grouped import grouped
from worker.commands.options.times import DURATION, TIME

if TYPE_CHECKING:
    from worker.streaming.topics.window import Window

__all__ = ["WindowOptions", "with_window_options"]


class Partitions(click.ParamType):
    """`0,2-5`."""

    name = "partitions"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[int]:
        if isinstance(value, frozenset):
            return value
        chosen: set[int] = set()
        for part in str(value).split(","):
            first, dash, last = part.strip().partition("-")
            if not first.isdigit() or (dash and not last.isdigit()):
                self.fail(f"{value!r}: expected numbers and ranges, as in 0,2-5", param, ctx)
            chosen |= set(range(int(first), int(last if dash else first) + 1))
        return frozenset(chosen)


class Offsets(click.ParamType):
    """`1200` for every partition (key -1), or `0:1200,3:900` by partition."""

    name = "offsets"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Mapping[int, int]:
        if isinstance(value, Mapping):
            return value
        text = str(value)
        if text.strip().isdigit():
            return {-1: int(text)}
        by_partition = {}
        for part in text.split(","):
            partition, colon, offset = part.strip().partition(":")
            if not (colon and partition.isdigit() and offset.isdigit()):
                self.fail(f"{value!r}: expected one number, or partition:offset, as in 0:1200,3:900", param, ctx)
            by_partition[int(partition)] = int(offset)
        return by_partition


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOptions:
    """None where an option was not given. Times are milliseconds since 1970, `lateness` is in milliseconds."""

    partitions: frozenset[int] | None
    since: int | None
    until: int | None
    lateness: int | None
    from_offset: Mapping[int, int] | None
    to_offset: Mapping[int, int] | None

    def given(self) -> list[str]:
        """Names of the options that were given."""
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]

    async def window(self, brokers: Brokers, topic: str, *, all_transactions: bool = False) -> Window:
        """The chosen part of a topic, with its end as it is now.

        Raises:
            WindowError: the topic or a partition does not exist.
        """
        from worker.streaming.topics.window import Selection, fix_window

        return await fix_window(
            brokers,
            Selection(
                topic=topic,
                partitions=self.partitions,
                from_offsets=self.from_offset or {},
                to_offsets=self.to_offset or {},
                from_ms=self.since,
                to_ms=self.until,
                lateness_ms=self.lateness,
            ),
            isolation="read_uncommitted" if all_transactions else "read_committed",
        )


with_window_options = grouped(
    "chosen",
    WindowOptions,
    click.option("--partitions", type=Partitions(), help="Only these partitions, as in 0,2-5. Default: all."),
    click.option(
        "--since",
        type=TIME,
        help="Only records written since then: 2026-11-20, 2026-11-20T09:30Z, or 7d for seven days ago.",
    ),
    click.option("--until", type=TIME, help="Only records written before then."),
    click.option(
        "--lateness",
        type=DURATION,
        help="How much older a record can be than one before it, as in 1h: reading stops that long after --until. "
        "Default: unknown, so the topic is read to its end.",
    ),
    click.option(
        "--from-offset", type=Offsets(), help="First offset, for every partition or by partition: 0:1200,3:900."
    ),
    click.option("--to-offset", type=Offsets(), help="First offset that is left out; written the same way."),
)
