from __future__ import annotations

import contextlib
import itertools
import os
import sys

import hypothesis
import pytest

from tests.brokers import kafka_missing, required, start_best
from tests.paths import SHARED
from tests.programs import program_missing, program_required
from worker.local.kafka import start_kafka

_numbers = itertools.count(1)

# tests judge results, not how long they take on a busy machine
hypothesis.settings.register_profile("claimwire", deadline=None)
hypothesis.settings.load_profile("claimwire")


def pytest_report_header():
    missing = kafka_missing()
    if missing and required():
        pytest.exit(f"CLAIMWIRE_TEST_KAFKA=required, but: {missing}", returncode=4)
    for mark in ("browser", "helm", "prometheus"):
        if program_required(mark) and program_missing(mark):
            pytest.exit(f"CLAIMWIRE_TEST_{mark.upper()}=required, but: {program_missing(mark)}", returncode=4)
    if missing:
        return f"broker: the embedded one, tests that need Apache Kafka are skipped: {missing}"
    return "broker: a real Apache Kafka"


def pytest_collection_modifyitems(items):
    missing = kafka_missing()
    for item in items:
        if missing and item.get_closest_marker("kafka"):
            item.add_marker(pytest.mark.skip(reason=f"needs a real Apache Kafka: {missing}"))
        for mark in ("browser", "helm", "prometheus"):
            lacking = item.get_closest_marker(mark) and program_missing(mark)
            if lacking:
                item.add_marker(pytest.mark.skip(reason=lacking))


@pytest.fixture(autouse=True)
def priority():
    """A replay in the process of the tests makes it less important; what comes after it would stay so."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    yield
    if os.getpriority(os.PRIO_PROCESS, 0) != before:
        with contextlib.suppress(OSError):  # only root may take it back
            os.setpriority(os.PRIO_PROCESS, 0, before)


@pytest.fixture(scope="session")
def broker():
    """A broker of one node for all tests of the run: Apache Kafka where it can be started, else the embedded one."""
    running = start_best()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def kafka():
    """A real Apache Kafka of one node; only for tests marked `kafka`."""
    running = start_kafka()
    yield running
    running.stop()


@pytest.fixture
def topics_prefix():
    """A prefix that gives each test its own topics on the shared broker."""
    return f"t{os.getpid()}x{next(_numbers)}."


@pytest.fixture
def figure(capsys):
    """Shows a measured figure in the run's output: figure(name, value)."""

    def show(name, value):
        with capsys.disabled():
            sys.stdout.write(f"\n    {name}: {value}\n")

    return show


@pytest.fixture(scope="session")
def pipeline():
    from worker.extraction.pipeline import Pipeline

    return Pipeline.load()


@pytest.fixture(scope="session")
def rules():
    """The pipeline without the model: for tests of how an attribution is processed, not of how it is found."""
    from worker.extraction.pipeline import Pipeline

    return Pipeline.load(model=False)


@pytest.fixture(scope="session")
def sample():
    """The path of the sample article; skips the test if the folder with it is not beside the checkout."""
    path = SHARED / "seeds" / "libya.txt"
    if not path.exists():
        pytest.skip("the sample article is not here")
    return path
