"""Folders of the repository, and the folder beside it that some tests can use."""

from __future__ import annotations

from pathlib import Path

__all__ = ["POISON", "ROOT", "SEEDS", "SHARED"]

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds" / "articles"
POISON = ROOT / "seeds" / "poison"
SHARED = ROOT.parent / "shared"
