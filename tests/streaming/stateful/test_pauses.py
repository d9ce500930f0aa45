"""Lifecycle processes that stand still for longer than their session and go on, on a real Kafka."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.streaming.stateful.lifecycle_group import Processes, check_claims_after_faults

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


async def _stand_still(group, process, seconds):
    paused = group.running[process]
    paused.send_signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    paused.send_signal(signal.SIGCONT)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [2, 3])
async def test_a_process_that_stood_still_leaves_no_claim_that_no_article_makes(
    kafka, topics_prefix, tmp_path, count, figure
):
    def start():
        return Processes([kafka.bootstrap] * count, topics_prefix, tmp_path)

    figure("records", await check_claims_after_faults(kafka, topics_prefix, start, _stand_still))
