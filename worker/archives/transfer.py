"""Dumps a window of a topic to an archive, and loads archives to a topic, with keys, headers and timestamps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from worker.archives.kinds import ArchiveError, ArchiveKind, kind_of
from worker.archives.lines import LinesWriter, record_line
from worker.archives.parquet import ParquetRecords
from worker.archives.reading import files_of, read_archives
from worker.brokers import Brokers
from worker.contract.topics import LARGEST_RECORD
from worker.streaming.access.client_options import client_options
from worker.streaming.outcome import Output
from worker.streaming.publish.compression import compression_type
from worker.streaming.publish.queueing import queued
from worker.streaming.record import Record
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.window import Window, WindowError
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["TransferCounts", "dump", "load"]

_BATCH_RECORDS, _BATCH_BYTES = 500, 8 * 1024 * 1024


@dataclass(slots=True)
class TransferCounts:
    records: int = 0
    bytes: int = 0
    lost: int = 0
    """Offsets that retention deleted before they were read."""


def _writer(path: Path, *, replace: bool) -> LinesWriter | ParquetRecords:
    match kind_of(path):
        case ArchiveKind.LINES:
            return LinesWriter(path, replace=replace)
        case ArchiveKind.PARQUET:
            return ParquetRecords(path, replace=replace)
        case _:
            raise ArchiveError(
                f"{path}: its ending names no archive that is written: .jsonl, .jsonl.gz, .jsonl.zst, .parquet"
            )


async def dump(
    brokers: Brokers,
    window: Window,
    path: Path,
    wanted: Callable[[Record], bool] | None,
    seen: Callable[[TransferCounts], None],
    *,
    replace: bool = False,
) -> TransferCounts:
    """Writes the records of the window, those of a partition in their order. The file appears when it is whole.

    Raises:
        ArchiveError: the file cannot be written, or is there and `replace` is not given.
        WindowError, KafkaError: the topic cannot be read.
    """
    moved = TransferCounts()
    with _writer(path, replace=replace) as archive:
        async with WindowReader(brokers, window, wanted=wanted) as reader:
            async for stretch in reader.stretches(max_records=_BATCH_RECORDS):
                for record in stretch.records:
                    if isinstance(archive, LinesWriter):
                        archive.write(record_line(record))
                    else:
                        archive.write(record)
                    moved.records += 1
                    moved.bytes += len(record.value or b"") + len(record.key or b"")
                moved.lost = reader.lost
                seen(moved)
                await asyncio.sleep(0)
    return moved


async def load(
    brokers: Brokers,
    paths: list[Path],
    topic: str,
    *,
    by_key: bool,
    compression: str,
    seen: Callable[[TransferCounts], None],
) -> TransferCounts:
    """Publishes the records of archives in their order, each to the partition it came from or (`by_key`) by its key.

    A record without a timestamp gets the time of loading. Loading twice publishes twice.

    Raises:
        ArchiveError, KafkaError.
        WindowError: the topic does not exist, or has fewer partitions than the archive names.
    """
    partitions = (await existing_topics(brokers, [topic])).get(topic)
    if partitions is None:
        raise WindowError(f"there is no topic {topic} to load into")
    moved = TransferCounts()
    records = read_archives(files_of(paths))
    async with AIOKafkaProducer(
        **client_options(brokers),
        acks="all",
        enable_idempotence=True,
        compression_type=compression_type(compression),
        max_request_size=LARGEST_RECORD,
        max_batch_size=256 * 1024,
        linger_ms=5,
    ) as producer:
        while batch := await asyncio.to_thread(_next_batch, records):
            futures = [await _sent(producer, record, topic, partitions, by_key=by_key) for record in batch]
            await asyncio.gather(*futures)
            moved.records += len(batch)
            moved.bytes += sum(len(record.value or b"") + len(record.key or b"") for record in batch)
            seen(moved)
    return moved


def _next_batch(records: Iterator[Record]) -> list[Record]:
    batch, size = [], 0
    for record in islice(records, _BATCH_RECORDS):
        batch.append(record)
        size += record.size
        if size >= _BATCH_BYTES:
            break
    return batch


async def _sent(
    producer: AIOKafkaProducer, record: Record, topic: str, partitions: int, *, by_key: bool
) -> asyncio.Future[object]:
    if not by_key and record.partition >= partitions:
        raise WindowError(
            f"{topic} has {partitions} partitions, the archive's {record} is of another: "
            "make more, or load with --by-key"
        )
    try:
        output = Output(topic, record.key, record.value, list(record.headers), None if by_key else record.partition)
        sending: asyncio.Future[object] = await queued(
            producer, output, record.timestamp if record.timestamp >= 0 else None
        )
    except MessageSizeTooLargeError:
        raise WindowError(f"{record} is larger than {LARGEST_RECORD} bytes") from None
    return sending
