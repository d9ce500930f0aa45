"""Files that hold no text: told by how they begin, so that nobody gets claims of their bytes."""

from __future__ import annotations

__all__ = ["why_no_text"]

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
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "Parquet, which is told by the ending .parquet"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "ORC"),
    (b"WARC/", "WARC, which is told by the ending .warc"),
    (b"SQLite format 3", "a database of SQLite"),
)
_TAR, _TAR_AT = b"ustar", 257
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT = 4096


def why_no_text(data: bytes) -> str | None:
    """What the bytes of a file are, where they are known to be no text; None where they may be one."""
    kind = next((kind for start, kind in _BEGINNINGS if data.startswith(start)), None)
    if kind is None and data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        kind = "a tar archive"
    if kind is not None:
        return f"is {kind}: no text can be read from it; unpack it or convert it to text, HTML or JSON"
    if b"\x00" in data[:_LOOKED_AT] and not data.startswith(_UTF_16_OR_32):
        return "holds bytes that no text has (or UTF-16 without a byte order mark)"
    return None
