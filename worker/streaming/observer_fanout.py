"""Passes each event of the streaming side on to several observers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from worker.streaming.observer import Observer

__all__ = ["Observers"]


class Observers(Observer):
    """Calls the same method of each listener, in the order in which they were given or added.

    Its methods are made from those of `Observer` below, so that an event is declared in one place. There are several
    events for each record: only the listeners that do something at one are called.
    """

    def __init__(self, *listeners: Observer) -> None:
        self._hearing: dict[str, list[Callable[..., None]]] = {event: [] for event in _EVENTS}
        for listener in listeners:
            self.add(listener)

    def add(self, listener: Observer) -> None:
        """From now on `listener` gets each event too, after the others."""
        for event, unheard in _EVENTS.items():
            hears = getattr(listener, event)
            if getattr(hears, "__func__", hears) is not unheard:
                self._hearing[event].append(hears)


_EVENTS = {event: method for event, method in vars(Observer).items() if not event.startswith("_")}


def _to_each_listener(event: str, method: Callable[..., None]) -> Callable[..., None]:
    @wraps(method)
    def forward(self: Observers, *args: object, **named: object) -> None:
        for hears in self._hearing[event]:
            hears(*args, **named)

    return forward


for _event, _method in _EVENTS.items():
    setattr(Observers, _event, _to_each_listener(_event, _method))
