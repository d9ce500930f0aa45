"""The text of captions (SubRip, WebVTT): what is said in a film, without the times at which it is shown."""

from __future__ import annotations

import re

__all__ = ["is_captions", "text_of_captions"]

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}")
_BEGINS = re.compile(rf"\s*(?:\d{{1,6}}[ \t]*\r?\n)?\s*{_TIME}\s+-->")
_MARK = "WEBVTT"
_BREAK = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|<\d[\d:.]{0,15}>|\{\\[^{}]{0,40}\}")
_ENDS = (".", "!", "?", "…", "”", '"', ".)")


def is_captions(body: str) -> bool:
    return " --> " in body and (body.lstrip("\ufeff \r\n").startswith(_MARK) or _BEGINS.match(body) is not None)


def text_of_captions(body: str) -> str:
    """What is said, a paragraph where a caption ends a sentence. What is shown in two captions is there once."""
    paragraphs: list[str] = []
    said: list[str] = []
    last = ""
    for lines in _cues(body):
        for line in lines:
            bare = _TAG.sub("", line).strip()
            if bare and bare != last:
                said.append(bare)
                last = bare
        if said and said[-1].endswith(_ENDS):
            paragraphs.append(" ".join(said))
            said = []
    return "\n\n".join([*paragraphs, " ".join(said)]).strip()


def _cues(body: str) -> list[list[str]]:
    """The lines of each caption, which stand below its times up to a blank line."""
    cues: list[list[str]] = []
    inside = False
    for line in _BREAK.split(body):
        if _TIMES.match(line):
            inside = True
            cues.append([])
        elif not line.strip():
            inside = False
        elif inside:
            cues[-1].append(line)
    return cues
