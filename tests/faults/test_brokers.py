"""Faults of the brokers: one killed, the controller killed, all down, a disk full."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.cluster import SMALL_DISK_NODE
from tests.faults.stream import SPAN_S


async def test_broker_killed(scene, cluster, short):
    """SIGKILL of one node, started again after a while."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        victim = next(node for node in cluster.nodes if node != cluster.controller)
        await asyncio.to_thread(cluster.kill, victim)
        s.mark()
        await asyncio.sleep(5 if short else 15)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"node {victim} of 3 down for {5 if short else 15} s"
    scene.finished(row)


async def test_controller_killed(scene, cluster):
    """SIGKILL of the node that leads the quorum, which is a broker as well."""
    async with scene() as s:
        s.feed(seconds=SPAN_S)
        s.start()
        await s.settled(0.25)
        victim = cluster.controller
        await asyncio.to_thread(cluster.kill, victim)
        s.mark()
        await asyncio.sleep(15)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"node {victim}, the active controller, down for 15 s"
    scene.finished(row)


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
        if not ended:  # what it could not write made its only log directory offline: that is mended by a restart
            await asyncio.to_thread(cluster.kill, SMALL_DISK_NODE)
        await asyncio.to_thread(cluster.start_dead)
        s.mark()
        row = await s.finish()
        row.note = f"node {SMALL_DISK_NODE} {'ended by itself' if ended else 'was killed with its disk offline'}"
    scene.finished(row)
