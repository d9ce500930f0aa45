"""Which records were begun: written down in Kafka before the work on them, for whoever reads the partition next. Pure.

A record can end the whole worker: the system kills it for its memory, the watchdog ends it. Then nobody is left to
count the attempt, and the next worker would begin with the same record, again and again. So the group's committed
offset carries a note. What a worker had begun that did not come back is suspect: each such record is worked on alone,
once all before it is settled, and after _MAX_ALONE attempts that nobody came back from it is not tried any more. A
record that was merely beside the guilty one is therefore never taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worker.streaming.record import Record

__all__ = ["Attempts"]

_MAX_ALONE = 3
"""Attempts at one record alone, after the one at its batch: a worker may also have ended for a reason of its own."""
_NOTE = re.compile(r"begun=(\d{1,19})(?:;alone=(\d{1,19})x(\d{1,9}))?", re.ASCII)
_NONE = -1


class Attempts:
    """Of one partition, from its assignment to its revocation. `note`: the metadata of the offset that was committed.

    A note that somebody else wrote counts as none.
    """

    def __init__(self, note: str = "") -> None:
        found = _NOTE.fullmatch(note)
        self._suspect_upto = int(found[1]) if found else _NONE
        alone = (int(found[2]), int(found[3])) if found and found[2] else (_NONE, 0)
        self._found_alone = self._alone = alone
        self._begun_upto = self._suspect_upto

    @property
    def suspects_any(self) -> bool:
        """Whether a worker has left records behind that it had begun."""
        return self._suspect_upto != _NONE

    def apart(self, records: Sequence[Record]) -> Iterator[tuple[list[Record], bool]]:
        """The records in their order, suspects one by one; with each part whether it is a suspect."""
        clear = next((i for i, record in enumerate(records) if record.offset > self._suspect_upto), len(records))
        for record in records[:clear]:
            yield [record], True
        if clear < len(records):
            yield list(records[clear:]), False

    def left_by(self, record: Record) -> str | None:
        """Why the record is not tried any more; None where it is."""
        offset, times = self._alone
        if record.offset != offset or times < _MAX_ALONE:
            return None
        return (
            f"{times} workers ended while they worked on this record and on nothing else, and one before that while "
            "it was among others"
        )

    def begin(self, records: Sequence[Record], *, alone: bool) -> None:
        """Work on a batch begins, once `note` is written."""
        last = records[-1].offset
        self._begun_upto = max(self._begun_upto, last)
        if alone:
            offset, times = self._alone
            self._alone = last, times + 1 if offset == last else 1

    def came_back(self, records: Sequence[Record]) -> None:
        """Work on a record alone has ended, and the worker has not: what ends it before the record is settled is
        another's fault.
        """
        if records[-1].offset == self._alone[0]:
            self._alone = (_NONE, 0)

    def given_up(self) -> None:
        """The worker lives and gives the partition away: what it had begun and not finished did not end it."""
        self._begun_upto, self._alone = self._suspect_upto, self._found_alone

    def note(self, next_offset: int) -> str:
        """To be committed with an offset, that of the first record that is not done. Empty: nothing was begun."""
        if self._begun_upto < next_offset:
            return ""
        offset, times = self._alone
        return f"begun={self._begun_upto}" + (f";alone={offset}x{times}" if offset >= next_offset else "")
