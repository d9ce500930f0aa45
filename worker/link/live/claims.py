"""The claims that stand, on disk, and what is read out of them in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.contract.claim import Claim
from worker.link.live.cache import Recent
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import Keys, keys_of
from worker.link.live.packing import claim_in, keys_in, packed_claim, packed_keys, seen_of
from worker.link.relations.reading import Reading, reading_of

__all__ = ["LiveClaims", "StoredArticle"]

_READINGS_KEPT = 16_384
"""About 8 KB each. One that is read again costs as much as a new claim, and each claim is compared with several."""
_KEYS_KEPT = 50_000
"""Less than 1 KB each."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What linking needs of an article, as its claims have it."""

    publisher: str | None
    published: str | None
    has_headline: bool
    sha: str


@dataclass(frozen=True, slots=True)
class PutClaim:
    """What a claim changed. `former_uri`, `former`: of the claim that had its id, None where there was none.

    `now` is None where nothing has changed of what linking sees.
    """

    former_uri: str | None
    former: Keys | None
    now: Keys | None


class LiveClaims:
    """Claims by id. The group of an article comes from the groups, not from the claim."""

    def __init__(self, database: LinkDatabase) -> None:
        self._db = database
        self._readings: Recent[str, Reading] = Recent(_READINGS_KEPT, self._loaded_reading)
        self._keys: Recent[str, Keys] = Recent(_KEYS_KEPT, self._loaded_keys)
        self._groups: Recent[str, str] = Recent(_READINGS_KEPT, self._loaded_group)

    def forget(self) -> None:
        self._readings.clear()
        self._keys.clear()
        self._groups.clear()

    def put(self, claim: Claim, seen_ms: int) -> PutClaim:
        """Keeps a claim in the place of the one with its id. Should it raise, that one is still there."""
        claim_id, article = claim.claim_id, claim.article
        seen = seen_of(claim)
        body = packed_claim(seen)
        known = self._db.one("SELECT uri, body FROM claim WHERE id = ?", claim_id)
        if known is not None and known[1] == body:
            self._db.run("UPDATE claim SET sha = ?, seen_ms = ? WHERE id = ?", article.text_sha256, seen_ms, claim_id)
            return PutClaim(str(known[0]), None, None)
        former_uri, former = (None, None) if known is None else (str(known[0]), self.keys(claim_id))
        reading = reading_of(self._in_group(seen))
        keys = keys_of(reading)
        self._db.run(
            "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            claim_id,
            article.uri,
            article.text_sha256,
            article.published_at or "",
            int(not claim.attribution),
            seen_ms,
            packed_keys(keys.hashes, keys.weights),
            body,
        )
        self._readings.put(claim_id, reading)
        self._keys.put(claim_id, keys)
        return PutClaim(former_uri, former, keys)

    def remove(self, claim_id: str) -> None:
        self._db.run("DELETE FROM claim WHERE id = ?", claim_id)
        self._readings.drop(claim_id)
        self._keys.drop(claim_id)

    def regrouped(self, uri: str) -> list[str]:
        """After the article's group has become another one. The article's claims, which are read again."""
        claims = self.of_article(uri)
        self._groups.drop(uri)
        for claim_id in claims:
            self._readings.drop(claim_id)
        return claims

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
        return self._readings[claim_id]

    def keys(self, claim_id: str) -> Keys:
        """Raises KeyError: there is no such claim."""
        return self._keys[claim_id]

    def _loaded_keys(self, claim_id: str) -> Keys:
        row = self._db.one("SELECT published, keys FROM claim WHERE id = ?", claim_id)
        if row is None:
            raise KeyError(claim_id)
        return Keys.of(claim_id, str(row[0]), *keys_in(row[1]))

    def _loaded_reading(self, claim_id: str) -> Reading:
        row = self._db.one("SELECT body FROM claim WHERE id = ?", claim_id)
        if row is None:
            raise KeyError(claim_id)
        return reading_of(self._in_group(claim_in(row[0])))

    def _in_group(self, claim: Claim) -> Claim:
        group = self._groups[claim.article.uri]
        return replace(claim, article=replace(claim.article, group=group)) if group else claim

    def _loaded_group(self, uri: str) -> str:
        """Empty where the article stands alone."""
        row = self._db.one("SELECT grp FROM grouped WHERE uri = ?", uri)
        return "" if row is None else str(row[0])

    def __len__(self) -> int:
        row = self._db.one("SELECT count(*) FROM claim")
        return int(row[0]) if row else 0
