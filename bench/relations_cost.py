"""CPU of finding relations against the CPU of the extraction that makes the claims, in one run.

python -m bench.relations_cost ARTICLES.jsonl.gz [--articles 300]

ARTICLES has an object a line with `text`, and `title` and `source` where it has them. All are taken to be of ten days,
so that many of the claims are within the window of each other.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import time
from datetime import UTC, datetime, timedelta

from worker.contract.article import RawArticle
from worker.contract.claim import Claim
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.link.relations.stage import linked


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("articles")
    ask.add_argument("--articles", dest="count", type=int, default=300)
    given = ask.parse_args()
    with gzip.open(given.articles, "rt", encoding="utf-8") as lines:
        stories = [json.loads(line) for line in itertools.islice(lines, given.count)]
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    articles = [
        RawArticle(
            uri=f"bench:{i}",
            body=story["text"],
            headline=story.get("title"),
            publisher=story.get("source"),
            published_at=begin + timedelta(hours=i % 240),
        )
        for i, story in enumerate(stories)
    ]
    pipeline = Pipeline.load()
    pipeline.extract(articles[:2])
    linked([])
    begun = time.process_time()
    claims: list[Claim] = []
    for article in articles:
        (outcome,) = pipeline.extract([article])
        if isinstance(outcome, Extracted):
            claims += outcome.extraction.claims
    extraction = time.process_time() - begun
    linked(claims[:20])  # reads the data files
    begun = time.process_time()
    found = linked(claims)
    linking = time.process_time() - begun
    print(f"{len(articles)} articles, {len(claims)} claims, {found.compared} pairs compared")
    print(f"{len(found.relations)} relations, {len(found.clusters)} clusters")
    print(f"extraction {extraction:.2f} s CPU, relations {linking:.2f} s CPU: {100 * linking / extraction:.1f} %")


if __name__ == "__main__":
    main()
