"""The reasons of outcomes other than ok. The same words are headers, metric labels and log fields."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["DeadReason", "DropReason", "RetryReason"]


class DeadReason(StrEnum):
    """Why a record went to the dead letters."""

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
    WORKER_DIED = "worker_died"
    MEMORY = "memory"
    TEXT_UNBOUNDED = "text_unbounded"
    TOO_COSTLY = "too_costly"
    TICKET_REFUSED = "ticket_refused"
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
    """Why a valid record changes nothing."""

    LANGUAGE = "language"
    STALE_VERSION = "stale_version"
    REPEATED = "repeated"
    UNKNOWN_ARTICLE = "unknown_article"
