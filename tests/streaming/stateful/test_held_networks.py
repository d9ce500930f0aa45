"""Lifecycle processes whose bytes to and from Kafka are held for longer than their session and then go on, as they do
when a switch or a virtual machine's network stands still.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.cluster import ProxiedCluster
from tests.faults.proxy import TO_BROKER, TO_WORKER
from tests.streaming.stateful.lifecycle_group import Processes, check_claims_after_faults

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

MAX_PROCESSES = 3


@pytest.fixture(scope="module")
def cluster():
    """One node, which each process reaches through a network of its own."""
    running = ProxiedCluster(1, MAX_PROCESSES)
    yield running
    running.stop()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [2, MAX_PROCESSES])
async def test_a_process_whose_bytes_came_late_leaves_no_claim_that_no_article_makes(
    cluster, topics_prefix, tmp_path, count, figure
):
    networks = cluster.networks[:count]

    async def hold(_group, process, seconds):
        networks[process].cut(TO_BROKER, TO_WORKER)
        await asyncio.sleep(seconds)
        networks[process].mend()

    def start():
        return Processes([network.bootstrap for network in networks], topics_prefix, tmp_path)

    figure("records", await check_claims_after_faults(cluster, topics_prefix, start, hold))
