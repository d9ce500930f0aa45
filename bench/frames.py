"""How right the relations of pairs of sentences are that were written by frames: antonyms, quantifiers, roles, causes.

python -m bench.frames PAIRS.tsv [--errors]

PAIRS has a pair a line: frame, kind of trap (may be empty), relation, the later sentence, the earlier one. Each
sentence names its source; the later one is a week younger. A sentence in which no claim is found counts as "none".
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.contract.article import RawArticle
from worker.contract.claim import Claim
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import relation_between
from worker.measure.relations_report import LABELS, NONE, Scores

PUBLISHERS = (("The Later", 9), ("The Earlier", 2))


@dataclass(frozen=True)
class Answer:
    frame: str
    trap: str
    judged: str
    given: str
    confidence: float
    sentences: tuple[str, str]


def claim_of(pipeline: Pipeline, sentence: str, publisher: str, day: int) -> Claim | None:
    """The claim of a source with the most words in a sentence of its own article."""
    published = datetime(2026, 3, day, 8, tzinfo=UTC)
    article = RawArticle(uri=f"{publisher}: {sentence}", body=sentence, publisher=publisher, published_at=published)
    (outcome,) = pipeline.extract([article])
    claims = [c for c in outcome.extraction.claims if c.attribution] if isinstance(outcome, Extracted) else []
    return max(claims, key=lambda claim: sum(s.end - s.start for s in claim.content.spans), default=None)


def answers(path: Path, pipeline: Pipeline) -> Iterator[Answer]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for frame, trap, judged, *sentences in rows:
        sides = [claim_of(pipeline, s, *p) for s, p in zip(sentences, PUBLISHERS, strict=True)]
        found = None
        if sides[0] is not None and sides[1] is not None:
            found = relation_between(reading_of(sides[0]), reading_of(sides[1]))
        given, confidence = (found.relation.value, found.confidence) if found else (NONE, 0.0)
        yield Answer(frame, trap, judged, given, confidence, (sentences[0], sentences[1]))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("pairs", type=Path)
    ask.add_argument("--errors", action="store_true")
    asked = ask.parse_args()
    given = list(answers(asked.pairs, Pipeline.load()))
    scores = Scores((each.judged, each.given) for each in given)
    right = sum(each.given == each.judged for each in given)
    print(f"{len(given)} pairs, {right} right; macro-F1 {scores.macro_f1:.1f}")
    print(", ".join(f"{label} {scores.of(label)[2]:.0f}" for label in LABELS))
    traps = [each for each in given if each.trap]
    called = sum(each.given == "contradicts" for each in traps)
    print(f"{len(traps)} traps, {sum(e.given == e.judged for e in traps)} right, {called} called a contradiction")
    by_frame: dict[str, list[bool]] = defaultdict(list)
    for each in given:
        by_frame[each.frame].append(each.given == each.judged)
    print(", ".join(f"{frame} {sum(of)}/{len(of)}" for frame, of in by_frame.items()))
    if asked.errors:
        for each in given:
            if each.given != each.judged:
                print(
                    f"{each.frame}: {each.judged}, given {each.given} {each.confidence:.2f}",
                    *each.sentences,
                    sep="\n   ",
                )


if __name__ == "__main__":
    main()
