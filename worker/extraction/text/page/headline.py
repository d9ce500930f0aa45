"""Which of a page's titles is the headline of its article.

A page may have a headline for its readers, one for search engines and one for social networks, and nobody says which is
which; an `h1` may also be the site's name, a kicker or a button.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.text.lines import letters

__all__ = ["Title", "headline_of_several", "headline_of_titles"]

Title = tuple[str, str]
"""A place of the page (`h1`, `meta og:title`, `title`), and the words there."""


def headline_of_several(named: Title, in_json_ld: Sequence[str], titles: Sequence[Title], site: Sequence[str]) -> Title:
    """JSON-LD's `headline`, or the title of the page that goes before it. `in_json_ld`: all titles that it has.

    JSON-LD cuts long headlines off: then the heading that goes on where it ends is taken. Where no two of its titles
    agree, the one is taken that og:title says too. And where all other titles of the page agree on other words for the
    same headline, the headline was changed since JSON-LD was written.
    """
    headings, others = _by_place(titles, site)
    for heading in headings:
        if _goes_on(named[1], heading[1]):
            return heading
    if sum(letters(title) == letters(named[1]) for title in in_json_ld) > 1:
        return named
    if others and any(_says(title, others[0][1]) for title in in_json_ld):
        return others[0]
    for heading in headings:
        agree = len(others) > 1 and {letters(heading[1])} == {letters(text) for _, text in others}
        if agree and _in_other_words(named[1], heading[1]):
            return heading
    return named


def headline_of_titles(titles: Sequence[Title], less_likely: Sequence[Title], site: Sequence[str]) -> Title | None:
    """What meta or the title say, without the site's name; else the one heading.

    A heading that says what the first of them says goes before it: it has no site's name. `less_likely`: what other
    elements of meta call the title.
    """
    headings, others = _by_place(titles, site)
    alike = [h for h in headings if any(_alike(letters(h[1]), letters(text)) for _, text in others[:1])]
    meta = [title for title in others if title[0] != "title"]
    window = [title for title in others if title[0] == "title"]
    rest = [(place, _without_site(text, site)) for place, text in less_likely]
    candidates = [*alike[:1], *meta, *rest, *window, *(headings if len(headings) == 1 else [])]
    return next((candidate for candidate in candidates if letters(candidate[1])), None)


def _by_place(titles: Sequence[Title], site: Sequence[str]) -> tuple[list[Title], list[Title]]:
    """The headings, and the other titles without the site's name."""
    headings = [title for title in titles if title[0] == "h1"]
    return headings, [(place, _without_site(text, site)) for place, text in titles if place != "h1"]


def _says(title: str, other: str) -> bool:
    """Whether a title of JSON-LD, which may be cut off, is the other one."""
    own = letters(title.removesuffix("...").rstrip("…"))
    return len(own) > 20 and letters(other).startswith(own)


def _goes_on(cut: str, whole: str) -> bool:
    """Whether one headline is the beginning of another, longer one."""
    return len(cut) > 40 and len(whole) > len(cut) and letters(whole).startswith(letters(cut.rstrip(".…")))


def _in_other_words(title: str, other: str) -> bool:
    """Whether more than half of the shorter title's words are in the other one."""
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (title, other))
    return 2 * len(words & others) > min(len(words), len(others))


def _alike(own: str, other: str) -> bool:
    if not other:
        return False
    shorter, longer = sorted((own, other), key=len)
    return shorter in longer and len(shorter) > 8


def _without_site(title: str, site: Sequence[str]) -> str:
    """The title without the names of site and section that follow it behind a bar or a dash."""
    parts = re.split(r"\s+[|\-–—•·»:]+\s+", title)
    names = [letters(name) for name in site if letters(name)]
    for index in range(1, len(parts)):
        own = letters(parts[index])
        if own and any(own == name or (len(own) > 3 and (own in name or name in own)) for name in names):
            return title[: title.index(parts[index])].rstrip(" |-–—•·»:")
    return title
