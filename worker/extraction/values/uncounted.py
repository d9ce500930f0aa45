"""Tells numbers that count nothing: ages, scores, labels, addresses, telephone numbers, model names, years."""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.values.measures import MEASURES, glued

__all__ = ["NUMBERED", "is_label"]

_NAMES = frozenset(("PERSON", "FAC", "LAW", "PRODUCT", "WORK_OF_ART"))
"""Types of names whose numbers belong to the name."""
_PLACES_AND_BODIES = frozenset(("ORG", "EVENT", "GPE", "LOC"))
_LARGE = "|".join(word.capitalize() for word in words("numbered_things") - {"no", "nos", "top", "p", "part"})
NUMBERED = re.compile(rf"\b(?:{any_of('numbered_things')}|{_LARGE})s?\.?\s$")
"""The end of a text behind which a number is that of a room, a page or the like."""
_SYMBOLS = words("measure_symbols")
_CONTEXT = 24
"""Characters before and after a number that are looked at."""
_MAX_AGE = 119


class _Label(NamedTuple):
    """A way to write a number that is no quantity, by the text before it and after it.

    `of_digits`: only a number in digits alone; `exact`: only one without "about" or another bound.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    of_digits: bool = False
    exact: bool = False


_ANYTHING = re.compile("")
_LABELS = (
    _Label(re.compile(r"(?:[^\W_]|[#@_/])\Z|[\w.]-$|\d[.:]$|\+\d*\s?$"), _ANYTHING),  # "S-90", "COVID-19", "#3", "+44"
    _Label(_ANYTHING, re.compile(r"[:/]\d|-\d|\.\d|(?:st|nd|rd|th)\b|[A-Za-z]?\d")),  # "3:1", "2-0", "1/2", "4th"
    _Label(re.compile(r"(?:^|\n)$"), re.compile(r"[.)]\s")),  # the number of an item of a list
    _Label(re.compile(r"\d\s$"), _ANYTHING),  # a telephone number
    _Label(_ANYTHING, re.compile(r"\s\d"), of_digits=True),
    _Label(
        re.compile(r"\b(?:aged?|ages|turned|turns|turning|born)\s(?:between\s|about\s|just\s)?$", re.IGNORECASE),
        _ANYTHING,
    ),
    _Label(_ANYTHING, re.compile(r"(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old\b|\s?years? of age\b")),
    _Label(NUMBERED, _ANYTHING),  # "Room 12"
    _Label(  # "10 Downing Street"
        _ANYTHING,
        re.compile(rf"(?:\s?[A-Za-z]?\b,?\s(?:[A-Z][\w'’.-]+\s){{1,3}}){any_of('address_words')}\b"),
    ),
    _Label(_ANYTHING, re.compile(r"[\s-](?:Minute|Hour|Day|Week|Month|Year)s?['’]?s?\s[A-Z]")),  # "the Six-Day War"
    _Label(re.compile(r"\($"), re.compile(r"\)"), exact=True),
)
_EMERGENCY = frozenset(("101", "111", "112", "911", "999"))
_CALLS = re.compile(r"\s(?:calls?|dispatch\w*|operators?)\b")
_COMMA_BEFORE = re.compile(r",\s$")
_MARK_AFTER = re.compile(r"[,.;)]")
_PLURALS, _ROLES = words("plurals_without_s"), words("roles")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def is_label(doc: Doc, text: str, span: Span, *, bound: bool) -> bool:
    """Whether a number without a currency or percent sign is no quantity but an age, a score, a name or the like.

    `span` is that of the number; `bound` says that "about", "at least" or another bound is before it.
    """
    start, end = span
    number = text[start:end]
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if (number in _EMERGENCY and _CALLS.match(after)) or any(
        _fits(label, before, number, after, bound=bound) for label in _LABELS
    ):
        return True
    if not bound and _is_age(before, number, after):
        return True
    tokens = doc.char_span(start, end, alignment_mode="expand")
    if tokens is None:
        return True
    last = tokens[-1]
    following = doc[last.i + 1] if last.i + 1 < len(doc) else None
    if not bound and _is_written_as_name(number, tokens[0], following):
        return True
    if _is_in_name(tokens[0], bound=bound):
        is_measured = following is not None and following.lower_ in MEASURES
        return not is_measured and glued(text, end) is None
    if number.casefold() == "one":
        return _is_pronoun(doc, last) or _is_idiom(doc, last)
    if following is not None and following.text in _SYMBOLS:
        return False
    if following is not None and following.tag_ == "NNP" and following.ent_type_ in _NAMES | {"ORG"}:
        counted = following.dep_ in ("compound", "nmod") and following.head.tag_ in (
            "NNS",
            "VBZ",
        )  # "six Chelsea players"
        return not counted  # "10 Downing Street"
    counts_nothing = following is None or following.pos_ not in ("NOUN", "ADJ")
    return not bound and counts_nothing and _YEAR.fullmatch(number) is not None


def _fits(label: _Label, before: str, number: str, after: str, *, bound: bool) -> bool:
    if (label.of_digits and not number.isdigit()) or (label.exact and bound):
        return False
    return label.before.search(before) is not None and label.after.match(after) is not None


def _is_age(before: str, number: str, after: str) -> bool:
    """ "Adeyemi, 19, "."""
    if not number.isdigit() or int(number) > _MAX_AGE:
        return False
    return _COMMA_BEFORE.search(before) is not None and _MARK_AFTER.match(after) is not None


def _is_in_name(number: Token, *, bound: bool) -> bool:
    """Whether a number is part of a name by the recogniser, or follows the name that it belongs to: "Apollo 11"."""
    if number.ent_type_ in _NAMES or (number.ent_type_ in _PLACES_AND_BODIES and not bound):
        return True
    after_name = number.i > 0 and number.head.i == number.i - 1 and number.head.pos_ == "PROPN"
    return after_name and number.dep_ in ("nummod", "appos")


def _is_written_as_name(number: str, token: Token, following: Token | None) -> bool:
    """ "The Seven Sisters", "the Big Four auditors", "the Xenia 9 phone", "47 cameraman"."""
    if following is None or token.i == 0:
        return False
    before = token.nbor(-1)
    if number.istitle() and not token.is_sent_start:
        article, goes_on = before.lower_ == "the", following.text[0].isupper()
        if article:
            return goes_on
        return before.text[0].isupper() and not goes_on and before.pos_ not in ("VERB", "ADP", "PUNCT")
    of_name = before.pos_ == "PROPN" and before.dep_ in ("compound", "nmod") and before.head.i > token.i
    if number.isdigit() and of_name and (following.lower_ in _PLURALS or following.dep_ == "compound"):
        return True  # "the Apollo 13 crew", "the Artemis 2 test flight"
    singular = number.isdigit() and int(number) > 1 and following.tag_ == "NN" and following.dep_ != "compound"
    if not singular or following.lower_ in _PLURALS | MEASURES:
        return False
    return before.pos_ == "PROPN" or following.lemma_.lower() in _ROLES


def _is_idiom(doc: Doc, token: Token) -> bool:
    """ "One hell of a storm"."""
    return token.i + 1 < len(doc) and doc[token.i + 1].lower_ in ("hell", "heck")


def _is_pronoun(doc: Doc, token: Token) -> bool:
    """Whether "one" is a pronoun; where it counts, its noun follows it."""
    if token.dep_ == "nummod" and token.head.i > token.i and token.head.pos_ == "NOUN" and token.head.tag_ != "NNS":
        return doc[token.i + 1].lower_ in ("of", "another", "day")
    return True
