"""The state of linking on disk: one SQLite file, which is changed as a whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

__all__ = ["LinkDatabase", "code_digest", "notes_in"]

log = logging.getLogger("claimwire.link")

Row = tuple[Any, ...]
"""As SQLite gives it; each query knows its columns."""

_CACHE_KIB = 64 * 1024
_TABLES = {
    "note": "name TEXT PRIMARY KEY, value",
    "claim": """id TEXT PRIMARY KEY, uri TEXT, sha TEXT, published TEXT, own INTEGER, seen_ms INTEGER,
        keys BLOB, body BLOB""",
    "text": "uri TEXT PRIMARY KEY, sha TEXT, seen_ms INTEGER, words BLOB, facts BLOB, lines BLOB, line_hashes BLOB",
    "copied": """uri TEXT PRIMARY KEY, publisher TEXT, published TEXT, headline INTEGER, sha TEXT, length INTEGER,
        bands BLOB, words BLOB, facts BLOB, lines BLOB, line_hashes BLOB""",
    "line": "publisher TEXT, hash INTEGER, uri TEXT, PRIMARY KEY (publisher, hash, uri)",
    "headline": """publisher TEXT, hash INTEGER, headline INTEGER, articles INTEGER,
        PRIMARY KEY (publisher, hash, headline)""",
    "band": "key INTEGER, uri TEXT, PRIMARY KEY (key, uri)",
    "tie": "low TEXT, high TEXT, kind TEXT, share REAL, PRIMARY KEY (low, high)",
    "grouped": "uri TEXT PRIMARY KEY, grp TEXT, carrier TEXT",
    "lookup": "key INTEGER, published TEXT, id TEXT, PRIMARY KEY (key, published, id)",
    "relation": """low TEXT, high TEXT, id TEXT, kind TEXT, confidence REAL, later TEXT, value BLOB,
        PRIMARY KEY (low, high)""",
    "member": "id TEXT PRIMARY KEY, cluster TEXT",
    "watch": "name TEXT PRIMARY KEY, since_ms INTEGER, body BLOB",
    "alert": "id TEXT PRIMARY KEY, watch TEXT, subject TEXT",
    "review": "id TEXT PRIMARY KEY, body BLOB",
    "review_lookup": "key INTEGER, id TEXT, PRIMARY KEY (key, id)",
    "verdict": "claim TEXT, review TEXT, confidence REAL, PRIMARY KEY (claim, review)",
    "output": "kind TEXT, key TEXT, hash BLOB, PRIMARY KEY (kind, key)",
}
_WIDE = frozenset(["claim", "text", "copied", "relation", "review"])
"""Tables with rows of a kilobyte, which SQLite would put on a page of their own where the key is the table's order."""
_INDEXES = (
    "claim_uri ON claim (uri)",
    "claim_seen ON claim (seen_ms)",
    "text_seen ON text (seen_ms)",
    "tie_high ON tie (high)",
    "grouped_grp ON grouped (grp)",
    "relation_high ON relation (high)",
    "relation_id ON relation (id)",
    "alert_watch ON alert (watch)",
    "alert_subject ON alert (subject)",
    "member_cluster ON member (cluster)",
    "review_lookup_id ON review_lookup (id)",
    "verdict_review ON verdict (review)",
)


class LinkDatabase:
    """Belongs to one thread at a time. A file that is broken, or was written by other code, is begun anew."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """`read_only`: a look at the file beside the one who writes it, at what is committed now; raises sqlite3.Error
        where there is none.
        """
        self._path = path
        self.is_closed = False
        if read_only:
            self._database = _opened_to_read(path)
            self._database.execute("BEGIN")  # all that is read is of one moment
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._connected()
            if self.note("code") not in (None, code_digest()):
                log.info("%s was written by other code of linking: it is begun anew", path)
                self.clear()
        except sqlite3.OperationalError:
            raise  # of the disk: the file itself may be whole
        except sqlite3.DatabaseError as broken:
            log.warning("%s cannot be used (%s): it is begun anew", path, broken)
            self._remove()
            self._database = self._connected()
        if self.note("file") is None:
            self.set_note("file", uuid.uuid4().hex)
            self.set_note("code", code_digest())

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=30.0)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            # a crash may cost the last changes, never their order: what was read is read again
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            for table, columns in _TABLES.items():
                kind = "" if table in _WIDE else "WITHOUT ROWID"
                database.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}) {kind}")
            for index in _INDEXES:
                database.execute(f"CREATE INDEX IF NOT EXISTS {index}")
        except BaseException:
            database.close()
            raise
        return database

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forgets everything; the file is another one from here on."""
        self._database.close()
        self._remove()
        self._database = self._connected()
        self.set_note("file", uuid.uuid4().hex)
        self.set_note("code", code_digest())

    def close(self) -> None:
        self._database.close()
        self.is_closed = True

    def begin(self) -> None:
        if not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")

    @property
    def is_changed(self) -> bool:
        return self._database.in_transaction

    def commit(self) -> None:
        self._database.execute("COMMIT")

    def rollback(self) -> None:
        """Nothing happens outside of a transaction."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    def note(self, name: str) -> str | None:
        row = self.one("SELECT value FROM note WHERE name = ?", name)
        return None if row is None else str(row[0])

    def set_note(self, name: str, value: str) -> None:
        self.run("INSERT OR REPLACE INTO note VALUES (?, ?)", name, value)

    def run(self, statement: str, *values: object) -> int:
        """How many rows were changed."""
        return self._database.execute(statement, values).rowcount

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._database.executemany(statement, rows)

    def one(self, query: str, *values: object) -> Row | None:
        row: Row | None = self._database.execute(query, values).fetchone()
        return row

    def all(self, query: str, *values: object) -> list[Row]:
        return self._database.execute(query, values).fetchall()

    def each(self, query: str, *values: object) -> Iterator[Row]:
        yield from self._database.cursor().execute(query, values)

    def texts(self, query: str, *values: object) -> list[str]:
        """The first column."""
        return [row[0] for row in self._database.execute(query, values)]

    def all_for(self, query: str, values: Iterable[str]) -> list[Row]:
        """The rows of a query that ends with "IN" for these values: one question instead of one for each."""
        wanted = orjson.dumps(list(values)).decode()
        return self.all(f"{query} (SELECT value FROM json_each(?))", wanted)  # noqa: S608 - constants

    def texts_for(self, query: str, values: Iterable[str]) -> list[str]:
        """The first column of `all_for`."""
        return [row[0] for row in self.all_for(query, values)]

    @property
    def size_bytes(self) -> int:
        pages, page = (self._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages) * int(page)


def _opened_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1.0, check_same_thread=False, isolation_level=None
    )


def notes_in(path: Path) -> dict[str, str]:
    """The notes of a file, which may be in use; none where there is no file, or none that can be read."""
    try:
        database = _opened_to_read(path)
        try:
            return {str(name): str(value) for name, value in database.execute("SELECT name, value FROM note")}
        finally:
            database.close()
    except sqlite3.Error:
        return {}


@cache
def code_digest() -> str:
    """A hash of the code and the data that link: what other code derived is not what this code would derive."""
    hashed = hashlib.sha256()
    for room in ("worker.link", "worker.gazetteer"):
        for name, content in _contents(files(room), ""):
            hashed.update(f"{name}\0{len(content)}\0".encode())
            hashed.update(content)
    return hashed.hexdigest()


def _contents(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{name}/{item.name}"
        if item.is_dir() and item.name != "__pycache__":
            yield from _contents(item, path)
        elif item.is_file():
            yield path, item.read_bytes()
