"""The record of articles.raw for an article: its own bytes, keyed by its uri."""

from __future__ import annotations

from worker.contract.codec import OwnFields, decode_article
from worker.contract.headers.cloud_events import Headers
from worker.streaming.outcome import Output

__all__ = ["raw_record"]


def raw_record(
    value: bytes, topic: str, *, max_bytes: int, own_fields: OwnFields | None = None, headers: Headers | None = None
) -> Output:
    """The value as it stands, in whatever form, once it is sure that the worker will read it.

    Raises:
        BrokenRecordError: the worker would not; the same error would be on the record's dead letter.
    """
    article = decode_article(value, max_bytes=max_bytes, own_fields=own_fields)
    return Output(topic, article.uri.encode("utf-8"), value, headers or [])
