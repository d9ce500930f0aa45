"""Of the judged pairs of claims that are related, how many the stream compares, in the crowd of other claims.

python -m bench.linking_recall tests/golden/pairs ARTICLES.jsonl.gz [--articles 400] [--near 8] [--keys 6]

The events of the development part, all at once, among other articles that are published at the same instants. ARTICLES
as for bench.linking. No Kafka.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from itertools import islice
from pathlib import Path

from bench.linking import stories_of
from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.link.live.neighbours import NeighbourBounds
from worker.link.live.stage import LiveLinks
from worker.measure.pairs import claims_of, load_events


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("gold", type=Path)
    ask.add_argument("articles")
    ask.add_argument("--articles", dest="count", type=int, default=400)
    ask.add_argument("--near", type=int, nargs="*", default=[NeighbourBounds().near])
    ask.add_argument("--keys", type=int, nargs="*", default=[NeighbourBounds().keys])
    given = ask.parse_args()
    pipeline = Pipeline.load(model=False)
    pairs, claims = [], []
    for event in load_events(given.gold):
        if not event.put_aside:
            judged, found = claims_of(pipeline, event)
            pairs += [pair for pair in judged if pair.relation is not None and pair.a and pair.b]
            claims += found
    days = sorted({claim.article.published_at for claim in claims if claim.article.published_at})
    for i, story in enumerate(islice(stories_of(given.articles), given.count)):
        article = RawArticle(
            uri=f"https://crowd.example/{i}",
            body=story["text"],
            headline=story.get("title"),
            publisher=story.get("source"),
            published_at=datetime.fromisoformat(days[i % len(days)]),
        )
        (outcome,) = pipeline.extract([article])
        claims += outcome.extraction.claims if isinstance(outcome, Extracted) else []
    print(f"{len(pairs)} related pairs among {len(claims)} claims of {len(days)} instants")
    for near in given.near:
        for keys in given.keys:
            compared = _compared(claims, NeighbourBounds(near=near, keys=keys))
            found = sum(tuple(sorted((p.a.claim_id, p.b.claim_id))) in compared for p in pairs)
            print(f"near {near}, keys {keys}: {found} of {len(pairs)} compared; {len(compared)} pairs in all")


def _compared(claims, bounds):
    with tempfile.TemporaryDirectory() as folder:
        links = LiveLinks(Path(folder) / "link.sqlite", bounds)
        links.begin()
        for claim in claims:
            links.put_claim(claim, 0)
        pairs = {pair for claim in claims for pair in links.pairs_of(claim.claim_id)}
        links.rollback()
        links.close()
    return pairs


if __name__ == "__main__":
    main()
