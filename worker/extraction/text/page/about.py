"""What a page says about its article: headline, times, publisher, byline, and where on the page each stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worker.contract.forms.instants import read_instant
from worker.contract.forms.values import READERS
from worker.extraction.text.lines import letters, one_line
from worker.extraction.text.page.guesses import guessed_byline, guessed_day
from worker.extraction.text.page.headline import Title, headline_of_several, headline_of_titles
from worker.extraction.text.page.json_ld import described_article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["PageAbout", "about_page"]

_MAX_META, _MAX_CHARS = 400, 2_000
_META: Mapping[str, tuple[str, ...]] = {
    "headline": ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title",
                 "headline", "title", "hdl", "cxenseparse:recs:articletitle"),
    "published_at": ("article:published_time", "article:published", "og:published_time", "datepublished",
                     "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
                     "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "publish-date", "publishdate",
                     "publication_date", "pubdate", "pdate", "ptime", "date", "created", "article.published",
                     "og:article:published_time", "last_published_date", "article_date_original", "dc.created"),
    "updated_at": ("article:modified_time", "og:updated_time", "article:modified", "datemodified", "last-modified",
                   "dcterms.modified", "dc.date.modified", "lastmod", "updated_at", "utime"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "publisher", "copyright", "twitter:site"),
    "byline": ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
               "cxenseparse:author", "article:author_name", "authors", "byline", "twitter:creator"),
    "section": ("article:section", "parsely-section", "section", "sailthru.section"),
    "language": ("og:locale", "language", "content-language", "dc.language"),
}  # fmt: skip
"""Names of meta elements (`name`, `property` or `itemprop`), in small letters, the likeliest first."""
_JSON_LD: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "name", "alternativeHeadline"),
    "published_at": ("datePublished", "dateCreated"),
    "updated_at": ("dateModified",),
    "publisher": ("publisher", "sourceOrganization"),
    "byline": ("author", "creator"),
    "section": ("articleSection",),
    "language": ("inLanguage",),
}
_NO_NAME = re.compile(
    r"^(?:admin|editor|redaktion|webmaster|user\d*|none|null|undefined|author|staff writer|@\S+)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PageAbout:
    """Fields of the native form that the page gives, and for each the place: `json-ld headline`, `meta og:title`, `h1`.

    `described` is the node of JSON-LD that describes the article, with its `articleBody` where it has one. `titles` are
    all that the page calls itself.
    """

    values: dict[str, object] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    address: str | None = None
    described: Mapping[str, object] = field(default_factory=dict)
    titles: tuple[str, ...] = ()


Candidate = tuple[str, object]
"""A place of the page, and the value there."""


def about_page(tree: HtmlElement, address: str) -> PageAbout:
    """What the page names. `address`: where it comes from, as far as the record says so."""
    meta = _meta(tree)
    canonical = _canonical(tree, meta)
    titles = _titles(tree, meta)
    described = described_article(tree, [title for _, title in titles])
    about = PageAbout(address=canonical, described=described, titles=tuple(title for _, title in titles))
    times = [*_from(described, meta, "published_at"), *_time_elements(tree)]
    _take(about, "published_at", _best_instant(times) or guessed_day(tree, canonical or address))
    _take(about, "updated_at", _best_instant(list(_from(described, meta, "updated_at"))))
    publishers = [*_from(described, meta, "publisher"), *_host(canonical or address)]
    _take(about, "publisher", _first_read("publisher", publishers, _is_site))
    site = [
        str(about.values.get("publisher", "")),
        *meta.get("og:site_name", []),
        *(str(h) for _, h in _host(canonical or address)),
    ]
    _take(about, "headline", _headline(titles, meta, described, site))
    _take(about, "byline", _byline(tree, described, meta, about.values.get("publisher")))
    for name in ("section", "language"):
        _take(about, name, _first_read(name, [*_from(described, meta, name), *_language_of(tree, name)]))
    return about


def _take(about: PageAbout, name: str, found: Candidate | None) -> None:
    if found is not None:
        about.origins[name], about.values[name] = found


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's meta elements by name, in small letters."""
    found: dict[str, list[str]] = {}
    for _, element in zip(range(_MAX_META), tree.iter("meta"), strict=False):
        content = one_line(unescape(element.get("content") or ""))[:_MAX_CHARS]
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(attribute):
                found.setdefault(name.strip().casefold(), []).append(content)
    return found


def _from(described: Mapping[str, object], meta: Mapping[str, list[str]], name: str) -> Iterator[Candidate]:
    for key in _JSON_LD[name]:
        if described.get(key):
            yield f"json-ld {key}", described[key]
    for key in _META[name]:
        if key in meta:
            yield f"meta {key}", meta[key] if name == "byline" else meta[key][0]


