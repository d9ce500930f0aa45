"""Why intake is paused now, and since when. Pure."""

from __future__ import annotations

from worker.streaming.observer import Observer, Pause

__all__ = ["Gate"]


class Gate:
    """Open while no reason holds it; tells the observer each time that a reason begins or ends."""

    def __init__(self, stage: str, observer: Observer) -> None:
        self._stage, self._observer = stage, observer
        self._since: dict[Pause, float] = {}
        self.pauses = 0

    def set(self, why: Pause, now: float, detail: str | None) -> bool:
        """`detail` None lifts the reason. True when it is new."""
        if detail is None:
            begun = self._since.pop(why, None)
            if begun is not None:
                self._observer.resumed(self._stage, why, now - begun)
            return False
        if why in self._since:
            return False
        self.pauses += not self._since
        self._since[why] = now
        self._observer.paused(self._stage, why, detail)
        return True

    @property
    def closed(self) -> bool:
        return bool(self._since)

    @property
    def known_outage(self) -> bool:
        """Closed for something that no restart would mend: then the lack of progress is no fault of the worker."""
        return Pause.OUTPUT_FAILING in self._since or Pause.BREAKER in self._since
