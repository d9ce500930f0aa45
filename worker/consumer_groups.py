"""The worker's consumer groups: their names, and which stage reads which topic as which group.

Names begin with `Settings.installation`, the topics' prefix and the app id: installations that share a Kafka and differ
in one of the two share no group.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from worker.contract.topics import Topics
from worker.settings import Settings

__all__ = [
    "INGEST",
    "LIFECYCLE",
    "LINK",
    "RETRY",
    "Group",
    "faust_group",
    "former_groups",
    "groups_of",
    "ingest_group",
    "lifecycle_group",
    "lifecycle_transactional_id",
    "link_group",
    "link_state_path",
    "redrive_group",
    "replay_group",
    "retry_group",
]

INGEST = "ingest"
RETRY = "retry"
LIFECYCLE = "lifecycle"
LINK = "link"
"""The stages that read topics; the same words are the metrics' label `agent`."""


@dataclass(frozen=True, slots=True)
class Group:
    """The stage `agent` reads `topic` as the consumer group `group`."""

    agent: str
    group: str
    topic: str


def ingest_group(installation: str) -> str:
    return f"{installation}-{INGEST}"


def retry_group(installation: str) -> str:
    return f"{installation}-{RETRY}"


def lifecycle_group(installation: str) -> str:
    return f"{installation}-{LIFECYCLE}"


def link_group(installation: str) -> str:
    """Also the transactional id of what links: whoever starts a producer with it is the one that does."""
    return f"{installation}-{LINK}"


def link_state_path(settings: Settings) -> Path:
    """The file of what a member of the group has linked."""
    return Path(settings.data_dir) / "states" / f"{link_group(settings.installation)}.sqlite"


def lifecycle_transactional_id(installation: str, topic: str, partition: int) -> str:
    """Whoever starts a producer with it owns the partition: older producers of the same id can no longer write."""
    return f"{lifecycle_group(installation)}-{topic}-{partition}"


def faust_group(app_id: str) -> str:
    """The group in which releases before 0.2 read articles.extracted; its offsets are taken over."""
    return app_id


def replay_group(installation: str, name: str) -> str:
    """The group of the replay `name`, never one of the live worker's."""
    return f"{installation}-replay-{name}"


def redrive_group(installation: str, choice: str) -> str:
    """The group of a redrive; `choice` identifies the chosen dead letters."""
    return f"{installation}-redrive-{choice}"


def former_groups(settings: Settings, agent: str) -> list[str]:
    """Names under which earlier releases read the agent's topic, the youngest first; its offsets are taken over."""
    former = [f"{settings.app_id}-{agent}"] if settings.topic_prefix else []
    return [*former, faust_group(settings.app_id)] if agent == LIFECYCLE else former


def groups_of(settings: Settings) -> list[Group]:
    """The groups of the live worker."""
    topics = Topics.with_prefix(settings.topic_prefix)
    groups = [
        Group(INGEST, ingest_group(settings.installation), topics.raw),
        Group(RETRY, retry_group(settings.installation), topics.retry),
        Group(LIFECYCLE, lifecycle_group(settings.installation), topics.extracted),
    ]
    return [*groups, Group(LINK, link_group(settings.installation), topics.claims)] if settings.link else groups
