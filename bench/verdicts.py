"""How often a verdict on one claim of a judged pair is put on the other, and how often that is right.

python -m bench.verdicts [tests/golden/pairs]

Each claim of a pair, as its text alone, is taken for what a fact-checker has reviewed. It is right where the pair was
judged as restates or corroborates; corroborates is also what only makes the other claim likelier, so that not all of
these pairs are to be found.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from worker.contract.claim import Claim
from worker.contract.relation import RelationKind
from worker.contract.review import Rating, Review
from worker.extraction.pipeline import Pipeline
from worker.link.live.neighbours import NeighbourBounds, keys_of
from worker.link.live.reviews import keys_of_review, may_match
from worker.link.relations.reading import reading_of
from worker.link.verdicts.stage import confidence_of_match, reading_of_review
from worker.measure.pairs import claims_of, load_events
from worker.submit.reviews import read_claim

_SAME = (RelationKind.RESTATES, RelationKind.CORROBORATES)


def _reviewed(pipeline: Pipeline, claim: Claim) -> Review:
    source = claim.attribution[-1].source.name if claim.attribution else claim.article.publisher
    return read_claim(
        pipeline,
        Review(
            review_id="",
            claim=claim.content.text,
            author="",
            url="https://checks.example/",
            rating=Rating(words="False"),
            claimant=source,
            claimed_at=claim.article.published_at,
        ),
    )


def _matches(pipeline: Pipeline, reviewed: Claim, claim: Claim) -> bool:
    review, reading = reading_of_review(_reviewed(pipeline, reviewed)), reading_of(claim)
    if not may_match(keys_of_review(review), keys_of(reading), NeighbourBounds()):
        return False
    return confidence_of_match(review, reading) is not None


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "tests/golden/pairs")
    pipeline = Pipeline.load()
    counted: Counter[tuple[bool, str]] = Counter()
    for event in load_events(folder):
        pairs, _ = claims_of(pipeline, event)
        for pair in pairs:
            if pair.a is None or pair.b is None:
                continue
            for reviewed, claim in ((pair.a, pair.b), (pair.b, pair.a)):
                same, matched = pair.relation in _SAME, _matches(pipeline, reviewed, claim)
                counted[event.put_aside, "same"] += same
                counted[event.put_aside, "found"] += matched
                counted[event.put_aside, "right"] += same and matched
    for aside, part in ((False, "development"), (True, "put aside")):
        found, right, same = (counted[aside, what] for what in ("found", "right", "same"))
        sys.stdout.write(f"{part}: {found} verdicts put on a claim, {right} of them right; {same} could be\n")


if __name__ == "__main__":
    main()
