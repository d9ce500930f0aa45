"""Keeps which topics do not take outputs and since when: intake pauses meanwhile, health and metrics show it."""

from __future__ import annotations

import logging
import time

from worker.streaming.observer import Observer

__all__ = ["Failures"]

log = logging.getLogger("claimwire.publisher")

_LOG_EVERY_S = 10.0


class Failures:
    """A failure belongs to a sender (any object) and a topic; a topic has recovered when no sender waits for it."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._since: dict[tuple[int, str], float] = {}
        self._logged: dict[str, float] = {}

    @property
    def since(self) -> float | None:
        """time.monotonic() of the oldest failure that a sender still waits for; None when there is none."""
        return min(self._since.values(), default=None)

    def failed(self, sender: object, topic: str, error: str) -> None:
        """Called for each attempt to publish to `topic` that failed or has no answer yet; `sender` tries again."""
        now = time.monotonic()
        self._since.setdefault((id(sender), topic), now)
        since = min(begun for (_, failing), begun in self._since.items() if failing == topic)
        self._observer.output_failing(topic, since, error)
        if now - self._logged.get(topic, -_LOG_EVERY_S) >= _LOG_EVERY_S:
            self._logged[topic] = now
            log.warning(
                "%s takes no outputs since %.0fs: %s. It is tried again until it does; meanwhile nothing is committed",
                topic,
                now - since,
                error,
            )

    def ended(self, sender: object) -> None:
        """Called when `sender` has published everything or has given up."""
        for who, topic in [key for key in self._since if key[0] == id(sender)]:
            begun = self._since.pop((who, topic))
            if not any(failing == topic for _, failing in self._since):
                seconds = time.monotonic() - begun
                self._logged.pop(topic, None)
                self._observer.output_mended(topic, seconds)
                log.info("%s takes outputs again, after %.1fs", topic, seconds)
