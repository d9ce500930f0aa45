"""Resident memory of processes and their children, sampled from /proc."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def children(pid):
    """The children of a process by pid, with the command line of each."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            continue
    return found


def resident(pid):
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


class MemorySampler:
    """`peak`: the largest sum over one worker and its children, in bytes; several workers count each by itself."""

    def __init__(self, pids, every_s=0.25):
        self._pids, self._every_s = pids, every_s
        self._ended = threading.Event()
        self.peak = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _run(self):
        while not self._ended.wait(self._every_s):
            for pid in self._pids():
                self.peak = max(self.peak, resident(pid) + sum(map(resident, children(pid))))
