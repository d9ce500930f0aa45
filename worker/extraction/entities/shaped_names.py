"""Names whose own words tell what they are of: "Lake Tarn", "the Treaty of Tarn", "Tarn Castle", "HMS Tarn"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from worker.extraction.entities.headline_names import title_lines
from worker.extraction.entities.mention import TITLED, Mention, Spread, in_capitals, is_body
from worker.extraction.entities.person_names import GIVEN
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["LAST_WORDS", "is_located", "shaped"]

_LISTS_OF_LAST_WORDS: dict[str, EntityType] = {
    "street_words": "FAC",
    "words_of_landscapes": "LOC",
    "words_of_events": "EVENT",
    "last_words_of_laws": "LAW",
    "last_words_of_papers": "ORG",
}
LAST_WORDS = {word: kind for listed, kind in _LISTS_OF_LAST_WORDS.items() for word in words(listed)}
"""What a name is by its last word."""
_LISTS_OF_FIRST_WORDS: dict[str, EntityType] = {
    "first_words_of_landscapes": "LOC",
    "first_words_of_events": "EVENT",
}
_FIRST_WORDS = {word: kind for listed, kind in _LISTS_OF_FIRST_WORDS.items() for word in words(listed)}
_SHIPS = words("first_words_of_ships")
_LISTS_BEFORE_OF: dict[str, EntityType] = {
    "landscapes_of": "LOC",
    "laws_of": "LAW",
    "events_of": "EVENT",
    "bodies_of": "ORG",
}
_BEFORE_OF = {word: kind for listed, kind in _LISTS_BEFORE_OF.items() for word in words(listed)}
_NEVER_FIRST = words("never_first_in_name")
_OWNERS = words("owners_in_names")
_MANY_OWNERS = words("many_owners_in_names")
_BODY_WORDS = words("body_words")
_SURNAMES = words("surnames_like_places")
_EVENT = re.compile(rf"\b{any_of('events_wherever_written')}\b")
_WORK = re.compile(
    rf"\b{any_of('titled_works')}, (?P<name>(?:(?:The|A|An) )?[A-ZÀ-Þ][\w’'-]+"
    r"(?: (?:(?:of|the|and|in|on|for|to|a|from|with) ){0,2}[A-ZÀ-Þ][\w’'-]+){0,5}),(?! (?:said|says|told)\b)"
)
_OF = re.compile(r" of (?:the )?(?=[A-ZÀ-Þ])")
_AND = re.compile(r" and (?=[A-ZÀ-Þ])")
_OF_SEVERAL = words("bodies_of_several")
_NUMBERED = re.compile(
    rf"\b(?:(?P<law>(?i:{any_of('parts_of_laws')}) (?:\d{{1,3}}|[IVX]{{1,5}})(?:\(\w\))?)"
    rf"|(?P<road>(?i:{any_of('numbered_roads')}) \d{{1,3}}))\b(?![.,:]\d)"
)
_ROAD = re.compile(r"\b(?:(?<=[Tt]he )[AM]\d{1,4}(?:\(M\))?|I-\d{1,3})(?![\w.-])")
_CRAFT = re.compile(rf"\b{any_of('named_craft')} (?=[A-ZÀ-Þ][a-zà-ÿ])")
_VERSION = r"(?: (?:\d{1,3}[A-Za-z]?|[A-Z]-?\d{2,3}|Model [3SXY]|One|Pro|Max|Air|Mini|Plus|Ultra|Watch|Series [A-Z]))"
_PRODUCT = re.compile(
    rf"\b(?:{any_of('products_wherever_written')}{_VERSION}{{0,3}}|{any_of('products_with_a_number')}{_VERSION}{{1,3}})"
    r"(?![\w-])"
)
_LOWER = re.compile(rf"\b{any_of('firms_in_lower_case')}\b")
_TITLE = re.compile(r"“((?:The |An? )?[A-ZÀ-Þ][\w’'-]+(?: [\w’'&:-]+){2,7})”(?! (?:said|says|asked)\b)")
_ADDRESS = re.compile(r"(?<![\w@./-])[A-Za-z][\w-]{1,30}\.(?:com|org|net|info|io|co\.uk)\b(?![\w/.]*\w)")
_FAMILY = re.compile(rf" (?:and|&) {any_of('families_in_firms')}\b")
_COUNTED = r"(?! (?:times|per|m|bn|million|billion|points?|goals?|years?|days?|hours?|minutes?|weeks?|months?)\b)"
_MODEL_NUMBER = re.compile(rf" \d{{1,3}}[A-Z]?s?(?![\w,.:%-]*\d){_COUNTED}(?=[ ’'][a-z]|[’']s|[.,;](?:\s|$))")
_LOCATED = re.compile(r"\b(?:in|at|on|near|to|from|along|outside|inside|across|through|of)\s(?:the\s)?$")
_OWNERS_MARKS = ("’s ", "'s ", "’ ", "' ")
_MAX_WORDS = 5


def shaped(text: str, capitals: Sequence[Span], found: Spread) -> list[Mention]:
    """The names of a text that tell by a word what they are of, or by a number behind it.

    `capitals`: the spans of its capitalised words; `found`: the names known so far. A longer one of these that a name
    lies in stays as it is, and so do the lines of headlines, whose capitals say nothing.
    """
    titles = title_lines(text)
    starts = [start for start, _ in titles]
    made: list[Mention] = []
    for span, kind in sorted(_spans(text, capitals, found)):
        line = bisect_right(starts, span[0]) - 1
        if (line >= 0 and span[0] < titles[line][1]) or in_capitals(text, *span):
            continue
        if made and span[0] < made[-1].span[1]:
            if span[1] - span[0] <= made[-1].span[1] - made[-1].span[0]:
                continue
            made.pop()
        if all(span[0] <= m.span[0] and m.span[1] <= span[1] for m in found.meeting(span)):
            made.append(Mention(span, kind, text[slice(*span)]))
    return made


def _spans(text: str, capitals: Sequence[Span], found: Spread) -> Iterator[tuple[Span, EntityType]]:
    yield from _by_pattern(text, found)
    craft = {match.end() for match in _CRAFT.finditer(text)}
    for index, (start, end) in enumerate(capitals):
        low = plain(text[start:end])
        if (last := _past_of(text, capitals, index)) is not None:
            yield (_first_of_body(text, capitals, index), last), _BEFORE_OF[low]
        elif text[start:end] in _SHIPS or start in craft:
            last = _run_from(text, capitals, index)
            if (last > end or start in craft) and not _is_crew(text[start:last]):
                yield (start, last), "PRODUCT"
        elif (kind := _FIRST_WORDS.get(low)) is not None:
            last = _run_from(text, capitals, index)
            if last > end and not _is_other(text[start:last]):
                yield (start, last), kind
        if (family := _FAMILY.match(text, end)) is not None:
            yield (_first_of_body(text, capitals, index), family.end()), "ORG"
        yield from _by_last_word(text, capitals, index, found)


def _by_pattern(text: str, found: Spread) -> Iterator[tuple[Span, EntityType]]:
    for match in _NUMBERED.finditer(text):
        if match[0][0].isupper():
            yield match.span(), "LAW" if match["law"] else "FAC"
    for match in _ROAD.finditer(text):
        yield match.span(), "FAC"
    for match in _PRODUCT.finditer(text):
        yield match.span(), "PRODUCT"
    for match in _EVENT.finditer(text):
        yield match.span(), "EVENT"
    for match in _WORK.finditer(text):
        if not any(_is_given(m.name) or m.entry is not None for m in found.meeting(match.span("name"))):
            yield match.span("name"), "WORK_OF_ART"
    for match in _TITLE.finditer(text):
        words_of = [word for word in match[1].split() if len(word) > 3]
        if words_of and all(word[0].isupper() for word in words_of):
            yield match.span(1), "WORK_OF_ART"
    for match in _LOWER.finditer(text):
        yield match.span(), "ORG"
    for match in _ADDRESS.finditer(text):
        yield match.span(), "ORG"
    for each in found.mentions:
        is_model = each.kind == "PRODUCT" and plain(each.name) not in gazetteer().places
        if is_model and (number := _MODEL_NUMBER.match(text, each.span[1])) is not None:
            yield (each.span[0], number.end()), "PRODUCT"


def _past_of(text: str, capitals: Sequence[Span], index: int) -> int | None:
    """Where a name ends whose head stands before "of": "the Treaty of Tarn"; None where it is no such head."""
    low = plain(text[slice(*capitals[index])])
    of = _OF.match(text, capitals[index][1]) if low in _BEFORE_OF else None
    behind = _index_at(capitals, of.end()) if of is not None else None
    if behind is None:
        return None
    last = _run_from(text, capitals, behind)
    more = _AND.match(text, last) if low in _OF_SEVERAL else None
    again = _index_at(capitals, more.end()) if more is not None else None
    return last if again is None else _run_from(text, capitals, again)


def _by_last_word(text: str, capitals: Sequence[Span], index: int, found: Spread) -> Iterator[tuple[Span, EntityType]]:
    start, end = capitals[index]
    low = plain(text[start:end])
    kind = LAST_WORDS.get(low)
    gap = text[capitals[index - 1][1] - 1 : start] if index else ""
    is_owned = low in _BODY_WORDS and (gap[1:] in _OWNERS_MARKS or gap in _OWNERS_MARKS)
    first = _first_before(text, capitals, index) if is_owned or kind is not None else None
    if first is None:
        return
    if is_owned:
        yield (first, end), "ORG"
    elif kind is not None and not _is_surname(text, first, start, low, kind, found):
        yield (first, end), kind


def _index_at(capitals: Sequence[Span], at: int) -> int | None:
    index = bisect_right(capitals, (at, at))
    return index if index < len(capitals) and capitals[index][0] == at else None


def _run_from(text: str, capitals: Sequence[Span], index: int) -> int:
    """Where the capitalised words end that follow each other from one on."""
    last = index
    while last + 1 < len(capitals) and last - index < 2 and text[capitals[last][1] : capitals[last + 1][0]] == " ":
        last += 1
    return capitals[last][1]


def _first_before(text: str, capitals: Sequence[Span], index: int) -> int | None:
    """Where a name begins that ends with a capitalised word; None where there is nothing before it."""
    first, is_owned = index, False
    while first and index - first < _MAX_WORDS:
        before, gap = text[slice(*capitals[first - 1])], text[capitals[first - 1][1] : capitals[first][0]]
        is_owner = gap in _OWNERS_MARKS and (
            gap[1:] == " "
            or plain(before) in _MANY_OWNERS
            or (first > 1 and plain(text[slice(*capitals[first - 2])]) in _OWNERS)
        )
        is_royal = is_owned and plain(before) in _OWNERS
        if plain(before) in _BODY_WORDS and plain(text[slice(*capitals[index])]) not in _BODY_WORDS:
            break  # "Tarn University Stig Hall"
        if before in _NEVER_FIRST or (plain(before) in TITLED and not is_royal) or not (gap == " " or is_owner):
            break
        is_owned |= is_owner
        first -= 1
    return capitals[first][0] if first < index else None


def _first_of_body(text: str, capitals: Sequence[Span], index: int) -> int:
    """Where a name begins whose head stands before "of": "National Bank of"."""
    first = _first_before(text, capitals, index)
    return capitals[index][0] if first is None else first


def _is_crew(name: str) -> bool:
    """ "The ship Captain Vale left": who is on board, or whose it is."""
    return plain(name.split(" ", maxsplit=1)[0]) in TITLED or is_body(name)


def _is_other(name: str) -> bool:
    """Whether a name that begins as that of a lake or storm is a town's or a body's: "Cape Town"."""
    last = plain(name.rsplit(" ", maxsplit=1)[-1])
    return plain(name) in gazetteer().places or is_body(name) or last in LAST_WORDS


def _is_surname(text: str, first: int, at: int, last: str, kind: EntityType, found: Spread) -> bool:
    """Whether a last word is that of a person, "Ruth Hall", or the name is known as a town's."""
    name = text[first : at + len(last)]
    if plain(name) in gazetteer().places or (kind == "LAW" and " " not in text[first:at].strip() and _is_given(name)):
        return True
    if last not in _SURNAMES or len(name.split()) != 2:
        return False
    taken = found.meeting((first, at))
    return _is_given(name) and any(m.kind == "PERSON" for m in taken) and not is_located(text, first)


def _is_given(name: str) -> bool:
    return plain(name.split(maxsplit=1)[0]) in GIVEN


def is_located(text: str, at: int) -> bool:
    """Whether a preposition of place stands before an offset."""
    return _LOCATED.search(text[max(0, at - 12) : at]) is not None
