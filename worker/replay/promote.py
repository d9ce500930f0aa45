"""Makes live what a replay says: its extractions go where the worker's own go, and the lifecycle does the rest.

The lifecycle alone knows what each article claims now, so it alone writes claims: it raises revisions, supersedes and
retracts, and lets an extraction fall that is older than what it has. Nothing here can overtake it.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from worker.contract.headers import Headers
from worker.contract.topics import Topics
from worker.replay.differences import Differences
from worker.replay.pace import Pace
from worker.replay.plan import Target, side_topics
from worker.settings import Settings
from worker.streaming.outcome import Output
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.shared_window import read_checkpoints
from worker.streaming.window import Selection, WindowReader, fix_window

__all__ = ["Promotion", "promotion_of"]

_AT_ONCE = 100


class Promotion:
    """`run` publishes; publishing an extraction again gives the same events again, so it can be begun anew any time."""

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
        window = await fix_window(settings.brokers, Selection(topic=self._source))
        last = await self._last_places()
        publisher = Publisher(
            settings.brokers,
            idempotent=settings.idempotent_producer,
            compression=settings.compression,
            dead_topic="",
            client_id=f"{settings.app_id}-promote",
            request_timeout_s=settings.request_timeout_s,
        )
        await publisher.start()
        try:
            async with WindowReader(settings.brokers, window) as reader:
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

    async def _last_places(self) -> dict[bytes, tuple[int, int]]:
        """Of several extractions of an article only the last says what the replay says."""
        window = await fix_window(self._settings.brokers, Selection(topic=self._source))
        last: dict[bytes, tuple[int, int]] = {}
        async with WindowReader(self._settings.brokers, window) as reader:
            async for record in reader:
                if record.key in self._uris:
                    last[record.key or b""] = (record.partition, record.offset)
        return last

    async def wait(self, limit_s: float) -> int:
        """Until the worker's lifecycle has read what was published, or the limit; how many records it has not."""
        window = await fix_window(self._settings.brokers, Selection(topic=self.topic))
        until = time.monotonic() + limit_s
        while True:
            read = await read_checkpoints(self._settings.brokers, self._settings.app_id, self.topic)
            left = sum(
                max(0, bounds.end - (read[p].position if p in read else bounds.start))
                for p, bounds in window.bounds.items()
            )
            if left == 0 or time.monotonic() > until:
                return left
            await asyncio.sleep(1.0)


def promotion_of(settings: Settings, name: str, differences: Differences, rate: float | None) -> Promotion:
    """What is to be published for the replay of that name; only uris are held in memory."""
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
    """The same event, published now."""
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
    headers: Headers = [(key, stamp if key == "ce_time" else value) for key, value in record.headers]
    return Output(topic, record.key, record.value, headers)
