"""CPU of the way through Kafka alone: the intake and the publisher with an empty extraction, against a bare loop.

python -m bench.plumbing [--records 20000] [--rounds 3]

All read the same topic, decode each article, encode it again and write it to a topic, in this process, in turns. The
bare loops are aiokafka's getmany and send, and confluent-kafka's consume and produce (with librdkafka's threads), each
with a commit once a second; a restart would lose or repeat what was under way, and one bad record would end them.
Prints CPU microseconds a record and the ratios to aiokafka's loop.
"""

from __future__ import annotations

import argparse
import asyncio
import time

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka import Consumer, Producer

from bench.figures import Figure, saved
from tests.running_intake import RunningIntake
from worker.contract.codec import decode_article
from worker.contract.topics import Topics
from worker.local.kafka import KafkaCluster, start_kafka
from worker.streaming.outcome import Ok, Outcome, Output
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing

PARTITIONS = 4
SIZES = {"2 KB": 2_000, "20 KB": 20_000}
_BATCHES = {"linger_ms": 5, "max_batch_size": 256 * 1024}
"""As the publisher has them: aiokafka's own batches of 16 KB cost the bare loop twice as much."""
_WORDS = "The council of the harbour said on Monday that ferries would run again before the end of the year. "


def made_again(value: bytes) -> bytes:
    """An article decoded and encoded, as the least that any extraction does."""
    article = decode_article(value)
    return orjson.dumps({"uri": article.uri, "headline": article.headline, "body": article.body})


async def fill(broker: KafkaCluster, topic: str, count: int, size: int) -> None:
    body = (_WORDS * (size // len(_WORDS) + 1))[:size]
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, linger_ms=20) as producer:
        for number in range(count):
            uri = f"https://news.example/{number}"
            value = orjson.dumps({"uri": uri, "headline": "Ferries", "body": body})
            await producer.send(topic, value, key=uri.encode())


async def ours(broker: KafkaCluster, topics: Topics, count: int, stage: str) -> float:
    """CPU seconds for all records."""

    async def work(records: list[Record]) -> list[Outcome]:
        return [Ok((Output(topics.extracted, r.key, made_again(r.value), ()),)) for r in records]

    begun = time.process_time()
    settings = {"batch_records": 16, "batch_bytes": 256 * 1024, "in_flight_bytes": 32 * 1024 * 1024}
    async with RunningIntake(broker, topics, work, stage=stage, commit_interval_s=1.0, **settings) as running:
        while running.whole.ok < count:
            await asyncio.sleep(0.05)
    return time.process_time() - begun


async def bare(broker: KafkaCluster, topics: Topics, count: int, group: str) -> float:
    """CPU seconds for all records."""
    begun = time.process_time()
    done, committed = 0, time.monotonic()
    options = {"group_id": group, "enable_auto_commit": False, "auto_offset_reset": "earliest"}
    async with (
        AIOKafkaConsumer(topics.raw, bootstrap_servers=broker.bootstrap, **options) as consumer,
        AIOKafkaProducer(bootstrap_servers=broker.bootstrap, enable_idempotence=True, **_BATCHES) as producer,
    ):
        while done < count:
            sent = []
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                sent += [await producer.send(topics.extracted, made_again(row.value), key=row.key) for row in rows]
            await asyncio.gather(*sent)
            done += len(sent)
            if time.monotonic() - committed > 1:
                await consumer.commit()
                committed = time.monotonic()
        await consumer.commit()
    return time.process_time() - begun


def confluent(broker: KafkaCluster, topics: Topics, count: int, group: str) -> float:
    """CPU seconds for all records."""
    begun = time.process_time()
    done, committed = 0, time.monotonic()
    consumer = Consumer(
        {
            "bootstrap.servers": broker.bootstrap,
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(
        {"bootstrap.servers": broker.bootstrap, "enable.idempotence": True, "linger.ms": 5, "batch.size": 256 * 1024}
    )
    consumer.subscribe([topics.raw])
    try:
        while done < count:
            rows = consumer.consume(500, timeout=0.2)
            for row in rows:
                producer.produce(topics.extracted, made_again(row.value()), row.key())
            producer.flush()
            done += len(rows)
            if rows and (done >= count or time.monotonic() - committed > 1):
                consumer.commit(asynchronous=False)
                committed = time.monotonic()
    finally:
        consumer.close()
    return time.process_time() - begun


async def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=20_000, help="of 2 KB; of 20 KB a fifth")
    ask.add_argument("--rounds", type=int, default=3)
    given = ask.parse_args()
    broker = start_kafka()
    figures: list[Figure] = []
    try:
        for place, (name, size) in enumerate(SIZES.items()):
            topics = Topics.with_prefix(f"p{place}.")
            await create_missing(broker.brokers, list(topics.specs()), partitions=PARTITIONS, replication=1)
            count = given.records // (1 if place == 0 else 5)
            await fill(broker, topics.raw, count, size)
            ratios, others, bare_us = [], [], []
            for number in range(given.rounds):
                plain = await bare(broker, topics, count, f"bare{number}")
                other = await asyncio.to_thread(confluent, broker, topics, count, f"confluent{number}")
                whole = await ours(broker, topics, count, f"intake{number}")
                ratios.append(whole / plain)
                others.append(other / plain)
                bare_us.append(1e6 * plain / count)
                print(
                    f"{name}, round {number + 1}: bare {bare_us[-1]:.0f} us a record, confluent-kafka "
                    f"{1e6 * other / count:.0f} us, {others[-1]:.2f}; intake {1e6 * whole / count:.0f} us, "
                    f"{ratios[-1]:.2f}",
                    flush=True,
                )
            of_size = [
                Figure(f"{name}: aiokafka's bare loop", "us a record", tuple(bare_us)),
                Figure(f"{name}: intake and publisher, over it", "", tuple(ratios), "at most 2.0"),
                Figure(f"{name}: confluent-kafka's bare loop, over it", "", tuple(others)),
            ]
            for figure in of_size:
                print(f"{figure.name}: {figure.told}", flush=True)
            figures += of_size
    finally:
        broker.stop()
    saved("plumbing", f"python -m bench.plumbing --records {given.records}", figures)


if __name__ == "__main__":
    asyncio.run(main())
