"""Watches, and the alerts that hold: kept up to date with the claims and relations.

A watch is told of claims that came after it, by the timestamps of the records: so which alerts hold depends on the last
record of each claim and each watch alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import orjson

from worker.contract.alert import Alert, Watch
from worker.link.live.claims import LiveClaims
from worker.link.live.database import LinkDatabase
from worker.link.live.relations import LiveRelations
from worker.link.watches.stage import alert_of_claim, alert_of_relation

__all__ = ["LiveWatches"]

log = logging.getLogger("claimwire.link")

msgspec.json.Decoder(Watch)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


@dataclass(frozen=True, slots=True)
class _Since:
    """A watch, and from when on it is told of claims."""

    name: str
    since_ms: int
    watch: Watch


class LiveWatches:
    """`put` and `remove` watches, then `settle`."""

    def __init__(self, database: LinkDatabase, claims: LiveClaims, relations: LiveRelations) -> None:
        self._db, self._claims, self._relations = database, claims, relations
        self._changed: set[str] = set()
        self._known: list[_Since] | None = None

    def forget(self) -> None:
        self._changed.clear()
        self._known = None

    def put(self, name: str, watch: Watch, since_ms: int) -> None:
        """A watch that comes again is told of what came since."""
        body = orjson.dumps(watch)
        self._db.run("INSERT OR REPLACE INTO watch VALUES (?, ?, ?)", name, since_ms, body)
        self._touched(name)

    def remove(self, name: str) -> None:
        """Without a watch of that name nothing changes."""
        if self._db.run("DELETE FROM watch WHERE name = ?", name):
            self._touched(name)

    def _touched(self, name: str) -> None:
        self._changed.add(name)
        self._known = None

    def _watches(self) -> list[_Since]:
        if self._known is None:
            rows = self._db.all("SELECT name, since_ms, body FROM watch ORDER BY name")
            self._known = [
                _Since(str(name), int(since), msgspec.convert(orjson.loads(body), Watch)) for name, since, body in rows
            ]
        return self._known

    @property
    def are_there(self) -> bool:
        return bool(self._changed) or bool(self._watches())

    def settle(self, claims: set[str], relations: set[str]) -> dict[str, Alert | None]:
        """By id the alerts that may be others than before, None for one that holds no more.

        `claims`: those that are new, other, gone, or came again. `relations`: the ids of those that have changed.
        """
        changed, self._changed = self._changed, set()
        values: dict[str, Alert | None] = {}
        for name in sorted(changed):
            self._watch_again(name, values)
        if self._watches():
            subjects = {*claims, *relations, *self._relations.ids_of(claims)}
            for subject in sorted(subjects):
                self._look_again(subject, self._alerts_about(subject, self._watches()), values)
        return values

    def _watch_again(self, name: str, values: dict[str, Alert | None]) -> None:
        values.update(dict.fromkeys(self._db.texts("SELECT id FROM alert WHERE watch = ?", name)))
        self._db.run("DELETE FROM alert WHERE watch = ?", name)
        mine = [each for each in self._watches() if each.name == name]
        if not mine:
            return
        claims = set(self._db.texts("SELECT id FROM claim WHERE seen_ms >= ?", mine[0].since_ms))
        for subject in sorted({*claims, *self._relations.ids_of(claims)}):
            self._keep(subject, self._alerts_about(subject, mine), values)

    def _look_again(self, subject: str, alerts: Iterable[Alert], values: dict[str, Alert | None]) -> None:
        for known in self._db.texts("SELECT id FROM alert WHERE subject = ?", subject):
            values.setdefault(known, None)
        self._db.run("DELETE FROM alert WHERE subject = ?", subject)
        self._keep(subject, alerts, values)

    def _keep(self, subject: str, alerts: Iterable[Alert], values: dict[str, Alert | None]) -> None:
        for alert in alerts:
            values[alert.alert_id] = alert
            self._db.run("INSERT OR REPLACE INTO alert VALUES (?, ?, ?)", alert.alert_id, alert.watch, subject)

    def _alerts_about(self, subject: str, watches: Iterable[_Since]) -> Iterator[Alert]:
        """`subject`: the id of a claim or of a relation."""
        relation = self._relations.describe(subject)
        ids = [subject] if relation is None else [relation.a.claim_id, relation.b.claim_id]
        seen = [self._claims.seen_ms(claim) for claim in ids]
        if None in seen:
            return
        latest = max(each for each in seen if each is not None)
        readings = [self._claims.reading(claim) for claim in ids]
        for each in watches:
            if each.since_ms > latest:
                continue
            try:
                alert = (
                    alert_of_claim(each.name, each.watch, readings[0])
                    if relation is None
                    else alert_of_relation(each.name, each.watch, relation, readings[0], readings[1])
                )
            except Exception:  # a bug costs one alert, not all of them
                log.exception("Whether the watch %r asks for %s is not known", each.name, subject)
                continue
            if alert is not None:
                yield alert

    def describe(self, alert_id: str) -> Alert | None:
        """The alert as it stands; None where there is none of that id."""
        row = self._db.one("SELECT watch, subject FROM alert WHERE id = ?", alert_id)
        if row is None:
            return None
        mine = [each for each in self._watches() if each.name == row[0]]
        return next(iter(self._alerts_about(str(row[1]), mine)), None)
