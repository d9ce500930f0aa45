"""Repairs the entities of spaCy's recogniser.

Takes offices off the names of people, cuts a person's name off an organisation's, and leaves out what is no name, as
words of a headline in capitals.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import get_args

from worker.extraction.entities.headline_names import title_lines
from worker.extraction.entities.mention import (
    TITLED,
    Mention,
    called_before,
    in_capitals,
    is_body,
    trimmed,
    word_before,
)
from worker.extraction.entities.person_names import GIVEN
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, gazetteer, plain

__all__ = ["recognised"]

_BODY_WORDS = words("body_words")
_ROLE_MODIFIERS = words("role_modifiers")
_ROLES = words("roles")
_TYPES: dict[str, EntityType] = {kind: kind for kind in get_args(EntityType)}
_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms"})
_IN_NAMES = words("name_particles") | {"and"}
_NICKNAMED = re.compile(r"\b([A-ZÀ-Þ][\w-]{1,40})\s[‘'“\"][A-ZÀ-Þ][^‘'“\"’”\n]{1,24}[’'”\"]\s([A-ZÀ-Þ][\w-]+)")
_OFFICE_AFTER = re.compile(
    r"\s(?:[Mm]inist(?:er|ry)|[Ss]ecretary|[Dd]epartment|[Cc]ommittee|[Cc]hief|[Ss]pokes\w+|[Cc]hair)\b"
)
_OF_AN_OFFICE = re.compile(r"\b[Ss]ecretary of $")
_OF_A_PEOPLE = re.compile(
    r"(?:an|ans|ese|ish|ic|ics|ist|ists|i|ite|ites|ers?|crats?|ives?|ch|men|man|[^aiuso]s)$", re.IGNORECASE
)
_PEOPLES = words("peoples_by_other_words")
_COMMON_TAGS = frozenset(("JJ", "JJR", "JJS", "NN", "NNS", "RB", "VBG", "VBN"))
_SMALL = re.compile(r"\b[a-zà-ÿ][a-zà-ÿ'’-]+")
_WITHIN = re.compile(r"[\w,;’'] ([A-ZÀ-Þ][\w-]*)")
_MAX_CHARS = 120
"""Characters of a name; what is longer is a run of words or of one letter."""
_OFFICES_AND_BODIES = TITLED | _BODY_WORDS | _ROLE_MODIFIERS
_OFFICES_BEHIND = words("offices_behind_names")
_NEVER_NAMES = words("never_names")
_ALSO_TITLES = words("given_names_also_titles")
_INHABITANTS = words("further_inhabitants")
_OF_THE_CALENDAR = re.compile(r"\w+ (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)?[Dd]ay|Eve)")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a name: their spans, as written, and without accents, case and punctuation."""

    spans: list[Span]
    written: list[str]
    plain: list[str]

    @classmethod
    def of(cls, text: str, span: Span) -> _Words:
        spans = [match.span() for match in re.compile(r"\S+").finditer(text, *span)]
        written = [text[slice(*word)] for word in spans]
        return cls(spans, written, [plain(word.strip(".,")) for word in written])


def recognised(doc: Doc, text: str) -> list[Mention]:
    """The names that the parse's recogniser found, repaired, in the order of the text, none inside another."""
    found: list[Mention] = []
    spelling = _Spelling(text)
    for ent in doc.ents:
        kind = _TYPES.get(ent.label_)
        if (
            kind is not None
            and ent.end_char - ent.start_char <= _MAX_CHARS
            and not _is_common(ent, text[ent.start_char : ent.end_char], spelling)
        ):
            found += _repaired(text, (ent.start_char, ent.end_char), kind)
    found += [Mention(m.span(), "PERSON", f"{m[1]} {m[2]}") for m in _NICKNAMED.finditer(text)]
    return _longest([m for m in found if not (m.name.isupper() and m.name.count(" ") > 1)])


class _Spelling:
    """How a text writes its words: `small` without a capital, `within` with one behind another word of a sentence."""

    def __init__(self, text: str) -> None:
        self._titles = title_lines(text)
        self._starts = [start for start, _ in self._titles]
        self.small = frozenset(_SMALL.findall(text))
        self.within = frozenset(m[1] for m in _WITHIN.finditer(text) if not self.is_in_title(m.start()))

    def is_in_title(self, at: int) -> bool:
        """Whether an offset is in a line in which nearly every word has a capital."""
        line = bisect_right(self._starts, at) - 1
        return line >= 0 and at < self._titles[line][1]


