"""Renders a comparison as one HTML page that loads nothing else, works in light and dark mode, and can be printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

from worker.replay.diff.changed_words import MarkedText, marked_words
from worker.replay.diff.compare import Change, ChangeKind, ClaimEvent
from worker.replay.diff.summary import Summary
from worker.replay.diff.text import facts, who

__all__ = ["page"]

_SORTS = ("same", "changed", "gone", "new")
_ROWS = 40


def page(summary: Summary) -> str:
    """The whole document."""
    style = files("worker.replay").joinpath("page.css").read_text(encoding="utf-8")
    title = f"{summary.after_name} against {summary.before_name}"
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>",
        f"<h1>{escape(title)}</h1>",
        *_totals(summary),
        *_fields(summary.by_field),
        *_table("act", "By act", summary.by_act),
        *_table("publisher", "By publisher", summary.by_publisher),
        *_examples(summary.examples),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _totals(summary: Summary) -> Iterator[str]:
    scope = summary.scope
    articles = f"{scope.articles:,} articles compared"
    if scope.newer:
        articles += f"; {scope.newer:,} left out, {escape(summary.before_name)} has a newer version of them"
    if scope.passed:
        articles += f"; {scope.passed:,} passed by, {scope.passed_with_claims:,} of them with claims before"
    yield f'<p class="dim">{articles}. {summary.before:,} claims before, {summary.after:,} after.</p>'
    numbers = {"same": summary.same, "changed": summary.changed, "gone": summary.gone, "new": summary.new}
    yield '<ul class="numbers">'
    for name, number in numbers.items():
        share = f"{100 * number / summary.before:.2f} %" if summary.before else ""
        more = f", {summary.moved:,} under another id" if name == "changed" and summary.moved else ""
        yield f'<li class="{name}"><b>{number:,}</b>{name} <span class="dim">{share}{more}</span></li>'
    yield "</ul>"
    yield _bar(numbers)


def _bar(numbers: Mapping[str, int]) -> str:
    whole = sum(numbers.values())
    spans = "".join(
        f'<span class="{name}" style="flex:{number}" title="{name}: {number:,}"></span>'
        for name, number in numbers.items()
        if number
    )
    words = ", ".join(f"{name} {number:,}" for name, number in numbers.items())
    return f'<div class="bar" role="img" aria-label="{words}">{spans}</div>' if whole else ""


def _fields(by_field: Counter[str]) -> Iterator[str]:
    if not by_field:
        return
    most = max(by_field.values())
    yield '<h2>Changed, by field</h2>\n<div class="wide"><table>'
    yield '<thead><tr><th scope="col">field</th><th scope="col" class="n">claims</th><th></th></tr></thead><tbody>'
    for name, number in by_field.most_common(_ROWS):
        bar = f'<div class="bar"><span class="changed" style="width:{100 * number / most:.1f}%"></span></div>'
        yield f'<tr><td>{escape(name)}</td><td class="n">{number:,}</td><td>{bar}</td></tr>'
    yield "</tbody></table></div>"


def _table(what: str, title: str, counts: Mapping[str, Counter[str]]) -> Iterator[str]:
    if not counts:
        return
    ordered = sorted(counts.items(), key=lambda item: item[1]["same"] - sum(item[1].values()))
    yield f'<h2>{title}</h2>\n<div class="wide"><table>'
    heads = "".join(f'<th scope="col" class="n">{sort}</th>' for sort in _SORTS)
    yield f'<thead><tr><th scope="col">{what}</th>{heads}<th></th></tr></thead><tbody>'
    for name, each in ordered[:_ROWS]:
        cells = "".join(f'<td class="n">{each[sort]:,}</td>' for sort in _SORTS)
        bar = _bar({sort: each[sort] for sort in _SORTS})
        yield f"<tr><td>{escape(name or '(none)')}</td>{cells}<td>{bar}</td></tr>"
    yield "</tbody></table></div>"
    if len(ordered) > _ROWS:
        yield f'<p class="dim">{len(ordered) - _ROWS:,} more</p>'


def _examples(examples: list[Change]) -> Iterator[str]:
    if not examples:
        return
    yield "<h2>Examples</h2>"
    for change in examples:
        article = change.claim["article"]
        what = ", ".join(change.fields) if change.kind is ChangeKind.CHANGED else change.kind.value
        about = " · ".join(escape(part) for part in (article.get("publisher"), article.get("headline")) if part)
        yield f'<article>\n<header><h3>{escape(what)}</h3><p class="dim">{about}</p>'
        yield f'<p class="dim">{escape(article["uri"])}</p></header>\n<div class="pair">'
        old, new = marked_words(_content(change.before), _content(change.after))
        left, right = facts(change.before), facts(change.after)
        both = change.before is not None and change.after is not None
        names = [name for name in dict.fromkeys((*left, *right)) if not both or left.get(name) != right.get(name)]
        yield _side(change.before, old, {name: left.get(name, "") for name in names}, "del" if both else "")
        yield _side(change.after, new, {name: right.get(name, "") for name in names}, "ins" if both else "")
        yield "</div>\n</article>"


def _content(claim: ClaimEvent | None) -> str:
    return str(claim["content"]["text"]) if claim else ""


def _side(claim: ClaimEvent | None, words: list[MarkedText], facts_by_name: Mapping[str, str], tag: str) -> str:
    if claim is None:
        return '<div><p class="dim">no such claim</p></div>'
    marked = "".join(f"<{tag}>{escape(p.text)}</{tag}>" if p.differs and tag else escape(p.text) for p in words)
    spans = claim["content"]["spans"]
    before = escape(spans[0].get("prefix") or "") if spans else ""
    after = escape(spans[-1].get("suffix") or "") if spans else ""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{f'<{tag}>{escape(value)}</{tag}>' if tag and value else escape(value)}</dd>"
        for name, value in facts_by_name.items()
        if value or tag
    )
    return (
        f'<div><p><span class="who">{escape(who(claim))}</span> <span class="act">{escape(claim["act"])}</span></p>'
        f'<p class="said"><span class="dim">{before}</span>{marked}<span class="dim">{after}</span></p>'
        f"<dl>{rows}</dl></div>"
    )