def _first_read(
    name: str, candidates: Sequence[Candidate], accepted: Callable[[str], bool] = bool
) -> tuple[str, str] | None:
    """The first candidate that can be read as the field and is accepted."""
    for place, value in candidates:
        try:
            read = READERS[name](value)
        except ValueError:
            continue
        if isinstance(read, str) and accepted(text := one_line(unescape(read))):
            return place, text
    return None


def _byline(
    tree: HtmlElement, described: Mapping[str, object], meta: Mapping[str, list[str]], publisher: object
) -> Candidate | None:
    """Names of people where the page has any, else the house that it names as the author."""
    house = letters(str(publisher or ""))
    named = list(_from(described, meta, "byline"))
    people = _first_read("byline", named, lambda names: _is_byline(names) and not _is_house(names, house))
    return people or guessed_byline(tree) or _first_read("byline", named, _is_byline)


def _is_house(names: str, house: str) -> bool:
    own = letters(names)
    return (bool(house) and (own in house or house in own)) or "." in names.rsplit(maxsplit=1)[-1][1:-1]


def _is_site(name: str) -> bool:
    return 1 < len(name) <= 80 and not name.startswith("@") and "©" not in name


def _is_byline(names: str) -> bool:
    return 2 <= len(names) <= 300 and not names[0].isdigit() and _NO_NAME.match(names) is None and "http" not in names


def _best_instant(candidates: list[Candidate]) -> Candidate | None:
    """The first that names a zone, else the first with a time of day, else the first that can be read."""
    read: list[tuple[int, str, datetime]] = []
    for place, value in candidates:
        text = value[0] if isinstance(value, list) and value else value
        try:
            at = read_instant(text)
        except ValueError:
            continue
        with_time = re.search(r"\d[:.]\d\d|T\d{4}|^\d{10,}$", str(text)) is not None
        with_zone = (
            with_time and re.search(r"(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})\)?\s*$|^\d{10,}$", str(text)) is not None
        )
        read.append((2 - with_time - with_zone, place, at))
    if not read:
        return None
    _, place, at = min(read, key=lambda item: item[0])
    return place, at


def _time_elements(tree: HtmlElement) -> Iterator[Candidate]:
    """`time` elements that say that they are the publication's, then those before the text."""
    elements = [e for _, e in zip(range(30), tree.iter("time"), strict=False) if e.get("datetime")]
    marked = [e for e in elements if e.get("pubdate") is not None or "publish" in (e.get("itemprop") or "").casefold()]
    for element in [*marked, *elements[:1]]:
        yield "time", element.get("datetime")
    for element in tree.xpath(".//*[@itemprop='datePublished'][@content]")[:2]:
        yield "itemprop datePublished", element.get("content")


def _canonical(tree: HtmlElement, meta: Mapping[str, list[str]]) -> str | None:
    links = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "").casefold() == "canonical"]
    for address in [*links, *meta.get("og:url", [])]:
        if address and re.match(r"https?://[^/\s]+", address.strip()):
            return str(address).strip()
    return None


def _host(address: str) -> Iterator[Candidate]:
    try:
        host = urlsplit(address).hostname if address.startswith(("http://", "https://")) else None
    except ValueError:
        host = None
    if host:
        yield "address", host.removeprefix("www.")


def _language_of(tree: HtmlElement, name: str) -> Iterator[Candidate]:
    root = tree if tree.tag == "html" else tree.find(".//html")
    if name == "language" and root is not None and root.get("lang"):
        yield "html lang", root.get("lang")


def _titles(tree: HtmlElement, meta: Mapping[str, list[str]]) -> list[Title]:
    """The headings and titles of the page with their places, the likeliest first."""
    headings = [one_line(" ".join(e.itertext())) for _, e in zip(range(8), tree.iter("h1"), strict=False)]
    titles = [("h1", text) for text in headings if 3 < len(text) <= 400]
    titles += [(f"meta {key}", meta[key][0]) for key in _META["headline"][:2] if key in meta]
    title = next(tree.iter("title"), None)
    if title is not None and title.text:
        titles.append(("title", one_line(title.text)))
    return titles


def _headline(
    titles: list[Title], meta: Mapping[str, list[str]], described: Mapping[str, object], site: list[str]
) -> Title | None:
    in_json_ld = {key: described[key] for key in _JSON_LD["headline"] if described.get(key)}
    named = _first_read("headline", [(f"json-ld {key}", value) for key, value in in_json_ld.items()])
    if named is not None and letters(named[1]):
        same = [value for value in in_json_ld.values() if isinstance(value, str)]
        return headline_of_several(named, same, titles, site)
    less_likely = [(f"meta {key}", meta[key][0]) for key in _META["headline"][2:] if key in meta]
    return headline_of_titles(titles, less_likely, site)
