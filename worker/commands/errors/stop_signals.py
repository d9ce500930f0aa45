"""What ends a command from outside ends it as Ctrl-C does: it tidies up, and leaves no half-written file."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["stops_as_by_ctrl_c"]

_STOPS = ("SIGTERM", "SIGHUP")
"""A supervisor's, and that of a terminal that is closed. Not each system has them."""


@contextmanager
def stops_as_by_ctrl_c() -> Iterator[None]:
    """Inside it, unless the signal is ignored (`nohup`). A command that sets a handler of its own has that one."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _STOPS if hasattr(signal, name)):
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, _ctrl_c)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ctrl_c(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal calls it
    os.kill(os.getpid(), signal.SIGINT)
