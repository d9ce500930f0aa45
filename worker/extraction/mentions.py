"""Where the text names somebody or something, and of what type: the recogniser's finds, mended, and the gazetteer's.

The small English model takes offices into names, surnames for organisations and firms for people. What a text says about
a name elsewhere decides: its office, its full form, the words it is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from worker.extraction.gazetteer import Entry, gazetteer, plain
from worker.extraction.metonyms import speaks
from worker.extraction.names import GIVEN, WORDS, family, same_surname
from worker.extraction.types import Span

__all__ = ["Mention", "mentions"]

_TYPES = frozenset(("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"))
_HOLDS = frozenset(("PERSON", "ORG", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"))
"""Types whose names keep what is inside them: "Bank of England" does not name England."""
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ](?:[\w\-\u0300-\u036f]|['’](?!s\b))*(?:\.[A-Z]\.?)*")
"""A capitalised word, its possessive aside; accents may be characters of their own."""
_PARTICLES = frozenset("al el de von van bin ibn di da del der den la le du dos ter ten and".split())
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s?|[\s,;:]+)$")
_NICKNAMED = re.compile(r"\b([A-ZÀ-Þ][\w-]+)\s[‘'“\"][^‘'“\"’”\n]{2,25}[’'”\"]\s([A-ZÀ-Þ][\w-]+)")
_BEFORE = re.compile(r"([\w’'.\-]+)[ \u00a0]\Z")
_BEFORE_COMMA = re.compile(r"([\w’'.\-]+),?[ \u00a0]\Z")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|outside|from|to|around|across|of)\s$")
_PLACE_OF = re.compile(
    r"\b(?:village|town|city|port|district|region|province|valley|island|river|suburb|hamlet|state|county)\sof\s$"
)
_OFFICE_AFTER = re.compile(
    r"\s(?:[Mm]inist(?:er|ry)|[Ss]ecretary|[Dd]epartment|[Cc]ommittee|[Cc]hief|[Ss]pokes\w+|[Cc]hair)\b"
)
_TITLED = WORDS["titles"] | WORDS["roles"]
_NOT_NAMES = frozenset("monday tuesday wednesday thursday friday saturday sunday i he she they we it un".split())
_WORDS_TOO = frozenset("will may mark rose grace art frank drew hope dawn robin jack grant ray sue pat bill".split())
"""Given names that begin sentences as other words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """`name` as written, without an article, a title or a possessive; `entry` where the gazetteer knows it."""

    span: Span
    kind: str
    name: str
    entry: Entry | None = None


def mentions(doc: Any, text: str) -> list[Mention]:
    """All mentions in their order, none inside another."""
    words = [m.span() for m in _CAPITAL.finditer(text)]
    known = _known(text, words)
    found = _recognised(doc, text)
    found += [Mention(m.span(), "PERSON", f"{m[1]} {m[2]}") for m in _NICKNAMED.finditer(text)]
    found = _apart(found)
    introduced = _introduced(text, words, found)
    introduced += [
        m for m in _by_their_last_word(text, words) if not any(_meet(m.span, o.span) for o in [*found, *introduced])
    ]
    found = [m for m in found if not any(_meet(m.span, other.span) for other in introduced)] + introduced
    typed = _typed(found, text)
    merged = _merged(typed, known)
    merged += _repeated(text, words, merged)
    near = frozenset(m.entry.country for m in merged if m.entry is not None and m.entry.what == "country")
    firsts = {m.name.split()[0] for m in merged if m.kind == "ORG" and m.entry is None and " " in m.name}
    placed = [_placed(each, text, near, firsts) for each in merged]
    return sorted((_spoken(each, doc) for each in placed), key=lambda m: m.span)


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _known(text: str, words: list[Span]) -> list[Mention]:
    """Names of the gazetteer that stand for themselves: countries, demonyms, organisations, seats of governments."""
    lists = gazetteer()
    found: list[Mention] = []
    waiting: list[tuple[Mention, str]] = []
    done = 0
    for start, end in words:
        if start < done:
            continue
        for name in lists.first_words.get(text[start:end], ()) or lists.first_words.get(_word(text, start), ()):
            stop = start + len(name)
            if not text.startswith(name, start) or text[stop : stop + 1].isalnum():
                continue
            entry, form = lists.free[name]
            if _is_shouted(text, start, stop, name):
                break
            mention = Mention((start, stop), entry.kind, name, entry)
            if form in lists.countries:
                waiting.append((mention, form))
            elif form != "metonym" or not _is_place(text, start):
                found.append(mention)
            done = stop
            break
    for start, end in _lower_names(text):
        found.append(Mention((start, end), "ORG", text[start:end], lists.free[text[start:end]][0]))
    here = {m.entry.country for m in found if m.entry is not None}
    return found + [mention for mention, country in waiting if country in here]


