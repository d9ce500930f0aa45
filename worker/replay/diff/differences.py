"""Finds the claims that a replay changes, article by article, on disk: a month of claims need not fit into memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Self

import orjson

from worker.contract.coordinates import Coordinates
from worker.replay.diff.compare import Change, ClaimEvent, compared, essence
from worker.replay.diff.sides import Side

__all__ = ["ArticleChanges", "Differences", "Scope"]

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """Articles of the replay, by what was done with them."""

    articles: int
    """Compared."""
    newer: int
    """Left out, since the side before has a later version of them."""
    passed: int
    """Without an extraction: the replay dropped them, or they went to the dead letters."""
    passed_with_claims: int
    """Those of `passed` that had claims before: all of these claims count as gone."""


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    uri: str
    passed: str | None
    """Outcome and reason, where the replay gave no extraction: `dropped.language`, `dead.not_json`, ..."""
    changes: list[Change]


class Differences:
    """`fill` reads the two sides into SQLite. A claim that differs is stored whole, of the others a digest of 16 bytes.

    The claims of the side before may be too many or still growing, so they are read once; those after are read twice.
    """

    def __init__(self, ignored: Collection[str] = ()) -> None:
        self._ignored = frozenset(ignored)
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-diff-")
        self._store = sqlite3.connect(Path(self._folder.name) / "diff.sqlite", isolation_level=None)
        self._store.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
            CREATE TABLE articles (
                uri TEXT PRIMARY KEY, topic TEXT, partition INTEGER, offset INTEGER, passed TEXT,
                newer INTEGER DEFAULT 0
            ) WITHOUT ROWID;
            CREATE TABLE claims (
                id TEXT PRIMARY KEY, uri TEXT, act TEXT, publisher TEXT,
                before BLOB, after BLOB, before_body BLOB, after_body BLOB
            ) WITHOUT ROWID;
            """
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()
        self._folder.cleanup()

    async def fill(self, before: Side, after: Side) -> None:
        """Raises WindowError, ArchiveError, KafkaError."""
        await self._in_steps(self._articles(after))
        await self._in_steps(self._passed(after))
        await self._in_steps(self._newer(before))
        await self._in_steps(self._after(after))
        await self._in_steps(self._before(before))
        await self._in_steps(self._bodies(after))

    async def _in_steps(self, rows: AsyncIterator[None]) -> None:
        count = 0
        self._store.execute("BEGIN")
        async for _ in rows:
            count += 1
            if count % _AT_ONCE == 0:
                self._store.execute("COMMIT")
                self._store.execute("BEGIN")
        self._store.execute("COMMIT")

    async def _articles(self, side: Side) -> AsyncIterator[None]:
        async for article in side.articles():
            self._store.execute(
                "INSERT OR REPLACE INTO articles (uri, topic, partition, offset) VALUES (?, ?, ?, ?)",
                (article.uri, *_columns(article.raw)),
            )
            yield

    async def _passed(self, side: Side) -> AsyncIterator[None]:
        async for passed in side.passed():
            if passed.key:
                self._store.execute(
                    "INSERT OR IGNORE INTO articles (uri, passed, topic, partition, offset) VALUES (?, ?, ?, ?, ?)",
                    (passed.key, passed.reason, *_columns(passed.raw)),
                )
            yield

    async def _newer(self, side: Side) -> AsyncIterator[None]:
        """Marks articles with a later version on this side: they differ for a reason that is not the replay."""
        async for article in side.articles():
            if article.raw is not None:
                self._store.execute(
                    "UPDATE articles SET newer = 1 WHERE uri = ? AND topic = ? AND partition = ? AND offset < ?",
                    (article.uri, *_columns(article.raw)),
                )
            yield

    async def _after(self, side: Side) -> AsyncIterator[None]:
        async for claim_id, claim in side.claims():
            if claim is not None and claim["status"] == "asserted":
                row = (claim_id, *_about(claim), essence(claim, self._ignored))
                self._store.execute(
                    "INSERT OR REPLACE INTO claims (id, uri, act, publisher, after) VALUES (?, ?, ?, ?, ?)", row
                )
            else:
                self._store.execute("DELETE FROM claims WHERE id = ?", (claim_id,))
            yield

    async def _before(self, side: Side) -> AsyncIterator[None]:
        async for claim_id, claim in side.claims():
            if claim is None or claim["status"] != "asserted":
                self._store.execute("UPDATE claims SET before = NULL, before_body = NULL WHERE id = ?", (claim_id,))
            elif self._store.execute("SELECT 1 FROM articles WHERE uri = ?", (claim["article"]["uri"],)).fetchone():
                digest = essence(claim, self._ignored)
                row = (claim_id, *_about(claim), digest)
                self._store.execute(
                    "INSERT INTO claims (id, uri, act, publisher, before) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) "
                    "DO UPDATE SET before = excluded.before, act = excluded.act, before_body = NULL",
                    row,
                )
                self._store.execute(
                    "UPDATE claims SET before_body = ? WHERE id = ? AND after IS NOT before",
                    (orjson.dumps(claim), claim_id),
                )
            yield

    async def _bodies(self, side: Side) -> AsyncIterator[None]:
        async for claim_id, claim in side.claims():
            if claim is not None and claim["status"] == "asserted":
                row = self._store.execute(
                    "SELECT 1 FROM claims WHERE id = ? AND after IS NOT before", (claim_id,)
                ).fetchone()
                if row:
                    self._store.execute(
                        "UPDATE claims SET after_body = ? WHERE id = ?", (orjson.dumps(claim), claim_id)
                    )
            yield

    def scope(self) -> Scope:
        def count(where: str) -> int:
            number: int = self._store.execute(f"SELECT COUNT(*) FROM articles WHERE {where}").fetchone()[0]  # noqa: S608 - ours
            return number

        with_claims = (
            "passed IS NOT NULL AND "
            "EXISTS (SELECT 1 FROM claims WHERE claims.uri = articles.uri AND before IS NOT NULL)"
        )
        self._store.execute("CREATE INDEX IF NOT EXISTS by_uri ON claims (uri)")
        return Scope(
            articles=count("passed IS NULL AND newer = 0"),
            newer=count("newer = 1"),
            passed=count("passed IS NOT NULL"),
            passed_with_claims=count(with_claims),
        )

    def same(self) -> Iterator[tuple[str, str | None, int]]:
        """Act, publisher and number of the claims that are the same on both sides."""
        yield from self._store.execute(
            "SELECT act, claims.publisher, COUNT(*) FROM claims JOIN articles USING (uri) "
            "WHERE newer = 0 AND after = before GROUP BY act, claims.publisher"
        )

    def changed(self) -> Iterator[ArticleChanges]:
        """The changes, one article after the other, in the order of their uris."""
        rows = self._store.execute(
            "SELECT uri, passed, before_body, after_body FROM claims JOIN articles USING (uri) "
            "WHERE newer = 0 AND after IS NOT before ORDER BY uri"
        )
        for (uri, passed), found in groupby(rows, key=lambda row: (row[0], row[1])):
            before, after = [], []
            for _, _, old, new in found:
                if old is not None:
                    before.append(orjson.loads(old))
                if new is not None:
                    after.append(orjson.loads(new))
            changes = compared(before, after, self._ignored)
            if changes:
                yield ArticleChanges(uri, passed, changes)


def _columns(raw: Coordinates | None) -> tuple[str | None, int | None, int | None]:
    return (None, None, None) if raw is None else (raw.topic, raw.partition, raw.offset)


def _about(claim: ClaimEvent) -> tuple[str, str, str | None]:
    article = claim["article"]
    return article["uri"], claim["act"], article.get("publisher")
