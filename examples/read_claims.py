"""Keeps the claims that stand, and prints each change of them.

The topic is compacted: read from its beginning it has the last record of each claim. So this program has no offsets to
keep. A claim stands while its status is `asserted`; a null value says that its article was deleted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import uuid

from aiokafka import AIOKafkaConsumer


async def read(brokers: str, topic: str, count: int | None) -> dict[str, dict]:
    """Returns the claims that stand after `count` records; None: reads for ever."""
    standing: dict[str, dict] = {}
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=brokers,
        group_id=f"read-claims-{uuid.uuid4()}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        async for record in consumer:
            apply(standing, record.key.decode(), record.value)
            if count is not None:
                count -= 1
                if count <= 0:
                    return standing
    finally:
        await consumer.stop()
    return standing


def apply(standing: dict[str, dict], claim_id: str, value: bytes | None) -> None:
    claim = json.loads(value) if value is not None else None
    if claim is None or claim["status"] != "asserted":
        if standing.pop(claim_id, None) is not None:
            print("-", claim_id, claim["status"] if claim else "deleted", flush=True)
        return
    known = standing.get(claim_id)
    standing[claim_id] = claim
    if known != claim:
        sources = [link["source"]["name"] or "?" for link in claim["attribution"]]
        print(
            "+",
            claim_id,
            " < ".join(sources) or "the article",
            f"({claim['act']}):",
            claim["content"]["text"],
            flush=True,
        )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--brokers", default="localhost:9092")
    options.add_argument("--topic", default="claims")
    options.add_argument("--count", type=int, help="end after so many records")
    given = options.parse_args()
    asyncio.run(read(given.brokers, given.topic, given.count))
