"""Relations and clusters, kept up to date with the pairs that are compared."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import cramjam
import msgspec
import orjson

from worker.contract.packed import unpacked
from worker.contract.relation import ClaimRelation, RelationKind
from worker.link.live.claims import LiveClaims
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import Pair
from worker.link.relations.clusters import cluster_id, clustered
from worker.link.relations.stage import LEAST_CONFIDENCE, relation_between
from worker.link.standing.stage import Related

__all__ = ["LiveRelations"]

log = logging.getLogger("claimwire.link")

_OF_CLAIM = (
    "SELECT low, high, kind, later FROM relation WHERE low = ?"
    " UNION ALL SELECT low, high, kind, later FROM relation WHERE high = ?"
)
_RESTATED_BY = "SELECT high FROM relation WHERE kind = 'restates' AND low IN"
_RESTATES = "SELECT low FROM relation WHERE kind = 'restates' AND high IN"
_APART = frozenset([RelationKind.REVISES, RelationKind.CONTRADICTS, RelationKind.TENSION])

msgspec.json.Decoder(ClaimRelation)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


class LiveRelations:
    """Relations that are sure enough to count, by pair, and the cluster of each claim."""

    def __init__(self, database: LinkDatabase, claims: LiveClaims) -> None:
        self._db, self._claims = database, claims
        self.compared = 0
        """How many pairs of claims were looked at."""

    def related_among(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of the pairs that have a relation, and maybe others."""
        rows = self._db.all_for("SELECT low, high FROM relation WHERE low IN", {low for low, _ in pairs})
        return {(str(low), str(high)) for low, high in rows}

    def compare(self, pair: Pair, *, had: bool) -> dict[str, ClaimRelation | None]:
        """Relates two claims anew. By id what has changed of their relation: nothing, or the relation as it is now.

        `had`: whether they had one.
        """
        low, high = pair
        self.compared += 1
        relation = self._between(low, high)
        if relation is None or relation.confidence < LEAST_CONFIDENCE:
            return self.remove(pair) if had else {}
        value = bytes(cramjam.zstd.compress(orjson.dumps(relation), level=1))
        if had:
            known = self._db.one("SELECT value FROM relation WHERE low = ? AND high = ?", low, high)
            if known is not None and known[0] == value:
                return {}
        self._db.run(
            "INSERT OR REPLACE INTO relation VALUES (?, ?, ?, ?, ?, ?, ?)",
            low,
            high,
            relation.relation_id,
            relation.relation.value,
            relation.confidence,
            relation.a.claim_id,
            value,
        )
        return {relation.relation_id: relation}

    def _between(self, low: str, high: str) -> ClaimRelation | None:
        try:
            return relation_between(self._claims.reading(low), self._claims.reading(high))
        except Exception:  # a bug costs one pair, not all of them
            log.exception("The claims %s and %s are not related", low, high)
            return None

    def remove(self, pair: Pair) -> dict[str, ClaimRelation | None]:
        """As `compare`, for claims that are not compared any more."""
        known = self._db.one("SELECT id FROM relation WHERE low = ? AND high = ?", *pair)
        if known is None:
            return {}
        self._db.run("DELETE FROM relation WHERE low = ? AND high = ?", *pair)
        return {str(known[0]): None}

    def describe(self, relation_id: str) -> ClaimRelation | None:
        row = self._db.one("SELECT value FROM relation WHERE id = ?", relation_id)
        return None if row is None else msgspec.convert(orjson.loads(unpacked(bytes(row[0]))), ClaimRelation)

    def ids_of(self, claims: set[str]) -> set[str]:
        """The ids of the relations of these claims."""
        lower = self._db.texts_for("SELECT id FROM relation WHERE low IN", claims)
        return {*lower, *self._db.texts_for("SELECT id FROM relation WHERE high IN", claims)}

    def related_with(self, claims: set[str]) -> set[str]:
        """The claims with a relation to one of these."""
        behind = self._db.texts_for("SELECT high FROM relation WHERE low IN", claims)
        return {*behind, *self._db.texts_for("SELECT low FROM relation WHERE high IN", claims)}

    def evidence(self, members: Iterable[str]) -> list[Related]:
        """The claims that the members of a cluster are related with, outside of it."""
        members = set(members)
        found: list[Related] = []
        for member in sorted(members):
            for low, high, kind, later in self._db.all(_OF_CLAIM, member, member):
                other = str(high if low == member else low)
                if other not in members and not (kind == RelationKind.REVISES and later == member):
                    found.append((RelationKind(kind), self._claims.reading(other)))
        return found

    def clusters_of(self, claims: Iterable[str]) -> set[str]:
        return set(self._db.texts_for("SELECT cluster FROM member WHERE id IN", claims))

    def members_of_each(self, clusters: Iterable[str]) -> dict[str, list[str]]:
        """The members of those clusters that there are."""
        found: dict[str, list[str]] = {}
        for cluster, claim in self._db.all_for("SELECT cluster, id FROM member WHERE cluster IN", clusters):
            found.setdefault(str(cluster), []).append(str(claim))
        return found

    def are_related(self, claims: Iterable[str]) -> set[str]:
        """Those of the claims that have a relation."""
        claims = list(claims)
        lower = self._db.texts_for("SELECT low FROM relation WHERE low IN", claims)
        return {*lower, *self._db.texts_for("SELECT high FROM relation WHERE high IN", claims)}

    def members_of(self, cluster: str) -> list[str]:
        return self._db.texts("SELECT id FROM member WHERE cluster = ? ORDER BY id", cluster)

    def cluster_again(self, claims: Iterable[str]) -> set[str]:
        """Clusters these claims anew, with all that hang together with them. The clusters that were or are theirs."""
        db, reached = self._db, set(claims)
        touched = set(db.texts_for("SELECT cluster FROM member WHERE id IN", reached))
        reached.update(db.texts_for("SELECT id FROM member WHERE cluster IN", touched))
        waiting = set(reached)
        while waiting:
            others = {*db.texts_for(_RESTATED_BY, waiting), *db.texts_for(_RESTATES, waiting)}
            waiting = others - reached
            reached |= waiting
        touched.update(db.texts_for("SELECT cluster FROM member WHERE id IN", reached))
        db.run_many("DELETE FROM member WHERE id = ?", ((claim,) for claim in reached))
        ordered = [
            str(claim) for _, claim in sorted(db.all_for("SELECT published, id FROM claim WHERE id IN", reached))
        ]
        clusters = {cluster_id(members[0]): members for members in self._clusters(ordered)}
        rows = [(member, cluster) for cluster, members in clusters.items() for member in members]
        db.run_many("INSERT INTO member VALUES (?, ?)", rows)
        return touched | clusters.keys()

    def _clusters(self, ordered: list[str]) -> list[list[str]]:
        """All clusters of claims in the order of publication, those of one claim too."""
        there = set(ordered)
        restated: dict[Pair, float] = {}
        apart: list[Pair] = []
        query = "SELECT low, high, kind, confidence FROM relation WHERE low IN"
        for low, high, kind, confidence in self._db.all_for(query, ordered):
            if high not in there:
                continue
            if kind == RelationKind.RESTATES:
                restated[low, high] = float(confidence)
            elif kind in _APART:
                apart.append((low, high))
        clusters = clustered(ordered, restated, apart)
        together = {member for cluster in clusters for member in cluster}
        return clusters + [[claim] for claim in ordered if claim not in together]
