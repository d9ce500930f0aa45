"""The reasons for which a consumer is paused at the moment. Pure."""

from __future__ import annotations

from worker.streaming.observer import Observer, Pause

__all__ = ["PauseReasons"]


class PauseReasons:
    """Each reason begins and ends on its own; the observer is called at both moments. Times are in seconds."""

    def __init__(self, stage: str, observer: Observer) -> None:
        self._stage, self._observer = stage, observer
        self._since: dict[Pause, float] = {}

    def set(self, why: Pause, now: float, detail: str | None) -> None:
        """Records that the reason holds, in the words of `detail`, or with None that it does not."""
        if detail is None:
            begun = self._since.pop(why, None)
            if begun is not None:
                self._observer.resumed(self._stage, why, now - begun)
        elif why not in self._since:
            self._since[why] = now
            self._observer.paused(self._stage, why, detail)

    @property
    def any(self) -> bool:
        return bool(self._since)
