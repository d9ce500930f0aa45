"""The states of one partition on disk: a copy of the partition's changelog, with the place up to which it was copied.

SQLite, because the standard library carries it and one file holds a partition. The changelog in Kafka is what counts: a
file that is missing, broken or too old is built again from it.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Change", "StateFile", "StateFileError"]

log = logging.getLogger("claimwire.state")

_FORMAT = 1
"""Moves when the tables change; a file of another format is built again."""
_PAGE_CACHE_KIB = 2048
_COPY_CACHE_KIB = 48 * 1024
_MANY = 500
"""Keys of one query; SQLite takes at most 32,766 parameters."""


class StateFileError(OSError):
    """The disk refuses the file of a partition's states: it is full, or cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Change:
    """A state to be kept, or None for one that is gone. `seen_ms`: when its key was last seen, since 1970."""

    value: bytes | None
    seen_ms: int


class StateFile:
    """Belongs to one task at a time; its methods block and are called in a thread. All raise StateFileError.

    `position` is the offset of the changelog's next record that is not in the file yet; None for an empty file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            try:
                return self._connected()
            except sqlite3.OperationalError:
                raise  # of the disk: the file itself may be whole
            except sqlite3.DatabaseError as broken:
                log.warning("%s cannot be used (%s): it is built again from the changelog", self._path, broken)
                self._removed()
                return self._connected()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Raises StateFileError for what SQLite says of the disk."""
        try:
            yield
        except sqlite3.OperationalError as refused:
            raise StateFileError(
                f"{self._path}: {refused}; data_dir needs room for the states, and must be readable and writable"
            ) from refused

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=30.0)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            # a crash may cost the last changes, never their order: the changelog brings them back
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(f"PRAGMA cache_size = -{_PAGE_CACHE_KIB}")
            _check_format(database)
            database.execute(
                "CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL, seen_ms INTEGER NOT NULL)"
                " WITHOUT ROWID"
            )
            database.execute("CREATE TABLE IF NOT EXISTS place (name TEXT PRIMARY KEY, value) WITHOUT ROWID")
            database.execute(f"PRAGMA user_version = {_FORMAT}")
        except BaseException:
            database.close()
            raise
        return database

    def _removed(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._database.close()

    @property
    def position(self) -> int | None:
        written = self.place("position")
        return None if written is None else int(written)

    @property
    def written_ms(self) -> int | None:
        """When the file was last written, in milliseconds since 1970."""
        written = self.place("written_ms")
        return None if written is None else int(written)

    @property
    def complete(self) -> bool:
        return self.place("copying") != "1"

    def place(self, name: str) -> str | None:
        """A note that `apply` was given under that name."""
        with self._told():
            row = self._database.execute("SELECT value FROM place WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The states of those keys that have one."""
        wanted = list(dict.fromkeys(keys))
        states: dict[bytes, bytes] = {}
        for start in range(0, len(wanted), _MANY):
            some = wanted[start : start + _MANY]
            query = f"SELECT key, value FROM state WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - marks only
            with self._told():
                states.update(self._database.execute(query, some))
        return states

    def apply(self, changes: Mapping[bytes, Change], position: int, notes: Mapping[str, str] | None = None) -> None:
        """Writes the changes, the place up to which the changelog is now copied, and notes: all or nothing."""
        now_ms = int(time.time() * 1000)
        kept = [(key, change.value, change.seen_ms) for key, change in changes.items() if change.value is not None]
        gone = [(key,) for key, change in changes.items() if change.value is None]
        places = [("position", str(position)), ("written_ms", str(now_ms)), *(notes or {}).items()]
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", kept)
                self._database.executemany("DELETE FROM state WHERE key = ?", gone)
                self._database.executemany("INSERT OR REPLACE INTO place VALUES (?, ?)", places)
                self._database.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.OperationalError):  # on a full disk SQLite has rolled back itself
                    self._database.execute("ROLLBACK")
                raise

    def copying(self, *, whole: bool) -> None:
        """While the whole changelog is copied the cache is large and nothing waits for the disk. A copy that was broken
        off is not `complete` and must be made again.
        """
        kib, synchronous = (_COPY_CACHE_KIB, "OFF") if whole else (_PAGE_CACHE_KIB, "NORMAL")
        with self._told():
            self._database.execute("INSERT OR REPLACE INTO place VALUES ('copying', ?)", (str(int(whole)),))
            self._database.execute(f"PRAGMA cache_size = -{kib}")
            self._database.execute(f"PRAGMA synchronous = {synchronous}")

    def clear(self) -> None:
        """Forgets everything, for a copy from the changelog's beginning."""
        self.close()
        self._removed()
        with self._told():
            self._database = self._connected()

    def unseen_since(self, before_ms: int, limit: int) -> list[bytes]:
        """At most `limit` keys that were last seen before a time, in milliseconds since 1970."""
        with self._told():
            rows = self._database.execute("SELECT key FROM state WHERE seen_ms < ? LIMIT ?", (before_ms, limit))
            return [key for (key,) in rows]

    def size(self) -> tuple[int, int]:
        """How many keys have a state, and the bytes of the file."""
        with self._told():
            count = self._database.execute("SELECT count(*) FROM state").fetchone()[0]
            pages = self._database.execute("PRAGMA page_count").fetchone()[0]
            page = self._database.execute("PRAGMA page_size").fetchone()[0]
        return int(count), int(pages) * int(page)


def _check_format(database: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError."""
    if database.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
        raise sqlite3.DatabaseError("it has another format")
