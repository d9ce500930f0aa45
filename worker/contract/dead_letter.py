"""The dead letter: a record that could not be processed, with all that is needed to mend it and send it again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DeadLetter", "DeadReason", "DropReason", "RetryReason"]


class DeadReason(StrEnum):
    """Why a record went to the dead letters. The same words are log fields, metric labels and headers."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    NOT_JSON = "not_json"
    UNKNOWN_SHAPE = "unknown_shape"
    BAD_SCHEMA = "bad_schema"
    TOMBSTONE_WITHOUT_KEY = "tombstone_without_key"
    EXTRACTION_FAILED = "extraction_failed"
    EXTRACTION_TIMEOUT = "extraction_timeout"
    CHILD_DIED = "child_died"
    MEMORY = "memory"
    TEXT_UNBOUNDED = "text_unbounded"
    OUTPUT_TOO_LARGE = "output_too_large"
    LIFECYCLE_FAILED = "lifecycle_failed"
    RETRIES_EXHAUSTED = "retries_exhausted"


class RetryReason(StrEnum):
    """Why a record is tried again later, through `articles.retry`."""

    CHILD_DIED = "child_died"
    MEMORY = "memory"
    EXTRACTION_TIMEOUT = "extraction_timeout"
    TRANSIENT = "transient"


class DropReason(StrEnum):
    """Why a good record changes nothing."""

    LANGUAGE = "language"
    STALE_VERSION = "stale_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """The headers of a record in `articles.dead`, as one object; key and value are the original's bytes.

    As Kafka headers each field is UTF-8 text under `claimwire_` + its name; numbers are written in decimal.
    The coordinates are those under which it was read first, also when it came through `articles.retry`; `attempts`
    counts its tries. `value_left_out` says that even the dead letter was too large for the broker: the original
    stands at its coordinates, and `value_sha256` says whether it is still the same.
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
