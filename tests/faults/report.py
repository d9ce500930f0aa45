"""Keeps the rows in results.json, and writes the table of docs/reliability.md from them: `python -m
tests.faults.report`.
"""

from __future__ import annotations

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from tests.paths import ROOT

RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- the table begins: make faults writes it -->", "<!-- the table ends -->"
COLUMNS = (
    ("fault", "fault"),
    ("workers", "workers"),
    ("records", "records"),
    ("lost", "lost"),
    ("order", "order violations"),
    ("wrong_claims", "wrong claims"),
    ("red", "live red"),
    ("dead", "dead"),
    ("dropped", "dropped"),
    ("duplicates", "duplicates"),
    ("gap_s", "longest gap s"),
    ("recovery_s", "recovery s"),
    ("peak_mb", "peak MB"),
    ("bound_mb", "bound MB"),
    ("restarts", "restarts"),
    ("audit", "audit"),
    ("seconds", "ran s"),
)


class Report:
    def __init__(self, *, write):
        self._write = write
        self._rows = {}

    def add(self, row):
        self._rows[row.fault] = row.as_json() | {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": _commit(),
            "machine": f"{platform.machine()}, {_cores()} cores, Python {platform.python_version()}",
        }
        self._save()  # at once: an interrupted run keeps its rows

    def line(self, row):
        figures = ", ".join(f"{words} {getattr(row, name)}" for name, words in COLUMNS[1:])
        short = f"; FELL SHORT: {'; '.join(row.fell_short)}" if row.fell_short else ""
        return f"{row.fault}: {figures}{'; ' + row.note if row.note else ''}{short}"

    def _save(self):
        if self._write:
            before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
            RESULTS.write_text(
                json.dumps(dict(sorted((before | self._rows).items())), indent=2) + "\n", encoding="utf-8"
            )
            write_page()


def _cores():
    import os

    return os.cpu_count()


def _commit():
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def table(rows):
    head = "| " + " | ".join(words for _, words in COLUMNS) + " | |"
    lines = [head, "|" + "---|" * (len(COLUMNS) + 1)]
    for row in rows.values():
        cells = [str(row.get(name, "")) for name, _ in COLUMNS]
        short = "; ".join(row["fell_short"])
        remark = "; ".join(part for part in (row["note"], f"**fell short: {short}**" if short else "") if part)
        lines.append("| " + " | ".join([*cells, remark]) + " |")
    commits = ", ".join(sorted({row["commit"] for row in rows.values()}))
    days = sorted({row["at"][:10] for row in rows.values()})
    machines = ", ".join(sorted({row["machine"] for row in rows.values()}))
    lines += ["", f"Run on {' to '.join(dict.fromkeys((days[0], days[-1])))} ({machines}; commits {commits})."]
    return "\n".join(lines)


def write_page():
    """Puts the table of results.json between the marks of the page."""
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_page()
