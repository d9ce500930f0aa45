"""The drop note: a record without a value in `articles.dropped` for each record that was dropped.

Without it a dropped record could not be told from a lost one by reading the topics.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.headers.claimwire_headers import headers_of
from worker.contract.headers.cloud_events import Headers
from worker.contract.reasons import DropReason

__all__ = ["DropNote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNote:
    """The headers of a record in `articles.dropped`; its key is the original's, its value is null.

    Each field is a Kafka header `claimwire_` + its name, UTF-8 text, numbers in decimal. The coordinates are those of
    the first reading. `timestamp` is that of the original, in milliseconds since 1970.
    """

    reason: DropReason
    detail: str
    topic: str
    partition: int
    offset: int
    timestamp: int

    def headers(self) -> Headers:
        return headers_of(self)
