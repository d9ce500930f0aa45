"""Before the worker starts: whether Kafka lets it in, and allows all that it will need."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import tempfile
import time
from pathlib import Path
from typing import IO

from worker.settings import Settings

__all__ = ["StartRefusedError", "check_machine", "check_start"]

log = logging.getLogger("claimwire.start")

_PATIENCE_S = 15.0
"""So long a Kafka that does not answer at all may take to come: it may start together with the worker."""
_AGAIN_S = 1.0


class StartRefusedError(Exception):
    """The worker cannot start: says why, and what to do."""


async def check_start(settings: Settings, patience_s: float = _PATIENCE_S) -> None:
    """Returns when Kafka answers and nothing speaks against a start. Topics may be missing: the worker waits for them.

    Raises:
        StartRefusedError: it will not do, or did not answer within `patience_s` seconds.
        BrokersError: the settings do not make a client of Kafka.
    """
    from worker.operate.topic_watch import TopicWatch

    await _let_in(settings, patience_s)
    await _allowed(settings)
    await TopicWatch(settings).look()


_NO_PORT = {
    errno.EADDRINUSE: "another program has it, or another worker on this machine. Set web_port to a free port, or to 0",
    errno.EADDRNOTAVAIL: "that is no address of this machine. Set web_host to one of its own",
    errno.EACCES: "this user may not listen there. Set web_port to one above 1023",
}


def check_machine(settings: Settings) -> None:
    """From then on the folder is this process's own, until it ends.

    Raises:
        StartRefusedError: the worker cannot have the folder or the port of its settings.
    """
    _folder(settings.data_dir)
    _own(settings)
    _port(settings)


def _folder(data_dir: str) -> None:
    try:
        Path(data_dir).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as refused:
        if refused.errno == errno.ENOSPC:
            return  # a disk that is full may have room again
        raise StartRefusedError(
            f"data_dir = {data_dir!r} cannot be used ({refused.strerror}): set data_dir to a folder that this user may "
            "write to"
        ) from None


_locks: dict[str, IO[str]] = {}
"""Kept open: the system gives a lock back when its file is closed, or the process ends in whatever way."""


def _own(settings: Settings) -> None:
    """Two workers that write to the same files of states would each undo what the other has read."""
    import fcntl

    path = Path(settings.data_dir) / f"{settings.installation}.lock"
    if str(path) in _locks:
        return
    try:
        file = path.open("a", encoding="utf-8")
    except OSError:
        return  # a disk that is full may have room again
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StartRefusedError(
            f"data_dir = {settings.data_dir!r} is in use by another worker of this installation: set data_dir to a "
            "folder of its own for each worker"
        ) from None
    except OSError as without:  # a file system that knows no locks
        log.info("Whether another worker has data_dir could not be found out: %s", without)
    _locks[str(path)] = file


def _port(settings: Settings) -> None:
    if not settings.web_port:
        return
    host, port = settings.web_host, settings.web_port
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        socket.create_server((host, port), family=family).close()
    except socket.gaierror as unknown:
        raise StartRefusedError(f"web_host = {host!r} is no address of this machine: {unknown.strerror}") from None
    except OSError as refused:
        words = _NO_PORT.get(refused.errno or 0, f"{refused.strerror}. Set web_host and web_port to where it can be")
        raise StartRefusedError(f"the web server cannot listen on {host}:{port}: {words}") from None


async def _let_in(settings: Settings, patience_s: float) -> None:
    from worker.commands.errors.kafka_errors import WHERE
    from worker.streaming.access.diagnosis import why_turned_away

    until, said = time.monotonic() + patience_s, False
    while True:
        turned_away = await why_turned_away(settings.kafka)
        if turned_away is None:
            return
        if turned_away.reached:
            raise StartRefusedError(str(turned_away))
        if time.monotonic() >= until:
            raise StartRefusedError(f"{turned_away} ({WHERE})")
        if not said:
            said = True
            log.warning("Waiting up to %.0f s for Kafka: %s", patience_s, turned_away)
        await asyncio.sleep(_AGAIN_S)


async def _allowed(settings: Settings) -> None:
    from aiokafka.errors import KafkaError

    from worker.commands.errors.kafka_errors import may_not
    from worker.rights import rights_of
    from worker.streaming.access.coordinators import NoCoordinatorError
    from worker.streaming.access.rights import missing_rights

    needed = rights_of("run", settings)
    if settings.audit_sample_s:
        needed += rights_of("run with audit_sample_s", settings)
    if settings.web_articles:
        needed += rights_of("run with web_articles", settings)
    if settings.link:
        needed += rights_of("run with link", settings)
    try:
        missing = await missing_rights(settings.kafka, needed)
    except NoCoordinatorError as none:
        raise StartRefusedError(f"{none} (Kafka at {settings.kafka})") from none
    except (KafkaError, OSError, TimeoutError) as unknown:
        log.info("Which rights the worker has could not be found out: %r", unknown)
        return
    if missing:
        raise StartRefusedError(may_not("run", settings, list(map(str, missing))))
