"""Whether a claim denies what its words say: by "not", by a verb ("failed to"), by an adjective ("unlikely")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.claim import Act, Claim, Polarity
from worker.link.relations.stems import NEGATIONS, stem, stems_of_list, tokens_of

__all__ = ["Negation", "negation_of", "predicate_of"]

_NOT = frozenset(["not", "never"])
_DENYING = stems_of_list("denying")
_FAILING = stems_of_list("failing")
_LACKING = stems_of_list("lacking")
_UNABLE = stems_of_list("unable")
_NEGATED = r"(?:\b(?:not|no|never|nobody|without)|n['’]t)"
_DENIES_NOTHING = re.compile(
    rf"{_NEGATED}\s+(?:\w+\s+){{0,2}}(?:only|just|merely|simply|the first|the last|alone|doubt|question|wonder)\b"
    rf"|{_NEGATED} (?:be|have been) (?:more \w+|\w+er)\b|{_NEGATED} help\b",
    re.IGNORECASE,
)
"""Negations that deny nothing: "is not the only one", "there is no doubt", "could not be clearer"."""
_NOT_KNOWN = re.compile(
    rf"{_NEGATED}\s+(?:\w+\s+){{0,2}}(clear|known|know|knows|sure|certain|remember|recall|idea|comment|aware|confirmed|confirm|heard)\b",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"\b(?:rul(?:e|es|ed|ing) out|r[au]n(?:ning)? out(?: of)?|(?:barred|banned|prohibited|prevented|kept|excluded) from"
    r"|stopp?(?:s|ed)? (?=\w+ing\b)|ceased? to\b)",
    re.IGNORECASE,
)
"""Verbs that deny what follows them, or what they are said of."""
_IRREGULAR = {"ran": "run", "kept": "keep"}
_STATES = re.compile(
    r"\b(?:is|are|was|were|be|been|being|remain(?:s|ed)?)\s+(?:\w+ly |now |still |an? (?:\w+ )?)?"
    r"(free (?:of|from)|devoid of|lack of|"
    r"out of (?:the question|(?=(?:danger|work|control|stock|use|power|office|service|order|reach|sight|action)\b)))",
    re.IGNORECASE,
)
"""States that are none: "was free of", "there is a lack of"."""
_UNTRUE = re.compile(
    r"^(?:the |these |those |such |all |any )?"
    r"(?:(?:media |press |news )?reports?|claims?|allegations?|accusations?|rumou?rs?|suggestions?|charges?|stories)"
    r"(?: (?:of|that|about)\b.*)? (?:is|are|was|were) "
    r"(?:\w+ly )?"
    r"(untrue|false|wrong|baseless|unfounded|groundless|incorrect|inaccurate|lies|a lie|fabricated|nonsense)\b",
    re.IGNORECASE,
)
_NO_SHORTAGE = re.compile(r"\bno (?:\w+ )?(?:shortage|lack|dearth|scarcity)\b", re.IGNORECASE)
"""The extraction takes it for plenty, which it is; the words deny a shortage."""
_HOW_FAR = 2


@dataclass(frozen=True, slots=True)
class Negation:
    """`negative`: the claim denies what its words say. `not_known`: the stem of the word by which the source says that
    it does not know. `words`: stems by which it is denied and that say nothing else ("failed", of "failed to pay"),
    so that they are no opposite of a word in another claim.
    """

    negative: bool
    not_known: str | None
    words: frozenset[str]


def predicate_of(claim: Claim) -> str:
    """The stem of the verb, "" where the claim has no proposition."""
    return stem(claim.proposition.predicate.split(" ")[0]) if claim.proposition is not None else ""


def negation_of(claim: Claim, tokens: Sequence[str], text: str) -> Negation:
    """`text`: the content as a sentence; `tokens`: its words. "He denied that it was so" denies, as the content of
    somebody else too.
    """
    # where the extraction sees no clause it sees no negation in it either
    negative = claim.polarity is Polarity.NEGATIVE or (claim.proposition is None and not _NOT.isdisjoint(tokens))
    if negative and _DENIES_NOTHING.search(text):
        negative = False
    elif not negative and _NO_SHORTAGE.search(text):
        negative = True
    by_words = _lexical(claim, text)
    if by_words is not None:
        negative = not negative
    if predicate_of(claim) in _DENYING and claim.act is not Act.DENY:
        negative = not negative
    of_adjectives = frozenset(map(stem, tokens)) & _UNABLE if NEGATIONS.isdisjoint(tokens) else frozenset()
    match = _NOT_KNOWN.search(text)
    return Negation(negative, stem(match[1].lower()) if match else None, (by_words or frozenset()) | of_adjectives)


def _lexical(claim: Claim, text: str) -> frozenset[str] | None:
    """The stems by which it is denied without a word like "not", None where it is not."""
    predicate = predicate_of(claim)
    if predicate in _LACKING or (predicate in _FAILING and _fails_to(predicate, text)):
        return frozenset([predicate])
    if (match := _VERBS.search(text)) and _is(tokens_of(match[0])[0], predicate):
        return frozenset(map(stem, tokens_of(match[0])))
    if match := _STATES.search(text):
        return frozenset(map(stem, tokens_of(match[1])))
    if match := _UNTRUE.search(text):
        return frozenset(map(stem, tokens_of(match[1])))
    return None


def _is(verb: str, predicate: str) -> bool:
    return stem(_IRREGULAR.get(verb, verb)) == predicate


def _fails_to(predicate: str, text: str) -> bool:
    """Whether "to" stands behind the verb: who fails to pay does not pay, who fails does something."""
    words = tokens_of(text)
    at = next((place for place, word in enumerate(words) if stem(word) == predicate), len(words))
    return "to" in words[at + 1 : at + 1 + _HOW_FAR]
