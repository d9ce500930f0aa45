"""Threads that decode an extraction for the first time at once do not crash the process, as the lifecycle's do."""

from __future__ import annotations

import subprocess
import sys

_AT_ONCE = """
import sys, threading
from worker.contract.codec import decode_extraction, encode
from worker.contract.published.examples import example_extraction

sys.setswitchinterval(1e-6)
value = encode(example_extraction())
together = threading.Barrier(8)
decoded = []

def decode():
    together.wait()
    decoded.append(decode_extraction(value))

threads = [threading.Thread(target=decode) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(decoded) == 8
"""
_TRIES = 4  # a process has one first time; while the type was built then, two in three crashed


def test_the_first_decoding_may_happen_in_several_threads():
    for _ in range(_TRIES):
        ran = subprocess.run([sys.executable, "-c", _AT_ONCE], capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, f"exit code {ran.returncode}: {ran.stderr[-2000:]}"
