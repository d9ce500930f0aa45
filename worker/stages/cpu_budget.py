"""Bounds the CPU time of an article: when it is used up, the extraction is interrupted wherever it is."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from worker.extraction.outcome import TooCostlyError

__all__ = ["CpuBudget"]

_AGAIN_S = 0.02
"""CPU seconds to the next attempt, where the time was up inside of a library."""
_INTERRUPTED = "worker.extraction."
"""Only our own code is interrupted: a library may be left in a state that harms the next article."""


@dataclass(frozen=True, slots=True)
class CpuBudget:
    """An article of n characters gets `base_s + n / 1000 * per_kb_s` CPU seconds. More than `max_chars` do not count:
    they are markup, or are not read.

    Of a process whose main thread works on one article at a time. The time is the process's own, so it passes neither
    while others have the processor nor in a pause of the machine.
    """

    base_s: float
    per_kb_s: float
    max_chars: int

    def seconds(self, chars: int) -> float:
        """CPU seconds of an article with a body of so many characters."""
        return self.base_s + min(chars, self.max_chars) / 1000 * self.per_kb_s

    @contextlib.contextmanager
    def spending(self, chars: int) -> Iterator[None]:
        """While the body of an article is worked on. Raises TooCostlyError in it, in code of the extraction."""
        limit_s = self.seconds(chars)
        is_up = False

        def interrupt(_: int, frame: FrameType | None) -> None:
            nonlocal is_up
            if is_up or frame is None or not str(frame.f_globals.get("__name__")).startswith(_INTERRUPTED):
                return
            is_up = True
            raise TooCostlyError(
                f"{limit_s:.1f} CPU seconds are used up, which an article of {chars} characters gets by article_cpu_s "
                "and article_cpu_per_kb_s"
            )

        former = signal.signal(signal.SIGPROF, interrupt)
        signal.setitimer(signal.ITIMER_PROF, limit_s, _AGAIN_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.signal(signal.SIGPROF, former)
