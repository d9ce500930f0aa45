"""Finds the features of a public set of judged sentences, so that check-worthiness can be fitted on them besides.

python -m training.worthiness_features worthiness-train.tsv.gz features.jsonl [--rows 3300]

The set is that of CheckThat! 2024, task 1, in English: columns Sentence_id, Text and class_label (Yes or No). It is
speech, not news, and no sentence of it is written to the features. Rules attribute, since debates quote little. Half an
hour of CPU time for the whole train split.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from pathlib import Path

import numpy as np

from training.check_worthiness import worth_of
from worker.contract.article import RawArticle
from worker.extraction.pipeline import Pipeline

SEED = 3


def judged(path: Path) -> list[tuple[str, bool]]:
    """Each sentence with its judgement, in an order that does not depend on its topic; broken labels are left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [
            (row["Text"], row["class_label"] == "Yes")
            for row in csv.DictReader(lines, delimiter="\t")
            if row["class_label"] in ("Yes", "No")
        ]
    return [rows[i] for i in np.random.default_rng(SEED).permutation(len(rows))]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("sentences", type=Path)
    ask.add_argument("features", type=Path)
    ask.add_argument("--rows", type=int, default=None, help="only so many sentences")
    given = ask.parse_args()
    pipeline = Pipeline.load(model=False)
    with given.features.open("w", encoding="utf-8") as out:
        for number, (sentence, worthy) in enumerate(judged(given.sentences)[: given.rows]):
            reading = pipeline.read(RawArticle(uri=str(number), body=sentence, language="en"), sentence)
            out.write(json.dumps([int(worthy), dict(worth_of(reading))]) + "\n")


if __name__ == "__main__":
    main()
