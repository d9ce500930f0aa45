"""The text of captions (SubRip, WebVTT, TTML): what is said in a film, without the times at which it is shown."""

from __future__ import annotations

import html
import re

__all__ = ["is_captions", "text_of_captions"]

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}")
_BEGINS = re.compile(rf"\s*(?:\d{{1,6}}[ \t]*\r?\n)?\s*{_TIME}\s+-->")
_TTML = re.compile(r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?<(?:tt:)?tt[\s>]")
_MARK = "WEBVTT"
_BREAK = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|<\d[\d:.]{0,15}>|\{\\[^{}]{0,40}\}")
_ENDS = (".", "!", "?", "…", "”", '"', ".)")


def is_captions(body: str) -> bool:
    return _TTML.match(body) is not None or (" --> " in body and _begins_with_times(body))


def _begins_with_times(body: str) -> bool:
    return body.lstrip("\ufeff \r\n").startswith(_MARK) or _BEGINS.match(body) is not None


def text_of_captions(body: str) -> str:
    """What is said, a paragraph where a caption ends a sentence. What is shown in two captions is there once."""
    paragraphs: list[str] = []
    said: list[str] = []
    last = ""
    for lines in _cues_of_ttml(body) if _TTML.match(body) else _cues(body):
        for line in lines:
            bare = _TAG.sub("", line).strip()
            if bare and bare != last:
                said.append(bare)
                last = bare
        if said and said[-1].endswith(_ENDS):
            paragraphs.append(" ".join(said))
            said = []
    return "\n\n".join([*paragraphs, " ".join(said)]).strip()


def _cues_of_ttml(body: str) -> list[list[str]]:
    """The text of each `<p>`, found by its end: what stands before the last beginning is no part of it."""
    inside = (part.rpartition("<p")[2].partition(">")[2] for part in body.replace("tt:p", "p").split("</p>")[:-1])
    return [[html.unescape(" ".join(_TAG.sub(" ", text).split()))] for text in inside]


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
