"""A content as a text that can be read alone: a sentence with names for its pronouns, and without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Token
from worker.extraction.spans import EDGE as _EDGE_OF_SPANS
from worker.extraction.spans import Span, any_meet

__all__ = ["MARKS", "StandaloneText", "capitalised", "in_pairs", "unmarked", "verbatim_text"]

MARKS = '"“”«»„'
"""Quotation marks that are left out around a content."""
EDGE = _EDGE_OF_SPANS + "―"
_STOPS = (".", "!", "?", "…")
_CONJUNCTIONS = words("words_after_a_comma")
_OPENING = words("open_conjunctions") | words("presupposing_conjunctions") | words("asserting_conjunctions")
_ASIDE = re.compile(r"^\s*,.*,\s*$", re.DOTALL)
"""A clause between commas that was taken out: "if the bridge, which is old, | breaks"."""
_SMALL_FIRST = re.compile(r"[a-z]{1,3}[A-Z]")
"""Names that begin with a small letter: "iPhone", "macOS"."""
_ABBREVIATED = re.compile(r"\b(?:[A-Za-z]\.){2,}$|\b(?:Co|Corp|Inc|Jr|Ltd|Sr)\.$")
_BESIDE_MARK = re.compile(r"(?<=“) | (?=”(?!\w))")
"""The blank beside a mark that is two in the text."""
_INNER_OPEN = re.compile(r"(?<!\w)‘(?=\w)(?!(?:\d\ds?|em|til|tis|twas|cause|n)\b)[^‘’]*(?:\w’\w[^‘’]*)*$")
"""A single mark that opens a quote and has no other behind it, apostrophes aside."""
_BRACKETS = {"(": ")", "[": "]"}
_CUT_BRACKET = re.compile(r"\s\([A-Z]?$")
"""A bracket of which no more than a letter is left: "Senator Ida Lund (D"."""
_NUMBERED = re.compile(r"(?:^|\W)(?:\d{1,2}|[a-z])$")
"""What stands before the bracket of a list: "1) the dam"."""
_LONE_CLOSING = re.compile(r"^([^‘'“\"]*[.!?,])['’]$")
"""A closing mark whose opening one is outside of the content."""


_ADDS_A_MEASURE = re.compile(rf"(?:an?|the)\s(?:[\w-]+\s){{0,2}}{any_of('nouns_for_a_clause')}\b", re.IGNORECASE)
"""How a noun begins that says of the whole clause before what it is: "fell to 3 %, he said, | a bigger drop than"."""


@dataclass(frozen=True, slots=True)
class StandaloneText:
    """A text with edits: each replaces the characters of a span. Nothing else of the text changes.

    `bracketed`: the spans of those edits that are inside quoted words, which a sentence shows in square brackets.
    """

    text: str
    edits: tuple[tuple[Span, str], ...]
    bracketed: frozenset[Span] = frozenset()

    def of(self, spans: Iterable[Span]) -> str:
        """The words of the spans after the edits: white space folded, no marks and no punctuation around a span."""
        return " ".join(part for span in spans if (part := unmarked(self._edited(span, brackets=False))))

    def shown(self, span: Span) -> str:
        """The words of one span as a sentence shows them: with brackets, white space folded, marks as they are."""
        return self._edited(span, brackets=True)

    def of_tokens(self, tokens: Sequence[Token]) -> str:
        """The words of tokens in the order of the text, those that follow each other with what is between them."""
        runs: list[Span] = []
        last = None
        for token in tokens:
            end = token.idx + len(token.text)
            if last is not None and token.i == last.i + 1:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((token.idx, end))
            last = token
        return " ".join(part for run in runs if (part := self.shown(run)))

    def with_edits(self, edits: Mapping[Span, str]) -> StandaloneText:
        """The same text with further edits, which go before those of the same span."""
        return replace(self, edits=tuple(sorted((dict(self.edits) | dict(edits)).items())))

    def with_references(self, edits: Mapping[Span, str], bracketed: frozenset[Span]) -> StandaloneText:
        """The same text with further edits, after those that it has; `bracketed`: those of them in quoted words."""
        taken = [span for span, _ in self.edits]
        free = {span: put for span, put in edits.items() if not any_meet([span], taken)}
        return replace(self.with_edits(free), bracketed=self.bracketed | (bracketed & free.keys()))

    def without_name(self, name: str) -> StandaloneText:
        """The same text without the edits that put a name, which a sentence has before them."""
        kept = (each for each in self.edits if each[1].removesuffix("'s").casefold() != name.casefold())
        return replace(self, edits=tuple(kept))

    def joined(self, spans: Sequence[Span]) -> str:
        """The words of the spans as they are read one after the other.

        A full stop is between two of them where the text has the end of a sentence there, a comma where the first ends
        with one and the second begins with a conjunction.
        """
        parts = [(span, part) for span in spans if (part := unmarked(self.shown(span)))]
        made = ""
        for (span, part), before in zip(parts, [None, *(span for span, _ in parts)], strict=False):
            between = self._between(before, span, part) if before is not None else ""
            made = made.removesuffix(".") if between.startswith(".") else made
            made += between + part
        return made

    def _between(self, before: Span, span: Span, part: str) -> str:
        """What is put between two parts of a content: a stop, a comma or a space."""
        end = self.text[: before[1]].rstrip(MARKS + " ")[-1:]
        if end in _STOPS:
            return " " if self.text[before[0] : before[1]].rstrip(MARKS + " ").endswith(("!", "?")) else ". "
        between = self.text[before[1] : span[0]].rstrip(MARKS + " \n")
        if between.endswith(_STOPS) and part.lstrip("[" + MARKS)[:1].isupper():
            return ". "
        if end == "," and part.split(maxsplit=1)[0].casefold() in _CONJUNCTIONS:
            return ", "
        if between.startswith(",") and _ADDS_A_MEASURE.match(part):
            return ", "
        opens = self.text[before[0] : before[1]].lstrip(MARKS).split(maxsplit=1)[0].casefold() in _OPENING
        return ", " if opens and _ASIDE.search(self.text[before[1] : span[0]]) else " "

    def _edited(self, span: Span, *, brackets: bool) -> str:
        start, end = span
        parts, at = [], start
        for (s, e), replacement in self.edits:
            if start <= s and e <= end and s >= at:
                is_bracketed = brackets and (s, e) in self.bracketed and self.text[s - 1 : s] != "["
                shown = f"[{replacement}]" if is_bracketed else replacement
                parts += [self.text[at:s], shown]
                at = e
        words_of = " ".join("".join([*parts, self.text[at:end]]).split())
        return _BESIDE_MARK.sub("", words_of)


def verbatim_text(text: str, content: Sequence[Span], *, reported: bool) -> str:
    """The content's own words, white space folded; of a reported one without quotation marks and without "that"."""
    parts = [" ".join(text[slice(*span)].split()) for span in content]
    if not reported:
        return " ".join(parts)
    verbatim = " ".join(part.strip(f" {MARKS}") for part in parts)
    return verbatim[len("that ") :].lstrip(MARKS) if verbatim.startswith("that ") else verbatim


