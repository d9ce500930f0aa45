"""An article that ends the whole worker each time: attempts are written down before they are made, so they are counted
over restarts, and the others come out.
"""

from __future__ import annotations

import asyncio
import sys

import orjson
import pytest

from tests.operation.deadly_worker import DEADLY
from tests.running import Reader, RunningWorker, prepare, send
from worker.contract.headers.claimwire_headers import claimwire_fields

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

_MAX_STARTS = 5
"""One attempt among others, three alone, and the start that makes the dead letter."""


class _DeadlyWorker(RunningWorker):
    COMMAND = (sys.executable, "-m", "tests.operation.deadly_worker")


def _article(number, more=""):
    body = f"The mayor of Bergen said on Monday that tax number {number} will rise next year. {more}"
    return f"urn:{number}".encode(), orjson.dumps({"uri": f"urn:{number}", "body": body})


async def test_an_article_that_ends_every_worker_is_a_dead_letter_after_some_restarts(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    articles = [_article(number, DEADLY.decode() if number == 13 else "") for number in range(40)]
    await send(kafka, topics.raw, articles)
    worker = _DeadlyWorker(
        kafka, topics_prefix, tmp_path, model="false", processes=2, batch_records=8, group_instance_id="one"
    )
    starts = 0
    async with Reader(kafka, topics.extracted, topics.dead) as reader:

        def all_out(reader):
            nonlocal starts
            if worker.process is None or worker.process.poll() is not None:
                assert starts < _MAX_STARTS, worker.log.read_text()[-3000:]
                starts += 1
                worker.start()
            return reader.records[topics.dead] and len({row.key for row in reader.records[topics.extracted]}) == 39

        try:
            await reader.until(all_out, 420)
        finally:
            code = await asyncio.to_thread(worker.stop)
        await reader.to_the_end(topics.dead)
    assert code == 0, worker.log.read_text()[-3000:]
    assert starts == _MAX_STARTS
    (letter,) = reader.records[topics.dead]
    assert letter.key == b"urn:13"
    assert letter.value == articles[13][1]
    assert claimwire_fields(letter.headers)["reason"] == "worker_died"
