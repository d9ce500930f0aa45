"""Unpacks gzip and zstd, with a bound on what comes out."""

from __future__ import annotations

import io
import zlib

import zstandard

__all__ = ["UnpackError", "is_packed", "unpacked_file"]

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WITH_GZIP_HEADER = 31


class UnpackError(Exception):
    """The bytes are damaged, or too many come out of them."""


def is_packed(start: bytes) -> bool:
    """Whether bytes that begin so are gzip or zstd, whatever their file is called."""
    return start.startswith((_GZIP, _ZSTD))


def unpacked_file(data: bytes, max_bytes: int) -> bytes:
    """The bytes, unpacked where they are packed. Raises UnpackError."""
    try:
        if data.startswith(_GZIP):
            return _gunzipped(data, max_bytes)
        if data.startswith(_ZSTD):
            with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
                return _bounded(stream.read(max_bytes + 1), max_bytes)
    except (zlib.error, zstandard.ZstdError) as broken:
        raise UnpackError(f"packed, and damaged: {broken}") from None
    return data


def _gunzipped(data: bytes, max_bytes: int) -> bytes:
    """All members, one after the other, as gzip allows them."""
    parts: list[bytes] = []
    size = 0
    while data.startswith(_GZIP):
        member = zlib.decompressobj(_WITH_GZIP_HEADER)
        parts.append(member.decompress(data, max_bytes + 1 - size))
        size += len(parts[-1])
        _bounded(parts[-1], max_bytes - size + len(parts[-1]))
        if not member.eof:
            raise UnpackError("packed, and cut off")
        data = member.unused_data
    return b"".join(parts)


def _bounded(data: bytes, max_bytes: int) -> bytes:
    if len(data) > max_bytes:
        raise UnpackError(f"packed, and larger than {max_bytes:,} bytes when it is unpacked: unpack and split it")
    return data
