"""Names of headers that are no UTF-8: Kafka takes them from any client, and no reader may stop at them."""

from __future__ import annotations

import struct

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.consumer import fetcher
from aiokafka.record._crc32c import crc
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from tests.running import Reader, RunningWorker, claimwire, prepare
from worker.streaming.access import client_options

_BODY = "Mayor Anna Lind said on Monday that taxes will rise by 5 percent next year."
_NAME, _NO_UTF8 = "~~~~", b"\xff\xfeab"


def _broken(batch):
    """The batch with other bytes in the place of each `_NAME`, and with the checksum that fits."""
    changed = bytearray(bytes(batch).replace(_NAME.encode(), _NO_UTF8))
    changed[17:21] = struct.pack(">I", crc(bytes(changed[21:])))
    return changed


def _built(first, rows, compression=0):
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=compression,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=100_000,
    )
    for number, (key, value, headers) in enumerate(rows):
        assert builder.append(number, 1_700_000_000_000 + number, key, value, headers)
    built = bytearray(bytes(builder.build()))
    built[:8] = struct.pack(">q", first)
    return built


def _read(data):
    records = fetcher.MemoryRecords(bytes(data))
    found = []
    while records.has_next():
        batch = records.next_batch()
        assert batch.validate_crc()
        found += [(r.offset, r.timestamp, r.key, r.value, list(r.headers)) for r in batch]
    return found


ROWS = [
    (b"a", b"1", [("plain", b"x")]),
    (b"b", None, [(_NAME, b"\xff"), ("null", None)]),
    (None, b"~~~", [("ü", b"")]),
]


def test_all_clients_read_by_it():
    assert client_options
    assert fetcher.MemoryRecords is not MemoryRecords


def test_records_with_such_names_and_those_beside_them_are_read():
    data = _built(10, ROWS) + _broken(_built(13, ROWS)) + _built(16, ROWS) + _broken(_built(19, ROWS))
    found = _read(data)
    assert [offset for offset, *_ in found] == list(range(10, 22))
    assert [row[2:4] for row in found] == [(key, value) for key, value, _ in ROWS] * 4
    assert found[4][4] == [("\\xff\\xfeab", b"\xff"), ("null", None)]
    assert found[1][4] == [(_NAME, b"\xff"), ("null", None)]
    assert found[4][1] == 1_700_000_000_001


def test_other_batches_are_read_as_by_aiokafka():
    data = _built(0, ROWS) + _built(3, ROWS)
    ours = _read(data)
    records, theirs = MemoryRecords(bytes(data)), []
    while records.has_next():
        theirs += [(r.offset, r.timestamp, r.key, r.value, list(r.headers)) for r in records.next_batch()]
    assert ours == theirs


@pytest.mark.kafka
@pytest.mark.slow
async def test_the_worker_and_the_tools_go_on_behind_such_a_record(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    good = orjson.dumps({"uri": "a", "body": _BODY})
    for topic, value in ((topics.raw, b"no article"), (topics.dead, b"no letter"), (topics.raw, good)):
        async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
            batch = producer.create_batch()
            batch.append(key=b"a", value=value, timestamp=None, headers=[(_NAME, b"1")])
            build = batch._build
            batch._build = lambda build=build: _broken(build())
            await (await producer.send_batch(batch, topic, partition=0))
    worker = RunningWorker(kafka, topics_prefix, tmp_path, processes=1, model="false")
    worker.start()
    try:
        async with Reader(kafka, topics.claims, topics.dead) as reader:
            await reader.until(lambda r: r.records[topics.claims] and len(r.records[topics.dead]) == 2, 90)
    finally:
        assert worker.stop() == 0
    letter = reader.records[topics.dead][1]
    assert ("\\xff\\xfeab", b"1") in letter.headers
    listed = claimwire(kafka, topics_prefix, "dead", "ls")
    assert b"1  not_json" in listed.stdout
    assert b"PASSED BY" in listed.stderr
