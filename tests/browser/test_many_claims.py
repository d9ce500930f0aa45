"""The page after 10,000 claims, from a feed that is faster than any extraction."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from aiokafka import TopicPartition

from tests.browser.page import Page, open_browser
from tests.observe.happenings import TOPICS, done, extracted, raw
from worker.contract.codec import encode
from worker.contract.published.examples import example_claim
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.outcome import Ok, Output
from worker.streaming.watch.condition import Condition

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_CLAIMS = 10_000
_FEED_S = 10
_A_TICK = 250


async def _feed(observer):
    """10,000 claims in ten seconds, each of another text, so that nothing of the page can be kept."""
    for tick in range(_CLAIMS // _A_TICK):
        outputs = []
        for number in range(tick * _A_TICK, (tick + 1) * _A_TICK):
            made = example_claim()
            made = replace(made, content=replace(made.content, text=f"Claim number {number}"), claim_id=f"c{number}")
            outputs.append(Output(TOPICS.claims, made.claim_id.encode(), encode(made), []))
        observer.record_taken("ingest", raw(tick))
        observer.settled("ingest", raw(tick), done(publisher="Bee", seconds=(("parse", 0.01),)))
        observer.record_taken("lifecycle", extracted(tick))
        observer.settled("lifecycle", extracted(tick), Ok(tuple(outputs)))
        await asyncio.sleep(_FEED_S * _A_TICK / _CLAIMS)


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
        observer = Observers(condition, *observation.listeners)
        observer.assigned("ingest", [TopicPartition("articles.raw", 0)], 1)
        page = Page(driver, f"http://127.0.0.1:{port}")
        await asyncio.to_thread(page.count_processor_time)
        await asyncio.to_thread(page.open)
        await asyncio.to_thread(
            page.script,
            "window.long = [];"
            "new PerformanceObserver(list => window.long.push(...list.getEntries().map(e => e.duration)))"
            ".observe({type: 'longtask', buffered: true})",
        )
        before = await asyncio.to_thread(page.processor_seconds)
        await _feed(observer)
        await asyncio.to_thread(page.until, "all of them", lambda: page.number("#total-claims") == _CLAIMS)
        fed = await asyncio.to_thread(page.processor_seconds) - before

        def measure():
            rows = len(page.all("#claim-list li"))
            before = page.processor_seconds()
            # from a click to the frame that shows it
            shown_ms = page.driver.execute_async_script(
                "const done = arguments[arguments.length - 1];"
                "const rows = document.querySelectorAll('#claim-list button');"
                "const begun = performance.now(); rows[50].click();"
                "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)))"
            )
            return (
                rows,
                page.processor_seconds() - before,
                shown_ms,
                page.script("return window.long"),
                page.script("return document.querySelectorAll('*').length"),
            )

        rows, click, shown_ms, long_ms, elements = await asyncio.to_thread(measure)
        # by the clock, which a busy machine stretches: shown and not judged
        figure("click to frame in ms, long tasks in ms", (shown_ms, long_ms))
        figure("rows, elements, processor seconds of the feed and of a click", (rows, elements, fed, click))
        assert rows == 100
        assert elements < 3000
        assert 0 < fed < _FEED_S / 2, "the page is busy for more than half of the time"
        assert 0 < click < 0.2
        assert not await asyncio.to_thread(page.complaints)
    finally:
        await asyncio.to_thread(driver.quit)
        await observation.stop()
