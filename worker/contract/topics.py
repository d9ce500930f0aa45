"""The topics, and what each must be like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["LARGEST_RECORD", "TopicSpec", "Topics"]

LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes of the largest record that the topics take; above the worker's own limit, so that it can say no itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    name: str
    purpose: str
    config: dict[str, str] = field(default_factory=dict)
    like: str | None = None
    """The topic that it must have as many partitions as; None where their number is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Names of the topics, all with the prefix of the settings in front."""

    raw: str = "articles.raw"
    extracted: str = "articles.extracted"
    claims: str = "claims"
    dead: str = "articles.dead"
    retry: str = "articles.retry"
    dropped: str = "articles.dropped"
    live: str = "articles.live"

    @classmethod
    def with_prefix(cls, prefix: str) -> Topics:
        plain = cls()
        return cls(
            raw=prefix + plain.raw,
            extracted=prefix + plain.extracted,
            claims=prefix + plain.claims,
            dead=prefix + plain.dead,
            retry=prefix + plain.retry,
            dropped=prefix + plain.dropped,
            live=prefix + plain.live,
        )

    def specs(self) -> Iterator[TopicSpec]:
        """What `claimwire topics` creates. Keys: the uri; in claims the claim's id; in retry and dead the original's."""
        large = {"max.message.bytes": str(LARGEST_RECORD)}
        week = {"retention.ms": str(7 * 24 * 3600 * 1000)}
        month = {"retention.ms": str(30 * 24 * 3600 * 1000)}
        compacted = {"cleanup.policy": "compact"}
        yield TopicSpec(name=self.raw, purpose="raw articles come in here", config=large | week)
        yield TopicSpec(name=self.extracted, purpose="all that was taken from an article", config=large | compacted)
        yield TopicSpec(name=self.claims, purpose="one record for each claim", config=compacted)
        yield TopicSpec(
            name=self.live,
            purpose="what each article claims now (the worker's own)",
            config=large | compacted,
            like=self.extracted,
        )
        yield TopicSpec(name=self.retry, purpose="records that wait for another try", config=large | week)
        yield TopicSpec(name=self.dropped, purpose="which records were passed by, and why", config=week)
        yield TopicSpec(name=self.dead, purpose="records that could not be processed", config=large | month)
