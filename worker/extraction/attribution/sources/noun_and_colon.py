"""Attributions by a noun of saying before a colon, without a verb: "The opposition's verdict: too little, too late"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.speech_nouns import verbs_of_nouns
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.tables import read_table
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, meet, tokens_span, trim

__all__ = ["with_nouns_before_colons"]

_CONFIDENCE = 0.65
_MAX_BEFORE = 12
"""Tokens of a sentence before its colon: "The players' message to their fans after the match:"."""
_MIN_WORDS = 2
_BETWEEN = frozenset(("ADP", "DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "PART"))
_NOUNS = frozenset(("NOUN", "PROPN"))
_STATING = frozenset(("VERB", "AUX", "ADJ", "ADV"))
"""What a content has that is no mere label, or else some words more: "a cap for five years"."""
_MIN_WORDS_OF_LABEL = 4
_GIVERS = frozenset(("from", "by", "of"))
_PRONOUNS = frozenset(("his", "her", "their", "its", "my", "our"))


def with_nouns_before_colons(
    doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]
) -> list[Attribution]:
    """The attributions `found`, with those of such sentences, which replace others of the same content that have no
    source. `marks`: the quotes of the text.
    """
    kept = list(found)
    for colon in doc:
        if not _opens(colon) or (made := _made(colon, text, marks)) is None:
            continue
        same = [each for each in kept if any(meet(part, made.content[0]) for part in each.content)]
        if any(_is_right(each, made, colon) for each in same):
            continue
        kept = [*(each for each in kept if each not in same), made]
    return sorted(kept, key=lambda each: each.content[0])


def _opens(mark: Token) -> bool:
    """True for a colon, and for the mark of "And the bank's response? “We followed the rules.”"."""
    behind = mark.nbor(1) if mark.i + 1 < len(mark.doc) else mark
    return mark.text == ":" or (mark.text == "?" and behind.text in ('"', "“", "«"))


def _is_right(each: Attribution, made: Attribution, colon: Token) -> bool:
    """True if an attribution has what is behind the colon, and a source without the noun before it."""
    if each.source is None or made.cue is None or each.content[0][0] <= colon.idx:
        return False
    return not meet(each.source, made.cue)


def _made(colon: Token, text: str, marks: Sequence[Span]) -> Attribution | None:
    before, verb_of = _before(colon), verbs_of_nouns("with_colon")
    noun = next((t for t in before if t.lemma_.casefold() in verb_of and t.pos_ in _NOUNS), None)
    if noun is None or not all(t.pos_ in _BETWEEN for t in before):
        return None
    source, behind = _owner(before[: before.index(noun)]) or _giver(before[before.index(noun) + 1 :]), _behind(colon)
    if source is None or len(behind) < _MIN_WORDS:
        return None
    is_label = len(behind) < _MIN_WORDS_OF_LABEL and not any(t.pos_ in _STATING for t in behind)
    if is_label and (noun.lemma_.casefold() not in _with_label() or behind[0].lower_ not in ("a", "an", "the")):
        return None
    span = trim(text, tokens_span(behind))
    return Attribution(
        source=source,
        cue=(noun.idx, noun.idx + len(noun.text)),
        content=(span,),
        quote_type=quote_type((span,), marks),
        lemma=verb_of[noun.lemma_.casefold()],
        confidence=_CONFIDENCE,
    )


def _before(colon: Token) -> list[Token]:
    """The words of its sentence before a colon, whether or not the parser ends the sentence there."""
    begin = max(colon.i - _MAX_BEFORE - 1, 0)
    near = colon.doc[begin : colon.i]
    start = next((t.i for t in reversed(list(near)) if t.is_sent_start or t.is_space), None)
    kept = [t for t in near if start is not None and t.i >= start and not t.is_space]
    return kept[1:] if kept and kept[0].pos_ == "CCONJ" else kept


def _owner(before: Sequence[Token]) -> Span | None:
    """Whose noun it is: what stands before "'s", or a pronoun."""
    marks_of = [n for n, t in enumerate(before) if t.tag_ == "POS"]
    if marks_of:
        return tokens_span(before[: marks_of[-1]]) if marks_of[-1] else None
    if before and before[0].lower_ in _PRONOUNS and all(t.pos_ in ("ADJ", "NUM") for t in before[1:]):
        return tokens_span(before[:1])
    return None


def _giver(behind: Sequence[Token]) -> Span | None:
    """Who stands behind the noun: "the verdict from | the box office |:"."""
    if not behind or behind[0].lower_ not in _GIVERS:
        return None
    named = list(behind[1:])
    end = next((n for n, t in enumerate(named) if t.pos_ == "ADP"), len(named))
    heads = [t for t in named[:end] if t.pos_ in _NOUNS]
    is_somebody = bool(heads) and (
        heads[-1].ent_type_ in ("PERSON", "ORG", "NORP", "GPE") or heads[-1].lemma_.casefold() in SOMEBODY
        if behind[0].lower_ == "of"
        else heads[-1].ent_type_ not in ("DATE", "TIME")
    )
    return tokens_span(named[:end]) if is_somebody else None


@cache
def _with_label() -> frozenset[str]:
    return frozenset(read_table("speech_nouns")["with_label"]["nouns"].split())


def _behind(colon: Token) -> list[Token]:
    """What stands behind the colon to the end of its sentence or line."""
    kept: list[Token] = []
    for token in colon.doc[colon.i + 1 :]:
        if token.is_space and "\n" in token.text:
            break
        if kept and token.is_sent_start and token.i > colon.i + 1:
            break
        if not token.is_space:
            kept.append(token)
    while kept and kept[-1].text in (".", ";"):
        kept.pop()
    return kept
