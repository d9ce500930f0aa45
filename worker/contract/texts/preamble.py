"""What stands before the first element of a page or of XML: white space, a declaration, comments.

Found by hand: a pattern in which comments repeat tries, where nothing fits behind them, each way to divide them.
"""

from __future__ import annotations

import re
from typing import AnyStr

__all__ = ["after_preamble"]

_BLANKS, _BLANKS_OF_BYTES = re.compile(r"\s*"), re.compile(rb"\s*")


def after_preamble(data: AnyStr) -> int:
    """Where the first thing stands that is neither; a comment that does not end is such a thing."""
    declaration, opens, closes, end = _marks(data)
    at = _after_blanks(data, 0)
    if data[at : at + len(declaration)].lower() == declaration:
        at = _after_blanks(data, data.find(end, at) + 1 or len(data))
    while data.startswith(opens, at):
        close = data.find(closes, at + len(opens))
        if close < 0:
            break
        at = _after_blanks(data, close + len(closes))
    return at


def _marks(data: AnyStr) -> tuple[AnyStr, AnyStr, AnyStr, AnyStr]:
    marks = ("<?xml", "<!--", "-->", ">")
    return marks if isinstance(data, str) else tuple(mark.encode() for mark in marks)  # type: ignore[return-value]


def _after_blanks(data: AnyStr, at: int) -> int:
    found = (_BLANKS if isinstance(data, str) else _BLANKS_OF_BYTES).match(data, at)
    return found.end() if found else at
