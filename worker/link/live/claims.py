"""The claims that stand, on disk, and what is read out of them in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.contract.claim import Claim
from worker.link.live.cache import Recent
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import Keys, keys_of
from worker.link.live.packing import claim_in, packed_claim, packed_weights, seen_of, weights_in
from worker.link.relations.reading import Reading, reading_of

__all__ = ["LiveClaims", "StoredArticle"]

_READINGS_KEPT = 8192
"""About 5 KB each."""
_KEYS_KEPT = 50_000
"""About 1 KB each."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What linking needs of an article, as its claims have it."""

    publisher: str | None
    published: str | None
    has_headline: bool
    sha: str


class LiveClaims:
    """Claims by id. The group of an article comes from the groups, not from the claim."""

    def __init__(self, database: LinkDatabase) -> None:
        self._db = database
        self._readings: Recent[Reading] = Recent(_READINGS_KEPT)
        self._keys: Recent[Keys] = Recent(_KEYS_KEPT)

    def forget(self) -> None:
        self._readings.clear()
        self._keys.clear()

    def put(self, claim: Claim, seen_ms: int) -> bool:
        """Keeps a claim. False where nothing has changed of what linking sees of it."""
        claim_id, article = claim.claim_id, claim.article
        seen = seen_of(claim)
        body = packed_claim(seen)
        before = self._db.one("SELECT body FROM claim WHERE id = ?", claim_id)
        if before is not None and before[0] == body:
            self._db.run("UPDATE claim SET sha = ?, seen_ms = ? WHERE id = ?", article.text_sha256, seen_ms, claim_id)
            return False
        self.changed(claim_id)
        reading = self._readings.get(claim_id, lambda: reading_of(self._in_group(seen)))
        keys = self._keys.get(claim_id, lambda: keys_of(reading))
        self._db.run(
            "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            claim_id,
            article.uri,
            article.text_sha256,
            article.published_at or "",
            int(not claim.attribution),
            seen_ms,
            packed_weights(keys.weights),
            body,
        )
        return True

    def remove(self, claim_id: str) -> None:
        self._db.run("DELETE FROM claim WHERE id = ?", claim_id)
        self.changed(claim_id)

    def changed(self, claim_id: str) -> None:
        """What was read out of the claim is read again."""
        self._readings.drop(claim_id)
        self._keys.drop(claim_id)

    def uri_of(self, claim_id: str) -> str | None:
        row = self._db.one("SELECT uri FROM claim WHERE id = ?", claim_id)
        return None if row is None else str(row[0])

    def seen_ms(self, claim_id: str) -> int | None:
        """The timestamp of its last record; None: there is no such claim."""
        row = self._db.one("SELECT seen_ms FROM claim WHERE id = ?", claim_id)
        return None if row is None else int(row[0])

    def of_article(self, uri: str) -> list[str]:
        return self._db.texts("SELECT id FROM claim WHERE uri = ? ORDER BY id", uri)

    def own_voice_of(self, uri: str) -> list[str]:
        """What the article says itself."""
        return self._db.texts("SELECT id FROM claim WHERE uri = ? AND own = 1 ORDER BY id", uri)

    def article(self, uri: str) -> StoredArticle | None:
        """The article as the first of its claims has it, by id; None where none stands. All have the same one, but
        while a new version comes in.
        """
        row = self._db.one("SELECT id, sha FROM claim WHERE uri = ? ORDER BY id LIMIT 1", uri)
        if row is None:
            return None
        article = self.reading(row[0]).claim.article
        return StoredArticle(article.publisher, article.published_at, bool(article.headline), str(row[1]))

    def reading(self, claim_id: str) -> Reading:
        """Raises KeyError: there is no such claim."""
        return self._readings.get(claim_id, lambda: reading_of(self._loaded(claim_id)))

    def keys(self, claim_id: str) -> Keys:
        """Raises KeyError: there is no such claim."""
        return self._keys.get(claim_id, lambda: self._loaded_keys(claim_id))

    def _loaded_keys(self, claim_id: str) -> Keys:
        row = self._db.one("SELECT published, keys FROM claim WHERE id = ?", claim_id)
        if row is None:
            raise KeyError(claim_id)
        return Keys.of(claim_id, str(row[0]), weights_in(row[1]))

    def _loaded(self, claim_id: str) -> Claim:
        row = self._db.one("SELECT body FROM claim WHERE id = ?", claim_id)
        if row is None:
            raise KeyError(claim_id)
        return self._in_group(claim_in(row[0]))

    def _in_group(self, claim: Claim) -> Claim:
        row = self._db.one("SELECT grp FROM grouped WHERE uri = ?", claim.article.uri)
        return claim if row is None else replace(claim, article=replace(claim.article, group=row[0]))

    def __len__(self) -> int:
        row = self._db.one("SELECT count(*) FROM claim")
        return int(row[0]) if row else 0
