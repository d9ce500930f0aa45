"""A partition between worker and brokers, through a proxy: cut both ways, one way, slow."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.proxy import TO_BROKER, TO_WORKER
from tests.faults.stream import SPAN_S

CUT_S = 20


@pytest.mark.parametrize(
    "directions", [(TO_BROKER, TO_WORKER), (TO_WORKER,), (TO_BROKER,)], ids=["both", "answers", "requests"]
)
async def test_network_cut(scene, cluster, directions):
    """No byte passes for 20 seconds, longer than the session's time: both ways, only answers, only requests."""
    async with scene(proxied=True) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        cluster.network.cut(*directions)
        await asyncio.sleep(CUT_S)
        cluster.network.mend()
        s.mark()
        row = await s.finish()
        row.note = f"{CUT_S} s nothing {' nor '.join(directions)}"
    scene.finished(row)


async def test_network_slow(scene, cluster):
    """Every chunk of bytes 100 ms late, and 200 KB a second on each connection, for 30 seconds."""
    async with scene(proxied=True) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        cluster.network.slow(200_000, 0.1)
        await asyncio.sleep(30)
        cluster.network.mend()
        s.mark()
        row = await s.finish()
        row.note = "30 s of 100 ms and 200 KB/s"
    scene.finished(row)
