"""Looks claims up in the compacted topic: what a source has said, what was said about something, what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field

import msgspec

from worker.brokers import Brokers
from worker.contract.claim import Claim
from worker.contract.codec import UNREADABLE
from worker.contract.ids import normalise
from worker.contract.relation import ClaimRelation, RelatedClaim, RelationKind
from worker.contract.topics import Topics
from worker.operate.link_topics import link_changes
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["FoundClaims", "about_entity", "find_claims", "said_by"]

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class FoundClaims:
    """`claims` with the bytes of their events, by publication, then by id. `went_back`: for the id of a claim those by
    which its source went back on it, where relations are published. `unreadable`: records that are no claims.
    """

    claims: list[tuple[bytes, Claim]] = field(default_factory=list)
    went_back: dict[str, list[RelatedClaim]] = field(default_factory=dict)
    unreadable: int = 0

    def replaced_by(self) -> dict[str, Claim]:
        """For the id of a claim that was superseded the one that took its place."""
        return {claim.supersedes: claim for _, claim in self.claims if claim.supersedes is not None}


def said_by(source: str) -> Callable[[Claim], bool]:
    """Whether a claim's content belongs to this source: by its id, or by all words of the name that was given.

    What an article says itself is said by its publisher.
    """
    wanted = _words(source)

    def wants(claim: Claim) -> bool:
        if not claim.attribution:
            return bool(wanted) and wanted <= _words(claim.article.publisher)
        inner = claim.attribution[-1].source
        words = _words(inner.name) | _words(inner.span.exact if inner.span else None)
        return inner.entity_id == source or (bool(wanted) and wanted <= words)

    return wants


def about_entity(entity: str) -> Callable[[Claim], bool]:
    """Whether a claim mentions this entity: by its id, or by all words of the name that was given."""
    wanted = _words(entity)

    def wants(claim: Claim) -> bool:
        return any(
            found.entity_id == entity or (bool(wanted) and wanted <= _words(found.name)) for found in claim.entities
        )

    return wants


def _words(text: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall(normalise(text or "")))


async def find_claims(brokers: Brokers, topics: Topics, wants: Callable[[Claim], bool]) -> FoundClaims:
    """Reads the topic of claims whole, and keeps the last record of each key where it is wanted.

    A claim that has ended counts as well: its last record says how, with fewer fields. So does the one that took its
    place, and what it took the place of, as far as it is wanted.

    Raises:
        WindowError: there is no topic of claims.
        KafkaError: Kafka does not answer.
    """
    found = FoundClaims()
    last: dict[bytes, tuple[bytes, Claim]] = {}
    decoder = msgspec.json.Decoder(Claim)
    window = await fix_window(brokers, Selection(topic=topics.claims))
    async with WindowReader(brokers, window) as reader:
        async for record in reader:
            key = record.key or b""
            before = last.pop(key, None)
            if record.value is None:
                continue
            try:
                claim = decoder.decode(record.value)
            except UNREADABLE:
                found.unreadable += 1
                continue
            # the record that ends a claim has no entities: it is of what the one before it was of
            if wants(claim) or (before is not None and claim.status != "asserted"):
                last[key] = record.value, claim
    found.claims = sorted(last.values(), key=lambda one: (one[1].article.published_at or "", one[1].claim_id))
    found.went_back = await _went_back(brokers, topics, (claim.claim_id for _, claim in found.claims))
    return found


async def _went_back(brokers: Brokers, topics: Topics, claims: Iterable[str]) -> dict[str, list[RelatedClaim]]:
    """From `claims.relations`, where it is there and may be read."""
    wanted, last = set(claims), dict[bytes, ClaimRelation]()
    async with aclosing(link_changes(brokers, topics.relations, ClaimRelation)) as changes:
        async for key, relation in changes:
            last.pop(key, None)
            if relation is not None and relation.relation is RelationKind.REVISES and relation.b.claim_id in wanted:
                last[key] = relation
    found: dict[str, list[RelatedClaim]] = {}
    for relation in sorted(last.values(), key=lambda one: (one.a.published_at or "", one.a.claim_id)):
        found.setdefault(relation.b.claim_id, []).append(relation.a)
    return found
