"""Reads clusters out of the file of linking, beside whoever writes it. Everything here blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec
import orjson

from worker.contract.packed import unpacked
from worker.contract.relation import ClaimRelation, RelationKind
from worker.link.live.claims import LiveClaims
from worker.link.live.copies import LiveCopies
from worker.link.live.database import LinkDatabase, code_digest, notes_in
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.reviews import LiveReviews
from worker.link.relations.reading import Reading
from worker.link.standing.stage import in_order, standing_of
from worker.link.view.cluster import ClusterView, ShownClaim, ShownRelation, Side
from worker.link.view.folded import copies_among
from worker.link.view.plots import plots_of

__all__ = ["ClusterReader", "NoLinksError"]

_MAX_CLAIMS = 200
"""Of a cluster, and as many of those that it is related with."""
_SIDES = {
    RelationKind.CORROBORATES: Side.SUPPORTS,
    RelationKind.CONTRADICTS: Side.DISPUTES,
    RelationKind.TENSION: Side.TENSION,
    RelationKind.REVISES: Side.REVISIONS,
}
_HAS_STANDING = "SELECT 1 FROM output WHERE kind = 'standing' AND key = ?"
_MEMBERS = """SELECT m.id FROM member m JOIN claim c ON c.id = m.id WHERE m.cluster = ?
    ORDER BY c.published, m.id LIMIT ?"""
_IDS = "(SELECT value FROM json_each(?1))"
_RELATED = f"""SELECT m.id, r.other, r.kind, r.value FROM (
        SELECT low AS member, high AS other, kind, later, confidence, value FROM relation WHERE low IN {_IDS}
        UNION ALL SELECT high, low, kind, later, confidence, value FROM relation WHERE high IN {_IDS}
    ) r JOIN member m ON m.id = r.member
    WHERE r.other NOT IN {_IDS} AND r.kind <> 'restates' AND NOT (r.kind = 'revises' AND r.later = r.member)
    ORDER BY r.confidence DESC, r.other, r.member"""  # noqa: S608 - constants

msgspec.json.Decoder(ClaimRelation)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


class NoLinksError(Exception):
    """There is no file of linking here, or none that this release can read."""


class ClusterReader:
    """One look at the file, as it was committed last. `with ClusterReader(path) as reader`.

    Raises:
        NoLinksError: there is no file, or one that other code has written.
        sqlite3.Error: the file cannot be read just now.
    """

    def __init__(self, path: Path) -> None:
        if notes_in(path).get("code") != code_digest():
            raise NoLinksError(str(path))
        self._db = LinkDatabase(path, read_only=True)
        self._claims, self._copies = LiveClaims(self._db), LiveCopies(self._db)
        self._reviews = LiveReviews(self._db, self._claims, NeighbourBounds())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def clusters_of(self, claims: Iterable[str]) -> dict[str, str]:
        """For the id of each claim that stands in a cluster the cluster's; lone claims are in none."""
        rows = self._db.all_for("SELECT id, cluster FROM member WHERE id IN", claims)
        return {str(claim): str(cluster) for claim, cluster in rows if self._db.one(_HAS_STANDING, cluster)}

    def cluster(self, wanted: str) -> ClusterView | None:
        """The cluster of this id, or that of the claim of this id; None where there is none, or a lone claim.

        At most 200 claims of it, the earliest, and 200 that these are related with, the surest.
        """
        cluster = wanted
        if self._db.one(_HAS_STANDING, cluster) is None:
            cluster = self.clusters_of([wanted]).get(wanted, "")
        members = self._db.texts(_MEMBERS, cluster, _MAX_CLAIMS)
        if not members:
            return None
        related, more = self._related(members)
        counted = self._db.one("SELECT count(*) FROM member WHERE cluster = ?", cluster)
        left_out = more + (int(counted[0]) if counted else 0) - len(members)
        return self._view([self._claims.reading(member) for member in members], related, left_out)

    def _related(self, members: Sequence[str]) -> tuple[dict[str, list[ShownRelation]], int]:
        """For the id of each claim that is related with a member its relations, the surest first; and how many such
        claims there are besides.
        """
        found: dict[str, list[ShownRelation]] = {}
        more: set[str] = set()
        for member, other, kind, value in self._db.each(_RELATED, orjson.dumps(members).decode()):
            if other not in found and len(found) == _MAX_CLAIMS:
                more.add(other)
            elif other not in found or RelationKind(kind) not in {each.relation for each in found[other]}:
                found.setdefault(other, []).append(_shown(str(member), bytes(value)))
        return found, len(more)

    def _view(
        self, members: Sequence[Reading], related: Mapping[str, Sequence[ShownRelation]], left_out: int
    ) -> ClusterView:
        others = {claim: self._claims.reading(claim) for claim in related}
        groups = {each.claim.article.group for each in (*members, *others.values())}
        parents = self._copies.carriers(group for group in groups if group is not None)
        evidence = [(each.relation, others[claim]) for claim, relations in related.items() for each in relations]
        sides: dict[Side, list[Reading]] = {side: [] for side in Side}
        sides[Side.REPORTS] = list(members)
        for claim, relations in related.items():  # one that supports one member and disputes another is shown once
            sides[_SIDES[relations[0].relation]].append(others[claim])
        claims: list[ShownClaim] = []
        plotted: list[tuple[Side, Reading]] = []
        for side, readings in sides.items():
            ordered = in_order(readings)
            copies = copies_among(ordered, parents)
            shown = [self._claim(side, each, related.get(each.claim.claim_id)) for each in ordered]
            claims += [replace(each, copy_of=copies.get(each.claim_id)) for each in shown]
            plotted += [(side, each) for each in ordered if each.claim.claim_id not in copies]
        return ClusterView(
            standing=standing_of(
                members, evidence, parents, self._reviews.verdicts_on(each.claim.claim_id for each in members)
            ),
            claims=claims,
            plots=plots_of(plotted),
            left_out=left_out,
            as_of_ms=int(self._db.note("written_ms") or 0),
        )

    def _claim(self, side: Side, reading: Reading, relations: Sequence[ShownRelation] | None) -> ShownClaim:
        claim, article = reading.claim, reading.claim.article
        link = claim.attribution[-1] if claim.attribution else None
        return ShownClaim(
            claim_id=claim.claim_id,
            side=side,
            source=reading.speaker.name,
            role=link.source.role if link else None,
            voice=claim.voice,
            text=claim.content.text,
            written=" … ".join(span.exact for span in claim.content.spans),
            act=claim.act,
            negated=bool(link and link.negated),
            polarity=claim.polarity,
            certainty=claim.modality.certainty,
            uri=article.uri,
            headline=article.headline,
            publisher=article.publisher,
            published_at=article.published_at,
            group=article.group,
            relation=relations[0] if relations else None,
        )


def _shown(member: str, packed: bytes) -> ShownRelation:
    relation = msgspec.convert(orjson.loads(unpacked(packed)), ClaimRelation)
    reasons = relation.reasons
    if relation.a.claim_id == member:  # told from the other side
        reasons = [replace(each, a=each.b, b=each.a) for each in reasons]
    return ShownRelation(relation=relation.relation, to=member, confidence=relation.confidence, reasons=reasons)
