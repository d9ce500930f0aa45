from __future__ import annotations

import pytest
from aiokafka import TopicPartition

from worker.streaming.consume.offset_loss import OnOffsetLost, lost_offset_message

PARTITION = TopicPartition("articles.raw", 3)


@pytest.mark.parametrize("policy", list(OnOffsetLost))
def test_the_message_names_the_partition_what_was_wanted_and_what_there_is(policy):
    message = lost_offset_message("claimwire-ingest", PARTITION, 100, 150, 900, policy)
    for needed in ("articles.raw[3]", "claimwire-ingest", "100", "150", "50 records", f"on_offset_lost = {policy}"):
        assert needed in message


def test_stopping_says_how_to_go_on_and_the_others_say_where_they_go_on():
    stop = lost_offset_message("g", PARTITION, 100, 150, 900, OnOffsetLost.STOP)
    assert "committed nothing" in stop
    assert "earliest" in stop
    assert "latest" in stop
    assert "goes on at 150" in lost_offset_message("g", PARTITION, 100, 150, 900, OnOffsetLost.EARLIEST)
    assert "goes on at 900" in lost_offset_message("g", PARTITION, 100, 150, 900, OnOffsetLost.LATEST)


def test_an_offset_beyond_the_end_is_named_as_such():
    assert "ends at 40" in lost_offset_message("g", PARTITION, 100, 0, 40, OnOffsetLost.STOP)
