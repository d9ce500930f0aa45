"""Attribution by rules over quotation marks and the dependency parse. Works without any trained model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.quoted import quoted
from worker.extraction.attribution.reported import reported
from worker.extraction.attribution.sources.somebody import DOCUMENTS
from worker.extraction.attribution.stipulated import stipulated
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.parse import Doc
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span
from worker.extraction.text.quotes import paragraphs, quotes

__all__ = ["attributions"]

_CLOSING_MARKS = '”"»'
_HEADLINE = re.compile(r"^(?P<content>[^:\n]{15,}): (?P<source>[A-Z][\w.’'-]*(?: [\w.’'-]+){0,4}|[a-z]+)$")
_WORDS = r"[\w.’'-]+(?: [\w.’'-]+){0,3}"
_HEADLINES_OF_SOMEBODY = (
    re.compile(rf"^(?P<content>[^:\n]{{15,}}) [-–—|] (?P<source>{_WORDS})$"),
    re.compile(
        rf"^(?P<content>[‘'“\"][^‘’“”\"\n]{{8,}}[’'”\"]): (?P<source>{_WORDS}?)"
        r"(?: (?:on|about|after|over|amid|as|at|in) .*)$"
    ),
    re.compile(rf"^(?P<source>{_WORDS}?) to [\w.’' -]{{3,40}}: (?P<content>[^:\n]{{6,}})$"),
)
"""With a word for somebody or a document: "Two dead after avalanche - police", "‘We were left to drown’: islanders on
the flood", "Union to minister: talk to us".
"""


def attributions(doc: Doc, text: str, headline: str | None) -> list[Attribution]:
    """All attributions of the article, in the order of their contents. `doc` is the parse of `text`."""
    found: list[Attribution] = []
    speaker: Span | None = None
    unclosed: list[Span] = []
    for paragraph in paragraphs(text):
        marks = quotes(text, paragraph)
        direct = quoted(doc, text, paragraph, marks, speaker)
        if unclosed and marks and marks[0][0] == paragraph[0] and direct and direct[0].content[0] == marks[0]:
            direct[0] = replace(direct[0], content=(*unclosed, *direct[0].content))
            found = [each for each in found if each.cue or not any(quote in unclosed for quote in each.content)]
            unclosed = []
        unclosed = _left_open(text, paragraph, marks, direct, unclosed)
        found += direct
        told = SpanIndex(span for each in direct for span in each.content)
        indirect = [each for each in reported(doc, text, paragraph, marks) if not told.meets(each.content)]
        found += indirect
        speaker = _last_source(direct) or speaker if direct else _last_source(indirect)
    said = SpanIndex(span for each in found for span in each.content)
    found += [each for each in stipulated(doc, text) if not said.meets(each.content)]
    return sorted([*found, *_in_headline(headline)], key=lambda each: each.content[0])


def _left_open(
    text: str, paragraph: Span, marks: Sequence[Span], direct: Sequence[Attribution], unclosed: list[Span]
) -> list[Span]:
    """The quotes, from `unclosed` of the paragraphs before on, that go on in the next paragraph and have no cue yet.

    Printed over several paragraphs, a quote is opened in each and closed in the last.
    """
    if not marks or marks[-1][1] != paragraph[1] or text[paragraph[1] - 1] in _CLOSING_MARKS:
        return []
    if any(marks[-1] in each.content for each in direct if each.cue):
        return []
    return [*unclosed, marks[-1]]


def _last_source(found: Sequence[Attribution]) -> Span | None:
    return next((each.source for each in reversed(found) if each.source), None)


def _in_headline(headline: str | None) -> list[Attribution]:
    """ "City to build three bridges: mayor". The spans are those of the headline, not of the text."""
    match = _HEADLINE.match(headline) if headline else None
    if headline and match is None:
        forms = (form.match(headline) for form in _HEADLINES_OF_SOMEBODY)
        match = next((found for found in forms if found and _is_somebody(found["source"])), None)
    if match is None:
        return []
    return [
        Attribution(
            source=match.span("source"),
            cue=None,
            content=(match.span("content"),),
            quote_type=QuoteType.INDIRECT,
            lemma="say",
            confidence=0.6,
        )
    ]


def _is_somebody(source: str) -> bool:
    last = source.rsplit(maxsplit=1)[-1].casefold()
    return any(
        word in SOMEBODY or word in DOCUMENTS for word in (last, last.removesuffix("s"), last.removesuffix("es"))
    )
