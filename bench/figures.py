"""What a bench measured, kept as JSON with the machine, the versions and the spread: bench/figures/NAME.json.

`python -m bench.report` makes the tables and pictures of docs/performance.md of them.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "Curve", "Figure", "kept", "saved"]

FOLDER = Path(__file__).parent / "figures"
_LIBRARIES = ("aiokafka", "faust-streaming", "numpy", "onnxruntime", "orjson", "spacy", "tokenizers")


_ALL_DIGITS_FROM = 100


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _ALL_DIGITS_FROM else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one run: a value for each round. `bar`: what it shall be, in words, as "at most 2.0"."""

    name: str
    unit: str
    values: tuple[float, ...]
    bar: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def told(self) -> str:
        """In words, with the spread."""
        unit = f" {self.unit}" if self.unit else ""
        spread = f" ({_short(min(self.values))} to {_short(max(self.values))})" if len(self.values) > 1 else ""
        return f"{_short(self.median)}{unit}{spread}"

    def as_json(self) -> dict[str, Any]:
        spread = {"median": self.median, "low": min(self.values), "high": max(self.values)}
        rounded = {name: float(f"{value:.4g}") for name, value in spread.items()}
        values = [float(f"{value:.4g}") for value in self.values]
        return {"name": self.name, "unit": self.unit, **rounded, "values": values, "bar": self.bar}


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure over something that grows: points of x and y, both larger than 0 where it has an `exponent`."""

    name: str
    x: str
    y: str
    points: tuple[tuple[float, float], ...]
    exponent: float | None = None

    def as_json(self) -> dict[str, Any]:
        points = [[float(f"{x:.4g}"), float(f"{y:.4g}")] for x, y in self.points]
        exponent = None if self.exponent is None else round(self.exponent, 3)
        return {"name": self.name, "x": self.x, "y": self.y, "points": points, "exponent": exponent}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of figures, read again."""

    bench: str
    command: str
    date: str
    machine: Mapping[str, Any]
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = field(default=())


def saved(bench: str, command: str, figures: Sequence[Figure] = (), curves: Sequence[Curve] = ()) -> Path:
    """Writes what was measured; the former file of this bench is replaced. Returns where it is."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{bench}.json"
    content = {
        "bench": bench,
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": _machine(),
        "figures": [figure.as_json() for figure in figures],
    }
    head = json.dumps(content, indent=1, ensure_ascii=False).removesuffix("\n}")
    # a curve a line: a number a line would be thousands of lines
    lines = ",\n".join(f"  {json.dumps(curve.as_json(), ensure_ascii=False)}" for curve in curves)
    path.write_text(f'{head},\n "curves": [\n{lines}\n ]\n}}\n', encoding="utf-8")
    return path


def kept(path: Path) -> Kept:
    """Raises KeyError, ValueError: it is no file of figures."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Kept(
        content["bench"],
        content["command"],
        content["date"],
        content["machine"],
        tuple(Figure(f["name"], f["unit"], tuple(f["values"]), f["bar"]) for f in content["figures"]),
        tuple(
            Curve(c["name"], c["x"], c["y"], tuple((x, y) for x, y in c["points"]), c["exponent"])
            for c in content["curves"]
        ),
    )


def _machine() -> dict[str, Any]:
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "processor": model or platform.processor(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{library: metadata.version(library) for library in _LIBRARIES},
        "commit": commit.stdout.strip(),
    }
