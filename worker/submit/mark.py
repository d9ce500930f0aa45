"""How far a `publish` has come, in a file, so that the next one can go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from worker.archives.kinds import ArchiveError
from worker.archives.whole_file import WholeFile

__all__ = ["Mark", "read_mark", "write_mark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """All of `files` before `file` are done, and of `file` all up to the value `number` (see archives.found.Found).

    `place` names that value for people. `sent` and `refused` count over all runs.
    """

    files: tuple[str, ...]
    file: str
    number: int
    place: str
    sent: int
    refused: int

    def __str__(self) -> str:
        return f"{self.file}{self.place}"


_DECODER = msgspec.json.Decoder(Mark)


def read_mark(path: Path, files: list[Path]) -> Mark | None:
    """The mark of an earlier run over the same files; None where there is none yet.

    Raises:
        ArchiveError: it cannot be read, is no mark, or is one of other files.
    """
    try:
        mark = _DECODER.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as broken:
        raise ArchiveError(f"{path}: is no mark that `publish` wrote: {broken}") from None
    if mark.files != tuple(map(str, files)):
        raise ArchiveError(
            f"{path}: is the mark of other files ({', '.join(mark.files[:3])}, ...): name the same ones in the same "
            "order, or another --mark"
        )
    return mark


def write_mark(path: Path, mark: Mark) -> None:
    """Replaces the file whole, so that a process killed meanwhile leaves the mark before. Raises ArchiveError."""
    with WholeFile(path, replace=True) as file:
        file.write(msgspec.json.encode(asdict(mark)))
