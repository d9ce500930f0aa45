"""Faults of the brokers: one killed, the controller killed, all down, a disk full."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.cluster import SMALL_DISK_NODE
from tests.faults.stream import SPAN_S


async def _node_killed(scene, cluster, choose, seconds, what):
    """SIGKILL of one node under load, started again after `seconds`. `choose()` gives the node when it is time."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        victim = choose()
        await asyncio.to_thread(cluster.kill, victim)
        s.mark()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"node {victim}{what}, down for {seconds} s"
    scene.finished(row)


async def test_broker_killed(scene, cluster, short):
    def follower():
        return next(node for node in cluster.nodes if node != cluster.controller)

    await _node_killed(scene, cluster, follower, 5 if short else 15, " of 3")


async def test_controller_killed(scene, cluster):
    """The node that leads the quorum, which is a broker as well."""
    await _node_killed(scene, cluster, lambda: cluster.controller, 15, ", the active controller")


async def test_all_brokers_down(scene, cluster):
    """SIGKILL of all three nodes, back after 30 seconds."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        await asyncio.to_thread(cluster.kill_all)
        await asyncio.sleep(30)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = "30 s without any broker; recovery counts from the last node's port being open"
    scene.finished(row)


async def test_disk_full(scene, cluster):
    """No byte left under one node for 20 seconds; the node is started again if it ended."""
    if cluster.no_small_disk:
        pytest.skip(f"no small disk could be mounted: {cluster.no_small_disk}")
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        await asyncio.to_thread(cluster.fill_disk)
        s.mark()
        await asyncio.sleep(20)
        ended = not cluster.alive(SMALL_DISK_NODE)
        cluster.free_disk()
        if not ended:  # a failed write takes its only log directory offline, and only a restart brings that back
            await asyncio.to_thread(cluster.kill, SMALL_DISK_NODE)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"node {SMALL_DISK_NODE} {'ended by itself' if ended else 'was killed with its disk offline'}"
    scene.finished(row)
