"""Whether a change costs more than chance: a short form of two benches, compared with the figures that are kept.

python -m bench.short

The language work (all stages over the parse alone, as bench.extraction_speed) and the way through Kafka (the bare
extraction over a worker with one process, as bench.kafka_against_bare), both as ratios of CPU seconds inside one run:
they move little on a busy machine. Ends with 1 where a median lies below the lowest value that is kept by more than
their whole spread, or by a seventh where the spread is smaller. A change that is meant to cost so much keeps new
figures with `make bench`.

Without a processor's instructions for products of int8 (VNNI, AMX) the network takes twice its time, and the parse,
which has none, as much as before: about 0.20 where others have 0.36. The language work is told there, not compared.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.extraction_speed import articles as seeds
from bench.extraction_speed import measured, ratio_of
from bench.figures import FOLDER, Figure, kept
from bench.kafka_against_bare import figures_of, rounds
from bench.kafka_to_kafka import WARM_UP, articles
from worker.local.kafka import start_kafka

_ROUNDS = 3
_ARTICLES = 60
_LEAST_SPREAD = 0.15
"""Of the median."""
_CPUINFO = Path("/proc/cpuinfo")


def has_int8_products(cpuinfo: str) -> bool:
    """Of the text of /proc/cpuinfo. Where that has no flags (another architecture) it is taken for granted."""
    flags = next((line.split() for line in cpuinfo.splitlines() if line.startswith("flags")), None)
    return flags is None or any("vnni" in flag or flag == "amx_int8" for flag in flags)


def lowest(before: Figure) -> float:
    """What a median of the short form must reach."""
    spread = max(max(before.values) - min(before.values), _LEAST_SPREAD * before.median)
    return min(before.values) - spread


def told(now: Figure, before: Figure) -> tuple[bool, str]:
    """Whether it is no worse than chance makes it, and the comparison in words."""
    least = lowest(before)
    fits = statistics.median(now.values) >= least
    word = "" if fits else "WORSE: "
    return fits, f"{word}{now.name}: {now.told}; kept {before.told}, at least {least:.3f}"


def compared(found: Sequence[Figure]) -> bool:
    """Prints each figure that is kept under the same name beside it. Raises LookupError: one is not kept."""
    before = {f.name: f for path in FOLDER.glob("*.json") for f in kept(path).figures}
    fits = True
    for figure in found:
        good, words = told(figure, before[figure.name])
        print(words, flush=True)
        fits = fits and good
    return fits


async def _through_kafka() -> list[Figure]:
    broker = start_kafka()
    try:
        found = await rounds(broker.bootstrap, articles(WARM_UP + _ARTICLES), [1], _ROUNDS)
    finally:
        broker.stop()
    return [figure for figure in figures_of(found) if "CPU an article" in figure.name]


def main() -> None:
    whole = seeds(None)
    language = ratio_of(measured(whole[: len(whole) // 3], _ROUNDS))
    figures = asyncio.run(_through_kafka())
    if not _CPUINFO.exists() or has_int8_products(_CPUINFO.read_text(encoding="utf-8")):
        figures.insert(0, language)
    else:
        print(f"{language.name}: {language.told}; not compared, this processor has no products of int8", flush=True)
    sys.exit(0 if compared(figures) else 1)


if __name__ == "__main__":
    main()
