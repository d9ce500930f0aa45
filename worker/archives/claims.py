"""Reads claims from files: lines as `claimwire extract --json` prints them, or a dump of the topic `claims`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from worker.archives.kinds import ArchiveError
from worker.archives.lines import record_from
from worker.archives.reading import files_of, read_archives
from worker.contract.claim import Claim
from worker.contract.topics import LARGEST_RECORD

__all__ = ["Removed", "read_claims"]

_CLAIM = msgspec.json.Decoder(Claim)


class Removed(msgspec.Struct, frozen=True):
    """A tombstone: the claim of this id, which may have come before, is no more."""

    claim_id: str


def read_claims(names: Iterable[str]) -> Iterator[Claim | Removed | str]:
    """The claims of the files, `-` for standard input, in their order; for what is none, a sentence that says where.

    Raises:
        ArchiveError: a file does not exist, is damaged, or its name has no ending that is known.
    """
    for name in names:
        if name == "-":
            yield from _from_standard_input()
            continue
        for number, record in enumerate(read_archives(files_of([Path(name)])), 1):
            yield _claim(f"{name}:{number}", record.value, record.key)


def _from_standard_input() -> Iterator[Claim | Removed | str]:
    number = 0
    while line := sys.stdin.buffer.readline(LARGEST_RECORD + 1):
        number += 1
        if len(line) > LARGEST_RECORD:
            raise ArchiveError(f"standard input: line {number} is longer than {LARGEST_RECORD:,} bytes: no claim is")
        if not line.strip():
            continue
        try:
            record = record_from(line)
        except ArchiveError as broken:
            yield f"standard input:{number}: {broken}: passed over"
            continue
        yield _claim(f"standard input:{number}", record.value if record else line, record.key if record else None)


def _claim(where: str, value: bytes | None, key: bytes | None) -> Claim | Removed | str:
    if value is None:
        return Removed((key or b"").decode("utf-8", "replace"))
    try:
        return _CLAIM.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        return f"{where}: no claim event: {wrong}: passed over"
