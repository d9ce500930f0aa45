"""Says in the log where a topic is not as the worker needs it, at the start and when somebody changes it later."""

from __future__ import annotations

import logging

from aiokafka.errors import KafkaError

from worker.contract.topics import Topics
from worker.operate.topic_drift import drifts
from worker.settings import Settings
from worker.streaming.topics.description import describe_topics

__all__ = ["TopicWatch"]

log = logging.getLogger("claimwire.topics")


class TopicWatch:
    """Each difference is said once, and once more when it is gone. Nothing else is done: nothing may be lost yet."""

    def __init__(self, settings: Settings) -> None:
        topics = Topics.with_prefix(settings.topic_prefix)
        self._kafka = settings.kafka
        self._specs = {spec.name: spec for spec in topics.specs(link=settings.link)}
        self._said: dict[tuple[str, str], str] = {}

    async def look(self) -> None:
        """Where Kafka does not answer, or does not allow to see it (DESCRIBE_CONFIGS), all stays as it was."""
        try:
            states = await describe_topics(self._kafka, self._specs)
        except (KafkaError, OSError, TimeoutError) as unknown:
            log.debug("How the topics are set could not be found out: %r", unknown)
            return
        found = {}
        for name, state in states.items():
            for drift in drifts(self._specs[name], state):
                mend = "`claimwire topics --apply` mends it" if drift.mendable else "`claimwire topics` says what to do"
                found[name, drift.key] = f"{drift.why}; {mend}"
        for at, why in found.items():
            if self._said.get(at) != why:
                log.warning("%s: %s", at[0], why)
        for name, key in self._said.keys() - found.keys():
            log.info("%s: %s is right again", name, key)
        self._said = found
