"""Writes docs/metrics.md from the declarations: `python -m worker.observe.reference [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from worker.generated_page import written_or_checked
from worker.observe.metric_types import Declaration, Label
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
    for metric in declared:
        parts.append(f"## `{metric.name}`\n")
        unit = f", in {metric.unit}" if metric.unit else ""
        parts.append(f"{metric.kind.capitalize()}{unit}. {metric.help}\n")
        parts += [f"- `{label.name}`: {_values(label)}" for label in metric.labels]
        if metric.buckets:
            parts.append(f"- buckets up to {', '.join(f'{bound:g}' for bound in metric.buckets)}, and above")
        parts.append("")
    return "\n".join(parts).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _values(label: Label) -> str:
    return ", ".join(f"`{value}`" for value in label.values if value) if label.values else label.bound


def main(arguments: list[str]) -> int:
    """0, or 1 when --check finds the page out of date."""
    path, wanted = Path("docs/metrics.md"), page(Metrics().declared)
    return written_or_checked(path, wanted, source="worker/observe/metrics.py", target="metrics", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
