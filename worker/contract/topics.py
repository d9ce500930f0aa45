"""The topics: their names, purposes and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["LARGEST_RECORD", "TopicSpec", "Topics"]

LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes of the largest record that the topics take; above article_max_bytes, so that the worker refuses first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    name: str
    purpose: str
    config: dict[str, str] = field(default_factory=dict)
    like: str | None = None
    """The topic whose number of partitions it must share; None where the number is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The names of the topics."""

    raw: str = "articles.raw"
    extracted: str = "articles.extracted"
    claims: str = "claims"
    dead: str = "articles.dead"
    retry: str = "articles.retry"
    dropped: str = "articles.dropped"
    live: str = "articles.live"
    groups: str = "articles.groups"
    relations: str = "claims.relations"
    standing: str = "claims.standing"
    watches: str = "claims.watches"
    alerts: str = "claims.alerts"
    reviews: str = "claims.reviews"

    @classmethod
    def with_prefix(cls, prefix: str) -> Topics:
        """The names with the setting topic_prefix in front."""
        plain = cls()
        return cls(
            raw=prefix + plain.raw,
            extracted=prefix + plain.extracted,
            claims=prefix + plain.claims,
            dead=prefix + plain.dead,
            retry=prefix + plain.retry,
            dropped=prefix + plain.dropped,
            live=prefix + plain.live,
            groups=prefix + plain.groups,
            relations=prefix + plain.relations,
            standing=prefix + plain.standing,
            watches=prefix + plain.watches,
            alerts=prefix + plain.alerts,
            reviews=prefix + plain.reviews,
        )

    def specs(self, *, link: bool = False) -> Iterator[TopicSpec]:
        """The topics to create; `link`: with those of the setting of that name.

        Keys: the uri, in claims the claim's id, in retry, dead and dropped the original's.
        """
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
        yield TopicSpec(name=self.dropped, purpose="which records were dropped, and why", config=week)
        yield TopicSpec(name=self.dead, purpose="records that could not be processed", config=large | month)
        if link:
            yield TopicSpec(name=self.groups, purpose="articles that are copies of one text", config=large | compacted)
            yield TopicSpec(name=self.relations, purpose="how two claims are related", config=large | compacted)
            yield TopicSpec(name=self.standing, purpose="where each claim stands", config=large | compacted)
            yield TopicSpec(name=self.watches, purpose="of which claims somebody wants to be told", config=compacted)
            yield TopicSpec(name=self.reviews, purpose="what fact-checkers found about claims", config=compacted)
            yield TopicSpec(name=self.alerts, purpose="claims that a watch asks for", config=large | compacted)
