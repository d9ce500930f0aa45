"""What a writer makes of a transaction that ends under it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import IllegalOperation, KafkaError, ProducerFenced

from worker.streaming.outcome import Output
from worker.streaming.stateful.transactions import FencedOutError, ProducerOptions, TransactionalWriter

OUTPUTS = [Output("t", name, b"", []) for name in (b"a", b"b", b"c")]


class Ending:
    """A producer whose transaction is over after the first record, as aiokafka's is once it is fenced out."""

    def __init__(self, first):
        self._first, self._sent = first, 0

    async def begin_transaction(self):
        pass

    async def send(self, *_, **__):
        self._sent += 1
        if self._sent > 1:
            raise IllegalOperation("Can't send messages while not in transaction")
        future = asyncio.get_running_loop().create_future()
        if isinstance(self._first, Exception):
            future.set_exception(self._first)
        else:
            future.set_result(self._first)
        return future


@pytest.mark.parametrize(
    ("first", "raised"), [(ProducerFenced("newer"), FencedOutError), (SimpleNamespace(offset=3), KafkaError)]
)
async def test_a_transaction_that_ends_between_two_records_is_an_error_of_kafka_and_says_why(first, raised):
    options = ProducerOptions(
        brokers=None, client_id="x", compression="none", max_request_bytes=1, request_timeout_s=1.0
    )
    writer = TransactionalWriter(options, "id")
    writer._started = Ending(first)
    with pytest.raises(raised):
        await writer.write(OUTPUTS, None)
