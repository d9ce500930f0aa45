"""`claimwire eval`: found attributions against a gold file, in total and by kind, and what goes wrong most.

The gold file: JSON Lines (or .gz), an article a line: {"id", "text", "publisher"?, "annotations": [{"attributions":
[{"source": [[start, end], ...], "cue": [...], "content": [...]}, ...]}, ...]}; offsets count code points of `text`.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worker.extraction.pipeline import Pipeline
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.scoring import chars, fitting, report, tally
from worker.extraction.types import Attribution

__all__ = ["GoldError", "evaluate"]

_EXAMPLES = 3


class GoldError(Exception):
    """The gold file cannot be read: says which line and why."""


def _articles(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    article = json.loads(line)
                    if not isinstance(article, dict) or not {"text", "annotations"} <= article.keys():
                        raise GoldError(f"{path}:{number}: an article has `text` and `annotations`")
                    yield article
    except (OSError, ValueError) as broken:
        raise GoldError(f"{path} cannot be read: {broken}") from broken


def _kind(attribution: dict[str, Any], marks: list[tuple[int, int]]) -> str:
    quoted = [any(m[0] <= s + 1 and e - 1 <= m[1] for m in marks) for s, e in attribution["content"]]
    if all(quoted):
        return "direct"
    return "mixed" if any(s < m[1] and m[0] < e for s, e in attribution["content"] for m in marks) else "indirect"


def evaluate(
    path: Path,
    pipeline: Pipeline,
    *,
    errors: bool,
    predictions: Path | None = None,
    as_json: bool = False,
    nested: bool = False,
) -> Iterator[str]:
    """The lines of the report. Raises GoldError."""
    total: dict[str, float] = {}
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    kinds: Counter[str] = Counter()
    examples: dict[str, list[str]] = defaultdict(list)
    written = predictions.open("w", encoding="utf-8") if predictions else None
    for number, article in enumerate(_articles(path), 1):
        if number % 25 == 0:
            print(f"{number} articles", file=sys.stderr, flush=True)
        text = article["text"]
        found = [
            {
                "source": [list(a.source)] if a.source else [],
                "cue": [list(a.cue)] if a.cue else [],
                "content": [list(c) for c in a.content],
            }
            for a in _outermost(pipeline.attributions(text), nested=nested)
        ]
        if written:
            written.write(json.dumps({"id": article.get("id"), "attributions": found}) + "\n")
        marks = [m for paragraph in paragraphs(text) for m in quotes(text, paragraph)]
        weight = 1 / len(article["annotations"])
        for annotation in article["annotations"]:
            gold = annotation["attributions"]
            tally(total, gold, found, text, weight)
            tally(groups["publisher " + str(article.get("publisher"))], gold, found, text, weight)
            for kind in ("direct", "mixed", "indirect"):
                tally(
                    groups["quote type " + kind],
                    [a for a in gold if _kind(a, marks) == kind],
                    [a for a in found if _kind(a, marks) == kind],
                    text,
                    weight,
                )
            if errors:
                _errors(gold, found, text, kinds, examples)
    if written:
        written.close()
    figures = report(total)
    if as_json:
        yield json.dumps(figures | {"by": {name: report(group) for name, group in groups.items()}})
        return
    yield from _table(figures)
    yield ""
    for name, group in sorted(groups.items()):
        figure = report(group)
        yield (
            f"{name:28} attribution F1 {figure['attribution']['f1']:5.1f}  content F1 {figure['content']['f1']:5.1f}"
            f"  source right {figure['source-acc']:5.1f} %"
        )
    for kind, count in kinds.most_common():
        yield f"\n{kind}: {count}"
        yield from examples[kind]


def _outermost(found: list[Attribution], *, nested: bool) -> list[Attribution]:
    """Without those that are made inside another's content, which most gold files do not mark."""
    if nested:
        return found
    contents = [c for a in found for c in a.content]
    return [a for a in found if not a.cue or not any(s <= a.cue[0] and a.cue[1] <= e for s, e in contents)]


def _table(figures: dict[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        yield f"{name:14} " + (
            f"P {value['p']:5.1f}  R {value['r']:5.1f}  F1 {value['f1']:5.1f}"
            if isinstance(value, dict)
            else f"{value:5.1f} %"
        )


def _errors(
    gold: list[dict[str, Any]],
    found: list[dict[str, Any]],
    text: str,
    kinds: Counter[str],
    examples: dict[str, list[str]],
) -> None:
    def rows(attributions: list[dict[str, Any]]) -> list[Any]:
        return [(chars(a["content"], text), chars(a["source"], text), frozenset[int]()) for a in attributions]

    def words(spans: list[list[int]]) -> str:
        return " … ".join(" ".join(text[s:e].split()) for s, e in spans)[:160] or "-"

    gold = [a for a in gold if a["content"]]
    pairs = fitting(rows(gold), rows(found))
    for share, g, f in pairs:
        ours, theirs = chars(found[f]["source"], text), chars(gold[g]["source"], text)
        if share == 1.0 and ours == theirs:
            continue
        if not ours & theirs and (ours or theirs):
            kind = "source missing" if not ours else "source where there is none" if not theirs else "another source"
        elif ours != theirs:
            kind = "source cut short" if ours < theirs else "source too long" if ours > theirs else "source's edges"
        else:
            kind = "content's edges"
        _note(
            kind,
            f"  gold {words(gold[g]['source'])} | {words(gold[g]['content'])}\n  ours {words(found[f]['source'])} | {words(found[f]['content'])}",
            kinds,
            examples,
        )
    used_g, used_f = {g for _, g, _ in pairs}, {f for _, _, f in pairs}
    for g, attribution in enumerate(gold):
        if g not in used_g:
            near = any(chars(attribution["content"], text) & chars(a["content"], text) for a in found)
            kind = "missed, another span there" if near else "missed"
            _note(
                kind,
                f"  {words(attribution['source'])} | {words(attribution['cue'])} | {words(attribution['content'])}",
                kinds,
                examples,
            )
    for f, attribution in enumerate(found):
        if f not in used_f:
            _note(
                "not in the gold",
                f"  {words(attribution['source'])} | {words(attribution['cue'])} | {words(attribution['content'])}",
                kinds,
                examples,
            )


def _note(kind: str, line: str, kinds: Counter[str], examples: dict[str, list[str]]) -> None:
    kinds[kind] += 1
    if len(examples[kind]) < _EXAMPLES:
        examples[kind].append(line)
