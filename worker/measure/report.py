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

_EXAMPLES = 40


def evaluate_folder(folder: Path, pipeline: Pipeline, *, errors: bool, as_json: bool) -> Iterator[str]:
    """The lines of the report. Raises GoldError where the folder holds no article or a broken one."""
    articles = load_folder(folder)
    made = score(pipeline, articles)
    if as_json:
        yield json.dumps(
            {
                "articles": len(articles),
                "pipeline": pipeline.version,
                "figures": made.figures(),
                "acts": {act: {"claims": claims, "F1": f1} for act, (claims, f1) in made.by_act().items()},
            },
            ensure_ascii=False,
        )
        return
    yield f"{len(articles)} articles"
    yield from _table(made)
    if errors:
        yield from _wrong(made)


def _table(made: Score) -> Iterator[str]:
    figures = made.figures()
    names = list(
        dict.fromkeys(name.removesuffix(" precision").removesuffix(" recall").removesuffix(" F1") for name in figures)
    )
    for name in names:
        if f"{name} F1" in figures:
            yield f"{name:26} P {figures[f'{name} precision']:5.1f}  R {figures[f'{name} recall']:5.1f}  F1 {figures[f'{name} F1']:5.1f}"
        else:
            yield f"{name:26} {figures[name]:5.1f} %"
    yield ""
    for act, (claims, f1) in made.by_act().items():
        yield f"act {act:22} F1 {f1:5.1f}  of {claims} claims"


def _wrong(made: Score) -> Iterator[str]:
    kinds = Counter(kind for _, _, kind, _ in made.wrong)
    for kind, count in kinds.most_common():
        yield f"\n{kind}: {count}"
        shown = [each for each in made.wrong if each[2] == kind][:_EXAMPLES]
        for article, claim, _, words in shown:
            yield f"  {article} {claim}: {words}"