def _is_common(ent: Phrase, name: str, spelling: _Spelling) -> bool:
    """True for a common word that is capital only where a sentence begins, or in a headline: "Flour had become dearer".

    Its tag tells that, or the text, which has the word in small letters elsewhere.
    """
    if " " in name or ent.label_ == "NORP" or name in spelling.within:
        return False
    word = ent.root
    begins = word.is_sent_start and (word.tag_ in _COMMON_TAGS or name.casefold() in spelling.small)
    in_title = name.casefold() in spelling.small and spelling.is_in_title(ent.start_char)
    if not (begins or in_title):
        return False
    return not (plain(name) in GIVEN or name in gazetteer().self_evident or gazetteer().named("ORG", name) is not None)


def _longest(found: list[Mention]) -> list[Mention]:
    """Without those that overlap a longer one."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.span[0], -m.span[1])):
        if not kept or kept[-1].span[1] <= mention.span[0]:
            kept.append(mention)
        elif mention.span[1] - mention.span[0] > kept[-1].span[1] - kept[-1].span[0]:
            kept[-1] = mention
    return kept


def _repaired(text: str, span: Span, kind: EntityType) -> list[Mention]:
    """The names in a span that the recogniser took for one: none, one, or an organisation and a person."""
    span = _without_office_behind(text, trimmed(text, span))
    whole = Mention(span, kind, text[slice(*span)])
    if _is_no_name(text, whole):
        return []
    if " " not in whole.name:
        return [] if _is_office(text, whole) or _is_no_people(whole) else [whole]
    parts = _Words.of(text, span)
    if kind == "PERSON" and _is_participle(text, span, parts):
        return _repaired(text, (parts.spans[1][0], span[1]), kind)  # "Wearing Mardi", no Irving Berlin
    capitalised = [word[0].isupper() for word in parts.written]
    if kind == "PERSON" and parts.plain[0] not in GIVEN and _is_country(parts.written[-1]):
        return _repaired(text, parts.spans[-1], "GPE")  # "Fixing Norway", no Michael Jordan
    begins_with_known = parts.written[0] in gazetteer().self_evident or _is_inhabitant(text, span, parts)
    is_whole = _OFFICES_AND_BODIES.isdisjoint(parts.plain) or (kind == "PERSON" and _is_given(text, span, parts))
    if is_whole and all(capitalised) and not begins_with_known:
        return [whole]
    if parts.plain[-1] in _ROLES | _FORMS_OF_ADDRESS or all(w in TITLED or w in _ROLE_MODIFIERS for w in parts.plain):
        return []  # an office and nobody's name
    rest_is_person = len(parts.plain) > 2 and all(capitalised[1:]) and _BODY_WORDS.isdisjoint(parts.plain[1:])
    if begins_with_known and rest_is_person:
        return _repaired(text, (parts.spans[1][0], span[1]), "PERSON")  # "UN Richard Mills", "the Frenchman Hugo Blanc"
    titled = parts.plain[0] in TITLED and len(parts.plain) in (3, 4) and all(capitalised)
    if titled and kind in ("GPE", "LOC", "FAC", "PRODUCT", "NORP") and _BODY_WORDS.isdisjoint(parts.plain[1:]):
        return _repaired(text, (parts.spans[1][0], span[1]), "PERSON")  # "Nurse Clara Weil", taken for a place
    return _without_office(text, whole, parts) if kind in ("PERSON", "ORG") else [whole]


def _without_office_behind(text: str, span: Span) -> Span:
    """A span without what somebody is in two letters: "Labour MP"."""
    start, end = span
    blank = text.rfind(" ", start, end)
    return (start, blank) if blank > start and plain(text[blank + 1 : end]) in _OFFICES_BEHIND else span


def _is_participle(text: str, span: Span, parts: _Words) -> bool:
    """True for a participle that begins a sentence before the name."""
    if not parts.plain[0].endswith("ing") or parts.plain[0] in GIVEN:
        return False
    before = text[max(0, span[0] - 2) : span[0]].rstrip(' "“‘')
    return not before or before[-1] in ".!?\n"


def _is_given(text: str, span: Span, parts: _Words) -> bool:
    """True for a given name that is a title as well, behind what its bearer is: "an engineer, Dean Foy"."""
    return len(parts.plain) == 2 and parts.plain[0] in _ALSO_TITLES and called_before(text, span[0]) in _ROLES


def _is_inhabitant(text: str, span: Span, parts: _Words) -> bool:
    """Whether a name begins with what its bearer is by his country, behind an article."""
    if parts.plain[0] not in _INHABITANTS and f"{parts.written[0]}s" not in gazetteer().self_evident:
        return False
    return word_before(text, span[0]) in ("the", "a", "an")


def _is_country(word: str) -> bool:
    known = gazetteer().self_evident.get(word)
    return known is not None and known.entry.what == "country" and known.entry.name == word


def _is_no_name(text: str, mention: Mention) -> bool:
    name = mention.name
    if not any(c.isalnum() for c in name):
        return True  # the recogniser takes emoji and single signs for names
    if name.islower() and (mention.kind == "PERSON" or " " not in name or not is_body(name)):
        return True  # "energy ministry" may be one
    if name == "State" and _OF_AN_OFFICE.search(text[max(0, mention.span[0] - 14) : mention.span[0]]):
        return True
    if mention.kind == "PERSON" and _OF_THE_CALENDAR.fullmatch(name) and plain(name.split()[0]) not in GIVEN:
        return True  # "Remembrance Sunday"
    return plain(name) in _NEVER_NAMES or (name.isupper() and in_capitals(text, *mention.span))


def _is_no_people(mention: Mention) -> bool:
    """Whether a single word that the recogniser takes for a people or a party has no form of one: "Harbour"."""
    if mention.kind != "NORP" or mention.name in gazetteer().self_evident:
        return False
    return not _OF_A_PEOPLE.search(mention.name) and plain(mention.name) not in _PEOPLES


def _is_office(text: str, mention: Mention) -> bool:
    """Whether a single word is an office or the beginning of one: "Finance" of "Finance Minister"."""
    if plain(mention.name) in TITLED:
        return True
    return bool(_OFFICE_AFTER.match(text, mention.span[1])) and mention.name not in gazetteer().self_evident


def _without_office(text: str, whole: Mention, parts: _Words) -> list[Mention]:
    """The name of a person without the office before it; an organisation's and a person's name cut apart."""
    no_office, no_body = -1, -1
    office = max((i for i in range(len(parts.plain)) if _belongs_to_office(parts, i)), default=no_office)
    body = max((i for i, word in enumerate(parts.plain) if word in _BODY_WORDS), default=no_body)
    if whole.kind == "ORG" and body > no_body and office <= body and _is_person(text, parts, body + 1):
        organisation = (whole.span[0], parts.spans[body][1])
        person = (parts.spans[body + 1][0], whole.span[1])
        return [Mention(organisation, "ORG", text[slice(*organisation)]), *_repaired(text, person, "PERSON")]
    if office in (no_office, len(parts.plain) - 1) or body > office:
        return [whole]
    if whole.kind == "ORG" and TITLED.isdisjoint(parts.plain[: office + 1]):
        return [whole]
    start = parts.spans[office + 1][0]
    if parts.plain[office] == "of" or not text[start].isupper():
        return []  # "Emeritus of Clinical Epidemiology"
    return [Mention((start, whole.span[1]), "PERSON", text[start : whole.span[1]])]


def _belongs_to_office(parts: _Words, at: int) -> bool:
    return parts.plain[at] in TITLED or (parts.written[at][0].islower() and parts.plain[at] not in _IN_NAMES)


def _is_person(text: str, parts: _Words, first: int) -> bool:
    """Whether the words from `first` on, after an organisation's, name a person: "Karlby University Stig Dam"."""
    name = parts.written[first:]
    if not 2 <= len(name) <= 3 or not all(word[0].isupper() for word in name):
        return False
    if parts.plain[first] not in GIVEN and len(re.findall(rf"\b{re.escape(name[-1])}\b", text)) <= 1:
        return False
    return " ".join(name) not in gazetteer().self_evident
