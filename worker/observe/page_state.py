"""The state that the page shows, as one JSON object, read from the metrics."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

from worker.observe.costliest import Costliest
from worker.observe.health import Health
from worker.observe.history import HOUR_WINDOW_S, MINUTES_WINDOW_S, History, Series
from worker.observe.lag import Positions
from worker.observe.metric_readings import Quantiles, series, total
from worker.observe.metrics import LoopPart, Metrics, OutcomeWord

__all__ = ["PageState"]

_GAUGES = frozenset({"lag_records", "lag_seconds"})
_TIME_SPENT_S = 60.0


class PageState:
    """Takes a sample every second and gives the state as JSON. `about` describes the worker, a JSON object."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        positions: Positions,
        costliest: Costliest,
        *,
        about: dict[str, object],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._metrics, self._health, self._positions, self._costliest = metrics, health, positions, costliest
        self._about, self._now = about, now
        self._history = History(_GAUGES)
        self._stages = Quantiles(metrics.stage_seconds)
        self._end_to_end = Quantiles(metrics.end_to_end_seconds)
        self._batches = Quantiles(metrics.batch_seconds)
        self._taken = 0
        self._replays: list[dict[str, object]] = []

    def show_replays(self, replays: list[dict[str, object]]) -> None:
        """Sets the replays to show, newest first: {name, state, done, total, claims, errors, remaining_s} of each."""
        self._replays = replays

    def sample(self) -> None:
        """Takes the sample of this second."""
        metrics = self._metrics
        outcomes: dict[str, float] = {word.value: 0.0 for word in OutcomeWord}
        for (agent, outcome, _), value in series(metrics.records).items():
            if agent == "ingest":
                outcomes[outcome] += value
        lags = self._positions.lags()
        self._history.take(
            self._now(),
            {
                "read": total(metrics.read, "ingest"),
                "bytes": total(metrics.read_bytes, "ingest"),
                "claims": total(metrics.claims),
                **outcomes,
                **{f"loop_{part}": total(metrics.loop_seconds, part) for part in LoopPart},
                "busy": total(metrics.pool_busy_seconds),
                "lag_records": float(sum(lag.records for lag in lags)) if lags else None,
                "lag_seconds": max((lag.seconds for lag in lags), default=None),
            },
        )
        if self._taken % 10 == 0:
            for quantiles in (self._stages, self._end_to_end, self._batches):
                quantiles.take()
        self._taken += 1

    def history(self, *, hour: bool) -> dict[str, object]:
        """Series of the last hour, or of the last two minutes: {"window_s": seconds that each rate is taken over,
        "at": seconds since 1970, name: values, null where nothing was measured}.
        """
        series: Series = self._history.last_hour() if hour else self._history.last_minutes()
        return {"window_s": HOUR_WINDOW_S if hour else MINUTES_WINDOW_S, **series}

    def as_json(self) -> dict[str, object]:
        metrics, rate = self._metrics, self._history.now
        records = series(metrics.records)
        processes = total(metrics.pool_processes)
        return {
            "at": self._now(),
            "worker": self._about | {"pipeline": next((labels[0] for labels in series(metrics.model)), None)},
            "live": self._health.live().as_json(),
            "ready": self._health.ready().as_json(),
            "totals": {
                "read": total(metrics.read, "ingest"),
                "read_bytes": total(metrics.read_bytes, "ingest"),
                **{
                    word.value: sum(
                        v for (agent, outcome, _), v in records.items() if agent == "ingest" and outcome == word
                    )
                    for word in OutcomeWord
                },
                "claims": total(metrics.claims),
                "dead_all_agents": sum(v for (_, outcome, _), v in records.items() if outcome == OutcomeWord.DEAD),
            },
            "rates_over_s": MINUTES_WINDOW_S,
            "rates": {name: rate(name) for name in ("read", "bytes", "claims", *(word.value for word in OutcomeWord))},
            "outcomes": [
                {"agent": agent, "outcome": outcome, "reason": reason, "count": count}
                for (agent, outcome, reason), count in records.items()
                if count
            ],
            "claims_by": [
                {"act": act, "voice": voice, "status": status, "count": count}
                for (act, voice, status), count in series(metrics.claims).items()
            ],
            "stages": [
                {"stage": labels[0], **values, "share": values["mean"] * values["count"]}
                for labels, values in self._stages.read().items()
            ],
            "end_to_end": [{"agent": labels[0], **values} for labels, values in self._end_to_end.read().items()],
            "batches": [{"agent": labels[0], **values} for labels, values in self._batches.read().items()],
            "lag": [asdict(lag) for lag in self._positions.lags()],
            "loop": {part.value: self._history.so_far(f"loop_{part}", _TIME_SPENT_S) for part in LoopPart},
            "pool": {
                "processes": processes,
                "busy": min(self._history.so_far("busy", _TIME_SPENT_S) / processes, 1.0) if processes else 0.0,
                "restarts": total(metrics.pool_restarts),
                "memory_bytes": total(metrics.pool_memory_bytes),
            },
            "in_flight": {
                "records": total(metrics.in_flight, "ingest"),
                "bytes": total(metrics.in_flight_bytes, "ingest"),
                "limit_bytes": total(metrics.in_flight_limit_bytes),
            },
            "paused": [why for (agent, why), on in series(metrics.paused).items() if on and agent == "ingest"],
            "rebalances": total(metrics.rebalances, "ingest"),
            "costliest": {
                "seconds": [asdict(cost) for cost in self._costliest.by_seconds(8)],
                "bytes": [asdict(cost) for cost in self._costliest.by_bytes(8)],
                "dead": [asdict(cost) for cost in self._costliest.by_dead(8)],
                "warnings": [asdict(cost) for cost in self._costliest.by_warnings(8)],
            },
            "replays": self._replays,
        }
