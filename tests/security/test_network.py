"""Nothing is asked of the network but the brokers, and nothing is written but into the data folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.paths import ROOT

_NAMESPACES = ["unshare", "--net", "--mount", "--propagation", "private"]
_ASK = "import socket; socket.getaddrinfo('telemetry.example', 443)"


def _missing():
    """Why commands cannot be watched here; None if they can."""
    if os.geteuid() != 0:
        return "needs root, for a network namespace with a resolver of its own"
    missing = [program for program in ("unshare", "ip", "mount") if shutil.which(program) is None]
    if missing:
        return f"needs {', '.join(missing)}"
    probe = "ip link set lo up && mount --bind /etc/hostname /etc/resolv.conf"
    tried = subprocess.run([*_NAMESPACES, "sh", "-c", probe], capture_output=True, check=False)
    return f"namespaces cannot be made here: {tried.stderr.decode().strip()}" if tried.returncode else None


@pytest.fixture(scope="module", autouse=True)
def _watchable():
    why = _missing()
    if why:
        pytest.skip(why)


@pytest.fixture
def watched():
    """Runs a command; its exit code, the names that it asked for, and the files that it left by folder."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path has at most 108 bytes
        yield _in_folders(Path(short))


def _in_folders(above):
    folders = {name: above / name for name in ("home", "work", "temporary")}
    for folder in folders.values():
        folder.mkdir()

    def run(*command):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CLAIMWIRE_", "ORT_"))}
        env |= {
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(folders["home"]),
            "TMPDIR": str(folders["temporary"]),
        }
        done = subprocess.run(
            [*_NAMESPACES, sys.executable, "-m", "tests.security.watched_network", *command],
            env=env,
            cwd=folders["work"],
            capture_output=True,
            check=True,
        )
        left = {
            name: sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
            for name, folder in folders.items()
        }
        return json.loads(done.stdout), left

    return run


def test_a_name_that_is_asked_for_is_seen(watched):
    found, _ = watched(sys.executable, "-c", _ASK)
    assert "telemetry.example" in found["asked"]


@pytest.mark.slow
def test_extract_asks_for_no_name_and_leaves_no_file(watched):
    article = ROOT / "seeds/articles/01-libya-withdrawal.json"
    found, left = watched(sys.executable, "-m", "worker", "extract", "--json", str(article))
    assert found["code"] == 0, found["err"]
    assert '"claim_id":' in found["out"]
    assert found["asked"] == []
    assert left == {"home": [], "work": [], "temporary": []}


@pytest.mark.slow
def test_the_demo_and_its_worker_ask_for_no_name_and_leave_no_file(watched):
    found, left = watched(sys.executable, "-m", "worker", "demo", "--broker", "embedded")
    assert found["code"] == 0, found["out"] + found["err"]
    assert "claims" in found["out"]
    assert found["asked"] == []
    assert left == {"home": [], "work": [], "temporary": []}
