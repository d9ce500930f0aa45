"""Reviews of fact-checkers, and the claims that say what they reviewed: kept up to date as both come and go.

Whether a review is held against a claim depends on these two alone: they share two of their most telling keys, and
enough of the weight of all. So what matches does not depend on the order in which they came. Reviews do not expire: a
claim that comes back after years meets its verdict.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

import msgspec
import orjson

from worker.contract.review import Review
from worker.contract.standing import Verdict
from worker.link.live.cache import Recent
from worker.link.live.claims import LiveClaims
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import Keys, NeighbourBounds, keys_of, sharing
from worker.link.relations.reading import Reading
from worker.link.verdicts.stage import confidence_of_match, reading_of_review, verdicts_of

__all__ = ["LiveReviews", "keys_of_review", "may_match"]

log = logging.getLogger("claimwire.link")

_READINGS_KEPT = 512
_LEAST_SHARED_KEYS = 2
_SHARING = "SELECT id FROM {} WHERE key IN (SELECT value FROM json_each(?)) GROUP BY id HAVING count(*) >= ?"
_CLAIMS_SHARING, _REVIEWS_SHARING = _SHARING.format("lookup"), _SHARING.format("review_lookup")

msgspec.json.Decoder(Review)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


def keys_of_review(reading: Reading) -> Keys:
    """Without a day: a claim may be told again long after it was reviewed."""
    keys = keys_of(reading)
    return Keys.of(keys.claim, "", keys.hashes, keys.weights)


def may_match(review: Keys, claim: Keys, bounds: NeighbourBounds) -> bool:
    """Whether a review is held against a claim at all."""
    shared = set(review.telling(bounds.keys)) & set(claim.telling(bounds.keys))
    return len(shared) >= _LEAST_SHARED_KEYS and bool(sharing(review, [claim], bounds))


class LiveReviews:
    """`put` and `remove` reviews, then `settle`."""

    def __init__(self, database: LinkDatabase, claims: LiveClaims, bounds: NeighbourBounds) -> None:
        self._db, self._claims, self._bounds = database, claims, bounds
        self._readings: Recent[str, tuple[Reading, Keys]] = Recent(_READINGS_KEPT, self._loaded)
        self._changed: set[str] = set()

    def forget(self) -> None:
        self._readings.clear()
        self._changed.clear()

    def put(self, review: Review) -> None:
        """A review, in the place of the one with its id. Should it raise, nothing has changed."""
        body = orjson.dumps(review)
        known = self._db.one("SELECT body FROM review WHERE id = ?", review.review_id)
        if known is not None and bytes(known[0]) == body:
            return
        reading = reading_of_review(review)
        keys = keys_of_review(reading)
        self.remove(review.review_id)
        self._db.run("INSERT INTO review VALUES (?, ?)", review.review_id, body)
        rows = [(key, review.review_id) for key in keys.telling(self._bounds.keys)]
        self._db.run_many("INSERT INTO review_lookup VALUES (?, ?)", rows)
        self._readings.put(review.review_id, (reading, keys))

    def remove(self, review_id: str) -> None:
        """Without a review of that id nothing changes."""
        if self._db.run("DELETE FROM review WHERE id = ?", review_id):
            self._db.run("DELETE FROM review_lookup WHERE id = ?", review_id)
        self._readings.drop(review_id)
        self._changed.add(review_id)

    def settle(self, claims: Iterable[str]) -> set[str]:
        """The claims whose reviews are others than before. `claims`: those that are new, other, gone or regrouped; they
        are held against all reviews.
        """
        changed, self._changed = self._changed, set()
        if not changed and self._db.one("SELECT 1 FROM review LIMIT 1") is None:
            return set()  # most installations have none, and then it costs nothing
        touched = set(self._db.texts_for("SELECT claim FROM verdict WHERE review IN", changed))
        self._db.run_many("DELETE FROM verdict WHERE review = ?", ((review,) for review in changed))
        for review in sorted(changed):
            touched.update(self._match_review(review))
        for claim in sorted(claims):
            self._db.run("DELETE FROM verdict WHERE claim = ?", claim)
            self._match_claim(claim)
        return touched

    def _match_review(self, review: str) -> list[str]:
        try:
            reading, keys = self._readings[review]
        except KeyError:
            return []  # it was withdrawn
        return [claim for claim in self._sharing(_CLAIMS_SHARING, keys) if self._match(reading, keys, claim)]

    def _match_claim(self, claim: str) -> None:
        if self._claims.uri_of(claim) is None:
            return
        for review in self._sharing(_REVIEWS_SHARING, self._claims.keys(claim)):
            self._match(*self._readings[review], claim)

    def _sharing(self, query: str, keys: Keys) -> list[str]:
        """The ids on the other side that share two telling keys."""
        return self._db.texts(query, orjson.dumps(keys.telling(self._bounds.keys)).decode(), _LEAST_SHARED_KEYS)

    def _match(self, reading: Reading, keys: Keys, claim: str) -> bool:
        if not may_match(keys, self._claims.keys(claim), self._bounds):
            return False
        try:
            confidence = confidence_of_match(reading, self._claims.reading(claim))
        except Exception:  # a bug costs one pair, not all of them
            log.exception("The review %s is not held against the claim %s", reading.claim.claim_id, claim)
            return False
        if confidence is None:
            return False
        self._db.run("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", claim, reading.claim.claim_id, confidence)
        return True

    def _loaded(self, review_id: str) -> tuple[Reading, Keys]:
        """Raises KeyError: there is no such review."""
        review = self._review(review_id)
        if review is None:
            raise KeyError(review_id)
        reading = reading_of_review(review)
        return reading, keys_of_review(reading)

    def _review(self, review_id: str) -> Review | None:
        row = self._db.one("SELECT body FROM review WHERE id = ?", review_id)
        return None if row is None else msgspec.convert(orjson.loads(row[0]), Review)

    @property
    def _are_verdicts(self) -> bool:
        """Most installations have none, and then it costs next to nothing."""
        return self._db.one("SELECT 1 FROM verdict LIMIT 1") is not None

    def reviewed_among(self, claims: Iterable[str]) -> set[str]:
        """Those of the claims that have a verdict."""
        return (
            set(self._db.texts_for("SELECT claim FROM verdict WHERE claim IN", claims)) if self._are_verdicts else set()
        )

    def verdicts_on(self, members: Iterable[str]) -> list[Verdict]:
        """The verdicts on the cluster that these claims are."""
        if not self._are_verdicts:
            return []
        rows = self._db.all_for("SELECT claim, review, confidence FROM verdict WHERE claim IN", members)
        matched = [(str(claim), str(review), float(confidence)) for claim, review, confidence in rows]
        reviews = {id_: review for _, id_, _ in matched if (review := self._review(id_)) is not None}
        return verdicts_of([one for one in matched if one[1] in reviews], reviews)
