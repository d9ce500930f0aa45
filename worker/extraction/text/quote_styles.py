"""Quotation marks of all styles as those of one: the text that the stages read, with every offset as it was.

What is quoted stands between “ ” or between straight marks, what is quoted inside of it between ‘ ’. So ‘single’ marks,
``typewriter'' marks, « guillemets » and „German“ marks are direct speech like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from worker.extraction.spans import Span

__all__ = ["in_one_style"]

_LINE = re.compile(r"[^\n]+")
_FOLLOWING = re.compile(r"\n+[‘“]")
_OTHER_STYLE = re.compile("[\"«»„‚‘’`'‹›「『]|(?<!\\S)”(?=\\w)")
_TWO_SINGLE = re.compile(
    r"(?P<opens>``|‘‘|(?<![\w'’])(?:''|’’)(?=[^\s'’])|“)(?P<quoted>[^“”\n]*?[^\s“”])(?P<closes>''|’’)(?!['’\w])"
)
"""Two single marks for a double one, on both sides or only behind: ``so'', ''so'', “so’’."""
_OPENS_WITH_TWO = re.compile(r"\s*(?:''|‘‘|``)(?=[^\s'])")
_PAIRS = (
    re.compile('«([^«»“”"]+)»'),
    re.compile('»([^«»“”"]+)«'),
    re.compile('(?<!\\S)»(?=\\w)([^«»“”"]+?)»'),
    re.compile('(?<!\\S)”(?=\\w)([^“”"]+?)”(?!\\w)'),
    re.compile('「([^「」“”"]+)」'),
    re.compile('『([^『』“”"]+)』'),
    re.compile('„([^„“”"]+)[“”"]'),
    re.compile("‚([^‚‘’]+)[‘’](?!\\w)"),
)
_POINTED = re.compile("‹([^‹›]+)›|›([^‹›]+)‹")
_INCHES = re.compile(r'(?<=\d)"')
_SINGLE_OPENS = re.compile(
    r"(?<![^\s(\[“\"—–-])[‘'](?=[\w\"“$£€])(?!\d\ds?\b)(?!(?:em|tis|twas|til|cause|round|n)\b)", re.IGNORECASE
)
"""A single mark that begins a quote, no elision: '90s, 'em, 'tis."""
_SINGLE_CLOSES = re.compile(r"(?<=\S)[’'](?!\w)")
_POSSESSIVE = re.compile(r"s[’'] \w", re.IGNORECASE)
"""After an s and before a word the mark may belong to the word: the farmers’ market."""
_NICKNAME = re.compile(r"[A-ZÀ-Þ][\w-]* [‘'](?:\w+ ){0,2}\w+[’'] [A-ZÀ-Þ]")
"""A name goes on behind the mark: Danny ‘the Wall’ Pike."""
_PUNCTUATION = ",.?!…;:—-"


def in_one_style(text: str) -> str:
    """The text with the marks of other styles replaced; it has the same length, every other character stays."""
    if not _OTHER_STYLE.search(text):
        return text

    def marked(line: re.Match[str]) -> str:
        following = _FOLLOWING.match(text, line.end())
        return _line(line.group(), goes_on=following is not None)

    return _LINE.sub(marked, text)


def _line(line: str, *, goes_on: bool) -> str:
    """`goes_on`: whether the next line opens a quote, as one does that goes on with the quote of this line."""
    line = _POINTED.sub(lambda found: f"‘{found[1] or found[2]}’", _with_two_single_joined(line))
    for pair in _PAIRS:
        line = pair.sub(r"“\1”", line)
    if '"' in line:
        line = _with_straight_marks_nested(_without_inches(line))
    return _with_single_marks_doubled(line, goes_on=goes_on)


def _with_two_single_joined(line: str) -> str:
    """Two single marks become a double one and a blank. A line that opens a quote need not close it."""
    if not any(two in line for two in ("''", "’’", "‘‘", "``")):
        return line
    line = _TWO_SINGLE.sub(lambda found: "“".ljust(len(found["opens"])) + found["quoted"] + " ”", line)
    opening = _OPENS_WITH_TWO.match(line)
    return line if opening is None else line[: opening.end() - 2] + "“ " + line[opening.end() :]


