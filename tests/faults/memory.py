"""Resident memory of processes and their children, sampled from /proc."""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.sampler import Sampler

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


class MemorySampler(Sampler):
    """`peak`: the largest sum over one worker and its children, in bytes; several workers count each by itself."""

    def __init__(self, pids, every_s=0.25):
        super().__init__(every_s)
        self._pids = pids
        self.peak = 0

    def sample(self):
        for pid in self._pids():
            self.peak = max(self.peak, resident(pid) + sum(map(resident, children(pid))))
