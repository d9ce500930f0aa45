"""Members of the group that are no workers are named, once, until they have gone."""

from __future__ import annotations

import logging

from worker.streaming.consume.strangers import Strangers

OURS = ("claimwire-ingest", "/10.0.0.1")


def test_workers_alone_are_no_strangers():
    strangers = Strangers("claimwire-ingest")
    strangers.seen([OURS, ("claimwire-ingest", "/10.0.0.2")])
    assert strangers.reason is None


def test_another_program_is_named_with_its_host_and_no_control_character(caplog):
    strangers = Strangers("claimwire-ingest")
    with caplog.at_level(logging.WARNING):
        strangers.seen([OURS, ("console\x1b[2J", "/10.0.0.9")])
        strangers.seen([OURS, ("console\x1b[2J", "/10.0.0.9")])
    assert "console\\x1b[2J at 10.0.0.9" in strangers.reason
    assert "claimwire audit" in strangers.reason
    assert len(caplog.records) == 1


def test_it_is_forgotten_when_it_has_gone():
    strangers = Strangers("claimwire-ingest")
    strangers.seen([OURS, ("", "/10.0.0.9")])
    assert "without a client id at 10.0.0.9" in strangers.reason
    strangers.seen([OURS])
    assert strangers.reason is None


def test_a_consumer_of_the_new_protocol_is_named_until_the_group_is_a_classic_one_again():
    strangers = Strangers("claimwire-ingest")
    strangers.seen_another_protocol()
    assert "group.protocol=consumer" in strangers.reason
    strangers.seen([OURS])
    assert strangers.reason is None
