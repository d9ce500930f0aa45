"""How the records that are published are compressed.

aiokafka compresses with zstd's level 3 and has no setting for it. Level 9 takes a tenth off extractions and claims, for
a fifth of a millisecond more an article; levels above it take several times as long for another hundredth.
"""

from __future__ import annotations

from aiokafka import codec

__all__ = ["ZSTD_LEVEL", "compression_type"]

ZSTD_LEVEL = 9


def compression_type(compression: str) -> str | None:
    """The producer's `compression_type` for the setting `compression`. Sets zstd's level for the whole process."""
    codec.zstd_encode.__defaults__ = (ZSTD_LEVEL,)
    return None if compression == "none" else compression
