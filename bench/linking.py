"""What it costs to keep groups, relations and standing up to date: CPU against the extraction's, bytes, recovery.

python -m bench.linking ARTICLES.jsonl.gz [--articles 1000] [--days 10] [--rules] [--compare]

ARTICLES has an object a line with `text`, and `title` and `source` where it has them. They are taken to be published
evenly over the days. `--rules`: the extraction without the model, which is faster, for larger states. No Kafka.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import itertools
import json
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker.agents.link_service import collect_seldom
from worker.contract.article import RawArticle
from worker.contract.codec import encode
from worker.contract.topics import Topics
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.link.relations.stage import LEAST_CONFIDENCE
from worker.link.relations.stage import linked as link_files
from worker.stages.linking import Linking
from worker.streaming.record import Record

TOPICS = Topics()
BATCH = 500
FLUSH_S = 1.0
"""As the worker does (streaming/stateful/whole_follower.py)."""


def stories_of(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def extracted(path, count, days, *, rules):
    """The extractions of so many stories, published evenly over the days, and the CPU seconds that they took."""
    stories = list(itertools.islice(stories_of(path), count))
    begin, step = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=days) / len(stories)
    articles = [
        RawArticle(
            uri=f"https://bench.example/{i}",
            body=story["text"],
            headline=story.get("title"),
            publisher=story.get("source"),
            published_at=begin + step * i,
        )
        for i, story in enumerate(stories)
    ]
    pipeline = Pipeline.load(model=not rules)
    pipeline.extract(articles[:2])
    begun = time.process_time()
    extractions = []
    for start in range(0, len(articles), 16):
        outcomes = pipeline.extract(articles[start : start + 16])
        extractions += [outcome.extraction for outcome in outcomes if isinstance(outcome, Extracted)]
    return extractions, time.process_time() - begun


def records_of(extractions):
    """As the link reads them, each article's text before its claims."""
    offset = 0
    for extraction in extractions:
        uri = extraction.article.uri
        offset += 1
        at = 1_767_225_600_000 + offset
        yield Record(TOPICS.extracted, 0, offset, at, uri.encode(), encode(extraction), ())
        for claim in extraction.claims:
            offset += 1
            yield Record(TOPICS.claims, 0, offset, at, claim.claim_id.encode(), encode(claim), ())


def linked(path, records, batch):
    """CPU seconds, outputs by topic, claims, pairs compared, and bytes of the file."""
    state = Linking(path, TOPICS, days=30)
    outputs = Counter()
    begun, flushed = time.process_time(), time.monotonic()
    for some in _batched(records, batch):
        outputs.update(output.topic for output in state.take(some, {}))
        state.keep()
        if time.monotonic() - flushed > FLUSH_S:
            state.flush()
            flushed = time.monotonic()
    state.flush()
    seconds = time.process_time() - begun
    claims, size = state.size()
    compared = state.compared
    state.close()
    return seconds, outputs, claims, compared, size


def compared_with_files(extractions, records):
    """How many relations the stream and the command on files have in common."""
    claims = [claim for extraction in extractions for claim in extraction.claims]
    files = {r.relation_id for r in link_files(claims).relations if r.confidence >= LEAST_CONFIDENCE}
    with tempfile.TemporaryDirectory() as folder:
        state = Linking(Path(folder) / "link.sqlite", TOPICS, days=30)
        outputs = state.take(records, {})
        state.close()
    stream = {output.key.decode() for output in outputs if output.topic == TOPICS.relations}
    return f"relations: {len(files)} of files, {len(stream)} of the stream, {len(files & stream)} of both"


def _batched(records, count):
    records = iter(records)
    while some := tuple(itertools.islice(records, count)):
        yield some


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("articles")
    ask.add_argument("--articles", dest="count", type=int, default=1000)
    ask.add_argument("--days", type=int, default=10)
    ask.add_argument("--rules", action="store_true")
    ask.add_argument("--compare", action="store_true", help="also with the relations that `claimwire link` finds")
    given = ask.parse_args()
    extractions, extraction_s = extracted(given.articles, given.count, given.days, rules=given.rules)
    records = list(records_of(extractions))
    collect_seldom()
    gc.freeze()  # the models are in other processes than the one that links: it does not look through them
    with tempfile.TemporaryDirectory() as folder:
        linked(Path(folder) / "warm.sqlite", records[:200], BATCH)
        live_s, outputs, claims, compared, size = linked(Path(folder) / "live.sqlite", records, 20)
        whole_s, *_ = linked(Path(folder) / "whole.sqlite", records, BATCH)
    print(f"{len(extractions)} articles, {claims} claims, {compared} pairs compared; {dict(outputs)}")
    print(f"extraction {extraction_s:.1f} s CPU; linking in steps of 20 records {live_s:.1f} s: ", end="")
    print(f"{100 * live_s / extraction_s:.1f} %, {1000 * live_s / len(extractions):.1f} ms an article")
    print(f"in steps of {BATCH} records, as when it catches up, {1000 * whole_s / len(extractions):.1f} ms an article")
    if given.compare:
        print(compared_with_files(extractions, records))
    print(f"state {size / len(extractions) / 1000:.1f} KB an article")


if __name__ == "__main__":
    main()
