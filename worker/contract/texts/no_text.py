"""Bytes that hold no text: told by how they begin, so that nobody gets claims of them and it is said what they are."""

from __future__ import annotations

import zlib

__all__ = ["kind_of_bytes", "why_no_text"]

_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, as .docx, .xlsx, .epub and .wacz are"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Office"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip"),
    (b"Rar!", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "packed with LZ4"),
    (b"\x82SNAPPY\x00", "packed with Snappy"),
    (b"\xff\x06\x00\x00sNaPpY", "packed with Snappy"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "Parquet, which is told by the ending .parquet"),
    (b"Obj\x01", "an Avro file"),
    (b"\xc3\x01", "Avro with the fingerprint of its schema"),
    (b"\xac\xed\x00\x05", "an object of Java"),
    (b"\xd9\xd9\xf7", "CBOR"),
    (b"\x80\x03", "a pickle of Python"),
    (b"\x80\x04\x95", "a pickle of Python"),
    (b"\x80\x05\x95", "a pickle of Python"),
    (b"ORC", "ORC"),
    (b"WARC/", "WARC, which is told by the ending .warc"),
    (b"SQLite format 3", "a database of SQLite"),
)
_TAR, _TAR_AT = b"ustar", 257
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT = 4096
_FIRST_OF_ZLIB = b"\x78"
_TRIED_BYTES = 512


def kind_of_bytes(data: bytes) -> str | None:
    """What the bytes are, where they are known to be no text, in words that go on behind "is"."""
    kind = next((kind for start, kind in _BEGINNINGS if data.startswith(start)), None)
    if kind is not None:
        return kind
    if data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return "a tar archive"
    if data.startswith(_FIRST_OF_ZLIB) and _is_zlib(data):
        return "packed with zlib"
    if len(data) > 4 and int.from_bytes(data[:4], "little") == len(data) and data.endswith(b"\x00"):
        return "BSON"
    if b"\x80" < data[:1] <= b"\x8f" and len(data) > 1 and (0xA0 <= data[1] <= 0xBF or data[1] == 0xD9):
        return "MessagePack"
    return None


def why_no_text(data: bytes) -> str | None:
    """Why no text can be read from the bytes of a file; None where they may be one."""
    kind = kind_of_bytes(data)
    if kind is not None:
        return f"is {kind}: no text can be read from it; unpack it or convert it to text, HTML or JSON"
    if b"\x00" in data[:_LOOKED_AT] and not data.startswith(_UTF_16_OR_32):
        return "holds bytes that no text has (or UTF-16 without a byte order mark)"
    return None


def _is_zlib(data: bytes) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(data[:_TRIED_BYTES], 1))
    except zlib.error:
        return False
