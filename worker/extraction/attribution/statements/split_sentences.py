"""One attribution of several sentences becomes one for each statement: “It closed in 2019. The state must pay.”

Sentences stay one claim where they argue one thing. They are told apart where a reader would check, answer or obey
them apart: where one of two neighbours gives a time or a number, where only one is negative, and where only one asks,
demands or undertakes. A fragment belongs to the sentence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import FINITE_TAGS, has_subject

__all__ = ["split_sentences"]

_MIN_WORDS = 3
"""Words of a sentence that is more than a fragment."""
_ENDED = re.compile(r"[.?!…][\"”’»'“)]*\s*$")
_COLON = re.compile(r":\s(?=[\"“])")
_CUE_WORDS = 4
"""Words before a colon among which a verb of saying leads to the quote."""
_OPENING_MARKS = ("“", '"')
_MARKS = (*_OPENING_MARKS, "”")
_INNER_OPENS = re.compile(r"(?<=[:,]\s)[‘'](?=[A-ZÀ-Þ])")
_INNER_CLOSES = re.compile(r"(?<=[.?!,…])[’'](?!\w)")
_VALUES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL"})
"""Entity types of the parse whose words can be checked by themselves."""
_UNDERTAKES = words("undertaking_words")
_BEFORE_ORDER = frozenset({"please", "and", "but", "so", "do", "n't", "n’t", "not"})
_NEGATIVE = words("negative_words")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a content. `spans`: two or more where a cue breaks it; `kind`: what a neighbour may differ in."""

    spans: tuple[Span, ...]
    tokens: tuple[Token, ...]
    whole: bool

    @property
    def has_values(self) -> bool:
        return any(token.ent_type_ in _VALUES or token.like_num for token in self.tokens)

    @property
    def opens_a_quote(self) -> bool:
        return self.tokens[0].text in _OPENING_MARKS

    @property
    def is_in_marks(self) -> bool:
        """Whether it begins, ends or goes on in a quote."""
        return any(token.text in _MARKS for token in self.tokens)

    @property
    def kind(self) -> tuple[bool, bool, bool]:
        """Whether it asks, whether it demands or undertakes, whether it is negative."""
        words_of = {token.lower_ for token in self.tokens}
        asks = any(token.text == "?" for token in self.tokens)
        return asks, bool(words_of & _UNDERTAKES) or _is_order(self.tokens), bool(words_of & _NEGATIVE)


def split_sentences(
    doc: Doc, text: str, attributions: Iterable[Attribution], marks: Sequence[Span]
) -> list[Attribution]:
    """The attributions, with one for each statement of a content over several sentences. `marks`: the quotes."""
    split: list[Attribution] = []
    for each in (part for whole in attributions for part in _at_colon(doc, text, whole, marks)):
        groups = _groups(text, _sentences(doc, text, each.content))
        parts = [part for group in groups if (part := _spans(text, group))]
        if len(parts) > 1:
            is_direct = each.quote_type is QuoteType.DIRECT  # an answer of an interview has no marks
            split += [
                replace(each, content=part, quote_type=each.quote_type if is_direct else quote_type(part, marks))
                for part in parts
            ]
        else:
            split.append(each)
    return split


def _at_colon(doc: Doc, text: str, each: Attribution, marks: Sequence[Span]) -> list[Attribution]:
    """What somebody says, and what he says in marks behind a colon: "said the lane was narrow: “It is a trap.”"."""
    start, end = each.content[-1]
    if each.quote_type is not QuoteType.MIXED:
        return [each]
    colon = _COLON.search(text, start, end)
    before, begins = (*each.content[:-1], (start, colon.start() if colon else start)), colon.end() if colon else start
    before = tuple(span for span in before if span[0] < span[1])
    is_behind_colon = colon is not None or text[:start].rstrip('"“ ').endswith(":")
    is_quote = any(begin <= begins <= begin + 1 and close >= end - 1 for begin, close in marks)
    tokens = [t for span in before for t in doc.char_span(*span, alignment_mode="expand") or ()]
    if not (is_behind_colon and is_quote and _is_whole(tokens) and _begins_large(text, begins)):
        return [each]
    if any(t.lemma_ in VERBS for t in tokens[-_CUE_WORDS:]):
        return [each]  # "according to the Gazette, | one user wrote: “I want to know.”"
    return [replace(each, content=part, quote_type=quote_type(part, marks)) for part in (before, ((begins, end),))]


