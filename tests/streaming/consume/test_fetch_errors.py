"""What an error of reading means for the membership, in words for an operator."""

from __future__ import annotations

import pytest
from aiokafka.errors import InconsistentGroupProtocolError

from worker.streaming.backoff import Backoff
from worker.streaming.consume.ending import RejoinError
from worker.streaming.consume.fetch_errors import outlast


async def test_a_group_that_another_program_has_is_said_to_be_so():
    with pytest.raises(RejoinError, match="a program that is no worker has the group"):
        await outlast(InconsistentGroupProtocolError(), "claimwire-ingest", Backoff(0.2, 5.0))