def _without_inches(line: str) -> str:
    """A straight mark behind a digit that would open a quote is none: a 12" pipe."""
    for mark in reversed(list(_INCHES.finditer(line))):
        if line.count('"', 0, mark.start()) % 2 == 0 and line.count('"', mark.end()) % 2 == 0:
            line = line[: mark.start()] + "″" + line[mark.end() :]
    return line


def _with_straight_marks_nested(line: str) -> str:
    """Straight marks inside straight marks become single ones: "It said, "Stay," and no more," he read."""
    places = [match.start() for match in re.finditer('"', line)]
    opens = [_opens(line, at) for at in places]
    if all(is_open == (number % 2 == 0) for number, is_open in enumerate(opens)):
        return line
    depths = list(_depths(opens))
    if not depths or depths[-1] != 0 or min(depths) < 0:
        return line  # a mark is missing: they alternate, as printed
    marks = list(line)
    for at, is_open, depth in zip(places, opens, depths, strict=True):
        if (depth if not is_open else depth - 1) > 0:
            marks[at] = "‘" if is_open else "’"
    return "".join(marks)


def _opens(line: str, at: int) -> bool:
    return (at == 0 or line[at - 1] in " \t([“‘—–-") and at + 1 < len(line) and not line[at + 1].isspace()


def _depths(opens: Sequence[bool]) -> Iterator[int]:
    depth = 0
    for is_open in opens:
        depth += 1 if is_open else -1
        yield depth


def _with_single_marks_doubled(line: str, *, goes_on: bool) -> str:
    """Quotes in single marks get double ones, and the double marks inside of them single ones.

    A quote over several paragraphs has an opening mark in each and a closing one in the last.
    """
    doubles = [match.span() for match in re.finditer('“[^”]*”|"[^"]*"', line)]
    ends = [end for _, end in doubles]
    marks = list(line)
    at = 0
    while (opening := _SINGLE_OPENS.search(line, at)) is not None:
        at = opening.end()
        if _is_within(opening.start(), doubles, ends):
            continue
        close, is_sure = _closing(line, at, doubles, ends)
        if goes_on and not is_sure and line[opening.start()] == "‘" and _SINGLE_OPENS.search(line, at) is None:
            marks[opening.start()], close = "“", len(line)
        if close is None or _NICKNAME.match(line, _word_before(line, opening.start())):
            continue
        for start, end in doubles[bisect_right(ends, at) : bisect_right(ends, close)]:
            marks[start], marks[end - 1] = "‘", "’"
        if close == len(line):
            break
        marks[opening.start()], marks[close], at = "“", "”", close + 1
    return "".join(marks)


def _is_within(at: int, doubles: Sequence[Span], ends: Sequence[int]) -> bool:
    number = bisect_right(ends, at)
    return number < len(doubles) and doubles[number][0] <= at


def _word_before(line: str, at: int) -> int:
    """Where the word before a place begins."""
    return line.rfind(" ", 0, max(at - 1, 0)) + 1


def _closing(line: str, start: int, doubles: Sequence[Span], ends: Sequence[int]) -> tuple[int | None, bool]:
    """Where the quote closes that opens before `start`: at the first mark that is no possessive, else at one that is.

    The next quote opens behind it. The second value says whether the mark is surely none of a possessive.
    """
    following = _SINGLE_OPENS.search(line, start)
    is_outside = following is not None and not _is_within(following.start(), doubles, ends)
    limit = following.start() if following is not None and is_outside else len(line)
    unsure: int | None = None
    for mark in _SINGLE_CLOSES.finditer(line, start, limit):
        if _is_within(mark.start(), doubles, ends):
            continue
        if line[mark.start() - 1] in _PUNCTUATION or not _POSSESSIVE.match(line, mark.start() - 1):
            return mark.start(), True
        unsure = unsure or mark.start()
    return unsure, False