def _lower_names(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"\bal[- ](?:Qaeda|Qaida)\b", text) if m[0] in gazetteer().free]


def _word(text: str, start: int) -> str:
    end = start
    while end < len(text) and not text[end].isspace() and text[end] not in ",;:!?()":
        end += 1
    return text[start:end]


def _is_shouted(text: str, start: int, end: int, name: str) -> bool:
    """ "LET US GO": capitals in a line of capitals are no abbreviation."""
    return name.isupper() and len(name) <= 4 and name.isalpha() and _in_capitals(text, start, end)


def _is_place(text: str, start: int) -> bool:
    return (
        re.search(
            r"\b(?:at|near|outside|inside|in|towards?|into|visited)\s(?:the\s)?$", text[max(0, start - 14) : start]
        )
        is not None
    )


def _recognised(doc: Any, text: str) -> list[Mention]:
    found = []
    for ent in doc.ents:
        if ent.label_ in _TYPES:
            found += _bare(text, (ent.start_char, ent.end_char), ent.label_)
    return found


def _trim(text: str, span: Span) -> Span:
    start, end = span
    line = text.find("\n", start, end)
    end = line if line > start else end
    while start < end and not text[start].isalnum():
        start += 1
    article = _ARTICLE.match(text, start, end)
    if article and article.end() < end:
        start = article.end()
    while end > start and not text[end - 1].isalnum() and text[end - 1] != ".":
        end -= 1
    possessive = _POSSESSIVE.search(text, start, end)
    if possessive and possessive.start() > start:
        end = possessive.start()
    if text[end - 1 : end] == "." and not re.search(r"\b(?:[A-Z]\.)+$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$", text[start:end]):
        end -= 1
    return start, end


