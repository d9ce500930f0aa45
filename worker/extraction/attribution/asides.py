"""Cues in the middle of what they report: "The report, it added, named neither the pump nor the driver", and "It was

the rain, he said, that broke the dam".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc
from worker.extraction.spans import Span, meet, trim
from worker.extraction.syntax.relations import FINITE_TAGS

__all__ = ["around_asides"]

_MIN_CLEFT = 3
_RELATIVE = re.compile(r", (?P<clause>(?:who|that|which)\s[^.!?\n]{4,200})")
_MAX_WORDS = 12
"""Words of source and cue between the commas."""


def around_asides(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions, where a content broke off at its cue with the other half behind it. `marks`: the quotes."""
    kept = found = [_with_source_behind(doc, text, each) for each in found]
    for each in found:
        rest = _other_half(doc, text, each) or _cleft(doc, text, each)
        if rest is None:
            continue
        beside = [other for other in kept if other is not each and _speaks_within(other, rest)]
        if any(other.source is None or not meet(other.source, each.source or rest) for other in beside):
            continue  # somebody else speaks there
        content = (*each.content, rest)
        source = each.source
        if source is not None and source[0] < rest[0] < source[1]:
            source = trim(text, (source[0], text.rindex(",", source[0], rest[0])))
        whole = replace(each, source=source, content=content, quote_type=quote_type(content, marks))
        kept = [whole if other is each else other for other in kept if other not in beside]
    return kept


def _with_source_behind(doc: Doc, text: str, each: Attribution) -> Attribution:
    """ "| The pier |, said harbour master Ada Quist, | will never reopen": who says it stands behind the cue."""
    if each.source is None or each.cue is None or len(each.content) != 1:
        return each
    content = each.content[0]
    if not each.source[1] < each.cue[0] < each.cue[1] < content[0] or text[each.source[1] : each.cue[0]].strip() != ",":
        return each
    behind = text[each.cue[1] : content[0]]
    named = doc.char_span(*trim(text, (each.cue[1], content[0])), alignment_mode="expand") if behind.strip() else None
    if named is None or not len(named) or not behind.rstrip().endswith(",") or len(named) > _MAX_WORDS:
        return each
    if named.root.pos_ not in ("NOUN", "PROPN") or any(t.pos_ in ("VERB", "AUX", "ADP", "PART") for t in named[:2]):
        return each
    source = trim(text, (each.cue[1], each.cue[1] + len(behind.rstrip(" ,"))))
    return replace(each, source=source, content=(each.source, content))


def _cleft(doc: Doc, text: str, each: Attribution) -> Span | None:
    """The relative clause of "It was the fans, he said, who had carried the team"."""
    if each.cue is None or each.source is None or len(each.content) != 1:
        return None
    content = each.content[0]
    start, end = min(each.cue[0], each.source[0]), max(each.cue[1], each.source[1])
    within = _RELATIVE.search(text, each.source[0], end)  # the source may have it: "said Tolu Ade, who had carried"
    end = within.start() if within is not None else end
    tokens = doc.char_span(*content, alignment_mode="expand")
    if tokens is None or content[1] > start or len(tokens) < _MIN_CLEFT or tokens[0].lower_ != "it":
        return None
    if tokens[1].lemma_ not in ("be", "'", "’s", "'s") or any(t.tag_ in FINITE_TAGS for t in tokens[2:]):
        return None
    relative = _RELATIVE.match(text, end, tokens[0].sent.end_char)
    return trim(text, (relative.start("clause"), relative.end())) if relative is not None else None


def _speaks_within(each: Attribution, rest: Span) -> bool:
    return (each.cue is not None and meet(each.cue, rest)) or any(meet(part, rest) for part in each.content)


def _other_half(doc: Doc, text: str, each: Attribution) -> Span | None:
    """The rest of a sentence whose subject is all of a content; None where a content lacks nothing."""
    if each.cue is None or each.source is None or len(each.content) != 1:
        return None
    content = each.content[0]
    start, end = min(each.cue[0], each.source[0]), max(each.cue[1], each.source[1])
    tokens = doc.char_span(*content, alignment_mode="expand")
    if tokens is None or not content[1] <= start or any(token.tag_ in FINITE_TAGS for token in tokens):
        return None
    if text[content[1] : start].strip() != "," or text[end : end + 1] != ",":
        return None
    sentence = tokens.root.sent
    rest = trim(text, (end + 1, sentence.end_char))
    first = doc.char_span(rest[0], rest[0] + 1, alignment_mode="expand") if rest[1] > rest[0] else None
    if len(text[start:end].split()) > _MAX_WORDS or first is None or not len(first):
        return None
    is_verb = first[0].tag_ in (*FINITE_TAGS, "VBN") or (
        first[0].pos_ == "ADV" and first[0].nbor(1).tag_ in FINITE_TAGS
    )
    return rest if is_verb and not any(mark in text[slice(*content)] for mark in '“"«') else None
