"""Memory that was freed goes back to the system while the process runs."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

BURST = """
import time
from pathlib import Path
from worker.streaming.pool import process_memory

def resident_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

process_memory.GIVE_BACK_S = 0.1
burst = [bytearray(8000) for _ in range(10_000)]
lasting = [bytearray(700) for _ in range(2)]
kept = burst[::50] + lasting
before = resident_mb()
del burst
process_memory.give_memory_back()
until = time.monotonic() + 60
while resident_mb() > before - 40 and time.monotonic() < until:
    time.sleep(0.05)
print(before - resident_mb())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps what was freed, and trims")
def test_what_a_burst_needed_goes_back_while_small_objects_stay():
    ended = subprocess.run([sys.executable, "-c", BURST], capture_output=True, text=True, check=False, timeout=120)
    assert float(ended.stdout) > 40, ended.stderr
