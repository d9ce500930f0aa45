"""A claim as a draft of a ClaimReview (schema.org), for a fact-checker to complete."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from worker.brokers import Brokers
from worker.contract.claim import Claim
from worker.contract.standing import ClaimStanding
from worker.contract.topics import Topics
from worker.operate.claims_found import find_claims
from worker.operate.link_topics import link_changes

__all__ = ["TO_COMPLETE", "NoSuchClaimError", "claim_review", "drafted"]

TO_COMPLETE = ("author", "url", "datePublished", "reviewRating")
"""What of a ClaimReview only the fact-checker knows."""
_TYPES = {"person": "Person", "organisation": "Organization", "government": "GovernmentOrganization"}


class NoSuchClaimError(LookupError):
    """There is no claim of that id that stands."""


def claim_review(claims: Sequence[Claim]) -> dict[str, object]:
    """The draft, of claims that are one claim, the earliest first: without what TO_COMPLETE names.

    Its properties are those that Google's documentation of ClaimReview and schema.org/Claim name. A source that has no
    name has no author.
    """
    first = claims[0]
    appearances = [_appearance(claim) for claim in claims]
    reviewed: dict[str, object] = {
        "@type": "Claim",
        "datePublished": first.article.published_at,
        "author": _author(first),
        "firstAppearance": appearances[0],
        "appearance": appearances[1:],
    }
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": first.content.text,
        "itemReviewed": _filled(reviewed),
    }


def _author(claim: Claim) -> dict[str, str] | None:
    if not claim.attribution:
        return {"@type": "Organization", "name": claim.article.publisher} if claim.article.publisher else None
    source = claim.attribution[-1].source
    if source.name is None or source.anonymous or source.kind not in _TYPES:
        return None
    return {"@type": _TYPES[source.kind], "name": source.name} | ({"jobTitle": source.role} if source.role else {})


def _appearance(claim: Claim) -> dict[str, object]:
    article = claim.article
    publisher = {"@type": "Organization", "name": article.publisher} if article.publisher else None
    return _filled(
        {
            "@type": "NewsArticle",
            "url": article.uri,
            "headline": article.headline,
            "datePublished": article.published_at,
            "publisher": publisher,
        }
    )


def _filled(properties: dict[str, object]) -> dict[str, object]:
    """Without those that have no value."""
    return {name: value for name, value in properties.items() if value not in (None, [])}


async def drafted(brokers: Brokers, topics: Topics, claim_id: str) -> dict[str, object]:
    """The draft for the claim of this id, with all that are one claim with it where the worker links. The id may also
    be that of a cluster.

    Raises:
        NoSuchClaimError: no claim of that id stands.
        WindowError: there is no topic of claims.
        KafkaError: Kafka does not answer.
    """
    members = await _members(brokers, topics, claim_id)
    found = await find_claims(brokers, topics, lambda claim: claim.claim_id in members)
    stand = {claim.claim_id: claim for _, claim in found.claims if claim.status == "asserted"}
    claims = [stand[member] for member in members if member in stand]
    if not claims:
        raise NoSuchClaimError(claim_id)
    return claim_review(claims)


async def _members(brokers: Brokers, topics: Topics, claim_id: str) -> list[str]:
    """The ids of the claims that are one with this one, the earliest first; it alone where nothing is known of it."""
    members: dict[bytes, list[str]] = {}
    async with aclosing(link_changes(brokers, topics.standing, ClaimStanding)) as changes:
        async for key, standing in changes:
            members.pop(key, None)
            if standing is not None and (claim_id == standing.cluster_id or claim_id in standing.members):
                members[key] = standing.members
    return next(iter(members.values()), [claim_id])
