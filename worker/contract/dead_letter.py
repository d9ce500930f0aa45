"""The dead letter: a record that could not be processed, with everything needed to repair it and send it again."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.reasons import DeadReason

__all__ = ["DeadLetter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """The headers of a record in `articles.dead`, as one object; key and value are the original's bytes.

    Each field is a Kafka header `claimwire_` + its name, UTF-8 text, numbers in decimal. The coordinates are those of
    the first reading, also when the record came through `articles.retry`; `attempts` counts the attempts.
    `value_left_out`: the dead letter was too large for the broker with the value. The original is then found at its
    coordinates, and `value_sha256` shows whether it is still the same.
    """

    reason: DeadReason
    error: str
    topic: str
    partition: int
    offset: int
    timestamp: int
    value_sha256: str
    value_bytes: int
    value_left_out: bool = False
    attempts: int = 1
