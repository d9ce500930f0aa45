"""Scores times and quantities on the project's own sentences, and times those stages and the entities beside the parse.

python -m bench.values [--rounds 5] [GOLD.jsonl.gz with the articles to time; default: the seeds]

CPU time of this process, the best of the rounds, for an article of 400 words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from datetime import date

from bench.extraction_speed import articles
from tests.extraction.values.values_data import Tally, sentences
from worker.extraction.entities.stage import find_entities
from worker.extraction.text.clean import clean
from worker.extraction.text.parser import load_parser, same_length
from worker.extraction.values.quantities.stage import find_quantities
from worker.extraction.values.times.stage import find_times
from worker.extraction.values.word_classes import lex

PUBLISHED = date(2025, 3, 14)
WORDS = 400


def figures(parser: Callable[[str], object]) -> None:
    for split in ("development", "held_out"):
        times, amounts = Tally(), Tally()
        for row in sentences("times", split):
            text, published = row["sentence"], date.fromisoformat(row["published"])
            found = find_times(parser(same_length(text)), text, published)
            wanted = [(t["text"], t["timex"], t["start"], t["end"]) for t in row["times"]]
            times.count(text, [(text[slice(*t.span)], t.timex, t.start, t.end) for t in found], wanted, lambda e: e[:2])
        for row in sentences("quantities", split):
            text = row["sentence"]
            doc = parser(same_length(text))
            found = find_quantities(doc, text, [t.span for t in find_times(doc, text, PUBLISHED)])
            given = [(text[slice(*a.span)], a.min, a.max, a.approximate, a.unit) for a in found]
            wanted = [(q["text"], q["min"], q["max"], q["approximate"], q["unit"]) for q in row["quantities"]]
            amounts.count(text, given, wanted, lambda e: e[1:3])
        print(
            f"{split}: {times.wanted} times, value F1 {times.f1:.3f} (P {times.precision:.3f}, R {times.recall:.3f}), "
            f"with interval {times.whole / times.wanted:.3f}"
        )
        print(
            f"{split}: {amounts.wanted} quantities, bounds exact {amounts.recall:.3f} (P {amounts.precision:.3f}), "
            f"with unit, approximation and span {amounts.whole / amounts.wanted:.3f}"
        )


def best(work: Callable[[], object], rounds: int, words: int) -> float:
    """Milliseconds of CPU time for WORDS words."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took) / words * WORDS * 1000


def speed(parser: Callable[[str], object], path: str | None, rounds: int) -> None:
    if path:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for _, line in zip(range(20), lines, strict=False)]
    else:
        texts = [clean(article)[1] for article in articles(None)]
    words = sum(len(text.split()) for text in texts)
    docs = [parser(same_length(text)) for text in texts]
    lexed = [lex(text) for text in texts]
    spans = [[t.span for t in find_times(*pair, PUBLISHED)] for pair in zip(docs, texts, strict=True)]
    rows = list(zip(docs, texts, spans, lexed, strict=True))
    parse = best(lambda: [parser(same_length(text)) for text in texts], rounds, words)
    parts = {
        "word classes": best(lambda: [lex(text) for text in texts], rounds, words),
        "times": best(lambda: [find_times(d, t, PUBLISHED, x) for d, t, _, x in rows], rounds, words),
        "quantities": best(lambda: [find_quantities(d, t, s, x) for d, t, s, x in rows], rounds, words),
        "entities": best(lambda: [find_entities(d, t) for d, t, _, _ in rows], rounds, words),
    }
    print(f"{len(texts)} articles, {words} words; ms of CPU for {WORDS} words:")
    print(f"  parse {parse:.1f}; " + ", ".join(f"{name} {ms:.2f}" for name, ms in parts.items()))
    print(f"  together {sum(parts.values()):.2f} ms, {sum(parts.values()) / parse:.1%} of the parse")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("gold", nargs="?")
    ask.add_argument("--rounds", type=int, default=5)
    given = ask.parse_args()
    parser = load_parser()
    figures(parser)
    speed(parser, given.gold, given.rounds)


if __name__ == "__main__":
    main()
