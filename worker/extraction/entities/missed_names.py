"""Finds names that the recogniser missed: by the gazetteer, by an office before them, or by a word in them.

`capitals` are the spans of the capitalised words of the text, in its order.
"""

from __future__ import annotations

import re
from itertools import pairwise

from worker.extraction.entities.mention import (
    MIN_POPULATION,
    TITLED,
    Mention,
    Spread,
    in_capitals,
    is_body,
    trimmed,
    word_before,
)
from worker.extraction.entities.person_names import GIVEN
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import any_of, ordered_words, words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.gazetteer.lists import gazetteer, plain

__all__ = ["beside_trades", "cities", "employers", "firms", "introduced", "known"]

_BODY_WORDS = words("body_words")
_ROLE_MODIFIERS = words("role_modifiers")
_ROLES = words("roles")
_ALSO_WORDS = words("given_names_also_words")
_GIVEN = GIVEN.keys() | (
    {plain(n) for listed in ("further_female_given_names", "further_male_given_names") for n in ordered_words(listed)}
    - words("given_names_also_places")
)
_NEVER_FIRST = words("never_first_in_name")
_OF_A_LANDSCAPE = re.compile(
    r" (?:Avenue|Bay|Beach|Bridge|Brook|County|Creek|Falls|Grove|Heights?|Hills?|Hollow|Lane|Mountain|Park|Point|Pond|"
    r"Ridge|Road|Run|Springs|Square|Street|Valley)\b"
)
_PLACES_TOO = words("given_names_also_places")
_KIN = words("words_for_women") | words("words_for_men")
_LOCATED = re.compile(r"\b(?:at|near|outside|inside|in|towards?|into|visited)\s(?:the\s)?$")
_LONGER = tuple(".'’&-/")
_MAX_WORDS_BEFORE = 7
"""Words of an organisation's name before its last."""
_RUN = re.compile(r"[^\s,;:!?()]{1,40}")
_OFFICE_BEHIND = re.compile(rf" (?:{any_of('fields_of_offices')} )?{any_of('offices_of_firms')}\b")
_NEVER_NAMES = words("never_names")
_SPACES = re.compile(r"(?:['’]s?)?[ \u00a0]")


def known(text: str, capitals: list[Span]) -> list[Mention]:
    """Self-evident names of the gazetteer: countries, their peoples, organisations, seats of governments."""
    lists = gazetteer()
    found: list[Mention] = []
    waiting: list[tuple[Mention, str]] = []
    done = 0
    for start, end in capitals:
        if start < done:
            continue
        names = lists.first_words.get(text[start:end])
        if names is None and text[end : end + 1] in _LONGER:
            names = lists.first_words.get(_word(text, start))
        for name in names or ():
            stop = start + len(name)
            if not text.startswith(name, start) or text[stop : stop + 1].isalnum():
                continue
            known_name = lists.self_evident[name]
            if known_name.entry.what == "country" and _OF_A_LANDSCAPE.match(text, stop) is not None:
                break  # "Turkey Creek"
            if _is_shouted(text, start, stop, name):
                break
            mention = Mention((start, stop), known_name.entry.kind, name, known_name.entry)
            if known_name.only_beside:
                waiting.append((mention, known_name.only_beside))
            elif not known_name.is_metonym or not _LOCATED.search(text[max(0, start - 14) : start]):
                found.append(mention)
            done = stop
            break
    for start, end in _lower_names(text):
        found.append(Mention((start, end), "ORG", text[start:end], lists.self_evident[text[start:end]].entry))
    countries = {m.entry.country for m in found if m.entry is not None}
    return found + [mention for mention, country in waiting if country in countries]


def _lower_names(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"\bal[- ](?:Qaeda|Qaida)\b", text) if m[0] in gazetteer().self_evident]


def _word(text: str, start: int) -> str:
    match = _RUN.match(text, start)
    return match[0] if match else ""


def _is_shouted(text: str, start: int, end: int, name: str) -> bool:
    """ "LET US GO": capitals in a line of capitals are no abbreviation."""
    return name.isupper() and len(name) <= 4 and name.isalpha() and in_capitals(text, start, end)


def _is_of_kin(first: str, before: str) -> bool:
    """True for "her husband, Dallas Cole"."""
    return first in _PLACES_TOO and before in _KIN


