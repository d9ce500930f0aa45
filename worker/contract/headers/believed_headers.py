"""Which of a record's `claimwire_` headers are believed depends on who writes to the topic that it was read from.

Whoever publishes articles can put any header on them. So a reader of `articles.raw` takes no header of Claimwire's own
as it is: a record there is a first attempt, read at its own coordinates. Only topics that the worker alone writes to
carry tickets and origins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.contract.coordinates import RAW_TIMESTAMP, Coordinates
from worker.contract.decimals import MAX_INT32, decimal
from worker.contract.headers.claimwire_headers import PREFIX
from worker.contract.headers.cloud_events import Headers
from worker.contract.headers.retry_ticket import REDRIVEN_FROM, REDRIVES
from worker.contract.headers.ticket_signature import SignedRecord, TicketKeys
from worker.contract.topics import Topics

__all__ = ["BelievedHeaders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BelievedHeaders:
    """Which headers of Claimwire's own the readers of one topic believe. By default: none.

    `all`: the worker alone writes to the topic, or signs what it writes. `redriven_from`: the dead-letter topic from
    which records of this topic can have been sent back. `raw_timestamp`: its records tell when the raw record was
    written.
    """

    all: bool = False
    redriven_from: str = ""
    raw_timestamp: bool = False
    keys: TicketKeys | None = None
    """Only headers that are signed with one of these keys are believed: others may write to the topic besides."""

    @classmethod
    def of_topic(cls, topic: str, topics: Topics) -> BelievedHeaders:
        """The rule of a topic of this installation, and of any other topic or file: those hold what others wrote."""
        if topic in {topics.retry, topics.dead, topics.dropped}:
            return cls(all=True)
        return cls(redriven_from=topics.dead, raw_timestamp=topic == topics.extracted)

    def of_record(self, record: SignedRecord) -> Headers:
        """The headers of a record that are its own or believed, in their order."""
        headers = list(record.headers or ())
        if self.keys is not None and not self.keys.accept(record):
            return [(name, value) for name, value in headers if not name.startswith(PREFIX)]
        return self.among(headers)

    def among(self, headers: Iterable[tuple[str, bytes]]) -> Headers:
        """The same of headers that are not signed."""
        headers = list(headers)
        if self.all or not any(name.startswith(PREFIX) for name, _ in headers):
            return headers
        kept = self._names(headers)
        return [(name, value) for name, value in headers if not name.startswith(PREFIX) or name in kept]

    def _names(self, headers: Headers) -> set[str]:
        kept = {RAW_TIMESTAMP} if self.raw_timestamp else set()
        if self._redriven(headers):
            kept |= {REDRIVES, REDRIVEN_FROM}
        return kept

    def _redriven(self, headers: Headers) -> bool:
        """A redrive can have written these headers: a count, and the coordinates of a letter in our dead letters."""
        counts = [value for name, value in headers if name == REDRIVES]
        letters = [value for name, value in headers if name == REDRIVEN_FROM]
        if not self.redriven_from or len(counts) != 1 or len(letters) != 1 or None in (*counts, *letters):
            return False
        letter = Coordinates.from_source(letters[0].decode("utf-8", "replace"))
        try:
            count = decimal(counts[0].decode("utf-8", "replace"), MAX_INT32)
        except ValueError:
            return False
        return count > 0 and letter is not None and letter.topic == self.redriven_from
