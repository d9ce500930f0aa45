"""Resident memory of processes and their children, sampled from /proc."""

from __future__ import annotations

from pathlib import Path

from tests.faults.sampler import Sampler


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


def extracting(pid):
    """The extraction processes of a worker: forked from one of its children, which has loaded the models."""
    origins = [child for child, line in children(pid).items() if b"multiprocessing.forkserver" in line]
    return [forked for child in origins for forked in children(child)]


def proportional(pid):
    """Bytes in RAM, a page that several processes share divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class MemorySampler(Sampler):
    """`peak`: the largest sum over one worker and all below it, in bytes; several workers count each by itself."""

    def __init__(self, pids, every_s=0.25):
        super().__init__(every_s)
        self._pids = pids
        self.peak = 0

    def sample(self):
        for pid in self._pids():
            self.peak = max(self.peak, sum(map(proportional, [pid, *children(pid), *extracting(pid)])))
