"""The log: one event a line, the record's coordinates as fields, repeats suppressed, no article text and no secret.

It is the standard library's logging, since Faust, mode and aiokafka write to it: their lines get the same form. Below
warning they are for those who debug these libraries, so they are shown at the level debug only.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import IO

import orjson

from worker.contract.reasons import DeadReason, RetryReason
from worker.streaming.record import Record
from worker.visible_text import visible

__all__ = ["LogHandler", "TextFormatter", "configure_logs", "last_line"]

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
"""Reasons whose error text is this project's own. Other error texts may quote the words of an article."""
_SCHEMA = {DeadReason.BAD_SCHEMA, DeadReason.UNKNOWN_SHAPE}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SECRET = re.compile(
    r"(?i)((?:password|passwd|secret|token|api[_-]?key|authorization)(?!\w*(?:error|_url|_file)\b)\w*[\"']?\s*[=:]\s*)"
    r"(\"[^\"]*\"|'[^']*'|\S+)"
)
"""Not of an error's name (TopicAuthorizationFailedError: ...), nor of a setting that says where a secret is."""
_USERINFO = re.compile(r"(://[^/\s:@]+:)[^/\s@]+@")
_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_OWN = "claimwire"
_WINDOW_S = 10.0
_IN_A_WINDOW = 5


class LogHandler(logging.StreamHandler[IO[str]]):
    """Writes lines as JSON or as text. Of more than five alike in ten seconds: how many more, and the last."""

    def __init__(self, stream: IO[str], *, as_json: bool, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._as_json, self._clock = as_json, clock
        self._seen: dict[tuple[str, int, str], _Repeats] = {}
        self._swept = clock()
        self.of_others = logging.WARNING
        """From which level on the lines of other libraries are written."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < self.of_others and record.name.partition(".")[0] != _OWN:
            return
        now = self._clock()
        if now - self._swept >= 1.0:
            self._swept = now
            for late in self._sweep(now):
                super().emit(late)
        # the template, not the text, is the same for all records with the same event
        kind = (record.name, record.levelno, str(record.msg)[:300])
        repeats = self._seen.get(kind)
        if repeats is None:
            repeats = self._seen[kind] = _Repeats(now)
        repeats.count += 1
        repeats.last = record
        if repeats.count <= _IN_A_WINDOW:
            super().emit(record)

    def _sweep(self, now: float, over: float = _WINDOW_S) -> Iterator[logging.LogRecord]:
        for kind, repeats in list(self._seen.items()):
            if now - repeats.since < over:
                continue
            del self._seen[kind]
            held = repeats.count - _IN_A_WINDOW
            if held > 0 and repeats.last is not None:
                last = repeats.last
                summed = logging.makeLogRecord(last.__dict__ | {"exc_info": None, "created": time.time()})
                summed.summed = f"{held} more in {now - repeats.since:.0f}s; the last: "
                yield summed

    def close(self) -> None:
        """Writes how many lines were suppressed, then closes."""
        try:
            self.sum_up()
        finally:
            super().close()

    def sum_up(self) -> None:
        """Writes how many lines were suppressed so far, before their ten seconds are over."""
        for late in self._sweep(self._clock(), over=0.0):
            super().emit(late)

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        message = _without_secrets(getattr(record, "summed", "") + _message(record))
        name = record.name.removeprefix("claimwire.")
        at = datetime.fromtimestamp(record.created, UTC)
        trace = ""
        if record.exc_info:
            trace = _without_secrets(logging.Formatter().formatException(record.exc_info))
        if self._as_json:
            line: dict[str, object] = {
                "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname.lower(),
                "logger": name,
                "event": message,
                **fields,
            }
            if trace:
                line["traceback"] = trace
            return orjson.dumps(line, default=str).decode()
        line_ = visible(f"{at.astimezone():%H:%M:%S} {record.levelname:<8}{name:<10} {message}")
        return f"{line_}\n{_block(trace)}" if trace else line_


class TextFormatter(logging.Formatter):
    """As the standard library's, but text of others cannot act on the terminal, nor look like a line of the log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        return visible(super().formatMessage(record))

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - the standard library's name
        return _block(super().formatException(ei))


def _block(trace: str) -> str:
    """A traceback under its line, indented: an exception's message can have lines that look like the log's own."""
    return "\n".join(f"    {visible(line)}" for line in trace.split("\n"))


class _Repeats:
    __slots__ = ("count", "last", "since")

    def __init__(self, since: float) -> None:
        self.since, self.count = since, 0
        self.last: logging.LogRecord | None = None


def _arguments(record: logging.LogRecord) -> tuple[object, ...]:
    return record.args if isinstance(record.args, tuple) else ()


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """The coordinates of the record that a line is about, and the reason, taken from the arguments of the log call."""
    fields: dict[str, object] = {}
    for argument in _arguments(record):
        match argument:
            case Record():
                fields |= {"topic": argument.topic, "partition": argument.partition, "offset": argument.offset}
                fields["key"] = (argument.key or b"").decode("utf-8", "replace")[:200] or None
            case Enum(value=str() as reason):  # a signal is an enum as well
                fields["reason"] = reason
            case _ if hasattr(argument, "topic") and hasattr(argument, "partition"):
                fields |= {"topic": argument.topic, "partition": argument.partition}
    return fields


def _message(record: logging.LogRecord) -> str:
    """The line's text; above debug level without the words that an error text quotes from an article."""
    arguments = _arguments(record)
    reasons = [a for a in arguments if isinstance(a, DeadReason | RetryReason)]
    if record.levelno > logging.DEBUG and reasons and not isinstance(record.args, dict):
        shown = tuple(_without_quotes(a, reasons[0]) if type(a) is str and a else a for a in arguments)
        try:
            return str(record.msg) % shown
        except (TypeError, ValueError):
            return record.getMessage()
    return record.getMessage()


def _without_quotes(error: str, reason: DeadReason | RetryReason) -> str:
    if reason in _OWN_WORDS:
        return error
    if reason in _SCHEMA:
        return _QUOTED.sub("'…'", error)[:300]
    kind = error.partition(":")[0]
    return (
        f"{kind} (its words are in the dead letter)" if re.fullmatch(r"[\w.]{1,80}", kind) else "(see the dead letter)"
    )


def _without_secrets(text: str) -> str:
    return _USERINFO.sub(r"\1***@", _SECRET.sub(r"\1***", text))


def last_line(level: int, message: str, *arguments: object) -> None:
    """Writes a line behind all others: what was suppressed is summed up before it."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LogHandler):
            handler.sum_up()
    logging.getLogger("claimwire.run").log(level, message, *arguments)


def configure_logs(level: str, form: str, stream: IO[str] | None = None) -> None:
    """Takes over the root logger. `form`: json, text, or auto: text on a terminal, else JSON."""
    stream = stream or sys.stderr
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    handler = LogHandler(stream, as_json=as_json)
    if level == "debug":
        handler.of_others = logging.DEBUG
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
