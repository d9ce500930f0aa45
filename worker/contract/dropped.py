"""What a record that was passed by leaves behind: a record of headers alone in `articles.dropped`, under its own key.

Without it nobody outside could tell a record that was passed by from one that was lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.dead_letter import DropReason
from worker.contract.headers import Headers
from worker.contract.own_headers import headers_of

__all__ = ["DropNote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNote:
    """The headers, each under `claimwire_` + its name, numbers in decimal; key is the original's, the value is null.

    The coordinates are those under which the record was read first. `timestamp` is its own, in milliseconds since 1970.
    """

    reason: DropReason
    detail: str
    topic: str
    partition: int
    offset: int
    timestamp: int

    def headers(self) -> Headers:
        return headers_of(self)
