"""Writes docs/metrics.md from the declarations: `python -m worker.observe.reference [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from worker.observe.declare import Declaration, Label
from worker.observe.metrics import Metrics

__all__ = ["main", "page"]

_HEAD = """# Metrics

Every metric of the worker, at `/metrics` on its web port, in the text form of Prometheus or as OpenMetrics, whichever
is asked for. Generated from `worker/observe/metrics.py` by `make metrics`; do not edit. `process_*` (CPU, memory, open
files of the parent process) come beside them. docs/monitoring.md says what to watch.

Units are base units: seconds and bytes. A histogram has the series `_bucket`, `_sum` and `_count`.
"""


def page(declared: list[Declaration]) -> str:
    parts = [_HEAD]
    for each in declared:
        parts.append(f"## `{each.name}`\n")
        unit = f", in {each.unit}" if each.unit else ""
        parts.append(f"{each.kind.capitalize()}{unit}. {each.help}\n")
        parts += [f"- `{label.name}`: {_values(label)}" for label in each.labels]
        if each.buckets:
            parts.append(f"- buckets up to {', '.join(f'{bound:g}' for bound in each.buckets)}, and above")
        parts.append("")
    return "\n".join(parts).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _values(label: Label) -> str:
    return ", ".join(f"`{value}`" for value in label.values if value) if label.values else label.bound


def main(arguments: list[str]) -> int:
    """0, or 1 when --check finds the page out of date."""
    path = Path("docs/metrics.md")
    wanted = page(Metrics().declared)
    if "--check" in arguments:
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            sys.stderr.write(f"{path} is not what worker/observe/metrics.py declares; `make metrics` writes it anew\n")
            return 1
        return 0
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
