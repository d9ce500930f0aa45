from __future__ import annotations

from worker.streaming.consume.pauses import PauseReasons
from worker.streaming.observer import Observer, Pause


class _Listener(Observer):
    def __init__(self):
        self.heard = []

    def paused(self, stage, why, detail):
        self.heard.append(("paused", why, detail))

    def resumed(self, stage, why, seconds):
        self.heard.append(("resumed", why, seconds))


def test_each_reason_is_reported_once_and_how_long_it_held():
    listener = _Listener()
    pauses = PauseReasons("ingest", listener)
    for now in (0.0, 1.0, 2.0):
        pauses.set(Pause.BUDGET, now, "full")
    pauses.set(Pause.OUTPUT_FAILING, 2.0, "no leader")
    pauses.set(Pause.BUDGET, 3.0, None)
    pauses.set(Pause.OUTPUT_FAILING, 4.0, None)
    pauses.set(Pause.OUTPUT_FAILING, 5.0, None)
    assert listener.heard == [
        ("paused", Pause.BUDGET, "full"),
        ("paused", Pause.OUTPUT_FAILING, "no leader"),
        ("resumed", Pause.BUDGET, 3.0),
        ("resumed", Pause.OUTPUT_FAILING, 2.0),
    ]


def test_it_is_paused_while_any_reason_holds():
    pauses = PauseReasons("ingest", Observer())
    assert not pauses.any
    pauses.set(Pause.BUDGET, 0.0, "full")
    pauses.set(Pause.BREAKER, 0.0, "too many dead")
    pauses.set(Pause.BUDGET, 1.0, None)
    assert pauses.any
    pauses.set(Pause.BREAKER, 2.0, None)
    assert not pauses.any
