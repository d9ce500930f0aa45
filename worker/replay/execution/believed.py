"""What a replay believes of the headers of the records that it reads, from a topic or from an archive of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.topics import Topics
from worker.streaming.record import Record

__all__ = ["believed"]


def believed(records: Sequence[Record], live: Topics) -> list[Record]:
    """The records without those `claimwire_` headers that anybody can have written. `live`: the installation's topics.

    A record of its retries, dead letters or drop notes keeps the coordinates of its first reading.
    """
    return [
        replace(record, headers=tuple(BelievedHeaders.of_topic(record.topic, live).among(record.headers)))
        for record in records
    ]
