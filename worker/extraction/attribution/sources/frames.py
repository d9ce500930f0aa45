"""Frames: fixed words around whoever speaks, matched on the words of a sentence and not on its parse.

A frame of data/source_frames.toml is a row of items. Each stands for one word, unless it says otherwise:

    word, a|b       these words, in lower case
    =lemma, =a|b    any form of these words
    %list, %list:en any form of a word of that list, of the same file or of data/words; only a past participle
    WHO             who speaks: one to twelve words, which `names_somebody` looks at
    WHOSE           the same with the mark of an owner, or "his", "her", "its", "their"
    ..              up to five words, no marks among them
    ADV             the same without nouns that are no time
    WHEN            nothing, a time, or an occasion: "on Monday", "in an interview"
    item?           the item may be missing
    <item item>     what stands between is the cue; without it, all that stands before the speaker, or all

The parser takes such phrases for objects, appositions and clauses by turns, so that the words are more to be relied on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from worker.extraction.attribution.sources.somebody import names_somebody
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Phrase, Token

__all__ = ["Framed", "begins_a_name", "framed"]

_MAX_WHO = 12
_MAX_OTHERS = 5
_MAX_SMALL = 3
"""Letters of the words that stay small in a headline with capitals."""
_WORD = r"\S+/\S+ "
_NAME_WORD = rf"(?![,;:()“”\"«»–—…]){_WORD}"
_WHO = rf"(?P<who>{_NAME_WORD}(?:{_NAME_WORD}){{0,{_MAX_WHO - 1}}}?)"
_WHOSE = rf"(?:(?P<whose>(?:his|her|its|their)/\S+ )|{_WHO.replace('<who>', '<owner>')}['’]s?/\S+ )"
_TAIL = rf"(?:of/of {_WORD}(?:{_WORD}){{0,2}}?)?"
"""What a version is of: "on the union's version of events"."""
_DATE = "@date"
"""In place of the lemma of a word of a time."""
_ADVERBS_OF_TIME = "then|later|earlier|recently|once|yesterday|today|afterwards|again|repeatedly|often|since"
_JOINTS = frozenset(
    "but and yet so or because that which although though while whereas however nor then now still".split()
)
_BOUNDARIES = frozenset(',;:–—-()[]“”"«»…')
_CUE_EDGES = "<>"


@dataclass(frozen=True, slots=True)
class _Frame:
    pattern: re.Pattern[str]
    lemma: str
    who: str
    needs: frozenset[str]
    """Words of which a phrase must have one, so that most frames are passed by without a look."""


@dataclass(frozen=True, slots=True)
class Framed:
    """Numbers of tokens: `who` speaks (None: nobody is named), `cue`, and the whole `phrase`; ends are exclusive.

    `leads`: what follows the phrase is said, and not all that stands beside it; `names`: it says what a thing is.
    """

    phrase: tuple[int, int]
    who: tuple[int, int] | None
    cue: tuple[int, int]
    lemma: str
    leads: bool
    names: bool = False


@cache
def _frames(kind: str) -> tuple[_Frame, ...]:
    table = read_table("source_frames")
    lists = {str(name): frozenset(str(listed).split()) for name, listed in table["lists"].items()}
    made = [
        _frame(str(row), str(entry["verb"]), str(entry.get("who", "any")), lists)
        for entry in table[kind]
        for row in entry["frames"]
    ]
    if kind == "set_off":
        phrases = read_table("source_phrases")
        for noun, prepositions in phrases["preposition_of"].items():
            verb, before = str(phrases["verb_of"][noun]), "|".join(str(prepositions).split())
            nouns = str(noun) if " " in noun else f"={noun}"
            rows = (f"{before} WHOSE ADV <{nouns}> TAIL", f"<{before} the ADV {nouns} of|from> WHO")
            who = "speaker" if noun in phrases["of_somebody"]["nouns"] else "any"
            made += [_frame(row, verb, who, lists) for row in rows]
    return tuple(made)


def _frame(row: str, lemma: str, who: str, lists: Mapping[str, frozenset[str]]) -> _Frame:
    items = row.split()
    has_cue = "<" in row
    pattern: list[str] = [] if has_cue else ["(?P<cue>"]
    needs: frozenset[str] | None = None
    is_open = not has_cue
    for item in items:
        bare = item.strip(_CUE_EDGES)
        if item.startswith("<"):
            pattern.append("(?P<cue>")
        if bare in ("WHO", "WHOSE"):
            if is_open and len(pattern) > 1:
                pattern.append(")")
                is_open = False
            pattern.append(_WHO if bare == "WHO" else _WHOSE)
        elif bare == "..":
            pattern.append(rf"(?:(?=\w){_WORD}){{0,{_MAX_OTHERS}}}?")
        elif bare == "ADV":
            pattern.append(rf"(?:(?=\w)(?!\S+/~){_WORD}){{0,{_MAX_OTHERS}}}?")
        elif bare == "TAIL":
            pattern.append(_TAIL)
        elif bare == "WHEN":
            pattern.append(_when(lists["occasion"]))
        else:
            optional = bare.endswith("?")
            forms, encoded = _item(bare.rstrip("?"), lists)
            pattern.append(f"(?:{encoded})?" if optional else encoded)
            if not optional and forms and (needs is None or len(forms) < len(needs)):
                needs = forms
        if item.endswith(">"):
            pattern.append(")")
    if is_open:
        pattern.append(")")
    if not needs:
        raise ValueError(f"a frame needs a word that it must have: {row}")
    return _Frame(re.compile("".join(pattern)), lemma, who, needs)


def _when(occasions: frozenset[str]) -> str:
    occasion = "|".join(sorted(occasions))
    return (
        rf"(?:(?:on|in|at|back|by|during|since)/\S+ )?(?:\S+/{_DATE} )*(?:(?:{_ADVERBS_OF_TIME})/\S+ )?"
        rf"(?:(?:in|during|at|to|before)/\S+ (?:{_WORD}){{0,4}}?\S+/[~^]?(?:{occasion}) )?"
    )


def _item(item: str, lists: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], str]:
    """The forms or lemmas of an item, and its regular expression over words that are written "form/lemma "."""
    is_participle = item.endswith(":en")
    if item.startswith("%"):
        name = item[1:].removesuffix(":en")
        listed = lists[name] if name in lists else words(name)
    else:
        listed = frozenset(item.removeprefix("=").split("|"))
    one_of = "|".join(sorted(map(re.escape, listed)))
    by_lemma = item.startswith(("%", "="))
    if is_participle:
        return listed, rf"\S+/\^(?:{one_of}) "
    return listed, rf"\S+/[~^]?(?:{one_of}) " if by_lemma else rf"(?:{one_of})/\S+ "


class _Wanted:
    """The frames that a part of a sentence may fill: those of which it has a word that they need."""

    def __init__(self, kind: str, words_of: list[set[str]]) -> None:
        """`words_of`: the form and the lemma of each token."""
        self._frames, by_word = _frames(kind), _numbers_by_word(kind)
        each = ((n, [by_word[word] for word in some if word in by_word]) for n, some in enumerate(words_of))
        self._at = [(n, frozenset[int]().union(*numbers)) for n, numbers in each if numbers]
        """Tokens that some frames need, with the numbers of these frames."""

    def between(self, start: int, end: int) -> list[_Frame]:
        """In the order of the file."""
        numbers = frozenset[int]().union(*(numbers for n, numbers in self._at if start <= n < end))
        return [self._frames[number] for number in sorted(numbers)]


@cache
def _numbers_by_word(kind: str) -> dict[str, frozenset[int]]:
    """For each word that frames need the numbers of these frames. Every frame needs one."""
    numbers: dict[str, set[int]] = {}
    for number, frame in enumerate(_frames(kind)):
        for word in frame.needs:
            numbers.setdefault(word, set()).add(number)
    return {word: frozenset(some) for word, some in numbers.items()}


def framed(sentence: Phrase) -> Iterator[Framed]:
    """The phrases of a sentence that fill a frame, set off ones first."""
    tokens = [token for token in sentence if not token.is_space]
    if len(tokens) < 2:
        return
    encoded = [_encoded(token) for token in tokens]
    parts = [{part.lstrip("~^") for part in word[:-1].split("/")} for word in encoded]
    starts, ends = _edges(tokens)
    set_off = _Wanted("set_off", parts)
    for start in starts:
        for end in (each for each in ends if each > start):
            frames = set_off.between(start, end)
            found = frames and _first(frames, "".join(encoded[start:end]), tokens, start, leads=False, whole=True)
            if found:
                yield found
                break
            if end - start > _MAX_WHO + 2 * _MAX_OTHERS:
                break
    leading = _Wanted("leading", parts)
    for start in starts:
        frames = leading.between(start, len(tokens))
        found = frames and _first(frames, "".join(encoded[start:]), tokens, start, leads=True, whole=False)
        if found:
            yield found
    for start in (n for n, t in enumerate(tokens) if t.lower_ == "what"):
        found = _first(_frames("naming"), "".join(encoded[start:]), tokens, start, leads=True, whole=False)
        if found is not None:
            yield replace(found, names=True)


def _first(
    frames: Sequence[_Frame], words_of: str, tokens: Sequence[Token], start: int, *, leads: bool, whole: bool
) -> Framed | None:
    for frame in frames:
        match = frame.pattern.fullmatch(words_of) if whole else frame.pattern.match(words_of)
        if match is None:
            continue
        groups = match.groupdict()
        name = next((name for name in ("who", "owner", "whose") if groups.get(name)), None)
        who = _place(match, name, tokens, start) if name else None
        if who is not None and name != "whose" and not names_somebody(_between(tokens, who), frame.who):
            continue
        cue, phrase = _place(match, "cue", tokens, start), _place(match, 0, tokens, start)
        if begins_a_name(tokens[start]):
            continue
        if phrase[1] > phrase[0] and cue[1] > cue[0]:
            return Framed(phrase, who, cue, frame.lemma, leads)
    return None


def begins_a_name(first: Token) -> bool:
    """True of "Per" in "her agent, Per Holm, said": it has a capital behind a comma, as the next word has, in a
    sentence that is no headline with capitals everywhere.
    """
    if not first.text[:1].isupper() or first.i == first.sent.start or first.nbor(-1).text != ",":
        return False
    is_name = first.i + 1 < len(first.doc) and first.nbor().text[:1].isupper()
    return is_name and any(token.text.islower() and len(token.text) > _MAX_SMALL for token in first.sent)


def _between(tokens: Sequence[Token], place: tuple[int, int]) -> list[Token]:
    return [token for token in tokens if place[0] <= token.i < place[1]]


def _place(match: re.Match[str], group: str | int, tokens: Sequence[Token], start: int) -> tuple[int, int]:
    first = match.string.count(" ", 0, match.start(group))
    last = match.string.count(" ", 0, match.end(group)) - 1
    return tokens[start + first].i, tokens[start + max(last, first)].i + 1


def _encoded(token: Token) -> str:
    form, lemma = (part.replace("/", "|").replace(" ", "_") for part in (token.lower_, token.lemma_.casefold()))
    if token.ent_type_ in ("DATE", "TIME") and token.pos_ in ("NOUN", "PROPN", "NUM", "ADJ", "DET"):
        lemma = _DATE
    kind = "~" if token.pos_ in ("NOUN", "PROPN") and lemma != _DATE else "^" if token.tag_ in ("VBN", "VBD") else ""
    return f"{form}/{kind}{lemma} "


def _edges(tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    """Where a phrase may begin: at the sentence, behind a mark and behind a conjunction there; and where it may end."""
    starts, ends = [], []
    at_edge = True
    for number, token in enumerate(tokens):
        if _is_boundary(token, tokens, number):
            ends.append(number)
            at_edge = True
            continue
        if at_edge:
            starts.append(number)
            at_edge = token.lower_ in _JOINTS
    ends.append(len(tokens))
    return starts, sorted(set(ends))


def _is_boundary(token: Token, tokens: Sequence[Token], number: int) -> bool:
    if token.text in _BOUNDARIES or token.text in ("--", ".", "!", "?"):
        beside = tokens[number - 1 : number + 2]
        is_hyphen = token.text == "-" and len(beside) == 3 and not _apart(beside)
        return not is_hyphen
    return False


def _apart(tokens: Sequence[Token]) -> bool:
    """True if a dash has a space on a side: "say-so" has none."""
    return any(b.idx > a.idx + len(a.text) for a, b in pairwise(tokens))
