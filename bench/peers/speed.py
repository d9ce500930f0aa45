"""The same articles through Claimwire and through what one would take instead, in turns: CPU of an article.

python -m bench.peers.speed [--rounds 5] [--textacy .venv-peers/bin/python]

Claimwire's whole extraction; a list of verbs over spaCy's parse (spacy_rules.py); textacy's direct quotations in an
environment of its own (textacy_quotes.py says how to make it). What each of them finds is in docs/comparison.md: speed
alone says nothing. The articles are the seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import spacy

from bench.extraction_speed import articles
from bench.figures import Figure, saved
from bench.peers.spacy_rules import attributions
from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.extraction.text.parser import MODEL

Timed = Callable[[], float]
"""CPU seconds for all articles."""


def claimwire(pipeline: Pipeline, kept: Sequence[RawArticle]) -> Timed:
    def run() -> float:
        begun = time.process_time()
        pipeline.extract(kept)
        return time.process_time() - begun

    return run


def spacy_rules(texts: Sequence[str]) -> Timed:
    nlp = spacy.load(MODEL)

    def run() -> float:
        begun = time.process_time()
        for text in texts:
            attributions(nlp(text))
        return time.process_time() - begun

    return run


@contextmanager
def textacy(python: Path, texts: Sequence[str]) -> Iterator[Timed]:
    script = Path(__file__).with_name("textacy_speed.py")
    # as many threads as Claimwire has
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(
        [str(python), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018 - they are pipes
    asked, answers = process.stdin, process.stdout

    def run() -> float:
        asked.write(json.dumps(list(texts)) + "\n")
        asked.flush()
        return float(answers.readline())

    try:
        yield run
    finally:
        asked.close()
        process.wait(30)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--textacy", type=Path, help="the Python of an environment that has it")
    given = ask.parse_args()
    pipeline = Pipeline.load()
    read = [(a, o) for a, o in zip(articles(None), pipeline.extract(articles(None)), strict=True)]
    texts = [outcome.extraction.text for _, outcome in read if isinstance(outcome, Extracted)]
    kept = [article for article, outcome in read if isinstance(outcome, Extracted)]
    ways = {"Claimwire": claimwire(pipeline, kept), "a list of verbs over spaCy's parse": spacy_rules(texts)}
    if given.textacy is None:
        compare(ways, len(texts), given.rounds)
        return
    with textacy(given.textacy, texts) as quotations:
        compare({**ways, "textacy, direct quotations": quotations}, len(texts), given.rounds)


def compare(ways: dict[str, Timed], count: int, rounds: int) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for run in ways.values():
        run()  # what is loaded at the first use
    for _ in range(rounds):
        for name, run in ways.items():
            seconds[name].append(run())
    figures = []
    for name, some in seconds.items():
        figures.append(Figure(f"{name}: CPU of an article", "ms", tuple(1000 * each / count for each in some)))
        print(f"{figures[-1].name}: {figures[-1].told}")
    ours = seconds["Claimwire"]
    for name, some in seconds.items():
        if name != "Claimwire":
            ratios = tuple(own / other for own, other in zip(ours, some, strict=True))
            figures.append(Figure(f"Claimwire's CPU, over that of {name}", "", ratios))
            print(f"{figures[-1].name}: {figures[-1].told}")
    saved("peers", "python -m bench.peers.speed --textacy .venv-peers/bin/python", figures)


if __name__ == "__main__":
    main()
