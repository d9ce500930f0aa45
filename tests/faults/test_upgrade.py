"""From an earlier release to this one while articles come in: nothing is lost, and the claims that stand are right.

The earlier release is a commit of the history, run as a process of its own from its own files, with the packages that
are installed here.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import tarfile

import pytest

from tests.faults.stream import SPAN_S
from tests.paths import ROOT

SAME_GROUPS = "e3b6c86"
"""The first with the groups, the states and the transactions of today: workers of both are in the same groups."""
FAUST = "2eccf50"
"""A lifecycle of Faust, with whole claims in its states, in groups of other names: CHANGELOG.md says that all of its
workers are to be stopped before the first new one starts.
"""


def checkout(commit, folder):
    """The files of a commit. Skips where the history does not have it, as in a shallow clone."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip(f"the history has no commit {commit}: {packed.stderr.decode(errors='replace').strip()}")
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


async def replaced(scene, worker, by=ROOT):
    """Stops a worker in order, and starts the other release in its place."""
    assert await asyncio.to_thread(worker.stop) == 0
    worker.checkout = by
    scene.mark()
    worker.start()


async def test_rolling_upgrade(scene, tmp_path):
    """One worker after the other, the next as soon as the one before works."""
    older = checkout(SAME_GROUPS, tmp_path / "older")
    async with scene() as s:
        for worker in s.workers:
            worker.checkout = older
        s.feed(seconds=SPAN_S)
        s.start(supervised=False)
        await s.settled(0.2)
        for number, worker in enumerate(s.workers):
            await replaced(s, worker)
            await s.settled(0.2 + 0.25 * (number + 1))
            await s.works(worker)
        s.note = f"from {SAME_GROUPS}, one worker after the other"
        row = await s.finish()
    scene.finished(row)


async def test_rolling_back(scene, tmp_path):
    """A worker of the earlier release goes on where one of this release was: the state of both is one format."""
    older = checkout(SAME_GROUPS, tmp_path / "older")
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start(supervised=False)
        await s.settled(0.2)
        for number, worker in enumerate(s.workers):
            await replaced(s, worker, by=older)
            await s.settled(0.2 + 0.25 * (number + 1))
        s.note = f"back to {SAME_GROUPS}, one worker after the other"
        row = await s.finish()
    scene.finished(row)


async def test_upgrade_from_faust(scene, tmp_path):
    """All workers are stopped, then the new ones start: offsets and states of the older release are taken over."""
    older = checkout(FAUST, tmp_path / "older")
    async with scene() as s:
        for worker in s.workers:
            worker.checkout = older
        s.feed(seconds=SPAN_S)
        s.start(supervised=False)
        await s.settled(0.3)
        for worker in s.workers:
            assert await asyncio.to_thread(worker.stop) == 0
            worker.checkout = ROOT
        s.mark()
        s.start(supervised=False)
        s.note = f"from {FAUST}, all workers stopped first"
        row = await s.finish()
    scene.finished(row)
