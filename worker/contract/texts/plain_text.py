"""A text as it was meant: without entities, without characters that nobody sees, with the letters that it had."""

from __future__ import annotations

import html
import re

__all__ = ["repaired", "without_entities", "without_unseen"]

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_MAX_UNPACKINGS = 3
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]|(?<=[A-Za-z])[\u200c\u200d](?=[A-Za-z])"
)
"""Control characters; soft hyphens, blanks without width, directions, tags; joiners where Latin letters stand around
them: emoji and the scripts of India need theirs.
"""
_LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
_HAS_LIGATURES = re.compile("[\ufb00-\ufb06]")
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_CONTROLS_OF_LATIN_1 = re.compile("[\x80-\x9f]")
_AS_BYTES = {ord(char): code for code, char in _WINDOWS_1252.items() if char}
_SIGNS, _MARKS = "€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ", "‘’“”–—…"
_READ_WRONGLY = re.compile(
    f"â[€‚„][\u0080-\u00bf{_SIGNS}{_MARKS}]|[ÂÃ](?:[\u0080-\u00bf{_SIGNS}]|[{_MARKS}](?=[A-Za-z]))|"
    f"[ÄÅ][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf{_SIGNS}]|ðŸ[\u0080-\u00bf{_SIGNS}{_MARKS}]{{2}}"
)
"""What UTF-8 for punctuation, for letters of Europe and for emoji becomes. Not all that it may become: `“Spaß”` and
`“café”—` are words as they stand.
"""


_PERHAPS_WRONG = re.compile("[âÂÃÄÅð\x80-\x9f]")


def without_entities(text: str) -> str:
    """The text with its entities as characters. `&amp;nbsp;` was escaped twice; a bare `&` stays."""
    for _ in range(_MAX_UNPACKINGS):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def without_unseen(text: str) -> str:
    """Without what is no part of the words and splits them for every reader but a person; with two letters where print
    joins them to one sign.
    """
    if _HAS_LIGATURES.search(text):
        text = text.translate(_LIGATURES)
    return _UNSEEN.sub("", text) if _UNSEEN.search(text) else text


def repaired(text: str) -> str:
    """With the characters that were meant where a program took UTF-8 for windows-1252 (`â€œ`, `Ã©`), or that for
    Latin-1 (a control character in place of a quotation mark).
    """
    if not _PERHAPS_WRONG.search(text):
        return text
    text = _READ_WRONGLY.sub(lambda found: _read_again(found[0]), text)
    return _CONTROLS_OF_LATIN_1.sub(lambda found: _WINDOWS_1252[ord(found[0])], text)


def _read_again(text: str) -> str:
    try:
        return bytes(_AS_BYTES.get(ord(char), ord(char)) for char in text).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return text