def _bare(text: str, span: Span, kind: str) -> list[Mention]:
    """A find without its article and possessive; an office is taken off a person's name, a person's name off a body's."""
    start, end = _trim(text, span)
    name = text[start:end]
    if not any(c.isupper() for c in name) and (kind == "PERSON" or " " not in name):
        return []
    if plain(name) in _NOT_NAMES or (name.isupper() and _in_capitals(text, start, end)):
        return []
    parts = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", name)]
    plains = [plain(text[s:e].strip(".,")) for s, e in parts]
    if all(word in _TITLED or word in WORDS["role_modifiers"] for word in plains) or (
        len(parts) > 1 and plains[-1] in WORDS["roles"]
    ):
        return []  # an office and nobody's name
    if (
        len(parts) > 2
        and text[parts[0][0] : parts[0][1]] in gazetteer().free
        and not set(plains[1:]) & WORDS["bodies"]
        and all(text[s].isupper() for s, _ in parts[1:])
    ):
        return _bare(text, (parts[1][0], end), "PERSON")  # "UN Richard Mills"
    if len(parts) == 1 and name not in gazetteer().free and _OFFICE_AFTER.match(text, end):
        return []  # "Finance Minister"
    if kind not in ("PERSON", "ORG"):
        return [Mention((start, end), kind, name)]
    last = max(
        (
            i
            for i, (s, _) in enumerate(parts)
            if plains[i] in _TITLED or (text[s].islower() and plains[i] not in _PARTICLES)
        ),
        default=-1,
    )
    body = max((i for i, word in enumerate(plains) if word in WORDS["bodies"]), default=-1)
    trailing = [text[s:e] for s, e in parts[body + 1 :]]
    if (
        kind == "ORG"
        and body >= 0
        and last <= body
        and 2 <= len(trailing) <= 3
        and all(w[0].isupper() for w in trailing)
        and (plains[body + 1] in GIVEN or len(re.findall(rf"\b{re.escape(trailing[-1])}\b", text)) > 1)
        and " ".join(trailing) not in gazetteer().free
    ):
        return [  # "Karlby University Stig Dam"
            Mention((start, parts[body][1]), "ORG", text[start : parts[body][1]]),
            *_bare(text, (parts[body + 1][0], end), "PERSON"),
        ]
    if last < 0 or last == len(parts) - 1 or body > last:
        return [Mention((start, end), kind, name)]
    if kind == "ORG" and not any(word in _TITLED for word in plains[: last + 1]):
        return [Mention((start, end), kind, name)]
    start = parts[last + 1][0]
    if plains[last] == "of" or not text[start].isupper():
        return []  # "Emeritus of Clinical Epidemiology"
    return [Mention((start, end), "PERSON", text[start:end])]


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the line around a word is in capitals, so that its capitals say nothing."""
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    around = text[begin:start] + text[end : stop if stop >= 0 else len(text)]
    letters = [c for c in around[:80] if c.isalpha()]
    return len(letters) > 8 and sum(c.isupper() for c in letters) > 0.9 * len(letters)


def _apart(found: list[Mention]) -> list[Mention]:
    """None inside another; the longer one stays. Shouted headlines are no names."""
    kept: list[Mention] = []
    for each in sorted(found, key=lambda m: (-(m.span[1] - m.span[0]), m.span)):
        shouted = each.name.isupper() and len(each.name.split()) > 2
        if not shouted and not any(_meet(each.span, other.span) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda m: m.span)


def _introduced(text: str, words: list[Span], found: list[Mention]) -> list[Mention]:
    """Names that only their office gives away: "presiding judge Odile Marchand"."""
    made = []
    for index, (start, end) in enumerate(words[:-1]):
        following = words[index + 1]
        if following[0] != end + 1 or text[end] != " ":
            continue
        before, first = _word_before(text, start, comma=True), plain(text[start:end])
        if (
            first in _TITLED
            or first in WORDS["role_modifiers"]
            or (before not in WORDS["roles"] and (first not in GIVEN or first in _WORDS_TOO))
        ):
            continue
        stop = following[1]
        if index + 2 < len(words) and words[index + 2][0] == stop + 1 and text[stop] == " ":
            stop = words[index + 2][1]
        span = _trim(text, (start, stop))
        if any(word in WORDS["roles"] for word in plain(text[slice(*span)]).split()):
            continue
        met = [m for m in found if _meet(span, m.span)]
        if all(" " not in m.name and m.span[1] == span[1] for m in met) and not _is_body(text[slice(*span)]):
            made.append(Mention(span, "PERSON", text[slice(*span)]))
    return made


def _by_their_last_word(text: str, words: list[Span]) -> list[Mention]:
    """Bodies that the recogniser missed: "the Farmers' Party"."""
    made = []
    for index, (_, end) in enumerate(words):
        if plain(text[slice(*words[index])]) not in WORDS["bodies"]:
            continue
        first = index
        while first and re.fullmatch(r"(?:['’]s?)?[ \u00a0]", text[words[first - 1][1] : words[first][0]]):
            first -= 1
        while first < index and (
            text[slice(*words[first])] in ("The", "A", "An", "In", "At", "On") or words[first][0] == 0
        ):
            first += 1
        if first < index:
            span = words[first][0], end
            made.append(Mention(span, "ORG", text[slice(*span)]))
    return made


def _word_before(text: str, at: int, *, comma: bool = False) -> str:
    """The word before a place in the same line; `comma` lets one stand between."""
    match = (_BEFORE_COMMA if comma else _BEFORE).search(text[max(0, at - 24) : at])
    return plain(match[1].strip(".")) if match else ""


def _called_before(text: str, at: int) -> str:
    """The word before a comma that a name stands behind: "a patients' group, Second Chance"."""
    match = re.search(r"([\w’'.\-]+), \Z", text[max(0, at - 24) : at])
    return plain(match[1]) if match else ""


def _is_body(name: str) -> bool:
    return any(word.strip(".,") in WORDS["bodies"] for word in plain(name).split())


def _typed(found: list[Mention], text: str) -> list[Mention]:
    """Types by what the whole text says about a name."""
    fulls = {m.span for m in found if _is_full(m, text)}
    people = [m for m in found if m.span in fulls]
    families = {family(m.name) for m in people}
    givens = {plain(m.name).split()[0] for m in people}
    firsts = {m.name.split()[0] for m in found if m.kind == "ORG" and " " in m.name and m.span not in fulls}
    made = []
    for each in found:
        kind = each.kind
        last = plain(each.name).split()[-1]
        if each.span in fulls:
            kind = "PERSON"
        elif kind == "PERSON" and " " in each.name and last in WORDS["streets"]:
            kind = "FAC"
        elif kind == "PERSON" and _PLACE_OF.search(text[max(0, each.span[0] - 14) : each.span[0]]):
            kind = "GPE"
        elif kind == "PERSON" and (
            _is_body(each.name)
            or each.name in firsts
            or _called_before(text, each.span[0]) in WORDS["bodies"] - WORDS["roles"]
        ):
            kind = "ORG"
        elif " " not in each.name and kind not in ("EVENT", "LAW"):
            kind = _single(each, text, families, givens)
        made.append(replace(each, kind=kind))
    return made


def _is_full(mention: Mention, text: str) -> bool:
    """Whether a name of several words is a person's: by the office beside it, the given name, or the recogniser."""
    words = mention.name.split()
    start, end = mention.span
    if not 2 <= len(words) <= 4 or _is_body(mention.name) or mention.kind in ("LAW", "EVENT", "NORP"):
        return False
    if any(c.isdigit() or c == "&" for c in mention.name) or plain(words[-1]) in WORDS["streets"]:
        return False
    if plain(mention.name) in gazetteer().places or _PLACE_OF.search(text[max(0, start - 14) : start]):
        return False
    first, before = plain(words[0]).rstrip("."), _word_before(text, start)
    if _called_before(text, start) in WORDS["bodies"] - WORDS["roles"]:
        return False  # "a patients' group, Second Chance"
    if before in _TITLED or first in GIVEN or re.fullmatch(r"[A-Z]\.(?:[A-Z]\.)?", words[0]):
        return True
    if mention.kind == "PERSON":
        return before != "the"
    after = re.match(r",\s((?:[\w’'-]+\s?){1,7})", text[end : end + 60])
    return after is not None and any(word in WORDS["roles"] for word in plain(after[1]).split())


