"""The lifecycle service alone, as a process: python -m tests.streaming.stateful.lifecycle_process, settings by
environment.
"""

from __future__ import annotations

import asyncio
import signal

from worker.agents.lifecycle_service import LifecycleService
from worker.observe.logs import configure_logs
from worker.settings import load_settings
from worker.streaming.observer import Observer
from worker.streaming.pool.process_memory import give_memory_back


async def main() -> None:
    settings, _ = load_settings()
    configure_logs("info", "text")
    give_memory_back()  # as `claimwire run` does
    intake = LifecycleService(settings, Observer()).intake
    running = asyncio.create_task(intake.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(intake.stop()))
    await running


if __name__ == "__main__":
    asyncio.run(main())