def capitalised(sentence: str, *, several: bool) -> str:
    """With a capital first, also behind a bracket; where it is `several` sentences, with a stop at its end."""
    at = next((i for i, character in enumerate(sentence) if character not in "[" + MARKS), 0)
    first = sentence[at : at + 1]
    made = sentence[:at] + (first if _SMALL_FIRST.match(sentence, at) else first.upper()) + sentence[at + 1 :]
    return made + "." if several and not made.rstrip(MARKS + "'’").endswith(_STOPS) else made


def unmarked(content: str) -> str:
    """Without the marks around it and what punctuation is left at its edges; marks inside stay in pairs."""
    kept = content.strip(EDGE)
    while (
        kept
        and kept[0] in MARKS
        and sum(c in MARKS for c in kept) in (1, 2)
        and (kept[-1] in MARKS or sum(c in MARKS for c in kept) == 1)
    ):
        kept = kept[1:].rstrip(MARKS).strip(EDGE)
    while kept and kept[-1] in MARKS and sum(c in MARKS for c in kept) == 1:
        kept = kept[:-1].rstrip(EDGE)
    if kept.endswith(("...", "…")) or _ABBREVIATED.search(kept):
        return kept
    return kept.rstrip(EDGE + ".")


def in_pairs(content: str) -> str:
    """With every quotation mark and bracket in a pair: a closing mark is put at the end, others are left out."""
    content = _without_lone_brackets(_LONE_CLOSING.sub(r"\1", content))
    if _INNER_OPEN.search(content) is not None:
        content += "’"
    if content.count('"') == 1 and content.count("”") == content.count("“") + 1:
        content = content.replace("”", '"') if content.rindex("”") > content.index('"') else content
    if content.count('"') == 1:
        at = content.index('"')
        opens = not content[at - 1 : at].strip() and content[at + 1 : at + 2].strip()
        return f'{content}"' if opens else content.replace('"', "")
    depth, kept = 0, ""
    for character in content:
        depth += (character == "“") - (character == "”")
        if depth < 0:
            depth = 0
        else:
            kept += character
    return kept + "”" * depth


def _without_lone_brackets(content: str) -> str:
    """Without a bracket that has no other one, which is outside of the content."""
    content = _CUT_BRACKET.sub("", content)
    opened: list[int] = []
    lone: set[int] = set()
    for at, character in enumerate(content):
        if character in _BRACKETS:
            opened.append(at)
        elif character in _BRACKETS.values():
            if opened and _BRACKETS[content[opened[-1]]] == character:
                opened.pop()
            elif character == "]" or not _NUMBERED.search(content, max(0, at - 3), at):
                lone.add(at)
    lone.update(opened)
    return "".join(c for at, c in enumerate(content) if at not in lone).strip() if lone else content
