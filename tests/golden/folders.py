"""The folders of the hand-judged articles."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DEVELOPMENT", "HELD_OUT"]

DEVELOPMENT = Path(__file__).parent / "articles"
HELD_OUT = Path(__file__).parent / "held_out"
"""Held out: extraction is measured on it and never fitted to it."""
