"""Some lifecycle processes of one consumer group under load, faults that come to them in turns, and what is asserted
after that.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys

import orjson
from aiokafka import AIOKafkaProducer

from tests.running import Reader, prepare
from tests.streaming.stateful.articles import extraction_of
from worker.consumer_groups import lifecycle_group
from worker.contract.codec import encode
from worker.streaming.topics.offset_reader import OffsetReader

PAUSES = int(os.environ.get("CLAIMWIRE_TEST_PAUSES", "2"))
"""How often a process pauses, or its network is held."""
ARTICLES = int(os.environ.get("CLAIMWIRE_TEST_ARTICLES", "40"))
SESSION_S = 6
LENGTHS = (0.7, 2.0)
"""Of a pause, in sessions, in turns: the group notices the longer one and gives the partitions away."""


class Processes:
    """Lifecycle processes of one group, one for each of `bootstraps`, each with a folder of its own."""

    def __init__(self, bootstraps, prefix, folder):
        self._prefix, self._folder = prefix, folder
        self.running = [self._start(number, bootstrap) for number, bootstrap in enumerate(bootstraps)]

    def _start(self, number, bootstrap):
        settings = {
            "BROKERS": bootstrap,
            "TOPIC_PREFIX": self._prefix,
            "APP_ID": self._prefix.strip("."),
            "DATA_DIR": str(self._folder / str(number)),
            "SESSION_TIMEOUT_S": str(SESSION_S),
        }
        with (self._folder / f"{number}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.streaming.stateful.lifecycle_process"],
                env=os.environ | {f"CLAIMWIRE_{name}": value for name, value in settings.items()},
                stdout=log,
                stderr=log,
            )

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Load:
    """Writes versions of articles at random until it is told to stop; knows the truth."""

    def __init__(self, broker, topic, seed):
        self._broker, self._topic, self._random = broker, topic, random.Random(seed)  # noqa: S311 - a schedule, no secret
        self.youngest, self.written, self.going = {}, 0, True

    async def run(self):
        producer = AIOKafkaProducer(bootstrap_servers=self._broker.bootstrap)
        await producer.start()
        try:
            while self.going:
                for _ in range(5):
                    await self._one(producer)
                await asyncio.sleep(0.05)
        finally:
            await producer.stop()

    async def _one(self, producer):
        uri = f"urn:a:{self._random.randint(1, ARTICLES)}"
        before = self.youngest.get(uri)
        version = int(before.article.version) + 1 if before else 1
        texts = [f"statement {self._random.randint(1, 9)} stands" for _ in range(self._random.randint(0, 5))]
        extraction = extraction_of(uri, version, texts, self.written)
        self.youngest[uri] = extraction
        self.written += 1
        await producer.send_and_wait(self._topic, encode(extraction), key=uri.encode())

    @property
    def truth(self):
        return {claim.claim_id for extraction in self.youngest.values() for claim in extraction.claims}


async def _all_settled(broker, topics, prefix):
    """Whether the lifecycle group has committed every record of the input."""
    async with OffsetReader(broker.brokers, limit_s=20) as offsets:
        partitions = await offsets.partitions(topics.extracted)
        ends = await offsets.ends(partitions)
        committed = await offsets.committed(lifecycle_group(prefix + prefix.strip(".")))
    return all(committed.get(partition, 0) >= end for partition, end in ends.items())


async def asserted_claims(broker, topics, load, prefix):
    """What a reader of the compacted topic takes for true once the group has read all; and revisions that went back."""
    last, back = {}, []
    async with Reader(broker, topics.claims, topics.extracted) as reader:
        await reader.until(lambda r: len(r.records[topics.extracted]) >= load.written)
        while not await _all_settled(broker, topics, prefix):
            await asyncio.sleep(0.5)
        await reader.to_the_end(topics.claims)
        for record in sorted(reader.records[topics.claims], key=lambda r: (r.partition, r.offset)):
            claim = orjson.loads(record.value)
            if claim["revision"] < last.get(record.key, claim)["revision"]:
                back.append(record.key)
            last[record.key] = claim
    return {c["claim_id"] for c in last.values() if c["status"] == "asserted"}, back


def turns(count):
    """Which process a fault comes to, PAUSES times, and for how many seconds: to each for short and for long."""
    for number in range(PAUSES):
        round_, process = divmod(number, count)
        yield process, SESSION_S * LENGTHS[(round_ + process) % 2]


async def check_claims_after_faults(broker, prefix, start, fault):
    """Starts the group by `start()`, lets `fault(group, process, seconds)` come in turns under load, and fails when
    the claims then differ from the truth. Returns how many extractions were written.
    """
    topics = await prepare(broker, prefix, partitions=4)
    group = start()
    load = Load(broker, topics.extracted, seed=len(group.running))
    try:
        writing = asyncio.create_task(load.run())
        await asyncio.sleep(4)
        for process, seconds in turns(len(group.running)):
            await fault(group, process, seconds)
            await asyncio.sleep(3)
        load.going = False
        await writing
        asserted, back = await asserted_claims(broker, topics, load, prefix)
    finally:
        group.stop()
    codes = [process.returncode for process in group.running]
    ghosts, missing = asserted - load.truth, load.truth - asserted
    assert not any(codes), f"exit codes {codes}"
    assert not ghosts, f"{len(ghosts)} claims that no article makes: {sorted(ghosts)[:5]}"
    assert not missing, f"{len(missing)} claims are missing: {sorted(missing)[:5]}"
    assert not back, f"{len(back)} revisions went back: {back[:5]}"
    return load.written
