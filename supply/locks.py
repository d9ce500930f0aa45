"""The packages that the lock files pin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["LOCK_FILES", "ROOT", "normal", "pinned"]

ROOT = Path(__file__).parents[1]
LOCK_FILES = tuple(ROOT / "requirements" / f"{name}.txt" for name in ("worker", "archives", "tracing", "dev", "build"))
"""Without train.txt: nothing of the training is shipped."""


def normal(name: str) -> str:
    """A package's name in its normal form: lower case, words joined by `-`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(files: Iterable[Path]) -> set[tuple[str, str]]:
    """Name and version of each package in files of requirements."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return {(normal(m[1]), m[2]) for line in lines if (m := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line))}
