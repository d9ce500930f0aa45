"""Times and durations as they are typed at a command line, and how the commands print a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

__all__ = ["DURATION", "TIME", "printed_time"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


_MAX_SECONDS = 100 * 365 * 86_400


def _seconds(text: str) -> float | None:
    """The length of a duration; None for what is none, or is longer than a hundred years."""
    matched = _DURATION.fullmatch(text.strip().casefold())
    seconds = float(matched[1]) * _SECONDS[matched[2]] if matched else None
    return seconds if seconds is not None and seconds <= _MAX_SECONDS else None


class Duration(click.ParamType):
    """Milliseconds from `90s`, `15m`, `6h`, `7d`, `2w` or `1.5 h`."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        seconds = _seconds(str(value))
        if seconds is None:
            self.fail(
                f"{value!r}: expected a length of time, as in 90s, 15m, 6h, 7d or 2w, at most a hundred years",
                param,
                ctx,
            )
        return round(seconds * 1000)


class Time(click.ParamType):
    """Milliseconds since 1970 from `2026-11-20`, `2026-11-20T09:30Z`, or a duration, which is that long before now.

    A time without a zone is UTC.
    """

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value).strip()
        ago = _seconds(text)
        if ago is not None:
            time = datetime.now(UTC) - timedelta(seconds=ago)
        else:
            try:
                time = datetime.fromisoformat(text)
            except ValueError:
                expected = "2026-11-20, 2026-11-20T09:30Z, or 30m, 2h, 7d or 2w for that long ago"
                self.fail(f"{value!r}: expected a time, as in {expected}", param, ctx)
        return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


DURATION = Duration()
TIME = Time()


def printed_time(milliseconds: int) -> str:
    """A record's timestamp, in milliseconds since 1970, as a person reads it: `2026-11-20 09:30:00Z`.

    A producer can write any number: one that is no date, as -1 (no time), is printed as it is.
    """
    try:
        time = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return f"timestamp {milliseconds}"
    return f"timestamp {milliseconds}" if milliseconds < 0 else time.strftime("%Y-%m-%d %H:%M:%SZ")
