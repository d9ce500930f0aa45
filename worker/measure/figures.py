"""Recorded figures: written on purpose, compared in tests, so that none falls unseen.

python -m worker.measure.figures FOLDER FILE: measures FOLDER and writes its figures to FILE, under the kind of pipeline
that is installed ("with the model" or "rules only"); the other kind's stay. No text of the articles is written or printed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from worker.extraction.pipeline import Pipeline
from worker.measure.attributes import score
from worker.measure.golden import load_folder

__all__ = ["MOST_LOST", "fallen", "kind_of", "measured", "recorded"]

MOST_LOST = 1.0
"""Points by which a figure may fall below what was recorded."""


def kind_of(pipeline: Pipeline) -> str:
    return "rules only" if pipeline.version.endswith("rules-only") else "with the model"


def measured(pipeline: Pipeline, folder: Path) -> dict[str, float]:
    """Name to per cent. Raises GoldError."""
    return score(pipeline, load_folder(folder)).figures()


def recorded(path: Path, kind: str) -> dict[str, float] | None:
    """None where nothing was recorded for this kind of pipeline."""
    if not path.exists():
        return None
    figures: dict[str, float] | None = json.loads(path.read_text(encoding="utf-8")).get(kind)
    return figures


def fallen(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Figures that are more than a point below what was recorded: what was, what is."""
    return {name: (was, now.get(name, 0.0)) for name, was in before.items() if now.get(name, 0.0) < was - MOST_LOST}


def main() -> None:
    folder, path = map(Path, sys.argv[1:3])
    kinds = [Pipeline.load(), Pipeline.load(model=False)]
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for pipeline in {kind_of(p): p for p in kinds}.values():
        content[kind_of(pipeline)] = measured(pipeline, folder)
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
