"""Claims, texts and reviews come and go; groups, relations and standing that change because of it come out.

What stands after a change is a function of the claims and texts that are there, whatever their order and whatever was
there before: tests/link/live holds it to the same computed at once. No Kafka and no clock.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import orjson

from worker.contract.alert import Alert, Watch
from worker.contract.article_group import ArticleGroup
from worker.contract.claim import Claim
from worker.contract.relation import ClaimRelation
from worker.contract.review import Review
from worker.contract.standing import ClaimStanding
from worker.link.copies.sketch import sketch_of
from worker.link.live.claims import LiveClaims
from worker.link.live.copies import LiveArticle, LiveCopies, sketch_from
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import NeighbourBounds, Neighbours
from worker.link.live.relations import LiveRelations
from worker.link.live.reviews import LiveReviews
from worker.link.live.watches import LiveWatches
from worker.link.standing.stage import standing_of

__all__ = ["Kind", "LiveLinks", "Value", "hash_of"]

log = logging.getLogger("claimwire.link")

_HOLDS_BELOW = 2**128
_HASHES = "SELECT key, hash FROM output WHERE kind = '{}' AND key IN"

Value = ArticleGroup | ClaimRelation | ClaimStanding | Alert


class Kind(StrEnum):
    """What comes out; of each kind the values have keys of their own."""

    GROUP = "group"
    RELATION = "relation"
    STANDING = "standing"
    ALERT = "alert"


@dataclass(slots=True)
class _Changed:
    """Since the last settling."""

    uris: set[str] = field(default_factory=set)
    """Articles of which a claim or the text has changed."""
    claims: set[str] = field(default_factory=set)
    """Claims that are new, other or gone."""
    reworded: set[str] = field(default_factory=set)
    """Those of them that are other, but compared with the same claims as before."""
    again: set[str] = field(default_factory=set)
    """Claims that came again as they were."""


class LiveLinks:
    """`begin`, then claims and texts, then `settle`; `commit` or `rollback`. Belongs to one thread at a time."""

    def __init__(self, path: Path, bounds: NeighbourBounds | None = None) -> None:
        self.database = LinkDatabase(path)
        self._wire(bounds or NeighbourBounds())

    def _wire(self, bounds: NeighbourBounds) -> None:
        self._bounds = bounds
        self._claims = LiveClaims(self.database)
        self._copies = LiveCopies(self.database)
        self._near = Neighbours(self.database, self._claims.keys, bounds)
        self._relations = LiveRelations(self.database, self._claims)
        self._reviews = LiveReviews(self.database, self._claims, bounds)
        self._watches = LiveWatches(self.database, self._claims, self._relations)
        self._changed = _Changed()
        self._holds = self._stored_holds()

    def _stored_holds(self) -> int:
        return int(self.database.note("holds") or "0", 16)

    def clear(self) -> None:
        """Forgets everything, on disk as well."""
        self.database.clear()
        self._wire(self._bounds)

    def close(self) -> None:
        self.database.close()

    def begin(self) -> None:
        """Begins to change it, unless that was begun before and not ended by `commit` or `rollback`."""
        self.database.begin()

    def commit(self) -> None:
        self.database.commit()

    @property
    def is_closed(self) -> bool:
        return self.database.is_closed

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        return self.database.is_changed

    @property
    def holds(self) -> str:
        """Of all that was given out and holds now: the same for the same, in whatever order it came."""
        return f"{self._holds:032x}"

    def rollback(self) -> None:
        self.database.rollback()
        self._holds = self._stored_holds()
        self._claims.forget()
        self._copies.forget()
        self._near.forget()
        self._watches.forget()
        self._reviews.forget()
        self._changed = _Changed()

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return len(self._claims)

    def pairs_of(self, claim_id: str) -> list[tuple[str, str]]:
        """The pairs of claims that are compared, of those with this claim. Raises KeyError: there is no such claim."""
        return self._near.of(claim_id)

    @property
    def compared(self) -> int:
        """How many pairs of claims were looked at since this was made."""
        return self._relations.compared

    def put_text(self, uri: str, sha: str, text: str, seen_ms: int) -> None:
        """The text of the last extraction of an article; `sha` is what its claims call it by."""
        known = self.database.one("SELECT sha FROM text WHERE uri = ?", uri)
        if known is not None and known[0] == sha:
            self.database.run("UPDATE text SET seen_ms = ? WHERE uri = ?", seen_ms, uri)
            return
        sketch = sketch_of(text)
        arrays = sketch.words, sketch.facts, sketch.lines, sketch.line_hashes
        self.database.run(
            "INSERT OR REPLACE INTO text VALUES (?, ?, ?, ?, ?, ?, ?)",
            uri,
            sha,
            seen_ms,
            *(array.tobytes() for array in arrays),
        )
        self._changed.uris.add(uri)

    def remove_text(self, uri: str) -> None:
        self.database.run("DELETE FROM text WHERE uri = ?", uri)
        self._changed.uris.add(uri)

    def put_claim(self, claim: Claim, seen_ms: int) -> None:
        """A claim that is asserted; it takes the place of the one with its id. Should it raise, that one is gone."""
        claim_id = claim.claim_id
        try:
            put = self._claims.put(claim, seen_ms)
        except Exception:
            self.remove_claim(claim_id)
            raise
        self._changed.uris.update({claim.article.uri, put.former_uri or claim.article.uri})
        if put.now is None:
            self._changed.again.add(claim_id)
            return
        self._changed.claims.add(claim_id)
        if put.former is not None:
            if put.former.is_like(put.now):
                self._changed.reworded.add(claim_id)
                return
            self._near.remove(put.former)
        self._near.add(put.now)

    def put_watch(self, name: str, watch: Watch, since_ms: int) -> None:
        """It is told of claims that came since."""
        self._watches.put(name, watch, since_ms)

    def remove_watch(self, name: str) -> None:
        self._watches.remove(name)

    def put_review(self, review: Review) -> None:
        """Adds a review, or puts it in the place of the one with its id."""
        self._reviews.put(review)

    def remove_review(self, review_id: str) -> None:
        self._reviews.remove(review_id)

    def remove_claim(self, claim_id: str) -> None:
        """Without a claim of that id nothing changes."""
        uri = self._claims.uri_of(claim_id)
        if uri is None:
            return
        self._near.remove(self._claims.keys(claim_id))
        self._claims.remove(claim_id)
        self._changed.reworded.discard(claim_id)
        self._changed.uris.add(uri)
        self._changed.claims.add(claim_id)

    def expire(self, before_ms: int, most: int) -> int:
        """Removes claims that were last seen before a time, at most so many. How many it were."""
        gone = self.database.texts("SELECT id FROM claim WHERE seen_ms < ? ORDER BY seen_ms LIMIT ?", before_ms, most)
        for claim_id in gone:
            self.remove_claim(claim_id)
        return len(gone)

    def expire_texts(self, before_ms: int) -> None:
        """Removes texts that were last seen before a time and have no claim. Give them longer than claims: a text comes
        before its claims do.
        """
        self.database.run(
            "DELETE FROM text WHERE seen_ms < ? AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.uri = text.uri)",
            before_ms,
        )

    def has_seen_before(self, before_ms: int) -> bool:
        """Whether `expire` would remove a claim."""
        return self.database.one("SELECT 1 FROM claim WHERE seen_ms < ? LIMIT 1", before_ms) is not None

    def settle(self) -> dict[tuple[Kind, str], bytes | None]:
        """What is other than it was when this was last called, as JSON; None for what is no more."""
        changed, self._changed = self._changed, _Changed()
        values: dict[tuple[Kind, str], Value | None] = {}
        for uri in sorted(changed.uris):
            self._place(uri)
        groups = self._copies.settle()
        values.update({(Kind.GROUP, key): group for key, group in groups.groups.items()})
        moved, own = self._regrouped(groups.uris)
        told = changed.claims | moved
        dirty = set(told)
        self._relate(changed.reworded | own, dirty, values)
        dirty |= self._reviews.settle(told)
        values.update({(Kind.STANDING, key): standing for key, standing in self._standings(dirty).items()})
        if self._watches.are_there:
            relations = {key for kind, key in values if kind is Kind.RELATION}
            alerts = self._watches.settle(dirty | changed.again, relations)
            values.update({(Kind.ALERT, key): alert for key, alert in alerts.items()})
        return self._published(values)

    def _place(self, uri: str) -> None:
        """An article is compared with others while a claim of it stands whose text is known."""
        article = self._claims.article(uri)
        row = self.database.one("SELECT sha, words, facts, lines, line_hashes FROM text WHERE uri = ?", uri)
        if article is None or row is None or row[0] != article.sha:
            self._copies.remove(uri)
            return
        self._copies.put(
            LiveArticle(
                uri, article.publisher, article.published, article.has_headline, article.sha, sketch_from(row[1:])
            )
        )

    def _regrouped(self, uris: Iterable[str]) -> tuple[set[str], set[str]]:
        """The claims of articles whose group is another one: all, and those whose source is the article itself."""
        claims = {claim for uri in uris for claim in self._claims.regrouped(uri)}
        own = {claim for uri in uris for claim in self._claims.own_voice_of(uri)}
        return claims, own

    def _relate(self, again: Iterable[str], dirty: set[str], values: dict[tuple[Kind, str], Value | None]) -> None:
        """Brings the relations up to date: of pairs that are new or gone, and all of the claims `again`. Those whose
        clusters or standing may be others because of it become `dirty`.
        """
        gained, lost = self._near.taken()
        pairs = {*gained, *(pair for claim in again for pair in self._near.of(claim))}
        had = self._relations.related_among([*pairs, *lost])
        for pair in lost:
            if pair in had:
                self._note(pair, self._relations.remove(pair), dirty, values)
        for pair in sorted(pairs):
            self._note(pair, self._relations.compare(pair, had=pair in had), dirty, values)

    def _note(
        self,
        pair: tuple[str, str],
        relations: Mapping[str, ClaimRelation | None],
        dirty: set[str],
        values: dict[tuple[Kind, str], Value | None],
    ) -> None:
        if relations:
            dirty.update(pair)
            values.update({(Kind.RELATION, key): relation for key, relation in relations.items()})

    def _clusters_around(self, claims: set[str]) -> set[str]:
        """The clusters of claims, as they were and as they are, and of those that are related with them."""
        if not claims:
            return set()
        touched = self._relations.cluster_again(claims)
        return touched | self._relations.clusters_of(self._relations.related_with(claims))

    def _standings(self, dirty: set[str]) -> dict[str, ClaimStanding | None]:
        """Of the clusters around claims, by id. Most are a lone claim, which is asked for all of them at once."""
        clusters = self._clusters_around(dirty)
        members = self._relations.members_of_each(clusters)
        lone = {of[0] for of in members.values() if len(of) == 1}
        lone -= self._relations.are_related(lone)
        lone -= self._reviews.reviewed_among(lone)
        there = (cluster for cluster, of in members.items() if of[0] not in lone)
        return dict.fromkeys(sorted(clusters)) | {cluster: self._standing(cluster) for cluster in there}

    def _standing(self, cluster: str) -> ClaimStanding | None:
        """None where there is no such cluster, or it is one claim that nothing is related with and nobody reviewed."""
        members = self._relations.members_of(cluster)
        if not members:
            return None
        related, verdicts = self._relations.evidence(members), self._reviews.verdicts_on(members)
        if len(members) == 1 and not related and not verdicts:
            return None
        readings = [self._claims.reading(member) for member in members]
        groups = {reading.claim.article.group for reading in (*readings, *(reading for _, reading in related))}
        parents = self._copies.carriers(group for group in groups if group is not None)
        try:
            return standing_of(readings, related, parents, verdicts)
        except Exception:  # a bug costs one cluster, not all of them
            log.exception("Where the cluster %s stands is not known", cluster)
            return None

    def _published(self, values: Mapping[tuple[Kind, str], Value | None]) -> dict[tuple[Kind, str], bytes | None]:
        """Those that are other than what was given out last."""
        given: dict[tuple[Kind, str], bytes | None] = {}
        known = self._hashes_of(values)
        for (kind, key), value in values.items():
            former = known.get((kind, key))
            body = None if value is None else orjson.dumps(value)
            hashed = None if body is None else hash_of(body)
            if hashed == former:
                continue
            given[kind, key] = body
            if former is not None:
                self._holds -= _number_of(kind, key, former)
            if hashed is None:
                self.database.run("DELETE FROM output WHERE kind = ? AND key = ?", kind.value, key)
            else:
                self.database.run("INSERT OR REPLACE INTO output VALUES (?, ?, ?)", kind.value, key, hashed)
                self._holds += _number_of(kind, key, hashed)
        if given:
            self._holds %= _HOLDS_BELOW
            self.database.set_note("holds", self.holds)
        return given

    def _hashes_of(self, keys: Iterable[tuple[Kind, str]]) -> dict[tuple[Kind, str], bytes]:
        """Of those of the values that were given out."""
        by_kind: dict[Kind, list[str]] = {}
        for kind, key in keys:
            by_kind.setdefault(kind, []).append(key)
        return {
            (kind, str(key)): bytes(hashed)
            for kind, of in by_kind.items()
            for key, hashed in self.database.all_for(_HASHES.format(kind.value), of)
        }

    def given_out(self) -> Iterator[tuple[Kind, str, bytes]]:
        """What was given out and holds now: kind, key, and the hash of its JSON."""
        for kind, key, hashed in self.database.each("SELECT kind, key, hash FROM output ORDER BY kind, key"):
            yield Kind(kind), str(key), bytes(hashed)

    def value_of(self, kind: Kind, key: str) -> bytes | None:
        """What holds now, as JSON."""
        value: Value | None
        match kind:
            case Kind.GROUP:
                value = self._copies.describe(key)
            case Kind.RELATION:
                value = self._relations.describe(key)
            case Kind.STANDING:
                value = self._standing(key)
            case Kind.ALERT:
                value = self._watches.describe(key)
        return None if value is None else orjson.dumps(value)


def hash_of(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def _number_of(kind: Kind, key: str, hashed: bytes) -> int:
    """What a value adds to `holds`."""
    return int.from_bytes(hash_of(f"{kind.value}/{key}/".encode() + hashed))
