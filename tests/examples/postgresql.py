"""A real PostgreSQL on loopback, its data in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from worker.local.tansu import end, free_ports, start_child

__all__ = ["postgresql_missing", "running_postgresql"]


def postgresql_missing() -> str | None:
    missing = [name for name in ("psql", "postgres", "initdb") if shutil.which(name) is None]
    if missing:
        return f"needs {', '.join(missing)} (Debian: postgresql)"
    if os.geteuid() == 0 and (shutil.which("runuser") is None or not _has_user()):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


def _has_user() -> bool:
    return subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def running_postgresql():
    """The address of its database. It lets in whoever reaches it on loopback."""
    folder = Path(tempfile.mkdtemp(prefix="claimwire-postgresql-"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    (port,) = free_ports(1)
    try:
        if user:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        subprocess.run(
            [*user, "initdb", "-D", data, "-U", "claimwire", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        with (folder / "log").open("wb") as log:
            command = ["postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"]
            process = start_child([*user, *command], log)
        address = f"postgresql://claimwire@127.0.0.1:{port}/postgres"
        try:
            _wait(address, process, folder / "log")
            yield address
        finally:
            end(process, 20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address, process, log, limit_s=60):
    until = time.monotonic() + limit_s
    while subprocess.run(["psql", address, "-c", ""], capture_output=True, check=False).returncode:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        time.sleep(0.1)
