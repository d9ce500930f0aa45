"""A partition between a worker and the brokers, through proxies: cut both ways, one way, held in turns, slow."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.proxy import TO_BROKER, TO_WORKER
from tests.faults.scene import SESSION_S
from tests.faults.stream import SPAN_S

CUT_S = 20


@pytest.mark.parametrize(
    "directions", [(TO_BROKER, TO_WORKER), (TO_WORKER,), (TO_BROKER,)], ids=["both", "answers", "requests"]
)
async def test_network_cut(scene, cluster, directions):
    """No byte of one worker passes for 20 seconds, longer than its session: both ways, only answers, only requests."""
    async with scene(proxied=True) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        cluster.networks[0].cut(*directions)
        await asyncio.sleep(CUT_S)
        cluster.mend_networks()
        s.mark()
        row = await s.finish()
        row.note = f"{CUT_S} s nothing {' nor '.join(directions)}"
    scene.finished(row)


@pytest.mark.parametrize("sessions", [0.7, 2.0], ids=["short", "long"])
async def test_network_held(scene, cluster, short, sessions):
    """No byte of one worker passes, of each in turn, for less and for more than its session lasts."""
    times = 2 if short else 4
    async with scene(proxied=True) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.1)
        for number in range(times):
            network = cluster.networks[number % len(s.workers)]
            network.cut(TO_BROKER, TO_WORKER)
            await asyncio.sleep(sessions * SESSION_S)
            network.mend()
            s.mark()
            await asyncio.sleep(3)
        row = await s.finish()
        row.note = f"held {times} times for {sessions * SESSION_S:g} s, the session is {SESSION_S} s"
    scene.finished(row)


async def test_network_slow(scene, cluster):
    """Every chunk of bytes 100 ms late, and 200 KB a second on each connection, for 30 seconds."""
    async with scene(proxied=True) as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        for network in cluster.networks:
            network.slow(200_000, 0.1)
        await asyncio.sleep(30)
        cluster.mend_networks()
        s.mark()
        row = await s.finish()
        row.note = "30 s of 100 ms and 200 KB/s"
    scene.finished(row)
