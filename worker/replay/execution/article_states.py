"""The claims of each article as of this position of the replay: the lifecycle's table, on disk instead of in memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Self

__all__ = ["ArticleStates"]


class ArticleStates:
    """States by partition and article key, in a temporary SQLite file: a month of articles does not fit into memory.

    The file is deleted with the process. After a restart the states come back from the sink, which keeps them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-replay-", dir=folder)
        self._store = sqlite3.connect(Path(self._folder.name) / "states.sqlite", isolation_level=None)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute(
            "CREATE TABLE states (part INTEGER, key BLOB, state BLOB, PRIMARY KEY (part, key)) WITHOUT ROWID"
        )

    def get(self, partition: int, key: bytes) -> bytes | None:
        row = self._store.execute("SELECT state FROM states WHERE part = ? AND key = ?", (partition, key)).fetchone()
        state: bytes | None = row[0] if row else None
        return state

    def put(self, partition: int, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Keys and new states; None deletes the state of a key."""
        for key, state in changes:
            if state is None:
                self._store.execute("DELETE FROM states WHERE part = ? AND key = ?", (partition, key))
            else:
                self._store.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (partition, key, state))

    def forget(self, partition: int) -> None:
        self._store.execute("DELETE FROM states WHERE part = ?", (partition,))

    def close(self) -> None:
        self._store.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
