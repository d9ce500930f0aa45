"""Whether a body is HTML or plain text, and what has to be unpacked before it is either."""

from __future__ import annotations

import html
import re

from worker.contract.texts.preamble import after_preamble

__all__ = ["is_markup", "is_page", "unpacked"]

_NAMES = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|"
    "font|footer|h[1-6]|head|header|hr|html|i|iframe|img|ins|li|main|mark|nav|ol|p|picture|pre|q|s|script|section|small|"
    "span|strong|style|sub|summary|sup|table|tbody|td|th|thead|time|title|tr|u|ul|video"
)
_CLOSING = re.compile(rf"</(?:{_NAMES})\s*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAK = re.compile(r"(?:[^\s<]\s?|[.!?:;,”\"’')\]>]\s*)<br\s*/?>|<br\s*/?>\S|(?:<br\s*/?>\s*){2}", re.IGNORECASE)
_MENTION = re.compile(r"<br\s*/?>[\s”\"’')]*(?:tags?|elements?)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_HEAD_OR_BODY = re.compile(r"<(?:head|body)\b", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ESCAPED_TAG = re.compile(rf"&(?:amp;)?lt;/?(?:{_NAMES})(?:\s.{{0,500}}?)?/?&(?:amp;)?gt;", re.IGNORECASE | re.DOTALL)
_SHORT_BEGIN = re.compile(
    r"\[([a-z][\w-]{0,30})(?:=(?:\"[^\"\[\]]{0,500}\"|[^\s\"\[\]]{1,500}))?((?:\s+[\w-]{1,30}=(?:\"[^\"\[\]]{0,500}\"|'[^'\[\]]{0,500}'|[^\s\"'\[\]]{1,200}))*)\s*/?\](?!\()",
    re.IGNORECASE,
)
_SHORT_END = re.compile(r"\[/([a-z][\w-]{0,30})\]", re.IGNORECASE)
_SHORT_WHOLE = re.compile(
    r"\[(caption|embed|video|audio)\b[^\[\]]{0,500}\].{0,1000}?\[/\1\]", re.IGNORECASE | re.DOTALL
)
_SHORT_NAMES = {"gallery", "playlist", "nextpage", "adrotate"}
"""Shortcodes that have no words of their own where they stand alone, with nothing that shows what they are."""
_LOOKED_AT = 4_000
"""Characters behind the comments that a body begins with, in which a page shows itself."""
_MAX_UNPACKINGS = 3


def unpacked(body: str) -> str:
    """The body without what was put around it: CDATA, markup that was escaped because it went through a feed, and what
    WordPress would have put something else in place of.
    """
    body = body if is_page(body) else _without_shortcodes(body)
    sections, close, rest = body.rpartition("]]>")  # behind the last one nothing closes: it need not be searched
    body = _CDATA.sub(r"\1", sections + close) + rest
    for _ in range(_MAX_UNPACKINGS):
        if is_markup(body) or not _ESCAPED_TAG.search(body):
            break
        body = html.unescape(body)
    return body


def _without_shortcodes(body: str) -> str:
    """Without `[gallery ids="1,2"]` and the like. What stands in `[quote]...[/quote]` stays, a caption does not."""
    if "[" not in body:
        return body
    names = {name.casefold() for name in _SHORT_END.findall(body)}
    if names & {"caption", "embed", "video", "audio"}:
        body = _SHORT_WHOLE.sub("", body)

    def left(found: re.Match[str]) -> str:
        return "" if found[2] or found[1].casefold() in names or found[1].casefold() in _SHORT_NAMES else found[0]

    return _SHORT_END.sub("", _SHORT_BEGIN.sub(left, body))


def is_markup(body: str) -> bool:
    """Whether the body is HTML. A plain text that names a tag (`the <span> tag`, `p <0.05`) closes none."""
    return (
        is_page(body)
        or _CLOSING.search(body) is not None
        or len(_PARAGRAPH.findall(body)) > 1
        or body.lstrip()[:2].casefold() in ("<p", "<d")
        or (_BREAK.search(body) is not None and _MENTION.search(body) is None)
    )


def is_page(body: str) -> bool:
    """Whether the HTML is a whole page, with its furniture, and no fragment that holds the article alone."""
    start = after_preamble(body)
    return _PAGE.match(body, start) is not None or _HEAD_OR_BODY.search(body[start : start + _LOOKED_AT]) is not None
