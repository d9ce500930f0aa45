"""The page after 10,000 claims, told by a feed that is faster than any extraction."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from aiokafka import TopicPartition

from tests.browser.page import Page, open_browser
from tests.observe.happenings import TOPICS, done, extracted, raw
from worker.contract.codec import encode
from worker.contract.examples import example_claim
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.condition import Condition
from worker.streaming.local_broker import free_ports
from worker.streaming.observer import Observers
from worker.streaming.outcome import Ok, Output

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_CLAIMS = 10_000
_A_TICK = 250


async def _feed(told):
    """10,000 claims in ten seconds, each of another text, so that nothing of the page can be kept."""
    for tick in range(_CLAIMS // _A_TICK):
        outputs = []
        for number in range(tick * _A_TICK, (tick + 1) * _A_TICK):
            made = example_claim()
            made = replace(made, content=replace(made.content, text=f"Claim number {number}"), claim_id=f"c{number}")
            outputs.append(Output(TOPICS.claims, made.claim_id.encode(), encode(made), []))
        told.record_taken("ingest", raw(tick))
        told.settled("ingest", raw(tick), done(publisher="Bee", seconds=(("parse", 0.01),)))
        told.record_taken("lifecycle", extracted(tick))
        told.settled("lifecycle", extracted(tick), Ok(tuple(outputs)))
        await asyncio.sleep(10 * _A_TICK / _CLAIMS)


async def test_it_stays_responsive_after_ten_thousand_claims(figure):
    (port,) = free_ports(1)
    condition = Condition(["ingest"])
    observation = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), condition)

    async def no_broker():
        return None

    observation.watch.look = no_broker
    await observation.start()
    driver = await asyncio.to_thread(open_browser)
    try:
        told = Observers(condition, *observation.listeners)
        told.assigned("ingest", [TopicPartition("articles.raw", 0)], 1)
        page = Page(driver, f"http://127.0.0.1:{port}")
        await asyncio.to_thread(page.open)
        await asyncio.to_thread(
            page.script,
            "window.long = []; new PerformanceObserver(list => window.long.push(...list.getEntries().map(e => e.duration)))"
            ".observe({type: 'longtask', buffered: true})",
        )
        await _feed(told)
        await asyncio.to_thread(page.until, "all of them", lambda: page.number("#total-claims") == _CLAIMS)

        def measure():
            rows = len(page.all("#claim-list li"))
            # from a click to the frame that shows it
            answered = page.driver.execute_async_script(
                "const done = arguments[arguments.length - 1]; const rows = document.querySelectorAll('#claim-list button');"
                "const begun = performance.now(); rows[50].click();"
                "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)))"
            )
            return (
                rows,
                answered,
                page.script("return window.long"),
                page.script("return document.querySelectorAll('*').length"),
            )

        rows, answered, long, elements = await asyncio.to_thread(measure)
        figure("rows, elements, click to frame in ms, long tasks in ms", (rows, elements, answered, long))
        assert rows == 100
        assert elements < 3000
        assert answered < 200
        assert all(ms < 300 for ms in long), long
        assert not await asyncio.to_thread(page.complaints)
    finally:
        await asyncio.to_thread(driver.quit)
        await observation.stop()
