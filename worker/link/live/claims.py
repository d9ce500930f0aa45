"""The claims that stand, on disk, and what is read out of them in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cramjam
import msgspec
import orjson

from worker.contract.claim import Article, Claim, Provenance, Span
from worker.contract.packed import unpacked
from worker.link.live.cache import Recent
from worker.link.live.database import LinkDatabase
from worker.link.live.neighbours import Keys, keys_of
from worker.link.relations.reading import Reading, reading_of

__all__ = ["LiveClaims", "StoredArticle"]

_READINGS_KEPT = 8192
"""About 5 KB each."""
_KEYS_KEPT = 50_000
"""About 1 KB each."""

msgspec.json.Decoder(Claim)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


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
        seen = _seen(claim)
        body = bytes(cramjam.zstd.compress(orjson.dumps(seen), level=1))
        before = self._db.one("SELECT body FROM claim WHERE id = ?", claim_id)
        self._db.run(
            "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?, ?)",
            claim_id,
            article.uri,
            article.text_sha256,
            article.published_at or "",
            int(not claim.attribution),
            seen_ms,
            body,
        )
        if before is not None and before[0] == body:
            return False
        self.changed(claim_id)
        self._readings.get(claim_id, lambda: reading_of(self._in_group(seen)))
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

    def of_article(self, uri: str) -> list[str]:
        return self._db.texts("SELECT id FROM claim WHERE uri = ? ORDER BY id", uri)

    def own_voice_of(self, uri: str) -> list[str]:
        """What the article says itself."""
        return self._db.texts("SELECT id FROM claim WHERE uri = ? AND own = 1 ORDER BY id", uri)

    def article(self, uri: str) -> StoredArticle | None:
        """The article as the first of its claims has it, by id; None where none stands. All have the same one, but
        while a new version comes in.
        """
        row = self._db.one("SELECT sha, body FROM claim WHERE uri = ? ORDER BY id LIMIT 1", uri)
        if row is None:
            return None
        article = _claim(row[1]).article
        return StoredArticle(article.publisher, article.published_at, bool(article.headline), str(row[0]))

    def reading(self, claim_id: str) -> Reading:
        """Raises KeyError: there is no such claim."""
        return self._readings.get(claim_id, lambda: reading_of(self._loaded(claim_id)))

    def keys(self, claim_id: str) -> Keys:
        """Raises KeyError: there is no such claim."""
        return self._keys.get(claim_id, lambda: keys_of(self.reading(claim_id)))

    def _loaded(self, claim_id: str) -> Claim:
        row = self._db.one("SELECT body FROM claim WHERE id = ?", claim_id)
        if row is None:
            raise KeyError(claim_id)
        return self._in_group(_claim(row[0]))

    def _in_group(self, claim: Claim) -> Claim:
        row = self._db.one("SELECT grp FROM grouped WHERE uri = ?", claim.article.uri)
        return claim if row is None else replace(claim, article=replace(claim.article, group=row[0]))

    def __contains__(self, claim_id: str) -> bool:
        return self._db.one("SELECT 1 FROM claim WHERE id = ?", claim_id) is not None

    def __len__(self) -> int:
        row = self._db.one("SELECT count(*) FROM claim")
        return int(row[0]) if row else 0


def _seen(claim: Claim) -> Claim:
    """What linking sees of a claim: a new version of its article that says the same costs nothing."""
    article = claim.article
    seen = Article(
        uri=article.uri,
        version="",
        text_sha256="",
        headline=article.headline,
        publisher=article.publisher,
        published_at=article.published_at,
        language=article.language,
    )
    content = replace(claim.content, spans=[_bare(span) for span in claim.content.spans])
    return replace(
        claim, article=seen, content=content, provenance=Provenance(pipeline=""), revision=1, supersedes=None
    )


def _bare(span: Span) -> Span:
    """Without what stands around it."""
    return Span(start=span.start, end=span.end, exact=span.exact)


def _claim(body: bytes) -> Claim:
    return msgspec.convert(orjson.loads(unpacked(body)), Claim)
