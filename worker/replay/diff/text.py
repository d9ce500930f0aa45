"""Prints a comparison on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from worker.replay.diff.changed_words import MarkedText, marked_words
from worker.replay.diff.compare import Change, ChangeKind, ClaimEvent, JsonObject
from worker.replay.diff.summary import Summary
from worker.visible_text import visible

__all__ = ["facts", "print_summary", "who"]

_SORTS = ("same", "changed", "gone", "new")


def print_summary(summary: Summary, console: Console, rows: int = 12) -> None:
    """Prints totals, then the examples side by side. `rows`: of each table, at most."""
    scope = summary.scope
    console.print(f"[bold]{_shown(summary.after_name)}[/] against [bold]{_shown(summary.before_name)}[/]")
    articles = [f"{scope.articles:,} compared"]
    if scope.newer:
        articles.append(f"{scope.newer:,} newer in {summary.before_name}, left out")
    if scope.passed:
        articles.append(f"{scope.passed:,} passed by, {scope.passed_with_claims:,} of them with claims before")
    console.print(f"articles   {_shown(', '.join(articles))}", highlight=False)
    console.print(f"claims     {summary.before:,} before, {summary.after:,} after", highlight=False)
    for name, number in (
        ("same", summary.same),
        ("changed", summary.changed),
        ("gone", summary.gone),
        ("new", summary.new),
    ):
        more = f"   {summary.moved:,} of them under another id" if name == "changed" and summary.moved else ""
        console.print(f"  {name:8} {number:10,}  {_percent(number, summary.before)}{more}", highlight=False)
    if summary.by_field:
        table = Table("field", "claims", title="Changed, by field", title_justify="left", box=None, pad_edge=False)
        for name, number in summary.by_field.most_common(rows):
            table.add_row(_shown(name), f"{number:,}")
        console.print(table)
    for title, counts in (("By act", summary.by_act), ("By publisher", summary.by_publisher)):
        if any(sum(c.values()) > c["same"] for c in counts.values()):
            console.print(_table(title, counts, rows))
    for number, change in enumerate(summary.examples, 1):
        console.print(_example(number, change))


def _shown(text: str) -> str:
    """Text of others, which can be neither markup nor an escape sequence."""
    return escape(visible(text))


def _percent(number: int, of: int) -> str:
    return f"{100 * number / of:6.2f} %" if of else "      - "


def _table(title: str, counts: Mapping[str, Counter[str]], rows: int) -> Table:
    table = Table(title.removeprefix("By "), *_SORTS, title=title, title_justify="left", box=None, pad_edge=False)
    ordered = sorted(counts.items(), key=lambda item: item[1]["same"] - sum(item[1].values()))
    for name, each in ordered[:rows]:
        table.add_row(_shown(name or "(none)"), *(f"{each[sort]:,}" for sort in _SORTS))
    if len(ordered) > rows:
        table.add_row(f"({len(ordered) - rows:,} more)", *("" for _ in _SORTS))
    return table


def _example(number: int, change: Change) -> Table:
    what = {ChangeKind.CHANGED: ", ".join(change.fields), ChangeKind.NEW: "new", ChangeKind.GONE: "gone"}[change.kind]
    article = change.claim["article"]
    title = f"{number}. {what}   {article.get('publisher') or ''}  {article['uri']}"
    table = Table("before", "after", title=_shown(title), title_justify="left", expand=True, show_lines=False)
    for column in table.columns:
        column.ratio = 1
    old, new = marked_words(_content(change.before), _content(change.after))
    table.add_row(_side(change.before, old, "red"), _side(change.after, new, "green"))
    left, right = facts(change.before), facts(change.after)
    for name in dict.fromkeys((*left, *right)):
        ours, theirs = left.get(name, ""), right.get(name, "")
        if ours != theirs and change.before and change.after:
            table.add_row(f"{name}: [red]{_shown(ours)}[/]", f"{name}: [green]{_shown(theirs)}[/]")
    return table


def _side(claim: ClaimEvent | None, words: list[MarkedText], colour: str) -> str:
    if claim is None:
        return "[dim]-[/]"
    text = "".join(f"[{colour}]{_shown(piece.text)}[/]" if piece.differs else _shown(piece.text) for piece in words)
    return f"[bold]{_shown(who(claim))}[/] [yellow]{_shown(claim['act'])}[/]\n{text}"


def _content(claim: ClaimEvent | None) -> str:
    return str(claim["content"]["text"]) if claim else ""


def who(claim: ClaimEvent) -> str:
    """The names of the sources, outermost first; for a claim without attribution, the article itself."""
    if not claim["attribution"]:
        return "the article itself" if claim["voice"] == "author" else "taken for granted"
    names = [link["source"]["name"] or (link["source"]["span"] or {}).get("exact") for link in claim["attribution"]]
    return " → ".join(name or "(nobody named)" for name in names)


def facts(claim: ClaimEvent | None) -> dict[str, str]:
    """The fields that a reader compares, as text by name."""
    return dict(_facts(claim)) if claim else {}


def _facts(claim: ClaimEvent) -> Iterator[tuple[str, str]]:
    yield "source", who(claim)
    yield "voice", claim["voice"]
    yield "act", claim["act"]
    yield "polarity", claim["polarity"]
    yield "certainty", f"{claim['modality']['certainty']}, {claim['modality']['kind']}"
    if claim["attribution"]:
        link = claim["attribution"][-1]
        cue = link["cue"]["exact"] if link["cue"] else "none"
        yield "cue", f"{cue}, {link['quote_type']}{', not said' if link['negated'] else ''}"
    yield "place", "; ".join(f"{span['start']} to {span['end']}" for span in claim["content"]["spans"])
    yield "times", "; ".join(f"{_words(time)} = {time['timex']}" for time in claim["times"])
    yield "quantities", "; ".join(_quantity(quantity) for quantity in claim["quantities"])
    yield "entities", "; ".join(f"{entity['name']} ({entity['type']})" for entity in claim["entities"])
    proposition = claim.get("proposition")
    if proposition:
        parts = [proposition["subject"], proposition["predicate"], proposition["object"]]
        yield "proposition", " · ".join(str(part) for part in parts if part)
    yield "check-worthiness", f"{claim['check_worthiness']}"
    yield "confidence", f"{claim['confidence']}"


def _words(item: JsonObject) -> str:
    return str(item["span"]["exact"])


def _quantity(quantity: JsonObject) -> str:
    low, high = quantity["min"], quantity["max"]
    value = f"{low}" if low == high else f"{'' if low is None else low} to {'' if high is None else high}"
    return f"{_words(quantity)} = {'about ' if quantity['approximate'] else ''}{value} {quantity['unit'] or ''}".strip()
