"""Articles made to be costly, among good ones, through a worker on a real Kafka."""

from __future__ import annotations

import orjson
import pytest

from tests.running import Reader, RunningWorker, prepare, send
from worker.contract.reasons import DeadReason

GOOD = 62
LEAD = "The prime minister of Norway said on Monday that taxes will rise. "
_SLACK = 2.0
"""Times what the same articles cost a moment before: where others work, a processor does less in a second."""


def _good(round_, number):
    return {
        "uri": f"urn:{round_}:{number}",
        "body": f"Mayor Anna Lind said on Monday that bridge {number} would open in May. The council denied it.",
    }


def _records(round_, between):
    good = [_good(round_, number) for number in range(GOOD)]
    articles = [*good[:20], between[0], *good[20:40], between[1], *good[40:]]
    return [(article["uri"].encode(), orjson.dumps(article)) for article in articles]


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "settings", "dead", "each_s"),
    [
        (LEAD + "he says " * 620, {}, 0, 1.25),
        (LEAD * 1500, {"article_cpu_s": 1.0, "article_cpu_per_kb_s": 0.0}, 2, 1.0),
    ],
    ids=["five KB of he says, default settings", "more than the budget"],
)
async def test_two_hostile_articles_among_good_ones_hold_up_nobody(
    kafka, topics_prefix, tmp_path, body, settings, dead, each_s
):
    """The good ones cost what they cost without them, and the hostile ones no more than `each_s`, once: nobody waits
    for them any longer, whatever the clock says.
    """
    topics = await prepare(kafka, topics_prefix)
    worker = RunningWorker(kafka, topics_prefix, tmp_path, log_format="json", **settings)
    worker.start()
    try:
        async with Reader(kafka, topics.extracted, topics.dead, topics.retry) as reader:

            async def cost_of(records, dead):
                """CPU seconds of the extraction of some records, `dead` of which become dead letters."""
                keys = {key for key, _ in records}
                before = worker.extraction_cpu_s
                await send(kafka, topics.raw, records)
                await reader.until(
                    lambda r: (
                        len(keys & {x.key for x in r.records[topics.extracted]}) >= len(keys) - dead
                        and len(r.records[topics.dead]) >= dead
                    ),
                    240,
                )
                return worker.extraction_cpu_s - before

            await cost_of(_records("warm", [_good("warm", GOOD), _good("warm", GOOD + 1)]), 0)  # loading as well
            usual_s = await cost_of(_records("usual", [_good("usual", GOOD), _good("usual", GOOD + 1)]), 0)
            hostile = [{"uri": f"urn:hostile:{number}", "body": body} for number in range(2)]
            with_hostile_s = await cost_of(_records("good", hostile), dead)
            out = [x.key.decode() for x in reader.records[topics.extracted] if not x.key.startswith(b"urn:hostile")]
            letters = [dict(record.headers) for record in reader.records[topics.dead]]
        assert with_hostile_s < _SLACK * (usual_s + 2 * each_s) + 0.5
        assert len(out) == len(set(out)) == 3 * GOOD + 4
        assert [letter["claimwire_reason"] for letter in letters] == [DeadReason.TOO_COSTLY.encode()] * dead
        assert [letter["claimwire_attempts"] for letter in letters] == [b"1"] * dead
        assert not reader.records[topics.retry]
        assert worker.process.poll() is None
    finally:
        code = worker.stop()
    log = worker.log.read_text(encoding="utf-8")
    assert code == 0, log[-3000:]
    assert "No record was settled" not in log
    assert "replaced" not in log