def introduced(text: str, capitals: list[Span], found: Spread) -> list[Mention]:
    """Names of people behind an office or with a common given name: "presiding judge Odile Marchand"."""
    made = []
    for index, (start, end) in enumerate(capitals[:-1]):
        following = capitals[index + 1]
        if following[0] != end + 1 or text[end] != " ":
            continue
        before, first = word_before(text, start, comma=True), plain(text[start:end])
        if (
            first in TITLED
            or first in _ROLE_MODIFIERS
            or not (before in _ROLES or (first in _GIVEN and first not in _ALSO_WORDS) or _is_of_kin(first, before))
        ):
            continue
        stop = following[1]
        if index + 2 < len(capitals) and capitals[index + 2][0] == stop + 1 and text[stop] == " ":
            stop = capitals[index + 2][1]
        span = trimmed(text, (start, stop))
        if any(word in _ROLES for word in plain(text[slice(*span)]).split()):
            continue
        met = found.meeting(span)
        if all(" " not in m.name and m.span[1] == span[1] for m in met) and not is_body(text[slice(*span)]):
            made.append(Mention(span, "PERSON", text[slice(*span)]))
    return made


def beside_trades(doc: Doc, found: Spread) -> list[Mention]:
    """Names of two words and more behind a trade, or beside one: "rider Mads Friis", "the mayor of Olm, Ewa Lis"."""
    made = []
    for token in doc:
        if token.pos_ != "PROPN" or token.dep_ == "compound" or not token.is_title:
            continue
        first = token.i
        while first and doc[first - 1].dep_ == "compound" and doc[first - 1].head == token and doc[first - 1].is_title:
            first -= 1
        before = doc[first - 1] if first else None
        beside = before if token.dep_ != "appos" or (before is not None and before.pos_ == "NOUN") else token.head
        if first == token.i or beside is None or not _is_trade(beside):
            continue
        span = doc[first].idx, token.idx + len(token.text)
        name = doc.text[slice(*span)]
        met = found.meeting(span)
        if plain(doc[first].text) not in TITLED and not is_body(name) and all(" " not in m.name for m in met):
            made.append(Mention(span, "PERSON", name))
    return made


def _is_trade(noun: Token) -> bool:
    lemma = noun.lemma_.casefold()
    return noun.tag_ == "NN" and noun.text.islower() and (lemma in _ROLES or is_trade(lemma))


def cities(text: str, capitals: list[Span], found: Spread) -> list[Mention]:
    """Large cities of two words that the recogniser missed or cut: "São Paulo" with combining accents."""
    made = []
    for (start, end), (begin, stop) in pairwise(capitals):
        if begin != end + 1 or text[end] not in " \u00a0":
            continue
        entries = gazetteer().places.get(plain(text[start:stop]))
        if not entries or entries[0].population < MIN_POPULATION:
            continue
        met = found.meeting((start, stop))
        if all(start <= m.span[0] and m.span[1] <= stop for m in met) and (start, stop) not in [m.span for m in met]:
            made.append(Mention((start, stop), "GPE", text[start:stop]))
    return made


def employers(text: str, capitals: list[Span], found: Spread) -> list[Mention]:
    """Bodies of one word behind another one and before an office in small letters: "a Tarn spokesman"."""
    made = []
    for start, end in capitals:
        office = _OFFICE_BEHIND.match(text, end)
        if office is None or text[start - 1 : start] != " " or found.meeting((start, end)):
            continue
        before, word = text[start - 2 : start - 1], plain(text[start:end])
        is_office = word in TITLED or word in _ROLE_MODIFIERS or word in _BODY_WORDS or text[start:end] in _NEVER_FIRST
        if (before.isalpha() or before == ",") and not is_office and word not in _NEVER_NAMES:
            made.append(Mention((start, end), "ORG", text[start:end]))
    return made


def firms(text: str, capitals: list[Span]) -> list[Mention]:
    """Organisations by the last word of their names: "the Farmers' Party"."""
    made = []
    for index, (_, end) in enumerate(capitals):
        if plain(text[slice(*capitals[index])]) not in _BODY_WORDS:
            continue
        first = index
        while (
            index - first < _MAX_WORDS_BEFORE
            and first
            and _SPACES.fullmatch(text[capitals[first - 1][1] : capitals[first][0]])
        ):
            first -= 1
        while first < index and text[slice(*capitals[first])] in _NEVER_FIRST:
            first += 1
        if first < index and not in_capitals(text, capitals[first][0], end):
            span = capitals[first][0], end
            made.append(Mention(span, "ORG", text[slice(*span)]))
    return made
