"""Shows text of others on a terminal, or in a line of a log, without letting it act there.

Articles, headers, keys and names of topics come from outside. An escape sequence in them can set the window's title,
clear the screen or hide text, a newline can forge a line, and a bidirectional override can turn the order of the words
around.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["visible", "visible_json", "visible_lines"]

_JOINERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: Persian, the scripts of India and emoji are written with them."""
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of Unicode: control characters; formats, the bidirectional ones among them; lone surrogates; line and
paragraph separators."""

_SPACES = bytes.maketrans(b"\n\r\t", b"   ")

# a fast path for what nearly every text is made of; all else is looked up
_SUSPECT = re.compile(r"[^ -~\u00a0-\u00ac\u00ae-\u02ff]")


def visible(text: str) -> str:
    r"""The text in one line; each character that a terminal would obey or hide is an escape, as \n, \x1b or \u202e.

    All others stay as they are, the backslash too; so a text without such characters comes back unchanged, and doing it
    twice changes nothing more.
    """
    return _SUSPECT.sub(lambda found: _shown(found[0]), text)


def visible_lines(text: str) -> str:
    """As `visible`, but newlines stay: for text that is shown as a block of its own."""
    return "\n".join(visible(line) for line in text.split("\n"))


def visible_json(encoded: bytes) -> str:
    r"""The same JSON value in one line, with escapes as \u202e for what a terminal would obey or hide.

    Control characters cannot be in a string of JSON; those between its values are white space.
    """
    text = encoded.translate(_SPACES).decode("utf-8", "replace")
    return _SUSPECT.sub(lambda found: _escaped(found[0]), text)


def _escaped(char: str) -> str:
    """The character as a string of JSON can have it."""
    if not _is_hidden(char):
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _is_hidden(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in _HIDDEN


def _shown(char: str) -> str:
    if not _is_hidden(char):
        return char
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
