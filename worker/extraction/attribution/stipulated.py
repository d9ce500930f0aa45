"""Attributions to documents: "Under the treaty, troops must leave"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.attribution.quote_type import reported_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc
from worker.extraction.spans import any_meet, inside, trim

__all__ = ["stipulated", "with_documents"]

_BEGINNING = re.compile(
    rf"(?P<cue>{any_of('document_prepositions')}) (?P<source>[^,\n“”\"]{{4,140}}), ",
    re.IGNORECASE,
)
_DOCUMENTS = words("binding_documents")
_OBLIGES = re.compile(
    r"\b(?:must|shall|should|may not|cannot|"
    r"(?:was|were|is|are|has|have|had) (?:required |obliged |supposed |due |bound |entitled |allowed |permitted |"
    r"forbidden |liable |free |banned from |barred from )?(?:to|\w+ing))\b",
    re.IGNORECASE,
)


def stipulated(doc: Doc, text: str) -> list[Attribution]:
    """The attributions to documents. Only with an obligation: without one, the document is only a setting."""
    found = []
    for sentence in doc.sents:
        match = _BEGINNING.match(text, sentence.start_char, sentence.end_char)
        if match is None:
            continue
        source = doc.char_span(*match.span("source"), alignment_mode="expand")
        if source is None or not any(token.lemma_ in _DOCUMENTS for token in source):
            continue
        content = trim(text, (match.end(), sentence.end_char))
        if _OBLIGES.search(text, *content):
            found.append(
                Attribution(
                    source=trim(text, match.span("source")),
                    cue=match.span("cue"),
                    content=(content,),
                    quote_type=reported_type(text, (content,)),
                    lemma="stipulate",
                    confidence=0.7,
                )
            )
    return found


def with_documents(doc: Doc, text: str, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions `found`, with those to documents in place of ones that have no other cue than the document."""
    kept = list(found)
    for made in stipulated(doc, text):
        phrase = (made.cue[0], made.source[1]) if made.cue and made.source else made.content[0]
        others = [each for each in kept if any_meet(each.content, made.content)]
        if all(each.cue is None or inside(each.cue, phrase) for each in others):
            kept = [each for each in kept if each not in others] + [made]
    return sorted(kept, key=lambda each: each.content[0])
