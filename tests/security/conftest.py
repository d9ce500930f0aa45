from __future__ import annotations

import pytest

from tests.security.secured_kafka import SecuredKafka


@pytest.fixture(scope="session")
def secured(tmp_path_factory):
    """A Kafka that asks who somebody is and what he may do; started once for all tests of it."""
    running = SecuredKafka(tmp_path_factory.mktemp("certificates"), ("worker", "nobody", "producer", "reader", "least"))
    yield running
    running.stop()
