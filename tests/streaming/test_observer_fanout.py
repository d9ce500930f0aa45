from __future__ import annotations

import inspect

import pytest

from worker.streaming.observer import Observer
from worker.streaming.observer_fanout import Observers

EVENTS = [name for name in vars(Observer) if not name.startswith("_")]


class _Listener(Observer):
    """Writes down each call of each event, whatever events there are."""

    def __init__(self, name, calls):
        self._name, self._calls = name, calls

    def __getattribute__(self, event):
        if event not in EVENTS:
            return super().__getattribute__(event)
        return lambda *given: self._calls.append((self._name, event, given))


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_reaches_every_listener_in_their_order_with_what_it_was_called_with(event):
    calls = []
    observers = Observers(_Listener("first", calls), _Listener("second", calls))
    given = tuple(object() for _ in list(inspect.signature(getattr(Observer, event)).parameters)[1:])
    getattr(observers, event)(*given)
    assert calls == [("first", event, given), ("second", event, given)]


def test_a_listener_that_is_added_later_hears_what_comes_then():
    calls = []
    observers = Observers()
    observers.stalled(1.0)
    observers.add(_Listener("late", calls))
    observers.stalled(2.0)
    assert calls == [("late", "stalled", (2.0,))]


def test_a_listener_is_not_called_for_what_it_does_not_hear():
    class Deaf(Observer):
        def settled(self, *_):
            raise AssertionError("not now")

    observers = Observers(Deaf())
    for event in set(EVENTS) - {"settled"}:
        assert observers._hearing[event] == []
    assert len(observers._hearing["settled"]) == 1
