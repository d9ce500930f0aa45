"""A content as a text that can be read alone: who "we" and "he" are, full names, no quotation marks, a capital first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from worker.contract.claim import Entity, QuoteType, Source
from worker.extraction.antecedents import many
from worker.extraction.clause import MainClause
from worker.extraction.types import Span

__all__ = ["Wording", "sentence", "wording"]

_I = {"i": "", "me": "", "my": "'s", "mine": "'s", "myself": ""}
_WE = {"we": "", "us": "", "our": "'s", "ours": "'s", "ourselves": ""}
_MARKS = '"“”«»„'
_EDGE = " \t\n,;:-–—"
_OPENER = re.compile(r"^(?:that|whether) (?=\S)", re.IGNORECASE)
_AGREE = {
    "am": "is",
    "are": "is",
    "'m": "'s",
    "’m": "’s",
    "'re": "'s",
    "’re": "’s",
    "have": "has",
    "'ve": "'s",
    "’ve": "’s",
    "do": "does",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Edits of a text: each replaces the characters of a span. Nothing else of the text changes."""

    text: str
    edits: tuple[tuple[Span, str], ...]

    def of(self, spans: Iterable[Span]) -> str:
        """The spans' words with the edits made, white space folded, marks around a whole span and edges taken off."""
        return " ".join(part for span in spans if (part := self._one(span)))

    def _one(self, span: Span) -> str:
        start, end = span
        made, at = [], start
        for (s, e), words in self.edits:
            if start <= s and e <= end and s >= at:
                made += [self.text[at:s], words]
                at = e
        words = " ".join("".join([*made, self.text[at:end]]).split())
        return _unmarked(_OPENER.sub("", words))


def wording(
    text: str,
    clauses: Sequence[MainClause],
    entities: Sequence[Entity],
    *,
    source: Source | None,
    quote_type: QuoteType | None,
    group: str | None,
    third: tuple[Any, str] | None,
    marks: Sequence[Span],
) -> Wording:
    """What to put for the pronouns and short names of a content.

    `group`: whom the speaker speaks for ("we"). `third`: the third-person pronoun of the main clause's subject and who it
    is, where that is known. `marks`: the quotes of the text, in whose words "I" is the speaker.
    """
    name = source.name if source is not None else None
    edits: dict[Span, str] = {}
    if name and quote_type is not None:
        for clause in clauses:
            for token in clause.tokens:
                word = token.lower_
                if word not in _I and word not in _WE:
                    continue
                if quote_type is not QuoteType.DIRECT and not any(s < token.idx < e for s, e in marks):
                    continue
                who = name if word in _I else group
                if who is None or not _is_name(who):
                    continue
                who = f"the {who}" if who.startswith("United ") else who
                suffix = _I.get(word, _WE.get(word, ""))
                edits[token.idx, token.idx + len(token.text)] = who + suffix
                if not suffix and token.dep_ in ("nsubj", "nsubjpass"):
                    edits |= _agreement(token, who)
    if third is not None:
        pronoun, who = third
        edits[pronoun.idx, pronoun.idx + len(pronoun.text)] = who + ("'s" if pronoun.tag_ == "PRP$" else "")
    taken = list(edits)
    for entity in entities:
        if entity.type != "PERSON":
            continue
        for mention in entity.spans:
            span = mention.start, mention.end
            whole = entity.name.split()
            if len(whole) > 1 and mention.exact == whole[-1] and not any(s < span[1] and span[0] < e for s, e in taken):
                edits[span] = entity.name
    return Wording(text, tuple(sorted(edits.items())))


def _unmarked(words: str) -> str:
    """Without the marks around it and what punctuation is left at its edges; marks inside stay in pairs."""
    kept = words.strip(_EDGE)
    while (
        kept
        and kept[0] in _MARKS
        and sum(c in _MARKS for c in kept) in (1, 2)
        and (kept[-1] in _MARKS or sum(c in _MARKS for c in kept) == 1)
    ):
        kept = kept[1:].rstrip(_MARKS).strip(_EDGE)
    while kept and kept[-1] in _MARKS and sum(c in _MARKS for c in kept) == 1:
        kept = kept[:-1].rstrip(_EDGE)
    return kept.rstrip(_EDGE + ".") if not kept.endswith(("...", "…")) else kept


def _is_name(words: str) -> bool:
    return words.casefold() not in ("he", "she", "it", "they", "i", "we", "who", "which", "that")


def _agreement(pronoun: Any, who: str) -> dict[Span, str]:
    """So that "I am" becomes "Anna Berg is", "we have" "Norland has"."""
    if many(who):
        return {}
    verb = pronoun.head
    first = next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i), verb)
    word = first.lower_
    if first.tag_ not in ("VBP", "VB") and word not in _AGREE:
        return {}
    if first.tag_ == "VB" and word not in _AGREE:
        return {}
    if first.tag_ == "VBN" or first.i < pronoun.i:
        return {}
    put = _AGREE.get(word) or _third_person(word)
    return {(first.idx, first.idx + len(first.text)): put}


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def sentence(words: str) -> str:
    """With a capital first, without a dangling "that" or preposition of the cue."""
    bare = re.sub(r"^(?:that|whether|for|on|upon) (?=\S)", "", words, count=1)
    return bare[:1].upper() + bare[1:]
