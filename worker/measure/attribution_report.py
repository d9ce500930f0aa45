"""The report of `claimwire eval` on a gold file: found attributions in total and by group, and the kinds of error.

The gold file: JSON Lines (or .gz), an article a line: {"id", "text", "publisher"?, "annotations": [{"attributions":
[{"source": [[start, end], ...], "cue": [...], "content": [...]}, ...]}, ...]}; offsets count code points of `text`.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from worker.extraction.attribution.types import Attribution
from worker.extraction.pipeline import Pipeline
from worker.extraction.text.quotes import paragraphs, quotes
from worker.measure.attribution_errors import AttributionErrors
from worker.measure.attribution_scores import Figures, MarkedAttribution, report, tally
from worker.measure.golden import GoldError

__all__ = ["MarkedArticle", "evaluate_file", "marked_articles", "quote_type"]

_QUOTE_TYPES = ("direct", "mixed", "indirect")


class _Annotation(TypedDict):
    attributions: list[MarkedAttribution]


class MarkedArticle(TypedDict):
    """A line of the gold file."""

    id: NotRequired[str]
    text: str
    publisher: NotRequired[str]
    annotations: list[_Annotation]


def marked_articles(path: Path) -> Iterator[MarkedArticle]:
    """The articles of a gold file. Raises GoldError: it cannot be read."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    article = json.loads(line)
                    if not isinstance(article, dict) or not {"text", "annotations"} <= article.keys():
                        raise GoldError(f"{path}:{number}: an article has `text` and `annotations`")
                    yield cast("MarkedArticle", article)
    except (OSError, ValueError) as broken:
        raise GoldError(f"{path} cannot be read: {broken}") from broken


class _Sums:
    """The sums of all articles: in total, by publisher and by quote type."""

    def __init__(self) -> None:
        self.total: dict[str, float] = {}
        self.groups: dict[str, dict[str, float]] = defaultdict(dict)

    def add(self, article: MarkedArticle, found: list[MarkedAttribution]) -> None:
        text = article["text"]
        marks = [m for paragraph in paragraphs(text) for m in quotes(text, paragraph)]
        weight = 1 / len(article["annotations"])
        for annotation in article["annotations"]:
            gold = annotation["attributions"]
            tally(self.total, gold, found, text, weight)
            tally(self.groups["publisher " + str(article.get("publisher"))], gold, found, text, weight)
            for kind in _QUOTE_TYPES:
                tally(
                    self.groups["quote type " + kind],
                    [a for a in gold if quote_type(a, marks) == kind],
                    [a for a in found if quote_type(a, marks) == kind],
                    text,
                    weight,
                )


def evaluate_file(
    path: Path,
    pipeline: Pipeline,
    *,
    errors: bool,
    write_prediction: Callable[[bytes], None] | None = None,
    as_json: bool = False,
    nested: bool = False,
) -> Iterator[str]:
    """The lines of the report. `errors` adds the kinds of error. `write_prediction` gets the attributions that
    were found in an article, as a line of JSON.

    Raises:
        GoldError: the gold file cannot be read.
    """
    sums, differences = _Sums(), AttributionErrors()
    for number, article in enumerate(marked_articles(path), 1):
        if number % 25 == 0:
            print(f"{number} articles", file=sys.stderr, flush=True)
        found = [_marked(a) for a in _outermost(pipeline.attributions(article["text"]), nested=nested)]
        if write_prediction is not None:
            write_prediction(json.dumps({"id": article.get("id"), "attributions": found}).encode() + b"\n")
        sums.add(article, found)
        if errors:
            for annotation in article["annotations"]:
                differences.add(annotation["attributions"], found, article["text"])
    if as_json:
        by_group = {name: report(group) for name, group in sums.groups.items()}
        yield json.dumps({**report(sums.total), "by": by_group})
        return
    yield from _table(report(sums.total))
    yield ""
    yield from _group_lines(sums)
    yield from differences.lines()


def _marked(attribution: Attribution) -> MarkedAttribution:
    return {
        "source": [list(attribution.source)] if attribution.source else [],
        "cue": [list(attribution.cue)] if attribution.cue else [],
        "content": [list(span) for span in attribution.content],
    }


def quote_type(attribution: MarkedAttribution, marks: Sequence[tuple[int, int]]) -> str:
    """Direct, mixed or indirect, by how much of the content lies between the quotation marks of the text."""
    if all(any(m[0] <= s + 1 and e - 1 <= m[1] for m in marks) for s, e in attribution["content"]):
        return "direct"
    return "mixed" if any(s < m[1] and m[0] < e for s, e in attribution["content"] for m in marks) else "indirect"


def _outermost(found: list[Attribution], *, nested: bool) -> list[Attribution]:
    """Without the attributions inside another's content, which most gold files do not mark."""
    if nested:
        return found
    contents = [c for a in found for c in a.content]
    return [a for a in found if not a.cue or not any(s <= a.cue[0] and a.cue[1] <= e for s, e in contents)]


def _table(figures: Figures) -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield f"{name:14} P {value['p']:5.1f}  R {value['r']:5.1f}  F1 {value['f1']:5.1f}"
        else:
            yield f"{name:14} {value:5.1f} %"


def _group_lines(sums: _Sums) -> Iterator[str]:
    for name, group in sorted(sums.groups.items()):
        figures = report(group)
        yield (
            f"{name:28} attribution F1 {figures['attribution']['f1']:5.1f}  content F1 {figures['content']['f1']:5.1f}"
            f"  source right {figures['source-acc']:5.1f} %"
        )
