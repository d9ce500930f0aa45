"""Unpacks gzip and zstd, with a bound on what comes out."""

from __future__ import annotations

import io
import zlib

import zstandard

__all__ = ["UnpackError", "is_packed", "unpacked_file"]

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WITH_GZIP_HEADER = 31
_READ_BYTES = 64 * 1024
"""Bytes that are unpacked at once: what follows a member is copied, and a file may be many small ones."""


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
    size = at = 0
    member, begun, rest = zlib.decompressobj(_WITH_GZIP_HEADER), False, b""
    while rest or at < len(data):
        if not rest:
            rest, at = data[at : at + _READ_BYTES], at + _READ_BYTES
        if not begun and not rest.startswith(_GZIP[: len(rest)]):
            break  # what follows the last member is no part of the file
        parts.append(member.decompress(rest, max_bytes + 1 - size))
        size += len(parts[-1])
        if size > max_bytes:
            raise _too_large(max_bytes)
        rest, begun = member.unconsumed_tail or member.unused_data, not member.eof
        if member.eof:
            member = zlib.decompressobj(_WITH_GZIP_HEADER)
    if begun:
        raise UnpackError("packed, and cut off")
    return b"".join(parts)


def _bounded(data: bytes, max_bytes: int) -> bytes:
    if len(data) > max_bytes:
        raise _too_large(max_bytes)
    return data


def _too_large(max_bytes: int) -> UnpackError:
    return UnpackError(f"packed, and larger than {max_bytes:,} bytes when it is unpacked: unpack and split it")
