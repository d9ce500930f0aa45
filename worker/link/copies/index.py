"""Finds the groups of a set of articles of any size: sketches, bands and ties are in a file, not in memory."""

from __future__ import annotations

import itertools
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from worker.contract.article_group import ArticleGroup
from worker.link.copies.alignment import Anchors, Overlap, anchors_of, overlap
from worker.link.copies.bands import compared_pairs
from worker.link.copies.described import described
from worker.link.copies.grouping import Inclusion, Joined, Member, groups_of
from worker.link.copies.links import Tie, tie_of
from worker.link.copies.minhash import band_keys
from worker.link.copies.sketch import Sketch, sketch_of

__all__ = ["FURNITURE_HEADLINES", "ArticleText", "CopyIndex", "encodable", "host_of"]

_CACHE_KIB = 24 * 1024
_ANCHORS_KEPT = 4096
"""Texts whose anchors are in memory, about 5 KB each."""
FURNITURE_HEADLINES = 4
"""A line that a publisher has below so many headlines belongs to its pages and not to the articles."""
_ROWS = 10_000
_PUBLISHERS_KEPT = 256
_PLACED = "place JOIN article USING (uri)"
_SKETCH_OF = f"uri, publisher, words, facts, lines, line_hashes FROM {_PLACED}"


@dataclass(frozen=True, slots=True)
class ArticleText:
    """A cleaned text; where it has a headline, that is its first line. `published`: an ISO 8601 instant in UTC."""

    uri: str
    text: str
    headline: str | None = None
    publisher: str | None = None
    published: str | None = None
    version: str = "1"
    updated: str | None = None


