"""Before the worker starts: whether Kafka lets it in, and allows all that it will need."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import tempfile
import time
from pathlib import Path

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
    await _let_in(settings, patience_s)
    await _allowed(settings)
    await _tell_of_topics(settings)


_NO_PORT = {
    errno.EADDRINUSE: "another program has it, or another worker on this machine. Set web_port to a free port, or to 0",
    errno.EADDRNOTAVAIL: "that is no address of this machine. Set web_host to one of its own",
    errno.EACCES: "this user may not listen there. Set web_port to one above 1023",
}


def check_machine(settings: Settings) -> None:
    """Raises StartRefusedError: the worker cannot have the folder or the port of its settings."""
    _folder(settings.data_dir)
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


async def _tell_of_topics(settings: Settings) -> None:
    """Logs where a topic is not as the worker needs it. It starts all the same: nothing is lost yet."""
    from aiokafka.errors import KafkaError

    from worker.contract.topics import Topics
    from worker.operate.topic_drift import drifts
    from worker.streaming.topics.description import describe_topics

    specs = {spec.name: spec for spec in Topics.with_prefix(settings.topic_prefix).specs(link=settings.link)}
    try:
        states = await describe_topics(settings.kafka, specs)
    except (KafkaError, OSError, TimeoutError) as unknown:
        log.info("How the topics are set could not be found out: %r", unknown)
        return
    for name, state in states.items():
        for drift in drifts(specs[name], state):
            mend = "`claimwire topics --apply` mends it" if drift.mendable else "`claimwire topics` says what to do"
            log.warning("%s: %s; %s", name, drift.why, mend)


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
