"""Packed bytes of a state in `articles.live`, unpacked with a bound: a few kilobytes of zstd can become gigabytes."""

from __future__ import annotations

import zstandard

__all__ = ["unpacked"]

_MAX_STATE_BYTES = 256 * 1024 * 1024
"""Bytes of a state. It has some hundred for each claim of the article, so an article would need a million claims."""


def unpacked(value: bytes) -> bytes:
    """The content of one frame of zstd. Raises ValueError: it is none, is cut off, or becomes too large."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(value) as stream:
            content = stream.read(_MAX_STATE_BYTES + 1)
    except zstandard.ZstdError as broken:
        raise ValueError(f"not zstd: {broken}") from None
    if len(content) > _MAX_STATE_BYTES:
        raise ValueError(f"{len(value):,} bytes become more than {_MAX_STATE_BYTES:,}")
    return content
