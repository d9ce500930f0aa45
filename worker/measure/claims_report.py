"""The report of `claimwire eval` on a folder of hand-judged articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from worker.extraction.pipeline import Pipeline
from worker.measure.attributes import Score, score
from worker.measure.golden import load_folder

__all__ = ["evaluate_folder"]

_MAX_EXAMPLES = 40


def evaluate_folder(folder: Path, pipeline: Pipeline, *, errors: bool, as_json: bool) -> Iterator[str]:
    """The lines of the report. Raises GoldError: the folder has no article, or a broken one."""
    articles = load_folder(folder)
    measured = score(pipeline, articles)
    if as_json:
        yield json.dumps(
            {
                "articles": len(articles),
                "pipeline": pipeline.version,
                "figures": measured.figures(),
                "acts": {act: {"claims": claims, "F1": f1} for act, (claims, f1) in measured.by_act().items()},
            },
            ensure_ascii=False,
        )
        return
    yield f"{len(articles)} articles"
    yield from _table(measured)
    if errors:
        yield from _wrong(measured)


def _table(measured: Score) -> Iterator[str]:
    figures = measured.figures()
    names = list(
        dict.fromkeys(name.removesuffix(" precision").removesuffix(" recall").removesuffix(" F1") for name in figures)
    )
    for name in names:
        if f"{name} F1" in figures:
            precision, recall, f1 = (figures[f"{name} {what}"] for what in ("precision", "recall", "F1"))
            yield f"{name:26} P {precision:5.1f}  R {recall:5.1f}  F1 {f1:5.1f}"
        else:
            yield f"{name:26} {figures[name]:5.1f} %"
    yield ""
    for act, (claims, f1) in measured.by_act().items():
        yield f"act {act:22} F1 {f1:5.1f}  of {claims} claims"


def _wrong(measured: Score) -> Iterator[str]:
    kinds = Counter(kind for _, _, kind, _ in measured.wrong)
    for kind, count in kinds.most_common():
        yield f"\n{kind}: {count}"
        shown = [wrong for wrong in measured.wrong if wrong[2] == kind][:_MAX_EXAMPLES]
        for article, claim, _, words in shown:
            yield f"  {article} {claim}: {words}"
