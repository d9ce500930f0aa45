"""A file that appears under its name when it is whole, and of which nothing is left when it cannot become so."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.archives.kinds import ArchiveError

__all__ = ["WholeFile", "refuse_target"]

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def refuse_target(path: Path, *, replace: bool) -> None:
    """Raises ArchiveError: the file is there and is not to be replaced, or is no file that can be."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return  # the attempt to write says what is wrong with the folder
    if not stat.S_ISREG(mode):
        raise ArchiveError(f"{path}: is a link, a device or a folder; only a regular file is replaced")
    if not replace:
        raise ArchiveError(f"{path}: is there already; --force replaces it")


class WholeFile:
    """Write to `stream`; until `close` the file is `NAME.part` beside NAME, readable and writable by its owner alone.

    `NAME.part` is always made anew: in a folder that others may write to, a link of that name would lead elsewhere.
    """

    def __init__(self, path: Path, *, replace: bool) -> None:
        """`replace`: an earlier file NAME, and a `NAME.part` that a killed process left, give way.

        Raises:
            ArchiveError: the file cannot be made, or is there and is not to be replaced.
        """
        self.path, self._replace = path, replace
        self._beside = path.with_name(path.name + ".part")
        try:
            refuse_target(path, replace=replace)
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as refused:
            raise self._refused(refused) from None
        try:
            if replace:
                self._beside.unlink(missing_ok=True)
            self.stream = os.fdopen(os.open(self._beside, _NEW, 0o600), "wb")
        except FileExistsError:
            raise ArchiveError(
                f"{self._beside}: is there already: another process writes it, or was killed while it did; "
                "delete it, or use --force"
            ) from None
        except OSError as refused:
            raise self._refused(refused) from None

    def write(self, data: bytes) -> None:
        """Raises ArchiveError: the disk refuses."""
        try:
            self.stream.write(data)
        except OSError as refused:
            raise self._refused(refused) from None

    def close(self) -> None:
        """Writes the file to disk and gives it its name. Raises ArchiveError; then nothing is left of it."""
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()
            self._name()
        except OSError as refused:
            self.abandon()
            raise self._refused(refused) from None

    def _name(self) -> None:
        if self._replace:
            self._beside.replace(self.path)
            return
        try:
            os.link(self._beside, self.path)  # unlike a rename it replaces nothing
        except FileExistsError:
            self.abandon()
            raise ArchiveError(f"{self.path}: was made by another process meanwhile; it stays as it is") from None
        except OSError:  # a file system without hard links
            refuse_target(self.path, replace=False)
            self._beside.rename(self.path)
            return
        self._beside.unlink()

    def abandon(self) -> None:
        """Deletes what was written; an earlier file of that name stays as it was."""
        with suppress(OSError):  # what is not yet on a full disk cannot be written now either
            self.stream.close()
        with suppress(OSError):
            self._beside.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"{self.path}: cannot be written: {error.strerror or error}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()
