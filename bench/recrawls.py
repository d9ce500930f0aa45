"""CPU of an article that comes for the first time, and of one that comes again, in one run; and whether the extraction
of one that comes again is that of a pipeline which knows nothing.

python -m bench.recrawls FILE.jsonl.gz [--articles 200]     (lines with title and text)
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from worker.contract.topics import Topics
from worker.settings import Settings
from worker.stages.extract import load
from worker.stages.recrawls import CLAIMS, FILE_NAME, PARSES
from worker.streaming.outcome import Ok, Outcome
from worker.streaming.record import Record

PUBLISHED = datetime(2026, 3, 4, 9, tzinfo=UTC)


def records(path: str, count: int, version: int, published: datetime) -> list[Record]:
    made = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(itertools.islice(lines, count)):
            story = json.loads(line)
            article = {"uri": f"urn:{number}", "headline": story["title"], "body": story["text"]}
            article |= {"version": str(version), "published_at": published.isoformat()}
            made.append(Record("raw", 0, number, 0, article["uri"].encode(), orjson.dumps(article), ()))
    return made


def bytes_of(outcome: Outcome) -> bytes | None:
    return outcome.outputs[0].value if isinstance(outcome, Ok) else None


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("file")
    ask.add_argument("--articles", type=int, default=200)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = load(topics=Topics(), recrawls=(folder, 1 << 28, 7.0), **Settings().extraction_options())
        first = 0.0
        for version, (what, published) in enumerate(
            [
                ("first", PUBLISHED),
                ("again", PUBLISHED),
                ("again, published five days later", PUBLISHED + timedelta(days=5)),
            ]
        ):
            batch = records(given.file, given.articles, version, published)
            begun = time.process_time()
            outcomes = list(work(batch))
            seconds = time.process_time() - begun
            first = first or seconds
            good = sum(isinstance(outcome, Ok) for outcome in outcomes)
            looked = {name: hits for name, hits, _ in outcomes[-1].about.caches}
            print(
                f"{what}: {good} of {len(batch)} extracted, {1000 * seconds / len(batch):.2f} ms of CPU an article "
                f"({seconds / first:.1%} of the first time); claims of {looked.get(CLAIMS, 0)} known, "
                f"parse of {looked.get(PARSES, 0)}"
            )
        fresh = load(topics=Topics(), **Settings().extraction_options())(batch)
        same = sum(bytes_of(one) == bytes_of(other) for one, other in zip(outcomes, fresh, strict=True))
        print(f"the last ones as without what was kept, byte for byte: {same} of {len(batch)}")
        size = (Path(folder) / FILE_NAME).stat().st_size
        print(f"{size / given.articles:.0f} bytes an article in {FILE_NAME}")


if __name__ == "__main__":
    main()
