"""Processes of a pool that are forked from one that has loaded what they share."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT
from worker.streaming.pool.process_pool import ChildDied

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process is started anew")

_COMMAND = (sys.executable, "-m", "tests.streaming.pool.forked")


def _environment():
    return os.environ | {"PYTHONPATH": str(ROOT)}


def test_what_is_loaded_is_loaded_once_and_whatever_ends_is_forked_again():
    answer = subprocess.run(_COMMAND, env=_environment(), cwd=ROOT, capture_output=True, check=True, timeout=60)
    said = json.loads(answer.stdout)
    ((loaded_by, first, parent),) = said["first"]
    assert len({loaded_by, first, said["worker"]}) == 3
    assert loaded_by == parent
    died, (loaded_by_then, _, parent_then) = said["died"]
    assert died == str(ChildDied(7))
    assert loaded_by_then == parent_then == loaded_by
    # the process that forks the others was killed: all end with it, and another one takes its place
    orphaned, (anew_by, _, parent_anew) = said["orphaned"]
    assert orphaned.startswith("ChildDied")
    assert anew_by == parent_anew != loaded_by


def test_processes_that_hang_end_with_a_worker_that_is_killed(tmp_path):
    worker = subprocess.Popen((*_COMMAND, "hang"), env=_environment(), cwd=tmp_path)
    try:
        while len(hanging := [int(path.stem) for path in tmp_path.glob("*.hangs")]) < 2:
            assert worker.poll() is None
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    for pid in hanging:
        with contextlib.suppress(OSError):
            while "forkserver" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                time.sleep(0.05)
