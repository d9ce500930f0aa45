"""What each article claims at this place of the replay, by lane: the lifecycle's table, on disk instead of in memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Self

__all__ = ["States"]


class States:
    """A month of articles does not fit into memory. The file goes with the process: what is kept is kept by the sink."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-replay-", dir=folder)
        self._store = sqlite3.connect(Path(self._folder.name) / "states.sqlite", isolation_level=None)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute(
            "CREATE TABLE states (lane INTEGER, key BLOB, state BLOB, PRIMARY KEY (lane, key)) WITHOUT ROWID"
        )

    def get(self, lane: int, key: bytes) -> bytes | None:
        found = self._store.execute("SELECT state FROM states WHERE lane = ? AND key = ?", (lane, key)).fetchone()
        state: bytes | None = found[0] if found else None
        return state

    def put(self, lane: int, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        for key, state in changes:
            if state is None:
                self._store.execute("DELETE FROM states WHERE lane = ? AND key = ?", (lane, key))
            else:
                self._store.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (lane, key, state))

    def forget(self, lane: int) -> None:
        self._store.execute("DELETE FROM states WHERE lane = ?", (lane,))

    def close(self) -> None:
        self._store.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
