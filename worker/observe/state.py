"""What the page and `claimwire top` show, as one JSON object, read from the metrics."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from worker.observe.health import Health
from worker.observe.history import History
from worker.observe.lag import Positions
from worker.observe.metrics import LoopPart, Metrics, OutcomeWord
from worker.observe.readings import Quantiles, series, total
from worker.observe.topn import Costliest

__all__ = ["State"]

_GAUGES = frozenset({"lag_records", "lag_seconds"})


class State:
    """Takes a sample every second, and tells the state when asked."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        positions: Positions,
        costliest: Costliest,
        *,
        about: dict[str, Any],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._metrics, self._health, self._positions, self._costliest = metrics, health, positions, costliest
        self._about, self._now = about, now
        self._history = History(_GAUGES)
        self._stages = Quantiles(metrics.stage_seconds)
        self._end_to_end = Quantiles(metrics.end_to_end_seconds)
        self._batches = Quantiles(metrics.batch_seconds)
        self._taken = 0
        self.replays: list[dict[str, Any]] = []
        """The replays that are told of in the topic `replays`, newest first; set by who reads it."""

    def sample(self) -> None:
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
                "lag_records": float(sum(lag.records for lag in lags)),
                "lag_seconds": max((lag.seconds for lag in lags), default=0.0),
            },
        )
        if self._taken % 10 == 0:
            for quantiles in (self._stages, self._end_to_end, self._batches):
                quantiles.take()
        self._taken += 1

    def history(self, *, hour: bool) -> dict[str, list[float]]:
        """Series of the last hour, or of the last two minutes: {"at": seconds since 1970, name: values}."""
        return self._history.last_hour() if hour else self._history.last_minutes()

    def as_json(self) -> dict[str, Any]:
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
            "loop": {part.value: rate(f"loop_{part}", 60.0) for part in LoopPart},
            "pool": {
                "processes": processes,
                "busy": min(rate("busy", 60.0) / processes, 1.0) if processes else 0.0,
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
            },
            "replays": self.replays,
        }
