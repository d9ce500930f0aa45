"""How a process treats its memory: what loading leaves behind, and what bursts of records leave."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import threading
import time

__all__ = ["GIVE_BACK_S", "give_memory_back", "settle_memory"]

GIVE_BACK_S = 15.0
_YOUNG = 10_000
"""New objects before a collection looks at them; Python's 700 come with each sentence that is parsed (2 % of the CPU of
an extraction, nothing more is gained beyond).
"""


def settle_memory() -> None:
    """After loading: what is loaded stays, so no collection looks at it again (or writes to it, which would end its
    being shared), and what loading freed goes back. From then on cycles are looked for seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    _trim()  # 20 of 250 MB


def give_memory_back() -> None:
    """Starts a thread that hands memory that was freed back to the system, every quarter of a minute.

    For a process that passes records on: glibc keeps what a burst of large batches needed, and more of it with every
    burst, because small objects that live longer come to lie between them. 100,000 articles then leave 170 to 190 MB
    behind where 95 are in use (`python -m bench.lifecycle_state memory`). It costs 20 to 40 ms each time.
    """
    threading.Thread(target=_give_back, name="give-memory-back", daemon=True).start()


def _give_back() -> None:
    while True:
        time.sleep(GIVE_BACK_S)
        _trim()


def _trim() -> None:
    with contextlib.suppress(AttributeError, OSError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)
