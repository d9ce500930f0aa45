"""The text of a content: a sentence that can be read alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from worker.contract.claim import QuoteType
from worker.extraction.meaning.courtesies import is_courtesy
from worker.extraction.meaning.full_clause.parts import VERBS
from worker.extraction.meaning.full_clause.stage import full_clause
from worker.extraction.meaning.references.answers import asked_in_its_sentence, is_answer
from worker.extraction.meaning.standalone_text import StandaloneText, capitalised, in_pairs
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.speakers.stage import Statement
from worker.extraction.syntax.main_clause import content_tokens
from worker.extraction.syntax.relations import FINITE_TAGS

__all__ = ["content_text"]

_CUE_PREPOSITIONS = frozenset({"for", "on", "upon", "of", "to"})
_CUT_SHORT = re.compile(r"(?<=\w)\s(['’](?:s|re|ve|ll|d|m)\b)")
"""A verb that is cut short and that was put behind a word of another place: "that ’s"."""
_COMMA_IN_A_QUOTE = re.compile(r",([”\"])(?=,|$)")
"""The comma before a cue, which stays inside of the quote that ends a content."""
_JOINT_AT_END = re.compile(r"[,;]?\s(?:and|or|but)$")
"""The conjunction before another clause, which is no part of the content."""
_SAME_WORDS = 3
"""Words at the end of a sentence before, by which a text that was made of it is known."""
_BULLET = re.compile(r"[•▪●·]\s*")


def content_text(doc: Doc, statement: Statement, readable: StandaloneText, before: tuple[str, str] | None) -> str:
    """The content of a statement as a sentence, or as several with their stops; a clause is made of what is none.

    `readable`: the text with names for the pronouns of the content. `before`: a sentence that it points
    at, and the word that does. Empty where the content states nothing: a greeting, an answer to what nobody knows.
    """
    tokens = content_tokens(doc, statement.content)
    if _is_courtesy(statement, tokens):
        return ""
    made = full_clause(statement, tokens, readable)
    if statement.reported is not None and is_answer(tokens):
        asked = asked_in_its_sentence(tokens)
        if asked is None and before is None:
            return ""
        made = readable.of_tokens(list(doc[asked.i : tokens[-1].i + 1])) if asked is not None else made
    if made is None and statement.reported is None and _is_only_a_noun(tokens):
        return ""
    if made is None and _is_own_wish(statement) and not any(t.pos_ in VERBS for t in tokens):
        return ""
    made = made or readable.joined(_without_openers(statement, tokens))
    made = _JOINT_AT_END.sub("", _CUT_SHORT.sub(r"\1", _BULLET.sub("", made)))
    made = in_pairs(_COMMA_IN_A_QUOTE.sub(r"\1", made))
    sentence = capitalised(made, several=len(statement.clauses) > 1)
    if before is None or re.search(rf"\b{re.escape(before[1])}\b", sentence, re.IGNORECASE) is None:
        return sentence
    if " ".join(before[0].rstrip(".!?…").split()[-_SAME_WORDS:]) in sentence:
        return sentence  # made of the same words: "Reporters asked Okoro if he"
    return f"[{before[0]}] {sentence}"


def _is_own_wish(statement: Statement) -> bool:
    """True for what somebody says that he asks for or expects himself: “We are not asking for the moon”."""
    span = statement.reported.source.span if statement.reported is not None else None
    return bool(statement.holders) and span is not None and span.exact.casefold() in ("i", "we")


def _is_only_a_noun(tokens: Sequence[Token]) -> bool:
    """True for a noun with what is said of it, of which no clause could be made: "the way you take all of it"."""
    inside = {t.i for t in tokens}
    return not any(t.tag_ in FINITE_TAGS and not _is_of_a_noun(t, inside) for t in tokens)


def _is_of_a_noun(verb: Token, inside: AbstractSet[int]) -> bool:
    """Whether a verb is in a clause that hangs on a noun of the same words. `inside`: their tokens."""
    at = verb
    while at.i in inside and at.head != at:
        if at.dep_ in ("relcl", "acl"):
            return at.head.i in inside
        at = at.head
    return False


def _is_courtesy(statement: Statement, tokens: Sequence[Token]) -> bool:
    """True for quoted words that only greet, thank, cheer or agree."""
    reported = statement.reported
    if reported is None or reported.attribution.quote_type is not QuoteType.DIRECT:
        return False
    return is_courtesy("".join(t.text_with_ws for t in tokens))


def _without_openers(statement: Statement, tokens: Sequence[Token]) -> Sequence[Span]:
    """The spans of a reported content without the "that" or the preposition that joins it to its cue."""
    if statement.reported is None or not tokens:
        return statement.content
    (start, end), *rest = statement.content
    kept = [t for t in tokens if start <= t.idx < end]
    inside = {t.i for t in tokens}
    while len(kept) > 1 and _joins(kept[0], inside):
        kept = kept[1:]
    begin = kept[0].idx if kept and kept[0] != tokens[0] else start
    return [(begin, end), *rest]


def _joins(token: Token, inside: AbstractSet[int]) -> bool:
    """True for "that" before a clause, the "because" of a whole content, punctuation, and a preposition of the cue.

    `inside`: tokens of the content.
    """
    if token.dep_ == "mark":
        is_whole = token.head.head.i not in inside - {token.head.i}
        return token.lower_ == "that" or (token.lower_ == "because" and is_whole)
    if token.lower_ == "that" and token.tag_ == "IN":
        return token.i + 1 < len(token.doc) and token.nbor().tag_ in ("PRP", "EX")  # an object by the parse
    if token.is_punct:
        return token.text in ",:;"
    return token.dep_ == "prep" and token.lower_ in _CUE_PREPOSITIONS and token.head.i not in inside
