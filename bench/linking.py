"""What it costs to keep groups, relations and standing up to date: CPU against the extraction's, bytes, recovery.

python -m bench.linking ARTICLES.jsonl.gz [--articles 1000] [--days 10] [--rules] [--compare]

Articles are extracted and linked by turns, 16 at a time, so that what else runs on the machine is beside both.

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
"""As the worker does (streaming/stateful/whole_follower.py), but by its own CPU: others take turns with it."""


def stories_of(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def articles_of(path, count, days):
    """So many stories, published evenly over the days."""
    stories = list(itertools.islice(stories_of(path), count))
    begin, step = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=days) / len(stories)
    return [
        RawArticle(
            uri=f"https://bench.example/{i}",
            body=story["text"],
            headline=story.get("title"),
            publisher=story.get("source"),
            published_at=begin + step * i,
        )
        for i, story in enumerate(stories)
    ]


def by_turns(articles, *, rules):
    """The extractions of articles, some at a time, with the CPU seconds that they took."""
    pipeline = Pipeline.load(model=not rules)
    pipeline.extract(articles[:2])
    gc.freeze()  # the models are in other processes than the one that links: it does not look through them
    for some in _batched(articles, 16):
        begun = time.process_time()
        outcomes = pipeline.extract(list(some))
        seconds = time.process_time() - begun
        yield [outcome.extraction for outcome in outcomes if isinstance(outcome, Extracted)], seconds


def extracted(path, count, days, *, rules):
    """The extractions of so many stories, published evenly over the days, and the CPU seconds that they took."""
    turns = list(by_turns(articles_of(path, count, days), rules=rules))
    return [each for extractions, _ in turns for each in extractions], sum(seconds for _, seconds in turns)


def records_of(extractions, offset=0):
    """As the link reads them, each article's text before its claims. `offset`: of the last record before."""
    for extraction in extractions:
        uri = extraction.article.uri
        offset += 1
        at = 1_767_225_600_000 + offset
        yield Record(TOPICS.extracted, 0, offset, at, uri.encode(), encode(extraction), ())
        for claim in extraction.claims:
            offset += 1
            yield Record(TOPICS.claims, 0, offset, at, claim.claim_id.encode(), encode(claim), ())


class Linked:
    """A state that is told of records, with the CPU seconds that it took and its outputs by topic."""

    def __init__(self, path, batch) -> None:
        self._batch, self.seconds, self.outputs = batch, 0.0, Counter()
        self.state = Linking(path, TOPICS, days=30)
        self._flushed = 0.0

    def take(self, records) -> None:
        begun = time.process_time()
        for some in _batched(records, self._batch):
            self.outputs.update(output.topic for output in self.state.take(some, {}))
            self.state.keep()
            if self.seconds + time.process_time() - begun > self._flushed + FLUSH_S:
                self.state.flush()
                self._flushed = self.seconds + time.process_time() - begun
        self.seconds += time.process_time() - begun

    def end(self) -> None:
        begun = time.process_time()
        self.state.flush()
        self.seconds += time.process_time() - begun


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
    collect_seldom()
    extractions, records, extraction_s, count = [], [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        live, whole = (
            Linked(Path(folder) / f"{name}.sqlite", batch) for name, batch in (("live", 20), ("whole", BATCH))
        )
        for some, seconds in by_turns(articles_of(given.articles, given.count, given.days), rules=given.rules):
            new = list(records_of(some, len(records)))
            if not records:
                Linked(Path(folder) / "warm.sqlite", BATCH).take(new)
            live.take(new)
            extraction_s += seconds
            count += len(some)
            extractions += some if given.compare else ()
            records += new
        live.end()
        whole.take(records)
        whole.end()
        claims, size = live.state.size()
        compared = live.state.compared
        live.state.close()
        whole.state.close()
    print(f"{count} articles, {claims} claims, {compared} pairs compared; {dict(live.outputs)}")
    print(f"extraction {extraction_s:.1f} s CPU; linking in steps of 20 records {live.seconds:.1f} s: ", end="")
    print(f"{100 * live.seconds / extraction_s:.1f} %, {1000 * live.seconds / count:.1f} ms an article")
    print(f"in steps of {BATCH} records, as when it catches up, {1000 * whole.seconds / count:.1f} ms an article")
    if given.compare:
        print(compared_with_files(extractions, records))
    print(f"state {size / count / 1000:.1f} KB an article")


if __name__ == "__main__":
    main()
