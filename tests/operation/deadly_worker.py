"""The worker, with an extraction in which an article that says so ends the whole worker, as a lack of memory does.

`python -m tests.operation.deadly_worker run`: the pool's processes import this module as their main one, and change
their own extraction.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

DEADLY = b"This article ends the worker."


def _make_deadly():
    from worker.stages import extract

    decoded = extract._BatchExtraction._decoded

    def deadly(self, record):
        if DEADLY in (record.value or b""):
            os.kill(multiprocessing.parent_process().pid, signal.SIGKILL)
            time.sleep(600)  # this process ends with its parent
        return decoded(self, record)

    extract._BatchExtraction._decoded = deadly


if __name__ == "__mp_main__":
    _make_deadly()
elif __name__ == "__main__":
    from worker.cli import main

    main()
