"""A page of docs that is made from the code: written, or compared with what it should be."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["written_or_checked"]


def written_or_checked(path: Path, wanted: str, *, source: str, target: str, arguments: list[str]) -> int:
    """The exit code: 0, or 1 when --check is among the arguments and the page differs; then nothing is written.

    `source`: what the page is made from. `target`: the target of make that writes it.
    """
    if "--check" not in arguments:
        path.write_text(wanted, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == wanted:
        return 0
    sys.stderr.write(f"{path} does not agree with {source}; `make {target}` writes it again\n")
    return 1
