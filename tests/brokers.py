"""Brokers for tests: a real Apache Kafka where Java and the jars are there, else the embedded one."""

from __future__ import annotations

import os

from worker.local.kafka import kafka_available, start_kafka
from worker.local.tansu import LocalBroker, start_embedded

__all__ = ["kafka_missing", "required", "start_best"]


def required() -> bool:
    return os.environ.get("CLAIMWIRE_TEST_KAFKA") == "required"


def kafka_missing() -> str | None:
    """None if a real Kafka can be started, else the missing part in words."""
    return kafka_available()


def start_best() -> LocalBroker:
    return start_embedded() if kafka_missing() and not required() else start_kafka()
