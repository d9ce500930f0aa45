"""A window of a topic to an archive, and an archive back to a topic: the same keys, values, headers and timestamps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from worker.contract.topics import LARGEST_RECORD
from worker.replay.archives.kinds import ArchiveError, Kind, kind_of
from worker.replay.archives.lines import LinesWriter, record_line
from worker.replay.archives.parquet import ParquetRecords
from worker.replay.archives.reading import files_of, read_archives
from worker.streaming.record import Record
from worker.streaming.topic_admin import existing_topics
from worker.streaming.window import Window, WindowError, WindowReader

__all__ = ["Moved", "dump", "load"]

_AT_ONCE = 500
_BYTES_AT_ONCE = 8 * 1024 * 1024


@dataclass(slots=True)
class Moved:
    records: int = 0
    bytes: int = 0
    lost: int = 0
    """Offsets that retention deleted before they were read."""


def _writer(path: Path) -> LinesWriter | ParquetRecords:
    match kind_of(path):
        case Kind.LINES:
            return LinesWriter(path)
        case Kind.PARQUET:
            return ParquetRecords(path)
        case _:
            raise ArchiveError(
                f"{path}: its ending names no archive that is written: .jsonl, .jsonl.gz, .jsonl.zst, .parquet"
            )


async def dump(
    brokers: str,
    window: Window,
    path: Path,
    wanted: Callable[[Record], bool] | None,
    seen: Callable[[Moved], None],
) -> Moved:
    """Writes the records of the window, those of a partition in their order; the file is there when it is whole.

    Raises:
        ArchiveError, WindowError, KafkaError.
    """
    moved = Moved()
    with _writer(path) as archive:
        async with WindowReader(brokers, window, wanted=wanted) as reader:
            async for stretch in reader.stretches(max_records=_AT_ONCE):
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
    brokers: str, paths: list[Path], topic: str, *, by_key: bool, compression: str, seen: Callable[[Moved], None]
) -> Moved:
    """Publishes the records of archives in their order, to the partition that each came from, or by its key.

    A record without a timestamp gets the time of loading. Loading twice publishes twice.

    Raises:
        ArchiveError, KafkaError.
        WindowError: the topic does not exist, or has fewer partitions than the archive names.
    """
    there = (await existing_topics(brokers)).get(topic)
    if there is None:
        raise WindowError(f"there is no topic {topic} to load into")
    moved = Moved()
    records = read_archives(files_of(paths))
    async with AIOKafkaProducer(
        bootstrap_servers=brokers,
        acks="all",
        enable_idempotence=True,
        compression_type=None if compression == "none" else compression,
        max_request_size=LARGEST_RECORD,
        max_batch_size=256 * 1024,
        linger_ms=5,
    ) as producer:
        while batch := await asyncio.to_thread(_some, records):
            futures = [await _sent(producer, record, topic, there, by_key=by_key) for record in batch]
            await asyncio.gather(*futures)
            moved.records += len(batch)
            moved.bytes += sum(len(record.value or b"") + len(record.key or b"") for record in batch)
            seen(moved)
    return moved


def _some(records: Iterator[Record]) -> list[Record]:
    some, size = [], 0
    for record in islice(records, _AT_ONCE):
        some.append(record)
        size += record.size
        if size >= _BYTES_AT_ONCE:
            break
    return some


async def _sent(
    producer: AIOKafkaProducer, record: Record, topic: str, partitions: int, *, by_key: bool
) -> asyncio.Future[object]:
    if not by_key and record.partition >= partitions:
        raise WindowError(
            f"{topic} has {partitions} partitions, the archive's {record} is of another: make more, or load with --by-key"
        )
    try:
        sending: asyncio.Future[object] = await producer.send(
            topic,
            record.value,
            key=record.key,
            partition=None if by_key else record.partition,
            timestamp_ms=record.timestamp if record.timestamp >= 0 else None,
            headers=list(record.headers),
        )
    except MessageSizeTooLargeError:
        raise WindowError(f"{record} is larger than {LARGEST_RECORD} bytes") from None
    return sending
