"""Sentences of the project's own with the times and quantities that a reader finds in them: the files in data/.

Two thirds were there while the grammars were written (`development`), a third was written afterwards (`held_out`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


def sentences(name: str, split: str) -> list[dict[str, Any]]:
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [row for line in lines if (row := json.loads(line))["split"] == split]


@dataclass(slots=True)
class Tally:
    """What was right, found and wanted; `wrong` names the rest, for reading a failure."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    whole: int = 0
    wrong: list[str] | None = None

    def count(self, sentence: str, found: list[Any], wanted: list[Any], value: Any) -> None:
        """`value` picks of an entry what must agree; an entry that agrees as a whole counts in `whole` too."""
        rest = [value(each) for each in found]
        for each in wanted:
            if value(each) in rest:
                rest.remove(value(each))
                self.right += 1
            self.whole += each in found
        self.found += len(found)
        self.wanted += len(wanted)
        if found != wanted:
            self.wrong = [*(self.wrong or []), f"{sentence}\n    wanted {wanted}\n    found  {found}"]

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.wanted

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted)
