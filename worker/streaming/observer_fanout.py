"""Passes each event of the streaming side on to several observers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from worker.streaming.observer import Observer

__all__ = ["Observers"]


class Observers(Observer):
    """Calls the same method of each listener, in the order in which they were given or added.

    Its methods are made from those of `Observer` below, so that an event is declared in one place.
    """

    def __init__(self, *listeners: Observer) -> None:
        self._listeners = list(listeners)

    def add(self, listener: Observer) -> None:
        """From now on `listener` gets each event too, after the others."""
        self._listeners.append(listener)


def _to_each_listener(event: str, method: Callable[..., None]) -> Callable[..., None]:
    @wraps(method)
    def forward(self: Observers, *args: object, **named: object) -> None:
        for listener in self._listeners:
            getattr(listener, event)(*args, **named)

    return forward


for _event, _method in vars(Observer).items():
    if not _event.startswith("_"):
        setattr(Observers, _event, _to_each_listener(_event, _method))
