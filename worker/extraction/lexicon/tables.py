"""Reads the tables of data/."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

__all__ = ["read_table"]


def read_table(name: str) -> dict[str, Any]:
    """The content of data/`name`.toml, read anew at each call. Raises FileNotFoundError."""
    return tomllib.loads((files("worker.extraction") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
