"""What a broker says of an output that it refuses comes out with what an operator can do."""

from __future__ import annotations

import pytest
from aiokafka import errors

from worker.streaming.publish.refusals import why_refused


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errors.UnknownError(), "claimwire topics` says how articles.dead differs"),
        (errors.InvalidTimestampError(), "message.timestamp.before.max.ms and after.max.ms of the topic articles.dead"),
        (errors.TopicAuthorizationFailedError(), "grant it WRITE on the topic articles.dead"),
    ],
)
def test_a_refusal_names_the_topic_and_what_to_look_at(error, says):
    assert says in why_refused(error, "articles.dead")
