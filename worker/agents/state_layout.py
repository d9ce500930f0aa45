"""How many partitions the articles' states were made for: keys must not move away from their states."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiokafka import TopicPartition

from worker.consumer_groups import LIFECYCLE, former_groups, lifecycle_group
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.stateful.changelog import Layout, MissingTopicError
from worker.streaming.stateful.owner import StateLostError
from worker.streaming.topics.former_groups import former_commits
from worker.streaming.topics.offset_reader import Commit, OffsetReader

__all__ = ["current_layout"]

_COMMITTED = re.compile(r"(?:^|;)partitions=([0-9]{1,6})(?:;|$)")


async def current_layout(settings: Settings, offsets: OffsetReader) -> Layout:
    """What the topics are like now, with a new log id.

    Partitions that were added to articles.extracted or to articles.live alone are left empty; where both have grown,
    the setting state_partitions keeps the old number.

    Raises:
        MissingTopicError: a topic is not there.
        StateLostError: the states were made for another number of partitions.
        OffsetsUnknownError: Kafka did not answer.
    """
    topics = Topics.with_prefix(settings.topic_prefix)
    known = await offsets.partitions_of((topics.extracted, topics.live, topics.claims))
    for topic, partitions in known.items():
        if not partitions:
            raise MissingTopicError(topic)
    now = settings.state_partitions or min(len(known[topics.extracted]), len(known[topics.live]))
    for commit in (await _commits(settings, known[topics.extracted], offsets)).values():
        made_for = _COMMITTED.search(commit.note)
        if made_for is not None and int(made_for[1]) != now:
            raise StateLostError.moved(topics.live, int(made_for[1]), now)
    return Layout.new(now, len(known[topics.claims]))


async def _commits(
    settings: Settings, partitions: Sequence[TopicPartition], offsets: OffsetReader
) -> dict[TopicPartition, Commit]:
    """Of the group that reads them, or of the one that an earlier release read them with."""
    if commits := await offsets.commits(lifecycle_group(settings.installation), partitions):
        return commits
    for former in former_groups(settings, LIFECYCLE):
        if commits := await former_commits(offsets, former, partitions):
            return commits
    return {}