def _single(each: Mention, text: str, families: set[str], givens: set[str]) -> str:
    word, whole = plain(each.name), family(each.name)
    if each.name.isupper() and len(each.name) <= 5 and whole not in families:
        return "ORG" if each.kind == "PERSON" else each.kind
    if whole in families or any(same_surname(whole, other) for other in families if other[:1] == whole[:1]):
        return "PERSON"
    before = _word_before(text, each.span[0])
    after = re.match(r"\s(\w+)", text[each.span[1] : each.span[1] + 20])
    if before in _TITLED or (each.kind == "PERSON" and word in givens | GIVEN.keys()):
        return "PERSON"
    if each.kind == "PERSON":
        if after and after[1] in WORDS["following_of"] and before in ("the", ""):
            return "PERSON"  # "the Biden administration"
        # news text gives a person's full name once; what never has one is a firm or a place
        if word in gazetteer().places or _PLACE_BEFORE.search(text[max(0, each.span[0] - 9) : each.span[0]]):
            return "GPE"
        return "ORG"
    return each.kind


def _merged(found: list[Mention], known: list[Mention]) -> list[Mention]:
    """The gazetteer's finds go before the recogniser's, except inside the names of others."""
    kept: list[Mention] = []
    taken: list[Mention] = []
    for mention in known:
        holders = [m for m in found if _meet(m.span, mention.span)]
        longer = [m for m in holders if m.span[1] - m.span[0] > mention.span[1] - mention.span[0]]
        if any(m.kind in _HOLDS for m in longer):
            continue
        same = [m for m in holders if m.span == mention.span]
        if (
            any(m.kind == "PERSON" for m in same)
            and mention.entry is not None
            and mention.entry.what == "country"
            and _has_namesake(same[0], found)
        ):
            continue
        taken += holders
        kept.append(mention)
    return kept + [m for m in found if m not in taken]


def _has_namesake(mention: Mention, found: list[Mention]) -> bool:
    """ "Jordan" after "Michael Jordan"."""
    return any(m.kind == "PERSON" and len(m.name.split()) > 1 and family(m.name) == plain(mention.name) for m in found)


def _repeated(text: str, words: list[Span], found: list[Mention]) -> list[Mention]:
    """Surnames and single names that the recogniser took once and missed elsewhere."""
    single: dict[str, Mention] = {}
    for each in found:
        if each.kind == "PERSON" and len(each.name.split()) > 1:
            single[each.name.split()[-1]] = each
        elif each.kind == "ORG" and " " not in each.name and each.entry is None and len(each.name) > 3:
            single.setdefault(each.name, each)
    covered = sorted(m.span for m in found)
    made = []
    for start, end in words:
        word = text[start:end]
        bare = word.removesuffix("'s").removesuffix("’s")
        known = single.get(bare)
        if known is not None:
            span = (start, start + len(bare))
            if not any(_meet(span, other) for other in covered):
                made.append(Mention(span, known.kind, bare))
    return made


def _placed(each: Mention, text: str, near: frozenset[str], firsts: set[str]) -> Mention:
    """Cities and states by the gazetteer, of the countries that the text names before others."""
    if (
        each.entry is not None
        or each.kind in ("PERSON", "NORP", "EVENT", "LAW")
        or _is_body(each.name)
        or each.name in firsts
    ):
        return each
    entry = gazetteer().place(each.name, near)
    if entry is None:
        return each
    surely = each.kind in ("GPE", "LOC") or _PLACE_BEFORE.search(text[max(0, each.span[0] - 9) : each.span[0]])
    if not surely and (
        (entry.what == "city" and entry.population < 500_000) or (each.name.isupper() and len(each.name) < 4)
    ):
        return each
    return replace(each, kind="GPE", entry=entry)


def _spoken(each: Mention, doc: Any) -> Mention:
    """A capital that stands for its government is the country."""
    if each.entry is None or each.entry.what != "capital":
        return each
    tokens = doc.char_span(*each.span, alignment_mode="expand")
    if tokens is None or not speaks(tokens.root):
        return each
    lists = gazetteer()
    if each.entry.name == "Brussels":
        return replace(each, kind="ORG", entry=lists.named("ORG", "European Union"))
    return replace(each, entry=lists.countries[each.entry.country])
