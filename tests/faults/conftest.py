"""The cluster of the fault suite, its scenes, and the report.

The tests of this folder assert through `scene.finished(row)`: it fails with what fell short, which scene.py decides for
every fault and a test adds to. Their sleeps are the length of a fault, not a wait for something to happen.
"""

from __future__ import annotations

import asyncio
import itertools
import os

import pytest

from tests.faults.cluster import FaultCluster
from tests.faults.report import Report
from tests.faults.scene import WORKERS, Scene
from tests.faults.stream import RECORDS

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items):
    for item in items:
        if "scene" in item.fixturenames:  # the test of the ledger needs no cluster
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.kafka)
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session")
def cluster():
    running = FaultCluster(WORKERS)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def report():
    return Report(write=os.environ.get("CLAIMWIRE_TEST_FAULTS_REPORT") == "1")


@pytest.fixture
async def scene(cluster, tmp_path, request, report, capsys):
    """Makes the scene of a fault; `scene.finished(row)` prints and keeps the row and fails when it fell short."""
    fault = request.node.name.removeprefix("test_").replace("_", "-")

    def make(**how):
        return Scene(cluster, f"f{os.getpid()}x{next(_numbers)}.", tmp_path, fault, **how)

    def finished(row):
        report.add(row)
        with capsys.disabled():
            print("\n" + report.line(row))
        assert not row.fell_short, f"{row.fault}: {'; '.join(row.fell_short)}"

    make.finished = finished
    yield make
    cluster.mend_networks()
    cluster.free_disk()
    await asyncio.to_thread(cluster.start_dead)


@pytest.fixture
def short():
    """True for `make faults-short`: fewer rounds of what is repeated."""
    return RECORDS < 2000
