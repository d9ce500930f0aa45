"""A pool whose processes are forked, run as a process of its own: a fork server is one for all pools of a process.

`python -m tests.streaming.pool.forked FOLDER` answers a few batches; with `hang`, both processes hang in their first.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

from worker.streaming.pool.failures import PoolFailure
from worker.streaming.pool.process_pool import ProcessPool


def make(**_):
    from tests.streaming.pool import loaded

    def work(batch):
        for item in batch:
            if item == "die":
                os._exit(7)
            if item == "orphan":
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
            if item == "hang":
                Path(f"{os.getpid()}.hangs").touch()
                while True:
                    pass
            yield [loaded.LOADED_BY, os.getpid(), os.getppid()]

    return work


async def main():
    pool = ProcessPool(
        "tests.streaming.pool.forked:make", {}, size=2, limit_s=30.0, preload="tests.streaming.pool.loaded"
    )
    await pool.start()
    if sys.argv[1:] == ["hang"]:
        await asyncio.gather(pool.run(["hang"]), pool.run(["hang"]))
    said = {}
    for name, batch in {"first": ["a"], "died": ["die", "b"], "orphaned": ["orphan", "c"]}.items():
        answers = await pool.run(batch)
        said[name] = [str(each) if isinstance(each, PoolFailure) else each for each in answers]
    await pool.stop()
    print(json.dumps({**said, "worker": os.getpid()}))


if __name__ == "__main__":
    asyncio.run(main())
