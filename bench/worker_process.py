"""A whole worker of a checkout, as a process beside a Kafka."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["running_worker"]


@contextmanager
def running_worker(bootstrap: str, checkout: Path, prefix: str, **settings: str) -> Iterator[None]:
    """Its settings by name; two processes, no web port, topics and groups with the prefix."""
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
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
