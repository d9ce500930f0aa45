"""Recorded figures: written by a command, compared in tests, so that no figure falls unnoticed.

python -m worker.measure.figures FOLDER FILE measures FOLDER and writes its figures to FILE, under the kind of pipeline
that is installed ("with the model" or "rules only"); those of the other kind stay. It writes no text of the articles.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from worker.extraction.pipeline import Pipeline
from worker.measure.attributes import score
from worker.measure.golden import load_folder

__all__ = ["MAX_LOSS", "fallen", "kind_of", "measured", "recorded"]

MAX_LOSS = 1.0
"""Points by which a figure may fall below what was recorded."""


def kind_of(pipeline: Pipeline) -> str:
    return "rules only" if pipeline.version.endswith("rules-only") else "with the model"


def measured(pipeline: Pipeline, folder: Path) -> dict[str, float]:
    """Name to per cent. Raises GoldError."""
    return score(pipeline, load_folder(folder)).figures()


def recorded(path: Path, kind: str) -> dict[str, float] | None:
    """Name to per cent; None where nothing was recorded for this kind of pipeline."""
    if not path.exists():
        return None
    figures: dict[str, float] | None = json.loads(path.read_text(encoding="utf-8")).get(kind)
    return figures


def fallen(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that are more than `MAX_LOSS` below the recorded ones: name to (recorded, now)."""
    return {name: (was, now.get(name, 0.0)) for name, was in before.items() if now.get(name, 0.0) < was - MAX_LOSS}


def main() -> None:
    folder, path = map(Path, sys.argv[1:3])
    pipelines = [Pipeline.load(), Pipeline.load(model=False)]
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for kind, pipeline in {kind_of(p): p for p in pipelines}.items():
        content[kind] = measured(pipeline, folder)
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
