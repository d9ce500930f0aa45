"""Words a CPU second of all extraction stages against the parse alone: same articles, same process, in turns.

python -m bench.extraction_speed [--rounds 5] [GOLD.jsonl.gz with the articles; default: the seeds]
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, saved
from worker.contract.article import RawArticle
from worker.contract.codec import decode_article
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.extraction.text.parser import load_parser, same_length

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"


def articles(path: str | None) -> list[RawArticle]:
    if path:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [RawArticle(uri=str(i), body=json.loads(line)["text"]) for i, line in enumerate(lines)]
    return [decode_article(p.read_bytes()) for p in sorted(SEEDS.glob("*.json"))] * 3


class Laps:
    """Adds up the CPU seconds of each stage."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.last = time.process_time()
        self._seconds: Counter[str] = Counter()

    def __call__(self, stage: str) -> None:
        now = time.process_time()
        self._seconds[stage] += now - self.last
        self.last = now

    def shares(self) -> list[tuple[str, float]]:
        """The largest first."""
        whole = sum(self._seconds.values())
        return [(stage, seconds / whole) for stage, seconds in self._seconds.most_common()]


@dataclass(frozen=True, slots=True)
class Measured:
    """`ratios`: of each round, how fast all stages are as a part of the parse alone. `shares`: of the CPU, by stage."""

    ratios: tuple[float, ...]
    shares: list[tuple[str, float]]


def measured(all_: Sequence[RawArticle], rounds: int) -> Measured:
    """Prints each round."""
    laps = Laps()
    pipeline, parser = Pipeline.load(lap=laps), load_parser()
    texts, kept = [], []
    for article, outcome in zip(all_, pipeline.extract(all_), strict=True):
        if isinstance(outcome, Extracted):
            texts.append(same_length(outcome.extraction.text))
            kept.append(article)
    words = sum(len(text.split()) for text in texts)
    print(f"pipeline {pipeline.version}: {len(kept)} articles, {words} words, {rounds} rounds")
    ratios = []
    laps.begin()
    for number in range(rounds):
        begun = time.process_time()
        for text in texts:
            parser(text)
        parse = time.process_time() - begun
        begun = laps.last = time.process_time()
        pipeline.extract(kept)
        whole = time.process_time() - begun
        ratios.append(parse / whole)
        print(
            f"round {number + 1}: parse {words / parse:7.0f} words/s, all stages {words / whole:7.0f} words/s, "
            f"{parse / whole:.2f}",
            flush=True,
        )
    return Measured(tuple(ratios), laps.shares())


def ratio_of(found: Measured) -> Figure:
    return Figure("all stages: speed, of that of the parse alone", "", found.ratios, "at least 0.45")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("gold", nargs="?")
    ask.add_argument("--rounds", type=int, default=5)
    given = ask.parse_args()
    found = measured(articles(given.gold), given.rounds)
    print("CPU by stage: " + ", ".join(f"{name} {share:.1%}" for name, share in found.shares))
    whole = ratio_of(found)
    print(f"{whole.name}: {whole.told}")
    if given.gold is None:
        stages = [Figure(f"CPU of {name}", "% of all stages", (100 * share,)) for name, share in found.shares]
        saved("extraction_speed", f"python -m bench.extraction_speed --rounds {given.rounds}", [whole, *stages])


if __name__ == "__main__":
    main()
