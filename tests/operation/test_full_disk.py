"""A worker whose data folder is full says so, loses nothing, and goes on when there is room."""

from __future__ import annotations

import os
import subprocess
import time

import orjson
import pytest

from tests.running import Reader, RunningWorker, prepare, send

_BODY = "Mayor Anna Lind said on Monday that taxes will rise by 5 percent next year."


@pytest.fixture
def small_disk(tmp_path):
    """A folder of 64 KiB."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def _fill(folder):
    with pytest.raises(OSError, match="No space left"):
        (folder / "fill").write_bytes(bytes(1024 * 1024))


def _said(worker, words):
    end = time.monotonic() + 120
    while words not in worker.log.read_text(encoding="utf-8"):
        assert time.monotonic() < end, worker.log.read_text(encoding="utf-8")
        assert worker.process.poll() is None, worker.log.read_text(encoding="utf-8")
        time.sleep(0.1)


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small file system")
async def test_a_full_disk_is_named_and_costs_nothing_but_time(kafka, topics_prefix, tmp_path, small_disk):
    topics = await prepare(kafka, topics_prefix)
    _fill(small_disk)
    await send(kafka, topics.raw, [(b"a", orjson.dumps({"uri": "a", "body": _BODY}))])
    worker = RunningWorker(kafka, topics_prefix, tmp_path, processes=1, model="false")
    worker.start()
    try:
        _said(worker, "database or disk is full; data_dir needs room for the states")
        subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
        async with Reader(kafka, topics.claims) as reader:
            await reader.until(lambda r: r.records[topics.claims], 120)
        (claim, *_) = reader.records[topics.claims]
        assert orjson.loads(claim.value)["status"] == "asserted"
    finally:
        assert worker.stop() == 0
