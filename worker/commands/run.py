"""claimwire run: the worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

import click

from worker.brokers import BrokersError
from worker.commands.errors.exit_codes import why_ended
from worker.commands.errors.kafka_errors import KafkaUse
from worker.commands.errors.start_check import StartRefusedError, check_machine, check_start
from worker.commands.options.with_settings import with_settings
from worker.settings import Settings

if TYPE_CHECKING:
    import faust

__all__ = ["run"]


@click.command()
@with_settings
def run(settings: Settings) -> None:
    """Run the worker until it gets SIGTERM or Ctrl-C.

    Reads articles.raw and writes articles.extracted, claims and articles.dead. When it is stopped, it finishes the
    articles that it has begun, within `drain_timeout_s`; those that are not finished are read again at the next start.
    Exit code 0 after a stop, 1 when the worker could not start (Kafka does not let it in, or not do what it needs) or
    could not go on (a process does not start): then no offset was committed past an article without an outcome. The
    last line of its log says why.
    """
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _end_at_once)  # while it loads; then the worker has a handler of its own

    import faust

    from worker.app import build_app
    from worker.observe.logs import configure_logs, last_line
    from worker.observe.web.access import WebAccess
    from worker.streaming.pool.process_memory import give_memory_back

    configure_logs(settings.log_level, settings.log_format)
    WebAccess.from_settings(settings)  # what the settings alone can tell is told before Kafka is asked
    try:
        check_machine(settings)
        asyncio.run(check_start(settings))
    except (StartRefusedError, BrokersError) as refused:
        last_line(logging.ERROR, "The worker has ended, exit code 1: %s", refused)
        sys.exit(1)
    give_memory_back()
    app = build_app(settings)
    worker = faust.Worker(app, app.claimwire.observation.service, override_logging=False, blocking_timeout=None)
    worker.spinner = None  # it draws on standard output
    try:
        worker.execute_from_commandline()
    except SystemExit as ended:
        _say_why(worker.crash_reason or _failed_start(worker), ended.code, settings)
        raise


def _failed_start(worker: faust.Worker) -> BaseException | None:
    """What ended it before it ran: Faust keeps only what ends it later."""
    starting = worker._starting_fut  # noqa: SLF001
    return starting.exception() if starting is not None and starting.done() and not starting.cancelled() else None


def _say_why(crash: BaseException | None, code: str | int | None, settings: Settings) -> None:
    """The last line of the log. Faust has closed its event loop, and answers a crash with the exit code 1."""
    from worker.observe.logs import last_line

    said = "The worker has ended, exit code %s: %s"
    if isinstance(crash, Exception):
        last_line(logging.ERROR, said, code or 0, why_ended(crash, KafkaUse("run", settings)))
    elif code:
        last_line(logging.ERROR, said, code, "it failed; the lines above say why")
    else:
        last_line(logging.INFO, said, 0, "it was stopped and has finished what it had begun")


def _end_at_once(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal calls it
    """Nothing was begun yet. No exception, which a module that is loading might catch."""
    os._exit(0)
