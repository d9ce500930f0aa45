"""Claimwire as it is installed. The program is the package `worker`, which the wheel carries inside this folder.

`worker` is a name that other distributions and many projects use. In site-packages pip would overwrite one by the other
without a word, so there is only `claimwire`, and the folder of this file leads the path of a process that imports it.
In a checkout `worker` is beside this folder, and nothing has to be found.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["main"]

_FOLDER = Path(__file__).resolve().parent

if (_FOLDER / "worker").is_dir():
    sys.path.insert(0, str(_FOLDER))


def main() -> None:
    """The command `claimwire`."""
    from worker.cli import main as command  # noqa: PLC0415 - after the path is set

    command()
