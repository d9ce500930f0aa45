"""How an article's extraction grows with its length: CPU seconds at lengths from 100 words on, and the exponent.

python -m bench.growth [--words 100 300 1000] [FILE.jsonl.gz with lines that have a text; default: the seeds]

An article is made of whole paragraphs, each of them once, so that nothing in it is known already.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figures import Curve, saved
from worker.contract.article import RawArticle
from worker.extraction.pipeline import Pipeline

SEEDS = Path(__file__).parents[1] / "seeds" / "articles"
_ROUNDS = 3
_RELATIVE_FROM = 300
"""Below it the part of an article that does not depend on its length weighs too much for an exponent."""


def paragraphs(path: str | None) -> Iterator[str]:
    if path is None:
        texts = [json.loads(file.read_text(encoding="utf-8")).get("body", "") for file in sorted(SEEDS.glob("*.json"))]
    else:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    for text in texts:
        yield from (line for line in text.split("\n") if line.strip())


def article(words: int, source: Iterator[str]) -> RawArticle:
    lines: list[str] = []
    count = 0
    while count < words:
        lines.append(next(source))
        count += len(lines[-1].split())
    return RawArticle(uri=f"urn:{words}", body="\n\n".join(lines), language="en")


def exponent(measured: Sequence[tuple[float, float]]) -> float:
    """The slope of log(y) over log(x), by least squares."""
    points = [(math.log(x), math.log(y)) for x, y in measured]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("file", nargs="?")
    ask.add_argument("--words", type=int, nargs="+", help="default: as long as the texts allow, to 10,000")
    given = ask.parse_args()
    given.words = given.words or ([100, 300, 1000, 3000, 10000] if given.file else [100, 300, 1000])
    pipeline = Pipeline.load(max_chars=10**7)
    source = paragraphs(given.file)
    measured = []
    for words in given.words:
        one = article(words, source)
        length = len(one.body.split())
        taken = []
        for _ in range(_ROUNDS):
            begun = time.process_time()
            pipeline.extract([one])
            taken.append(time.process_time() - begun)
        measured.append((length, min(taken)))
        print(f"{length:>6} words: {min(taken):7.3f} CPU s, {1000 * min(taken) / length:.2f} ms a word", flush=True)
    rest = [(words, seconds) for words, seconds in measured if words >= _RELATIVE_FROM]
    print(f"exponent from {_RELATIVE_FROM} words on: {exponent(rest):.2f}")
    points = tuple((float(length), seconds) for length, seconds in measured)
    saved(
        "growth",
        f"python -m bench.growth{' FILE' if given.file else ''}",
        curves=[Curve("length", "words", "CPU s", points, exponent(rest))],
    )


if __name__ == "__main__":
    main()