def _sentences(doc: Doc, text: str, content: tuple[Span, ...]) -> list[_Sentence]:
    """The sentences of a content in their order; a span goes on with the sentence before where that has not ended."""
    found: list[_Sentence] = []
    ended = True
    for number, span in enumerate(content):
        if number:
            between = text[content[number - 1][1] - 2 : span[0]]
            ended = bool(_ENDED.search(between)) and _begins_large(text, span[0])
        for part in _parts(doc, text, span):
            tokens = tuple(doc.char_span(*part, alignment_mode="expand") or ())
            if ended or not found:
                found.append(_Sentence((part,), tokens, _is_whole(tokens)))
            else:
                last = found[-1]
                both = (*last.tokens, *tokens)
                found[-1] = _Sentence((*last.spans, part), both, last.whole or _is_whole(both))
            ended = bool(_ENDED.search(text[max(part[0], part[1] - 8) : part[1]]))
    return found


def _parts(doc: Doc, text: str, span: Span) -> Iterator[Span]:
    """A span cut where sentences of the parse end that end in the text as well."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    start = span[0]
    for token in tokens or ():
        at = max(token.idx, span[0])
        if (
            token.is_sent_start
            and at > start
            and _ENDED.search(text[max(start, at - 8) : at])
            and _begins_large(text, at)
        ):
            yield start, start + len(text[start:at].rstrip())
            start = at
    yield start, span[1]


def _begins_large(text: str, at: int) -> bool:
    """True if a capital is the first letter from a place on, behind a mark."""
    return text[at : at + 3].lstrip('"“‘ \n')[:1].isupper()


def _is_whole(tokens: Sequence[Token]) -> bool:
    """True if a sentence says something by itself: it has a finite verb, or it is an order."""
    kept = [token for token in tokens if not token.is_punct and not token.is_space]
    return len(kept) >= _MIN_WORDS and (any(token.tag_ in FINITE_TAGS for token in kept) or _is_order(kept))


def _is_order(tokens: Sequence[Token]) -> bool:
    first = next((token for token in tokens if token.is_alpha and token.lower_ not in _BEFORE_ORDER), None)
    return first is not None and first.tag_ == "VB" and first.dep_ == "ROOT" and not has_subject(first)


def _groups(text: str, sentences: Sequence[_Sentence]) -> list[list[_Sentence]]:
    """Neighbours that are one statement together."""
    groups: list[list[_Sentence]] = []
    for number, sentence in enumerate(sentences):
        is_in_quote = bool(groups) and _is_quote_open(text, groups[-1], sentences[number:])
        if groups and (is_in_quote or not _are_apart(groups[-1], sentence)):
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _is_quote_open(text: str, before: Sequence[_Sentence], behind: Sequence[_Sentence]) -> bool:
    """True inside of words that the speaker quotes himself: "She said: 'It is late. | Go home.'"."""
    opened = len(_INNER_OPENS.findall(_words_of(text, before)))
    if not opened or opened <= len(_INNER_CLOSES.findall(_words_of(text, before))):
        return False
    rest = _words_of(text, behind)
    closes, opens = _INNER_CLOSES.search(rest), _INNER_OPENS.search(rest)
    return closes is not None and (opens is None or closes.start() < opens.start())


def _words_of(text: str, sentences: Sequence[_Sentence]) -> str:
    return " ".join(text[start:end] for sentence in sentences for start, end in sentence.spans)


def _are_apart(before: Sequence[_Sentence], sentence: _Sentence) -> bool:
    if not sentence.whole or not any(each.whole for each in before):
        return False
    if sentence.has_values or any(each.has_values for each in before):
        return True
    if sentence.opens_a_quote and not before[-1].is_in_marks:
        return True  # what is reported, and what is quoted behind it
    return sentence.kind != next(each.kind for each in reversed(before) if each.whole)


def _spans(text: str, group: Sequence[_Sentence]) -> tuple[Span, ...]:
    """The spans of a group; those with only white space between them are one."""
    spans: list[Span] = []
    for span in (span for sentence in group for span in sentence.spans):
        if spans and not text[spans[-1][1] : span[0]].strip() and "\n" not in text[spans[-1][1] : span[0]]:
            spans[-1] = spans[-1][0], span[1]
        else:
            spans.append(span)
    return tuple(span for span in spans if span[1] > span[0])
