"""Makes a replay's result live: publishes its extractions to the live topic, from which the lifecycle takes them.

Only the lifecycle writes claims, since only its table says which claims an article has now. It raises revisions,
supersedes and retracts, and drops an extraction that is older than what it has.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from worker.consumer_groups import lifecycle_group
from worker.contract.headers.cloud_events import Headers
from worker.contract.topics import Topics
from worker.publishers import publisher_of
from worker.replay.diff.differences import Differences
from worker.replay.plan.plan import Target, side_topics
from worker.settings import Settings
from worker.streaming.outcome import Output
from worker.streaming.pace import Pace
from worker.streaming.record import Record
from worker.streaming.topics.shared_window import read_checkpoints
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["Promotion", "promotion_of"]

_AT_ONCE = 100


class Promotion:
    """`run` publishes. It can be repeated at any time: an extraction published twice gives the same claim events."""

    def __init__(
        self, settings: Settings, source: str, topic: str, uris: set[bytes], passed: int, rate: float | None
    ) -> None:
        self._settings, self._source, self.topic = settings, source, topic
        self._uris, self.passed = uris, passed
        self._pace = Pace(rate)
        self.articles = len(uris)
        self.published = 0

    async def run(self) -> None:
        """Raises PublishError, WindowError, KafkaError."""
        settings = self._settings
        window = await fix_window(settings.kafka, Selection(topic=self._source))
        last = await self._last_coordinates()
        publisher = publisher_of(settings, "promote")
        await publisher.start()
        try:
            async with WindowReader(settings.kafka, window) as reader:
                async for stretch in reader.stretches(max_records=_AT_ONCE):
                    due = [
                        r for r in stretch.records if r.key in self._uris and last.get(r.key) == (r.partition, r.offset)
                    ]
                    await asyncio.sleep(self._pace.wait_s)
                    self._pace.take(len(due))
                    await publisher.publish([_again(record, self.topic) for record in due])
                    self.published += len(due)
        finally:
            await publisher.stop()

    async def _last_coordinates(self) -> dict[bytes, tuple[int, int]]:
        """Partition and offset of the last extraction of each article: earlier ones are superseded by it."""
        window = await fix_window(self._settings.kafka, Selection(topic=self._source))
        last: dict[bytes, tuple[int, int]] = {}
        async with WindowReader(self._settings.kafka, window) as reader:
            async for record in reader:
                if record.key in self._uris:
                    last[record.key or b""] = (record.partition, record.offset)
        return last

    async def wait(self, limit_s: float) -> int:
        """Waits until the worker's lifecycle has read what was published, at most `limit_s`.

        Returns the number of records it has not read.
        """
        window = await fix_window(self._settings.kafka, Selection(topic=self.topic))
        until = time.monotonic() + limit_s
        while True:
            read = await read_checkpoints(
                self._settings.kafka, lifecycle_group(self._settings.installation), self.topic
            )
            left = sum(
                max(0, bounds.end - (read[p].position if p in read else bounds.start))
                for p, bounds in window.bounds.items()
            )
            if left == 0 or time.monotonic() > until:
                return left
            await asyncio.sleep(1.0)


def promotion_of(settings: Settings, name: str, differences: Differences, rate: float | None) -> Promotion:
    """The promotion of the articles that differ; only their uris are held in memory."""
    live = Topics.with_prefix(settings.topic_prefix)
    side = side_topics(live, settings.topic_prefix, name, Target.TOPIC)
    uris: set[bytes] = set()
    passed = 0
    for article in differences.changed():
        if article.passed is None:
            uris.add(article.uri.encode("utf-8", "replace"))
        else:
            passed += 1
    return Promotion(settings, side.extracted, live.extracted, uris, passed, rate)


def _again(record: Record, topic: str) -> Output:
    """The same event with the time of now."""
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
    headers: Headers = [(key, stamp if key == "ce_time" else value) for key, value in record.headers]
    return Output(topic, record.key, record.value, headers)
