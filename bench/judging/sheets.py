"""Sheets for the reader: the text of each page with numbered sentences, and claims without their version."""

from __future__ import annotations

import json
import random
import re
from itertools import pairwise
from typing import Any

__all__ = ["as_sheet", "sentences"]

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")


def sentences(body: str) -> list[tuple[int, int]]:
    """Offsets of the sentences, roughly: enough to point at one."""
    bounds = [0, *(match.end() for match in _SENTENCE_END.finditer(body)), len(body)]
    return [(start, end) for start, end in pairwise(bounds) if body[start:end].strip()]


def _source(source: dict[str, Any]) -> str:
    about = ", ".join(str(source[field]) for field in ("kind", "role", "affiliation") if source[field])
    words = f' "{source["words"]}"' if source["words"] not in (source["name"], None) else ""
    return f"{source['name']}{words} ({about}{', anonymous' if source['anonymous'] else ''})"


def _claim(number: int, judged: dict[str, Any]) -> str:
    lines = [f"{number}. {judged['text']}"]
    for link in judged["chain"]:
        to = f" to {'; '.join(map(str, link['addressees']))}" if link["addressees"] else ""
        negated = " NEGATED" if link["negated"] else ""
        lines.append(f"   who: {_source(link['source'])} [{link['cue']}: {link['act']}]{to}{negated}")
    if not judged["chain"]:
        lines.append(f"   who: the {judged['voice']} voice")
    spans = " / ".join(judged["spans"])
    if spans.casefold() != judged["text"].casefold():
        lines.append(f"   spans: {spans}")
    lines.append(f"   meaning: {judged['act']}, {judged['polarity']}, {judged['certainty']}")
    if judged["names"]:
        lines.append("   names: " + "; ".join(f"{name} ({kind})" for name, kind in judged["names"]))
    values = [f"{words} = {timex}" for words, timex in judged["times"]]
    for words, least, most, unit, about in judged["quantities"]:
        amount = least if least == most else f"{least}..{most}"
        values.append(f"{words} = {'~' if about else ''}{amount} {unit or ''}".strip())
    if values:
        lines.append("   values: " + "; ".join(values))
    return "\n".join(lines)


def as_sheet(
    name: str, page: dict[str, Any], claims: list[tuple[str, dict[str, Any]]], seed: str
) -> tuple[str, list[str]]:
    """The sheet, and the keys of its claims in the order of their numbers."""
    body = page["truth"]["body"]
    order = sorted(claims)
    random.Random(f"{seed}/{page['id']}").shuffle(order)
    head = json.dumps({key: page["truth"].get(key) for key in ("headline", "published_at")}, ensure_ascii=False)
    lines = [f"# {name}  {head}", ""]
    lines += [f"[{number}] {body[start:end].strip()}" for number, (start, end) in enumerate(sentences(body), 1)]
    lines += ["", *(_claim(number, judged) for number, (_, judged) in enumerate(order, 1)), ""]
    return "\n".join(lines), [key for key, _ in order]
