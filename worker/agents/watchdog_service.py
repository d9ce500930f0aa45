"""The watchdog as a service of the app."""

from __future__ import annotations

import faust

from worker.consumer_groups import RETRY
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.watch.watchdog import Watchdog

__all__ = ["WatchdogService"]


class WatchdogService(faust.Service):
    """Makes the watchdog when the app starts, since its clock runs from then on."""

    def __init__(self, settings: Settings, observers: Observers) -> None:
        super().__init__()
        self._settings, self._observers = settings, observers
        self._watchdog: Watchdog | None = None

    async def on_start(self) -> None:
        watchdog = self._watchdog = Watchdog(
            self._observers,
            limit_s=self._settings.watchdog_s,
            ends=self._settings.watchdog_ends,
            idle_stages=(RETRY,),
        )
        self._observers.add(watchdog)
        watchdog.start()

    async def on_stop(self) -> None:
        if self._watchdog is not None:
            self._watchdog.stop()
