"""While the breaker is open nothing is settled; probes that fail are replaced by others."""

from __future__ import annotations

import asyncio

import pytest

from worker.contract.reasons import DeadReason
from worker.streaming.consume.breaker import NEVER_OPENS, BreakerOptions
from worker.streaming.consume.breaker_hold import BreakerHold, HeldBackError
from worker.streaming.outcome import Dead, Ok

DEAD = Dead(DeadReason.NOT_JSON, "x")


def _opened(pause_s):
    hold = BreakerHold("articles.raw", BreakerOptions(share=0.5, min_records=2, window_s=60.0, pause_s=pause_s))
    for _ in range(2):
        hold.count(DEAD)
    return hold


async def _admitted(hold, records=1):
    async with asyncio.timeout(0), hold.admitted(records, draining=lambda: False):
        return True


async def test_it_holds_records_back_and_says_why_to_an_operator():
    hold = _opened(pause_s=60.0)
    for needed in ("2 of the last 2 records of articles.raw", "breaker_share = 0.5", "claimwire dead ls"):
        assert needed in hold.pause_reason
    with pytest.raises(TimeoutError):
        await _admitted(hold)
    with pytest.raises(HeldBackError):
        async with hold.admitted(1, draining=lambda: True):
            pass


async def test_without_a_bound_nothing_is_held_back_whatever_goes_dead():
    hold = BreakerHold("articles.raw", NEVER_OPENS)
    for _ in range(1000):
        hold.count(DEAD)
    assert hold.pause_reason is None
    assert await _admitted(hold, 1000)


async def test_probes_that_are_settled_close_it():
    hold = _opened(pause_s=0.0)
    assert await _admitted(hold, 2)
    with pytest.raises(TimeoutError):
        await _admitted(hold)  # the probes are under way
    for _ in range(2):
        hold.count(Ok(()))
    assert await _admitted(hold, 100)


async def test_probes_that_were_not_settled_are_replaced():
    hold = _opened(pause_s=0.0)
    with pytest.raises(RuntimeError, match="fenced"):
        async with hold.admitted(2, draining=lambda: False):
            raise RuntimeError("fenced")
    assert await _admitted(hold, 2)
