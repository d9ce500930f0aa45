"""Attributions that several programs found in the same articles, against those marked by hand: one line a program.

python -m bench.peers.score GOLD textacy.jsonl spacy_rules.jsonl claimwire.jsonl

A file of predictions is what `claimwire eval GOLD --predictions FILE` writes: an article a line, in the order of GOLD.
`direct`: only contents that lie between quotation marks, in GOLD and found; it is all that some programs look for.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from worker.extraction.text.quotes import paragraphs, quotes
from worker.measure.attribution_report import marked_articles, quote_type
from worker.measure.attribution_scores import report, tally


def scored(gold: Path, predictions: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Sums over all attributions, and over the direct ones."""
    every: dict[str, float] = {}
    direct: dict[str, float] = {}
    with predictions.open(encoding="utf-8") as lines:
        for article, line in zip(marked_articles(gold), lines, strict=True):
            text, found = article["text"], json.loads(line)
            if found["id"] != article.get("id"):
                raise SystemExit(f"{predictions}: {found['id']} stands where {gold} has {article.get('id')}")
            marks = [mark for paragraph in paragraphs(text) for mark in quotes(text, paragraph)]
            said = [one for one in found["attributions"] if quote_type(one, marks) == "direct"]
            for annotation in article["annotations"]:
                theirs, weight = annotation["attributions"], 1 / len(article["annotations"])
                tally(every, theirs, found["attributions"], text, weight)
                tally(direct, [one for one in theirs if quote_type(one, marks) == "direct"], said, text, weight)
    return every, direct


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predictions", nargs="+", type=Path)
    given = parser.parse_args()
    print(f"{'':28} {'attribution':>22}   {'content':>5}   {'direct: attribution':>22}   content")
    for path in given.predictions:
        row = f"{path.stem:28}"
        for sums in scored(given.gold, path):
            figures = report(sums)
            whole = figures["attribution"]
            row += (
                f" P {whole['p']:5.1f} R {whole['r']:5.1f} F1 {whole['f1']:4.1f}   F1 {figures['content']['f1']:4.1f}  "
            )
        print(row)


if __name__ == "__main__":
    main()
