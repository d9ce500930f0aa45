"""Publishes records and says for each whether the broker has it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from worker.contract.dead_letter import DeadLetter, DeadReason
from worker.contract.headers import Headers
from worker.contract.retry import without_ours
from worker.contract.topics import LARGEST_RECORD
from worker.streaming.outcome import Dead, Output
from worker.streaming.record import Record

__all__ = ["OutputTooLargeError", "PublishError", "Publisher", "Record"]


class PublishError(Exception):
    """The broker did not take an output; nothing may be committed over it."""


class OutputTooLargeError(Exception):
    """The output is larger than the topic or the producer takes: sending it again would not help."""


class Publisher:
    """One producer with acks=all. `idempotent` keeps order and avoids repeats over retries inside the client."""

    def __init__(self, brokers: str, *, idempotent: bool, compression: str, dead_topic: str, client_id: str) -> None:
        self._options: dict[str, Any] = {
            "bootstrap_servers": brokers,
            "acks": "all",
            "enable_idempotence": idempotent,
            "compression_type": None if compression == "none" else compression,
            "linger_ms": 5,
            "max_batch_size": 256 * 1024,
            "max_request_size": LARGEST_RECORD,
            "client_id": client_id,
        }
        self._dead_topic = dead_topic
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        self._producer = AIOKafkaProducer(**self._options)
        await self._producer.start()

    async def stop(self) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def enqueue(self, outputs: Sequence[Output]) -> list[asyncio.Future[Any]]:
        """Puts the outputs into the producer's queue, in order; each future ends with the broker's answer.

        Raises:
            OutputTooLargeError, PublishError: one could not be queued.
        """
        if self._producer is None:
            raise PublishError("the producer was not started")
        futures = []
        for output in outputs:
            try:
                futures.append(
                    await self._producer.send(output.topic, value=output.value, key=output.key, headers=output.headers)
                )
            except MessageSizeTooLargeError as large:
                raise OutputTooLargeError(f"{len(output.value or b'')} bytes for {output.topic}") from large
            except KafkaError as refused:
                raise PublishError(f"{output.topic}: {type(refused).__name__}: {refused}") from refused
        return futures

    async def acknowledged(self, futures: Sequence[asyncio.Future[Any]]) -> None:
        """Returns when the broker has them all. Raises OutputTooLargeError, PublishError."""
        answers = await asyncio.gather(*futures, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        for answer in refused:
            if not isinstance(answer, MessageSizeTooLargeError):
                raise PublishError(f"{type(answer).__name__}: {answer}") from answer
        if refused:
            raise OutputTooLargeError(str(refused[0])) from refused[0]

    async def publish(self, outputs: Sequence[Output]) -> None:
        await self.acknowledged(await self.enqueue(outputs))

    async def bury(self, record: Record, dead: Dead) -> None:
        """Sends a record to the dead letters: original bytes and key, the rest in headers. Raises PublishError."""
        try:
            await self.publish([self.dead_letter(record, dead, value_left_out=False)])
        except OutputTooLargeError:
            try:
                await self.publish([self.dead_letter(record, dead, value_left_out=True)])
            except OutputTooLargeError as still:
                raise PublishError(f"the dead letter of {record} is too large even without its value") from still

    def dead_letter(self, record: Record, dead: Dead, *, value_left_out: bool) -> Output:
        value = record.value or b""
        letter = DeadLetter(
            reason=DeadReason(dead.reason),
            error=dead.error[:2000],
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
            value_sha256=hashlib.sha256(value).hexdigest(),
            value_bytes=len(value),
            value_left_out=value_left_out,
        )
        headers: Headers = without_ours(record.headers)
        headers += [
            (f"claimwire_{name}", str(getattr(letter, name)).encode("utf-8", "replace"))
            for name in letter.__dataclass_fields__
        ]
        return Output(self._dead_topic, record.key, None if value_left_out else record.value, headers)
