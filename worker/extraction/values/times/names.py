"""Tells months and weekdays that are part of a name: Theresa May, "her daughter April", the Sunday Courier."""

from __future__ import annotations

import re

from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token

__all__ = ["MonthsAsNames", "is_paper"]

_TITLES = words("titles")
_GIVEN_NAMES = words("female_given_names") | words("male_given_names")
_ROLES = words("roles") | words("relatives")
_BEFORE_A_MONTH = words("words_before_a_month")
_NAMES_OF_MONTHS = ("January", "March", "April", "May", "June", "August")
"""Months that are given names or surnames as well."""
_NAMES_OF_DAYS = ("Friday", "Sunday")
"""Weekdays that are given names as well."""
_PAPER = re.compile(rf"\s{any_of('papers')}\b")
_OTHER_CAPITALISED = re.compile(
    r"\s(?!(?:Morning|Afternoon|Evening|Night|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|May)\w*)[A-Z][a-z]{2,}"
)


def is_paper(text: str, start: int, end: int) -> bool:
    """Whether the weekday at text[start:end] belongs to the name of a paper or the like: "the Sunday Courier"."""
    if _PAPER.match(text, end):
        return True
    return text[max(0, start - 4) : start].casefold() == "the " and _OTHER_CAPITALISED.match(text, end) is not None


class MonthsAsNames:
    """The months of an article that are people's names. Its words are looked through once for all of them."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._named: set[str] | None = None

    def names_a_person(self, token: Token) -> bool:
        """Whether a month without day and year is a name, by the words beside it or by the rest of the article.

        A weekday is one before a surname: "Friday Okoro".
        """
        if token.text in _NAMES_OF_DAYS:
            surname = token.head
            before_surname = token.dep_ == "compound" and surname.i == token.i + 1 and _is_surname(surname)
            return before_surname and surname.ent_type_ == "PERSON" and not _is_dated(self._doc, token)
        if token.text not in _NAMES_OF_MONTHS:
            return False
        if _is_named(self._doc, token):
            return True
        if self._named is None:
            months = [other for other in self._doc if other.text in _NAMES_OF_MONTHS]
            self._named = {other.text for other in months if _is_named(self._doc, other)}
        return token.text in self._named and not _is_dated(self._doc, token)


def _is_named(doc: Doc, token: Token) -> bool:
    before = doc[token.i - 1] if token.i else None
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if before is not None and _makes_a_name(before, token):
        return True
    if after is not None and _is_surname(after) and not _is_dated(doc, token):
        return after.ent_type_ in ("PERSON", "") or token.ent_type_ == "PERSON"
    return token.dep_ == "nsubj" and token.head.lemma_ in VERBS


def _makes_a_name(before: Token, token: Token) -> bool:
    """Whether the word before a month makes it a name: "Mrs May", "Theresa May", "her daughter April"."""
    word = before.lower_.rstrip(".")
    if word in _TITLES or before.lemma_ in _ROLES:
        return True
    if not before.text.istitle() or before.pos_ != "PROPN":
        return False
    return word in _GIVEN_NAMES or (before.dep_ == "compound" and "PERSON" in (before.ent_type_, token.ent_type_))


def _is_surname(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text.istitle() and token.text.isalpha() and token.lower_ not in _TITLES


def _is_dated(doc: Doc, token: Token) -> bool:
    """ "in May", "last May": a month whatever follows it."""
    return token.i > 0 and doc[token.i - 1].lower_ in _BEFORE_A_MONTH
