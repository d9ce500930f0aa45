"""Looks at something again and again in a thread, as long as its block runs."""

from __future__ import annotations

import threading


class Sampler:
    def __init__(self, every_s):
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _run(self):
        while not self._ended.wait(self._every_s):
            self.sample()

    def sample(self):
        """One look; subclasses say at what."""
        raise NotImplementedError
