"""Sends the articles of a JSON Lines file: an object with `uri` and `body` a line. The key is the uri.

Records of one key stay in order, so that the versions of an article do not overtake each other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from aiokafka import AIOKafkaProducer


async def send(file: Path, brokers: str, topic: str) -> int:
    """Returns the number of articles. All of them are acknowledged by the brokers then."""
    producer = AIOKafkaProducer(bootstrap_servers=brokers, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        sent = [
            await producer.send(topic, line.encode(), key=json.loads(line)["uri"].encode())
            for line in file.read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return len(sent)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--brokers", default="localhost:9092")
    options.add_argument("--topic", default="articles.raw")
    given = options.parse_args()
    print(asyncio.run(send(given.file, given.brokers, given.topic)), "articles sent")
