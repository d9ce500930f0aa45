"""Files that are replaced while the worker runs: a certificate that is renewed, a mounted secret."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FileChanges"]

_Stamp = tuple[int, int, int]


class FileChanges:
    """Whether one of some files is another one, or has another content, since they were last asked about."""

    def __init__(self, *names: str) -> None:
        """`names`: the files' paths; an empty one is no file, and a file may be missing."""
        self._names = tuple(filter(None, names))
        self._seen = self._now()

    def any_since(self) -> bool:
        """True once for each change, whether or not the new files can be used."""
        now = self._now()
        changed, self._seen = now != self._seen, now
        return changed

    def _now(self) -> tuple[_Stamp | None, ...]:
        return tuple(map(_stamp, self._names))


def _stamp(name: str) -> _Stamp | None:
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