class CopyIndex:
    """`add` and `remove` articles in any order, then read `groups`: they depend on the articles that are there alone.

    The file takes some KB for each article, the memory 50 bytes for each and at most 100 MB besides (`bench.copies`
    measures both).
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        execute = self._database.execute
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}", "temp_store = FILE"):
            execute(f"PRAGMA {setting}")
        execute(
            "CREATE TABLE article (uri TEXT PRIMARY KEY, publisher TEXT, published TEXT, version TEXT, updated TEXT,"
            " headline INTEGER, words BLOB, facts BLOB, lines BLOB, line_hashes BLOB) WITHOUT ROWID"
        )
        execute("BEGIN")

    def close(self) -> None:
        self._database.close()

    @property
    def size_bytes(self) -> int:
        """Of the file, with what of it is in memory still."""
        pages, page = (self._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages) * int(page)

    def version_of(self, uri: str) -> tuple[str, str | None] | None:
        """Version and time of the update of the article that is there, None where there is none."""
        row = self._database.execute("SELECT version, updated FROM article WHERE uri = ?", (encodable(uri),)).fetchone()
        return None if row is None else (str(row[0]), row[1])

    def add(self, article: ArticleText) -> None:
        """Adds an article, or puts it in the place of the one with its uri."""
        sketch = sketch_of(article.text)
        first = sketch.line_hashes[0] if article.headline and len(sketch.line_hashes) else 0
        self._database.execute(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                encodable(article.uri),
                encodable(article.publisher),
                article.published,
                encodable(article.version),
                article.updated,
                int(first),
                sketch.words.tobytes(),
                sketch.facts.tobytes(),
                sketch.lines.tobytes(),
                sketch.line_hashes.tobytes(),
            ),
        )

    def remove(self, uri: str) -> None:
        """Without an article of that uri nothing changes."""
        self._database.execute("DELETE FROM article WHERE uri = ?", (encodable(uri),))

    def groups(self) -> Iterator[ArticleGroup]:
        """The groups in the order of their lowest uri."""
        execute = self._database.execute
        for table in ("place", "line", "furniture", "band", "pair", "inclusion"):
            execute(f"DROP TABLE IF EXISTS {table}")
        execute("CREATE TABLE place (id INTEGER PRIMARY KEY, uri TEXT)")
        execute("INSERT INTO place (uri) SELECT uri FROM article ORDER BY uri")
        self._find_furniture()
        self._furniture_of = lru_cache(maxsize=_PUBLISHERS_KEPT)(self._furniture)
        words = self._fill_bands()
        self._fill_pairs()
        self._texts = lru_cache(maxsize=_ANCHORS_KEPT)(self._anchors)
        copies = self._tie(len(words))
        inclusions = (Inclusion(*row) for row in execute("SELECT shorter, longer, share FROM inclusion"))
        for members in groups_of(copies, words, inclusions).values():
            yield self._found(members, copies, words)

    def _rows(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        cursor = self._database.cursor().execute(query, values)
        while rows := cursor.fetchmany(_ROWS):
            yield from rows

    def _find_furniture(self) -> None:
        """Lines of a publisher below several headlines. A text that a publisher has at several addresses has one."""
        execute = self._database.execute
        execute("CREATE TABLE line (publisher TEXT, hash INTEGER, headline INTEGER)")
        columns = "SELECT publisher, uri, headline, line_hashes FROM article"
        for publisher, uri, headline, hashes in self._rows(columns):
            by = publisher or host_of(str(uri))
            lines = np.unique(np.frombuffer(hashes, dtype=np.int64))  # type: ignore[call-overload]
            rows = [(by, int(value), headline) for value in lines if value != headline]
            self._database.executemany("INSERT INTO line VALUES (?, ?, ?)", rows)
        execute("CREATE TABLE furniture (publisher TEXT, hash INTEGER, PRIMARY KEY (publisher, hash)) WITHOUT ROWID")
        execute(
            "INSERT INTO furniture SELECT publisher, hash FROM line GROUP BY publisher, hash"
            " HAVING count(DISTINCT headline) >= ?",
            (FURNITURE_HEADLINES,),
        )
        execute("DROP TABLE line")

    def _sketch(self, row: Sequence[object]) -> Sketch:
        uri, publisher, words, facts, lines, hashes = row
        by = publisher or host_of(str(uri))
        sketch = Sketch(
            np.frombuffer(words, dtype=np.uint32),  # type: ignore[call-overload]
            np.frombuffer(facts, dtype=np.uint8),  # type: ignore[call-overload]
            np.frombuffer(lines, dtype=np.uint16),  # type: ignore[call-overload]
            np.frombuffer(hashes, dtype=np.int64),  # type: ignore[call-overload]
        )
        return sketch.without_lines(self._furniture_of(str(by)))

    def _furniture(self, publisher: str) -> frozenset[int]:
        rows = self._database.execute("SELECT hash FROM furniture WHERE publisher = ?", (publisher,))
        return frozenset(int(row[0]) for row in rows)

    def _fill_bands(self) -> array[int]:
        """The bands of all articles. Returns the content words of each."""
        self._database.execute("CREATE TABLE band (key INTEGER, id INTEGER)")
        counts = array("q")
        for index, *row in self._rows(f"SELECT id, {_SKETCH_OF} ORDER BY id"):
            sketch = self._sketch(row)
            counts.append(len(sketch))
            rows = [(int(key), int(index) - 1) for key in band_keys(sketch)]  # type: ignore[call-overload]
            self._database.executemany("INSERT INTO band VALUES (?, ?)", rows)
        return counts

    def _fill_pairs(self) -> None:
        execute = self._database.execute
        execute("CREATE TABLE pair (first INTEGER, second INTEGER, PRIMARY KEY (first, second)) WITHOUT ROWID")
        rows = self._rows("SELECT key, id FROM band ORDER BY key, id")
        for _, band in itertools.groupby(rows, key=lambda row: row[0]):
            ids = [int(row[1]) for row in band]  # type: ignore[call-overload]
            if len(ids) > 1:
                self._database.executemany("INSERT OR IGNORE INTO pair VALUES (?, ?)", compared_pairs(ids))
        execute("DROP TABLE band")

    def _anchors(self, index: int) -> Anchors:
        query = f"SELECT {_SKETCH_OF} WHERE id = ?"
        return anchors_of(self._sketch(self._database.execute(query, (index + 1,)).fetchone()))

    def _overlap(self, first: int, second: int) -> Overlap:
        return overlap(self._texts(first), self._texts(second))

    def _tie(self, count: int) -> Joined:
        """Compares the candidates; those that are known to be copies through others need no look."""
        self._database.execute("CREATE TABLE inclusion (shorter INTEGER, longer INTEGER, share REAL)")
        copies = Joined(count)
        for first, second in self._rows("SELECT first, second FROM pair ORDER BY first, second"):
            one, other = int(first), int(second)  # type: ignore[call-overload]
            if copies.root(one) == copies.root(other):
                continue
            common = self._overlap(one, other)
            match tie_of(common):
                case Tie.COPY:
                    copies.join(one, other)
                case Tie.FIRST_IN_SECOND:
                    self._include(one, other, common.second)
                case Tie.SECOND_IN_FIRST:
                    self._include(other, one, common.first)
                case None:
                    pass
        return copies

    def _include(self, shorter: int, longer: int, share: float) -> None:
        self._database.execute("INSERT INTO inclusion VALUES (?, ?, ?)", (shorter, longer, share))

    def _found(self, ids: Sequence[int], copies: Joined, words: Sequence[int]) -> ArticleGroup:
        query = f"SELECT uri, publisher, published FROM {_PLACED} WHERE id = ?"  # noqa: S608 - constants
        rows = [self._database.execute(query, (index + 1,)).fetchone() for index in ids]
        index_of = {row[0]: index for index, row in zip(ids, rows, strict=True)}
        members = [
            (Member(uri, words[index], published, copies.root(index)), publisher)
            for index, (uri, publisher, published) in zip(ids, rows, strict=True)
        ]
        return described(members, lambda uri, parent: self._overlap(index_of[uri], index_of[parent]))


def encodable(text: str | None) -> str | None:
    """With a question mark for half a surrogate pair, which has no bytes in UTF-8."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def host_of(uri: str) -> str:
    return uri.split("://", 1)[-1].split("/", 1)[0]
