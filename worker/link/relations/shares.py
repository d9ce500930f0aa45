"""How many of those that a claim speaks of it is true of: "all trains", "hardly any", "some of the workers"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.contract.claim import Claim
from worker.link.relations.lexicon import has_synonym
from worker.link.relations.stems import STOP_WORDS, listed, stem, stems_of_list, tokens_of

__all__ = ["Share", "comparable", "share_of"]

_PEOPLE = stems_of_list("people")
_SOME = 0.001
"""More than none."""
_NUMBER = r"\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands"
_RANGES: tuple[tuple[str, float, float], ...] = (
    (r"not (?:all|every|everyone|everybody|each)", 0.0, 1 - _SOME),
    (r"(?:almost|nearly|virtually|practically) (?:all|every|everyone|everybody)", 0.8, 1.0),
    (r"(?:almost|nearly|virtually|practically) (?:no one|no|none|nobody)", 0.0, 0.25),
    (r"(?:hardly|scarcely|barely) (?:any|anyone|anybody|a)", 0.0, 0.25),
    (r"(?:only |just |very )(?:a )?(?:few|handful)|few(?! more)|a handful|fewer|a (?:small )?minority", 0.0, 0.35),
    (r"(?:fewer|less) than half", 0.0, 0.5),
    (r"most|(?:the|a) (?:vast |great |large |overwhelming )?majority|the bulk|(?:more than|over) half", 0.5, 1.0),
    (r"half|about half|around half", 0.35, 0.65),
    (r"many", 0.3, 1.0),
    (r"all|every|each|everyone|everybody|both", 1.0, 1.0),
    (r"none|no one|nobody|not (?:one|a single)|neither|no", 0.0, 0.0),
    (rf"some|several|a number|at least one|{_NUMBER}", _SOME, 1.0),
)
_QUANTIFIERS = tuple(
    (re.compile(rf"^(?:in [^,]{{1,30}}, )?(?:{words})\b(?: of\b)?", re.IGNORECASE), low, high)
    for words, low, high in _RANGES
)
_IS_NUMBER = re.compile(rf"^(?:{_NUMBER})\b", re.IGNORECASE)
_NOT_BEHIND = re.compile(r"^[^,;]{0,60}?(?:\bnot\b|\bnever\b|n['’]t\b)", re.IGNORECASE)
_OF_PEOPLE = listed("any_people")


@dataclass(frozen=True, slots=True)
class Share:
    """From `low` to `high` (0 to 1) of the `counted` (stems) are as the claim says without its negation. `bare`: a
    number alone, which says that there are some.
    """

    low: float
    high: float
    counted: frozenset[str]
    exact: str
    bare: bool

    @property
    def turned(self) -> Share:
        """The share of those that are not so."""
        return Share(1 - self.high, 1 - self.low, self.counted, self.exact, self.bare)

    def meets(self, other: Share) -> bool:
        return self.low <= other.high and other.low <= self.high


def share_of(claim: Claim, text: str) -> Share | None:
    """By the words at the beginning of the content, where its subject is; None where they count nothing."""
    found = _quantifier(text)
    if found is None:
        return None
    match, low, high = found
    proposition = claim.proposition
    subject = (proposition.subject or "") if proposition is not None else ""
    words = [*tokens_of(match[0]), *tokens_of(subject)]
    counted = frozenset(stem(w) for w in tokens_of(subject) if w not in STOP_WORDS) - set(
        map(stem, tokens_of(match[0]))
    )
    if not _OF_PEOPLE.isdisjoint(words):
        counted |= _PEOPLE
    if not counted:
        return None
    share = Share(low, high, counted, match[0], _IS_NUMBER.search(match[0]) is not None)
    return share.turned if _NOT_BEHIND.search(text[match.end() :]) else share


def comparable(a: Share | None, b: Share | None) -> bool:
    """Whether both count one kind of thing, and not with numbers alone."""
    if a is None or b is None or (a.bare and b.bare):
        return False
    return any(word in b.counted or has_synonym(word, b.counted) for word in a.counted)


def _quantifier(text: str) -> tuple[re.Match[str], float, float] | None:
    for pattern, low, high in _QUANTIFIERS:
        if match := pattern.search(text):
            return match, low, high
    return None
