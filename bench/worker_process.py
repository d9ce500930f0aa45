"""A whole worker of a checkout, as a process beside a Kafka."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CpuSeconds", "cpu_seconds", "processes_of", "running_worker"]

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class CpuSeconds:
    """Of a worker's own process and of all processes below it."""

    own: float
    below: float


def cpu_seconds(pid: int) -> CpuSeconds:
    """As the kernel has counted them so far (Linux: /proc)."""
    return CpuSeconds(_cpu(pid), sum(_cpu(child) for child in _below(pid)))


def processes_of(pid: int) -> list[int]:
    """The worker's own process, then all below it."""
    return [pid, *_below(pid)]


def _cpu(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from _below(child)


@contextmanager
def running_worker(bootstrap: str, checkout: Path, prefix: str, **settings: str) -> Iterator[int]:
    """Its settings by name; two processes, no web port, topics and groups with the prefix. Gives its process id."""
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "brokers": bootstrap,
            "topic_prefix": prefix,
            "app_id": prefix.strip("."),
            "data_dir": folder,
            "web_port": "0",
            "processes": "2",
            "log_level": "warning",
        } | settings
        worker = subprocess.Popen(
            [sys.executable, "-m", "worker", "run"],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)} | {f"CLAIMWIRE_{n.upper()}": v for n, v in given.items()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield worker.pid
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
