"""Where the processes of a pool come from: each is started anew, or forked from one that has loaded what all share."""

from __future__ import annotations

import multiprocessing.forkserver
import os
import sys
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

__all__ = ["let_origin_end", "origin"]


def origin(preload: str = "") -> SpawnContext | ForkServerContext:
    """`preload`: a module whose import loads what the processes share. They are then forked from a process that has
    imported it and has one thread; where the system shares no memory that way, each is started anew and loads itself.

    Never forked from the worker itself: that would copy the locks of its other threads in whatever state they are.
    """
    if not preload or sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([preload])
    return forking


def let_origin_end() -> None:
    """In a forked process: closes its end of the pipe by which the process that forks sees that the worker lives.

    That one ends with the worker then, whatever the forked ones do, and they end with it.
    """
    server: Any = multiprocessing.forkserver._forkserver  # noqa: SLF001 - it is handed on in case that they fork as well
    held, server._forkserver_alive_fd = server._forkserver_alive_fd, None  # noqa: SLF001
    if held is not None:
        os.close(held)
