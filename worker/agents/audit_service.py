"""The audit of a sample of claims as a service of the worker."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from aiokafka.errors import KafkaError
from mode import Service

from worker.contract.topics import Topics
from worker.operate.claims_sample import Sample, take_sample
from worker.settings import Settings
from worker.streaming.topics.window import WindowError

__all__ = ["AuditService"]

log = logging.getLogger("claimwire.audit")

_SHOWN = 5


class AuditService(Service):
    """Takes a sample every `audit_sample_s` seconds and calls `show` with its articles and its wrong claims.

    A sample that fails is left out: the audit watches the worker, and must not end it.
    """

    def __init__(self, settings: Settings, show: Callable[[int, int], None]) -> None:
        super().__init__()
        self._settings, self._show = settings, show
        self._running: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        self._running = asyncio.create_task(self._samples())

    async def on_stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _samples(self) -> None:
        interval_s = self._settings.audit_sample_s
        # workers that start together take their samples at different times
        await asyncio.sleep(interval_s * (0.5 + 0.5 * random.random()))  # noqa: S311 - no secret
        while True:
            try:
                sample = await self._sample()
            except (KafkaError, WindowError, OSError, TimeoutError) as failed:
                log.info("No sample of the claims could be taken; tried again in %gs: %r", interval_s, failed)
            except Exception:
                log.exception("No sample of the claims could be taken; tried again in %gs", interval_s)
            else:
                self._report(sample)
            await asyncio.sleep(interval_s)

    async def _sample(self) -> Sample:
        topics = Topics.with_prefix(self._settings.topic_prefix)
        return await take_sample(self._settings.kafka, self._settings.installation, topics)

    def _report(self, sample: Sample) -> None:
        self._show(sample.articles, len(sample.findings))
        for finding in sample.findings[:_SHOWN]:
            where = finding.claim or finding.support
            what = finding.claim_id or "the state"
            log.error("%s of %s is wrong (%s, %s): %s", what, finding.uri, finding.wrong, where, finding.detail)
        if len(sample.findings) > _SHOWN:
            log.error("%d claims of the sample are wrong: `claimwire audit` names all", len(sample.findings))
