"""A text as a string of word classes, one character a word: what the grammars of times and quantities are matched on.

A regular expression over the 500 words of an article, each a class, is quicker than one over its 2,500 letters, and a
rule reads as its meaning: "NUM UNIT AGO". The words of a class are listed in data/word_classes.toml; a number in digits
has its classes by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import ordered_words
from worker.extraction.spans import Span
from worker.extraction.values.currencies import classes_of_currencies, glued_letters, signs_of_currencies

__all__ = ["Hit", "Lexed", "Rules", "lex"]

_COARSE = re.compile(r"\w+|[^\w\s]|\n")
_WITH_SOFT_HYPHENS = re.compile(r"\w+(?:\u00ad+\w+)*|[^\w\s]|\n")
_FINE = re.compile(
    r"""
    (?P<iso>(?:1[5-9]|20)\d\d(?:-\d\d-\d\d(?![\d-])|/\d\d/\d\d(?![\d/])))
  | (?P<dotted>\d{1,2}\.\d{1,2}\.(?:1[5-9]|20)\d\d(?!\.?\d))
  | (?P<decade>(?:1[1-9]|20)\d0s\b | (?<=['’‘-])\d0s\b | (?<=the\s)\d0s\b)
  | (?P<ordinal>(?:\d{0,3}(?<!1)(?:1st|2nd|3rd)|\d{1,4}th)\b)
  | (?P<hclock>(?:[01]?\d|2[0-4])[hH][0-5]\d(?!\w))
  | (?P<number>\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+\b
      | (?<![\d.,/+-])(?<!\d[ )])[1-9]\d{0,2}(?:[ ]\d{3})+\b(?![ .,/-]?\d)
      | [1-9]\d{0,2}(?:['’]\d{3})+\b
      | \d+(?:[.,:]\d+)*)
  | (?P<half_day>[ap]\.\s?m\b\.?|[AP]\.\s?M\b\.?)
  | (?P<initials>(?:[A-Z]\.){2,})
  | (?P<word>o['’]clock\b|[^\W\d_]+)
    """,
    re.VERBOSE,
)
"""Cuts what begins with a digit or is a single letter, which the coarse pattern cuts wrongly."""
_SIGNS = {
    "\n": "BREAK", "%": "PERCENT_SIGN", "°": "DEGREE", "/": "SLASH", ",": "COMMA", ".": "DOT", "(": "OPEN",
    ")": "CLOSE", "+": "PLUS_SIGN", "′": "POSSESSIVE", **dict.fromkeys('"”″', "INCH_MARK"),
    **dict.fromkeys(signs_of_currencies(), "MONEY"), **dict.fromkeys("½⅓⅔¼¾", "FRACTION"),
    **dict.fromkeys("~≈", "ABOUT_SIGN"), **dict.fromkeys("<≤>≥", "LIMIT_SIGN"),
    **dict.fromkeys("-‐‑", "HYPHEN"), **dict.fromkeys("–—−", "DASH"), **dict.fromkeys("'’", "POSSESSIVE"),
}  # fmt: skip
_YEARS = range(1500, 2100)
_KINDS = ("cased", "folded")
_FORMS_OF_NUMBERS = (
    "1", "12", "20", "31", "45", "0615", "1234", "1500", "1561", "1930", "2024", "2460", "9999", "6.30", "6.3", "6.75",
    "1,200", "1,20", "6:30", "6:75", "99:30",
)  # fmt: skip
"""One number of each form that has classes of its own, so that the classes are known before the grammars are built."""


def _number_classes(form: str) -> frozenset[str]:
    """The classes of a number in digits: besides NUM those of what it may be, as a day or an hour."""
    if ":" in form:
        hour, _, minute = form.partition(":")
        clock = minute.isdigit() and len(minute) == 2 and int(hour) <= 24 and int(minute) < 60
        return frozenset({"CLOCK"} if clock else {"RATIO"})
    can = {"NUM"}
    if form.isdigit():
        value = int(form[:6])
        if len(form) <= 2:
            can |= {"DAY"} if 1 <= value <= 31 else set()
            can |= {"HOUR"} if value <= 24 else set()
            can |= {"TWO"} if len(form) == 2 else set()
        elif len(form) == 4:
            can |= {"YEAR"} if value in _YEARS else set()
            can |= {"MILITARY"} if value // 100 <= 24 and value % 100 < 60 else set()
            can |= {"ZERO_HOURS"} if form[0] == "0" and value % 100 < 60 else set()
    elif re.fullmatch(r"\d{1,2}\.[0-5]\d", form) and int(form.partition(".")[0]) <= 24:
        can.add("DOTCLOCK")
    return frozenset(can)


def _ordinal_classes(form: str) -> frozenset[str]:
    return frozenset({"ORDINAL", "DAYTH"} if 1 <= int(form[:-2]) <= 31 else {"ORDINAL"})


@cache
def _listed() -> dict[str, dict[str, tuple[str, ...]]]:
    """The words of each class, by the way they are compared: `cased` or `folded`."""
    tables = read_table("word_classes")
    cased, folded = ({name: tuple(listed.split()) for name, listed in tables[kind].items()} for kind in _KINDS)
    folded |= {name: ordered_words(listed) for name, listed in tables["from_lists"].items()}
    currencies = classes_of_currencies()
    return {"cased": cased | currencies["cased"], "folded": folded | currencies["folded"]}


def _classes_of_words(kind: str) -> dict[str, frozenset[str]]:
    classes: dict[str, set[str]] = {}
    for name, listed in _listed()[kind].items():
        for word in listed:
            classes.setdefault(word, set()).add(name.upper())
    return {word: frozenset(names) for word, names in classes.items()}


class _Leaves:
    """One character for each set of classes that words share."""

    def __init__(self) -> None:
        self._char: dict[frozenset[str], str] = {}
        classes: dict[str, frozenset[str]] = {}
        for word, names in _classes_of_words("folded").items():
            classes |= dict.fromkeys((word, word.capitalize(), word.upper()), names)
        for word, names in _classes_of_words("cased").items():
            for form in {word, word.upper()} if len(word) > 1 else {word}:
                classes[form] = classes.get(form, frozenset()) | names
        self.of_word = {form: self.leaf(names) for form, names in classes.items()}
        self.of_word |= {sign: self.leaf(frozenset({name})) for sign, name in _SIGNS.items()}
        self.of_form = {form: self.leaf(frozenset({form.upper()})) for form in _FINE.groupindex}
        self.plain = self.leaf(frozenset({"PLAIN"}))
        self.other = self.leaf(frozenset({"OTHER"}))
        self.letters_of_money = self.leaf(frozenset({"CURRENCY_LETTERS"}))
        for form in _FORMS_OF_NUMBERS:
            self.leaf(_number_classes(form))
        for form in ("3rd", "45th"):
            self.leaf(_ordinal_classes(form))

    def leaf(self, names: frozenset[str]) -> str:
        return self._char.setdefault(names, chr(0x4E00 + len(self._char)))

    def charset(self, name: str) -> str:
        """Raises KeyError for a class that no word has."""
        chars = [char for names, char in self._char.items() if name in names]
        if not chars:
            raise KeyError(name)
        return f"[{''.join(chars)}]"


_LEAVES = _Leaves()
_SPLITTABLE = frozenset(_LEAVES.of_word[word] for word in ("a", "m", "b", "k", "p"))
"""Single letters that are words of a class and may begin something longer."""


@lru_cache(maxsize=4096)
def _number_leaf(form: str) -> str:
    return _LEAVES.leaf(_number_classes(form))


@dataclass(frozen=True, slots=True)
class Lexed:
    """`classes[i]` is the class of the word at `text[starts[i]:ends[i]]`."""

    text: str
    classes: str
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match: words `first` to `last` (exclusive), and its named parts."""

    lexed: Lexed
    match: re.Match[str]

    @property
    def span(self) -> Span:
        return self.lexed.starts[self.match.start()], self.lexed.ends[self.match.end() - 1]

    def part(self, name: str) -> str | None:
        """The words of a named part, None where it is absent or the rule has none of that name."""
        span = self.part_span(name)
        return self.lexed.text[slice(*span)] if span else None

    def part_span(self, name: str) -> Span | None:
        if name not in self.match.re.groupindex:
            return None
        first, last = self.match.span(name)
        return (self.lexed.starts[first], self.lexed.ends[last - 1]) if first < last else None


def lex(text: str) -> Lexed:
    of_word, plain, other = _LEAVES.of_word, _LEAVES.plain, _LEAVES.other
    classes: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    soft = "\u00ad" in text
    for match in (_WITH_SOFT_HYPHENS if soft else _COARSE).finditer(text):
        start, end = match.span()
        if start < done:
            if end > done:  # "3.2bn": the fine cut ended inside this coarse word
                done = _fine(text, done, end, classes, starts, ends)
            continue
        word = match[0].replace("\u00ad", "") if soft else match[0]
        leaf = of_word.get(word)
        if leaf is None:
            first = word[:1]  # none where a soft hyphen is alone
            if first.isalpha() and end - start > 1 and not (word[:2] == "FY" and word[2:].isdigit()):
                letters = None if word.isalpha() else glued_letters(text, start)
                if letters is not None:
                    classes.append(_LEAVES.letters_of_money)
                    starts.append(start)
                    ends.append(letters)
                    done = _fine(text, letters, end, classes, starts, ends)
                    continue
                leaf = plain
            elif first.isalnum():
                done = _fine(text, start, end, classes, starts, ends)
                continue
            else:
                leaf = other
        elif leaf in _SPLITTABLE:
            done = _fine(text, start, end, classes, starts, ends)
            continue
        classes.append(leaf)
        starts.append(start)
        ends.append(end)
    return Lexed(text, "".join(classes), starts, ends)


def _fine(text: str, start: int, end: int, classes: list[str], starts: list[int], ends: list[int]) -> int:
    """Cuts one coarse word, and what belongs to it behind; returns where the last part ends."""
    while start < end:
        match = _FINE.match(text, start)
        if match is None:  # "_" and digits of other scripts
            classes.append(_LEAVES.other)
            starts.append(start)
            ends.append(start + 1)
            start += 1
            continue
        form, word = match.lastgroup or "word", match[0]
        if form == "number":
            leaf = _number_leaf(word)
        elif form == "ordinal":
            leaf = _LEAVES.leaf(_ordinal_classes(word))
        elif form == "word":
            leaf = _LEAVES.of_word.get(word, _LEAVES.plain)
        else:
            leaf = _LEAVES.of_form[form]
        classes.append(leaf)
        starts.append(start)
        start = match.end()
        ends.append(start)
    return start


class Rules:
    """A grammar: named rules over classes, of which the first that matches at a word wins.

    A rule is a regular expression in the names of classes (capitals) and of `macros`; parts in `(?P<name>...)` are what
    its reader asks for. Raises KeyError for a class that no word has.
    """

    def __init__(self, rules: Sequence[tuple[str, str]], macros: dict[str, str]) -> None:
        sources = [_expanded(rule, macros) for _, rule in rules]
        self._each = [(name, re.compile(source)) for (name, _), source in zip(rules, sources, strict=True)]
        plain = [re.sub(r"[?]P<[a-z0-9]+>", "?:", source) for source in sources]
        begin: dict[str, list[int]] = {}
        for index, source in enumerate(plain):
            for leaf in _first(source):
                begin.setdefault(leaf, []).append(index)
        # at each word only the rules that can begin with it are tried, all of them in one pattern
        together = {
            indexes: re.compile("|".join(f"(?P<r{i}>{plain[i]})" for i in indexes))
            for indexes in {tuple(found) for found in begin.values()}
        }
        self._from = {leaf: together[tuple(indexes)] for leaf, indexes in begin.items()}
        self._begins = re.compile(f"[{''.join(begin)}]")

    def hits(self, lexed: Lexed) -> Iterator[tuple[str, Hit]]:
        """The matches in their order, none inside another, each with the name of its rule."""
        classes, done = lexed.classes, 0
        for begin in self._begins.finditer(classes):
            at = begin.start()
            if at < done:
                continue
            match = self._from[begin[0]].match(classes, at)
            if match is None or match.end() == at:
                continue
            name, rule = self._each[int((match.lastgroup or "r0")[1:])]
            parts = rule.match(classes, at)
            if parts is not None:
                done = match.end()
                yield name, Hit(lexed, parts)


def _expanded(rule: str, macros: dict[str, str]) -> str:
    def named(match: re.Match[str]) -> str:
        name = match[0]
        return _expanded(macros[name], macros) if name in macros else _LEAVES.charset(name)

    return re.sub(r"(?<!P<)[A-Z][A-Z_]+", named, rule).replace(" ", "")


def _first(source: str) -> set[str]:
    """The characters that a match of an expanded rule can begin with."""
    found, _, _ = _first_of_any(source, 0)
    return found


def _first_of_any(source: str, at: int) -> tuple[set[str], bool, int]:
    """The first characters of the alternatives that begin at `at`, whether one matches nothing, and where they end."""
    found: set[str] = set()
    can_be_empty = False
    still_open, of_alternative = True, set[str]()
    while at < len(source) and source[at] != ")":
        if source[at] == "|":
            found |= of_alternative
            can_be_empty |= still_open
            still_open, of_alternative = True, set()
            at += 1
            continue
        first, optional, at = _first_of_item(source, at)
        if source[at : at + 1] == "?":
            optional, at = True, at + 1
        if still_open:
            of_alternative |= first
            still_open = optional
    return found | of_alternative, can_be_empty or still_open, at


def _first_of_item(source: str, at: int) -> tuple[set[str], bool, int]:
    """The same of one set of characters or one group; a group that looks ahead or back takes no character."""
    if source[at] == "[":
        close = source.index("]", at)
        return set(source[at + 1 : close]), False, close + 1
    for looking in ("(?!", "(?=", "(?<=", "(?<!"):
        if source.startswith(looking, at):
            _, _, end = _first_of_any(source, at + len(looking))
            return set(), True, end + 1
    first, optional, end = _first_of_any(source, at + (3 if source.startswith("(?:", at) else 1))
    return first, optional, end + 1
