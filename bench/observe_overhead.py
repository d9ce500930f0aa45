"""The cost of observing: the same articles extracted and acknowledged with all observers and without.

An article takes the same way as in the worker, but in one process and without a broker, so that the broker's noise
does not hide two per cent: decode, extract, encode, then all events that the streaming side reports to its observers.
"With" has every listener, the sample of each second, a scrape every five seconds (three times as often as usual), and
a page that listens. Rounds alternate, and so does which of the two goes first. There are two figures. The first
compares whole rounds; on a shared machine they scatter ten times as much as the difference, since extraction itself
does. The second is the CPU time outside the extraction as a share of that inside it, minus the same share without
observers, in which the scatter of the extraction cancels.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import orjson
from aiokafka import TopicPartition

from worker.contract.topics import Topics
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.stages.extract import load
from worker.streaming.observer import Observer
from worker.streaming.observer_fanout import Observers
from worker.streaming.outcome import Ok, Outcome, Output
from worker.streaming.record import Record
from worker.streaming.watch.condition import Condition

_BATCH = 16
_TOPICS = Topics()


def _claims(extraction: bytes) -> Ok:
    claims = orjson.loads(extraction)["claims"]
    return Ok(tuple(Output(_TOPICS.claims, c["claim_id"].encode(), orjson.dumps(c), []) for c in claims))


def _tell(told: Observer, records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
    """Reports the events of ingest and lifecycle for a batch."""
    told.batch_finished("ingest", records, 0.1)
    for record, outcome in zip(records, outcomes, strict=True):
        if isinstance(outcome, Ok):
            told.published(_TOPICS.extracted, 1, len(outcome.outputs[0].value or b""), 0.005)
        told.settled("ingest", record, outcome)
        if isinstance(outcome, Ok):
            again = Record(
                _TOPICS.extracted,
                record.partition,
                record.offset,
                record.timestamp,
                record.key,
                outcome.outputs[0].value,
                (),
            )
            told.record_taken("lifecycle", again)
            told.settled("lifecycle", again, _claims(again.value or b""))
    told.committed("ingest", TopicPartition(records[0].topic, records[0].partition), records[-1].offset + 1)


async def _round(work, values: Sequence[bytes], told: Observer, first: int) -> tuple[float, float]:
    """Articles a second of CPU time; and CPU time outside the extraction over that inside it."""
    cpu, extracting = time.process_time(), 0.0
    for at in range(0, len(values), _BATCH):
        now = int(time.time() * 1000)
        records = [
            Record(_TOPICS.raw, 0, first + at + n, now, b"https://news.example/1", value, ())
            for n, value in enumerate(values[at : at + _BATCH])
        ]
        for record in records:
            told.record_taken("ingest", record)
        told.batch_started("ingest", records)
        begun = time.process_time()
        outcomes = list(work(records))
        extracting += time.process_time() - begun
        _tell(told, records, outcomes)
        await asyncio.sleep(0)
    whole = time.process_time() - cpu
    return len(values) / whole, (whole - extracting) / extracting


async def _page_and_scrapes(port: int, going: asyncio.Event) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:

        async def listen() -> None:
            async with client.get("/api/events") as answer:
                async for _ in answer.content.iter_any():
                    pass

        listening = asyncio.create_task(listen())
        try:
            while True:
                await going.wait()
                async with client.get("/metrics") as answer:
                    await answer.read()
                await asyncio.sleep(5)
        finally:
            listening.cancel()


async def _main(rounds: int, articles: int) -> None:
    (port,) = free_ports(1)
    observation = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition([]))

    async def no_broker() -> None:
        return None

    observation.watch.look = no_broker  # type: ignore[method-assign]
    seeds = await asyncio.to_thread(
        lambda: [path.read_bytes() for path in sorted(Path("seeds/articles").glob("*.json"))]
    )
    values = [seeds[n % len(seeds)] for n in range(articles)]
    work = load(topics=_TOPICS, **Settings().extraction_options())
    with_all, without = Observers(*observation.listeners), Observer()
    with_all.assigned("ingest", [TopicPartition(_TOPICS.raw, 0)], 1)
    await _round(work, values[: 4 * _BATCH], without, 0)  # warm
    ratios, first = [], 1000
    for number in range(rounds):
        got = {}
        for observed in (number % 2 == 0, number % 2 == 1):
            if observed:
                await observation.start()
                going = asyncio.Event()
                going.set()
                reading = asyncio.create_task(_page_and_scrapes(port, going))
                await asyncio.sleep(0.2)
            got[observed] = await _round(work, values, with_all if observed else without, first)
            first += len(values)
            if observed:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
                await observation.stop()
        (speed, outside), (speed_without, outside_without) = got[True], got[False]
        ratios.append((1 - speed / speed_without, outside - outside_without))
        print(
            f"round {number + 1:2}: without {speed_without:6.1f}/s, with {speed:6.1f}/s: {ratios[-1][0]:+.2%}; "
            f"outside the extraction {outside_without:.2%} of it without, {outside:.2%} with: {ratios[-1][1]:+.2%}",
            flush=True,
        )
    whole, outside = zip(*ratios, strict=True)
    print(
        f"\n{rounds} rounds of {articles} articles: whole rounds {statistics.median(whole):+.2%} ({min(whole):+.2%} to "
        f"{max(whole):+.2%}), outside the extraction {statistics.median(outside):+.2%} ({min(outside):+.2%} to "
        f"{max(outside):+.2%}); bar: 2 %"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--articles", type=int, default=320)
    asked = parser.parse_args()
    asyncio.run(_main(asked.rounds, asked.articles))
