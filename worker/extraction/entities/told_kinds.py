"""Single names whose type the text tells by what they do or are: "Adeyemi said she", "Harpole is a village".

The recogniser knows no surname that stands alone, and no small town; the text speaks of both as of nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from worker.extraction.entities.mention import Mention, Spread, is_body
from worker.extraction.entities.person_names import GIVEN, is_given_name
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import NOUN_SUBJECTS
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["told"]

_NAME = r"(?<![Tt]he )(?<!\b[Aa] )(?<!\b[Aa]n )([A-ZÀ-ÖØ-Þ][\w-]{2,40})"
_SAYS = r"(?:said|says|told|added|insisted|claimed|argued|recalled|replied|admitted)"
_FULL_NAME = r"([A-ZÀ-ÖØ-Þ][\w’'-]{1,30}(?: [A-ZÀ-ÖØ-Þ][\w’'-]{1,30}){1,2})"
_KIN = rf"(?:{any_of('relatives', 'further_relatives')}|parents|mum|dad|daughters|sons|sisters|brothers)"
_OF_PEOPLE = (
    rf"\b{_NAME}, (?:aged )?[1-9]\d,",
    rf"\b{_NAME}(?: has| had)? (?:was|been|is) (?:{any_of('done_to_people')})\b",
    rf"\b(?:{any_of('done_to_people')}) {_NAME}\b(?! [A-Z])",
    rf"\b{_NAME}['’]s? (?:late |younger |older |elder )?{_KIN}\b",
    rf"\b{_NAME} {_SAYS}(?: (?!he\b|she\b)\w+){{0,3}} s?he\b(?!['’]s own)",
    rf"\b{_NAME} (?:has |had )?(?:{any_of('sayings_of_people')}) (?:on \w+ )?(?:that )?s?he\b",
    rf"\b[Ii](?:['’]\w+)?\b[^“”\"\n]{{0,200}}[,.!?][”\"] (?:{_NAME} {_SAYS}|{_SAYS} {_NAME})\b(?! [A-Z])",
    rf"\b[Ii](?:['’]\w+)?\b[^“”\"\n]{{0,200}}[,.!?][”\"] (?:{_FULL_NAME} {_SAYS}\b|{_SAYS} {_FULL_NAME}\b(?! [A-Z]))",
    rf"\b{_NAME} [a-z]+ (?:his|her) (?:{any_of('what_people_have', 'relatives', 'further_relatives')})\b",
)
"""Deeds and speech of people: a firm has no age and says no "I"."""
_OF_PLACES = (
    rf"\b{_NAME},? (?:is|was|a|an)(?: a| an)? (?:[\w-]+ ){{0,2}}(?:{any_of('kinds_of_settlements')})\b",
    rf"\b(?:{any_of('kinds_of_settlements')}) of {_NAME}\b(?! [A-Z])",
    rf"\b(?:{any_of('people_of_a_place')}) of {_NAME}\b(?! [A-Z])",
    rf"(?<![A-Z][\w-] )\b{_NAME} (?:residents|villagers|townspeople)\b",
    rf"\b{_NAME}['’]s? (?:mayor|residents|inhabitants|outskirts|suburbs|town hall|city hall)\b",
    rf"\b(?:fled|fleeing|outskirts of|suburbs of|north of|south of|east of|west of) {_NAME}\b(?! [A-Z])",
)
_PERSON = [re.compile(each) for each in _OF_PEOPLE]
_PLACE = [re.compile(each) for each in _OF_PLACES]
_TURNED = ("ORG", "GPE", "PRODUCT", "FAC", "LOC", "NORP", "WORK_OF_ART", "PERSON")
_TRADES = words("roles")
_THINGS = ("FAC", "WORK_OF_ART", "EVENT", "LOC", "PRODUCT", "LAW")
_NO_NAMES = words("never_first_in_name") | words("never_names") | words("titles") | words("roles")
_HUMAN = words("roles") | words("described_people") | words("words_for_women") | words("words_for_men")
_HE_OR_SHE = ("he", "she")
_RELATIVES = words("relatives") | words("further_relatives") | {"lawyer", "attorney", "parents", "children"}
_LISTS: dict[str, EntityType] = {"sides_by_name": "ORG", "stadiums": "FAC"}
_SURELY_SIDES = words("sides_by_nickname")
_NICKNAMES = _SURELY_SIDES | words("sides_also_words")
_LEAGUES = words("leagues_with_nicknames")
_NICKNAME = re.compile(r"\b((?<=[Tt]he )[A-Z4-7]\w+\b(?! [A-Z])|[A-Z][a-z]+(?= \d{1,3}(?:,|:|\.)))")
_LISTED = {name: kind for listed, kind in _LISTS.items() for name in words(listed)}


def told(doc: Doc, text: str, found: Spread) -> list[Mention]:
    """Mentions to take in the place of those that share characters with them: single names, wherever they stand."""
    kinds: dict[str, EntityType] = {}
    for name in _matches(_PLACE, text):
        kinds[name] = "GPE"
    for name in (*_matches(_PERSON, text), *_called_he_or_she(doc)):
        kinds.setdefault(name, "PERSON")
    parts = {part for m in found.mentions if " " in m.name for part in m.name.split()}
    families = {m.name.split()[-1] for m in found.mentions if m.kind == "PERSON" and " " in m.name}
    firsts = {m.name.split()[0] for m in found.mentions if m.kind == "ORG" and " " in m.name}
    made = [replace(m, kind=_LISTED[m.name]) for m in found.mentions if m.name in _LISTED and m.kind != "PERSON"]
    made += [replace(m, kind="PERSON") for m in found.mentions if _has_a_trade(text, m)]
    made += _sides(text, found)
    for name, kind in kinds.items():
        is_taken = name in (firsts if kind == "PERSON" else parts) or (kind == "PERSON" and name in families)
        if not is_taken and _may_be(name, kind):
            made += _mentions(doc, text, found, name, kind)
    return made


def _has_a_trade(text: str, mention: Mention) -> bool:
    """True for a full name that the recogniser takes for a thing, behind what its bearer does: "the cook Anna Hall"."""
    first, _, rest = mention.name.partition(" ")
    if mention.kind not in _THINGS or mention.entry is not None or not rest or not is_given_name(first):
        return False
    before = text[max(mention.span[0] - 40, 0) : mention.span[0]].split()
    return bool(before) and before[-1].islower() and (before[-1] in _TRADES or is_trade(before[-1]))


def _sides(text: str, found: Spread) -> list[Mention]:
    """ "The Bruins", "Bruins 5, Devils 1", where the text is of a league that calls its sides so."""
    written = [m for m in _NICKNAME.finditer(text) if m[1] in _NICKNAMES]
    several = len({m[1] for m in written if m[1] in _SURELY_SIDES}) > 1
    if not several and not any(re.search(rf"\b{league}\b", text) for league in sorted(_LEAGUES)):
        return []
    return [
        Mention(m.span(1), "ORG", m[1])
        for m in written
        if all(
            each.name == m[1] or (each.name.startswith(f"{m[1]} ") and each.name[-1].isdigit())
            for each in found.meeting(m.span(1))
        )
    ]


def _matches(patterns: list[re.Pattern[str]], text: str) -> Iterator[str]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield next(group for group in match.groups() if group)


def _may_be(name: str, kind: EntityType) -> bool:
    """Whether a word is no title, common word or name that the gazetteer knows as something else."""
    low = plain(name)
    if name in _NO_NAMES or low in _NO_NAMES or name.isupper() or is_body(name):
        return False
    if name in gazetteer().self_evident or gazetteer().named("ORG", name) is not None:
        return False
    return low not in GIVEN if kind == "GPE" else low not in gazetteer().places


def _mentions(doc: Doc, text: str, found: Spread, name: str, kind: EntityType) -> Iterator[Mention]:
    for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        span = match.span()
        meeting = found.meeting(span)
        if not meeting:
            token = _token(doc, span)
            if token is not None and token.tag_ == "NNP" and not _is_beside_a_name(token):
                yield Mention(span, kind, name)
        elif len(meeting) == 1 and meeting[0].span == span and meeting[0].kind in _TURNED and meeting[0].entry is None:
            yield replace(meeting[0], kind=kind)


def _token(doc: Doc, span: Span) -> Token | None:
    tokens = doc.char_span(*span, alignment_mode="expand")
    return tokens.root if tokens is not None and len(tokens) else None


def _is_beside_a_name(token: Token) -> bool:
    """Whether a word is a part of a longer name."""
    beside = [token.doc[n] for n in (token.i - 1, token.i + 1) if 0 <= n < len(token.doc)]
    return any(t.tag_ in ("NNP", "NNPS") and t.text[:1].isupper() and t.pos_ == "PROPN" for t in beside)


def _called_he_or_she(doc: Doc) -> Iterator[str]:
    """Subjects whom the next sentence calls "he" or "she", where no other can be meant: "Okafor fled. She ..."."""
    before: list[Token] = []
    for sentence in doc.sents:
        tokens = list(sentence)
        if before and _goes_on_about_a_person(tokens):
            subjects = [t for t in before if t.dep_ in NOUN_SUBJECTS]
            names = [t for t in subjects if t.pos_ == "PROPN"]
            if len(names) == 1 and not _is_beside_a_name(names[0]) and not _has_article(names[0]):
                others = (t for t in before if t is not names[0] and t.ent_type_ == "PERSON")
                if not any(map(_is_somebody, subjects)) and not any(others):
                    yield names[0].text
        before = tokens


def _goes_on_about_a_person(tokens: list[Token]) -> bool:
    """ "She will", "His wife"."""
    if len(tokens) < 2:
        return False
    first, second = tokens[0].lower_, tokens[1].lower_
    return first in _HE_OR_SHE or (first in ("his", "her") and second in _RELATIVES)


def _is_somebody(subject: Token) -> bool:
    if subject.lower_ in _HE_OR_SHE:
        return True
    return subject.tag_ == "NN" and (subject.lemma_.casefold() in _HUMAN or is_trade(subject.lemma_))


def _has_article(token: Token) -> bool:
    return any(c.dep_ in ("det", "poss") for c in token.children)
