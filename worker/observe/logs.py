"""The log: one event a line, the record's coordinates as fields, repeats held back, no article text and no secret.

The standard library's logging, since Faust, mode and aiokafka write to it: what is set here holds for their lines too.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import IO, Any

import orjson

from worker.contract.dead_letter import DeadReason, RetryReason
from worker.streaming.record import Record

__all__ = ["LogHandler", "configure_logs"]

_OWN_WORDS = {
    DeadReason.EMPTY,
    DeadReason.TOO_LARGE,
    DeadReason.BAD_ENCODING,
    DeadReason.NOT_JSON,
    DeadReason.TOMBSTONE_WITHOUT_KEY,
    DeadReason.EXTRACTION_TIMEOUT,
    DeadReason.CHILD_DIED,
    DeadReason.OUTPUT_TOO_LARGE,
    RetryReason.CHILD_DIED,
    RetryReason.MEMORY,
    RetryReason.EXTRACTION_TIMEOUT,
}
"""Reasons whose error is a sentence of this project; the others quote what they met, which may be an article's words."""
_SCHEMA = {DeadReason.BAD_SCHEMA, DeadReason.UNKNOWN_SHAPE}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SECRET = re.compile(
    r"(?i)((?:password|passwd|secret|token|api[_-]?key|authorization)\w*[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)"
)
_USERINFO = re.compile(r"(://[^/\s:@]+:)[^/\s@]+@")
_WINDOW_S = 10.0
_IN_A_WINDOW = 5


class LogHandler(logging.StreamHandler[IO[str]]):
    """Writes lines as JSON or readable, and of more than five like ones in ten seconds only how many there were."""

    def __init__(self, stream: IO[str], *, as_json: bool, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._as_json, self._clock = as_json, clock
        self._seen: dict[tuple[str, int, str], _Repeats] = {}
        self._swept = clock()

    def emit(self, record: logging.LogRecord) -> None:
        now = self._clock()
        if now - self._swept >= 1.0:
            self._swept = now
            for late in self._sweep(now):
                super().emit(late)
        # the template, not the text: it is the same for all records that fare alike
        like = (record.name, record.levelno, str(record.msg)[:300])
        repeats = self._seen.get(like)
        if repeats is None:
            repeats = self._seen[like] = _Repeats(now)
        repeats.count += 1
        if repeats.count <= _IN_A_WINDOW:
            super().emit(record)

    def _sweep(self, now: float) -> Iterator[logging.LogRecord]:
        for like, repeats in list(self._seen.items()):
            if now - repeats.since < _WINDOW_S:
                continue
            del self._seen[like]
            held = repeats.count - _IN_A_WINDOW
            if held > 0:
                name, level, template = like
                yield logging.LogRecord(
                    name, level, "", 0, "%d more in %.0fs like: %s", (held, now - repeats.since, template), None
                )

    def close(self) -> None:
        """Says what was held back before the end."""
        for repeats in self._seen.values():
            repeats.since -= _WINDOW_S
        try:
            for late in self._sweep(self._clock()):
                super().emit(late)
        finally:
            super().close()

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        message = _without_secrets(_message(record))
        name = record.name.removeprefix("claimwire.")
        at = datetime.fromtimestamp(record.created, UTC)
        trace = ""
        if record.exc_info:
            trace = _without_secrets(logging.Formatter().formatException(record.exc_info))
        if self._as_json:
            line: dict[str, Any] = {
                "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname.lower(),
                "logger": name,
                "event": message,
                **fields,
            }
            if trace:
                line["traceback"] = trace
            return orjson.dumps(line, default=str).decode()
        line_ = f"{at.astimezone():%H:%M:%S} {record.levelname:<8}{name:<10} {message}"
        return f"{line_}\n{trace}" if trace else line_


class _Repeats:
    __slots__ = ("count", "since")

    def __init__(self, since: float) -> None:
        self.since, self.count = since, 0


def _arguments(record: logging.LogRecord) -> tuple[Any, ...]:
    return record.args if isinstance(record.args, tuple) else ()


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """Coordinates of the record that a line is about, and the reason, from the arguments of the call."""
    fields: dict[str, Any] = {}
    for argument in _arguments(record):
        match argument:
            case Record():
                fields |= {"topic": argument.topic, "partition": argument.partition, "offset": argument.offset}
                fields["key"] = (argument.key or b"").decode("utf-8", "replace")[:200] or None
            case Enum():
                fields["reason"] = argument.value
            case _ if hasattr(argument, "topic") and hasattr(argument, "partition"):
                fields |= {"topic": argument.topic, "partition": argument.partition}
    return fields


def _message(record: logging.LogRecord) -> str:
    """The line's text; above debug, without the words that an error quotes from an article."""
    arguments = _arguments(record)
    reasons = [a for a in arguments if isinstance(a, DeadReason | RetryReason)]
    if record.levelno > logging.DEBUG and reasons and not isinstance(record.args, dict):
        shown = tuple(_guarded(a, reasons[0]) if type(a) is str and a else a for a in arguments)
        try:
            return str(record.msg) % shown
        except (TypeError, ValueError):
            return record.getMessage()
    return record.getMessage()


def _guarded(error: str, reason: DeadReason | RetryReason) -> str:
    if reason in _OWN_WORDS:
        return error
    if reason in _SCHEMA:
        return _QUOTED.sub("'…'", error)[:300]
    kind = error.partition(":")[0]
    return (
        f"{kind} (its words stand in the dead letter)"
        if re.fullmatch(r"[\w.]{1,80}", kind)
        else "(see the dead letter)"
    )


def _without_secrets(text: str) -> str:
    return _USERINFO.sub(r"\1***@", _SECRET.sub(r"\1***", text))


def configure_logs(level: str, form: str, stream: IO[str] | None = None) -> None:
    """Takes over the root logger. `form`: json, text, or auto: text on a terminal, else JSON."""
    stream = stream or sys.stderr
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(LogHandler(stream, as_json=as_json))
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
