"""A claim as the draft of a ClaimReview: what was claimed, by whom, and where it appeared."""

from __future__ import annotations

from dataclasses import replace

import orjson

from tests.link.relations.making import made_claim
from tests.running import claimwire, prepare, send
from worker.contract.claim import ClaimStatus
from worker.contract.codec import encode
from worker.contract.published.examples import example_standing
from worker.operate.claim_review import claim_review

FIRST = made_claim("The northern quay was open", source="Anna Berg", uri="https://a.example/1", day="2026-03-02")
LATER = made_claim("The northern quay is open", source="Berg", uri="https://b.example/7", day="2026-03-04")
DRAFT = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The northern quay was open",
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2026-03-02T08:00:00Z",
        "author": {"@type": "Person", "name": "Anna Berg"},
        "firstAppearance": {
            "@type": "NewsArticle",
            "url": "https://a.example/1",
            "datePublished": "2026-03-02T08:00:00Z",
            "publisher": {"@type": "Organization", "name": "https://a.example/1"},
        },
        "appearance": [
            {
                "@type": "NewsArticle",
                "url": "https://b.example/7",
                "datePublished": "2026-03-04T08:00:00Z",
                "publisher": {"@type": "Organization", "name": "https://b.example/7"},
            }
        ],
    },
}


def of_source(**changed):
    link = FIRST.attribution[0]
    return replace(FIRST, attribution=[replace(link, source=replace(link.source, **changed))])


def author(claim):
    return claim_review([claim])["itemReviewed"].get("author")


def test_the_draft_names_the_claim_its_source_and_where_it_appeared():
    assert claim_review([FIRST, LATER]) == DRAFT


def test_a_body_is_an_organization_and_somebody_whom_nobody_names_is_no_author():
    assert author(of_source(kind="organisation", name="Port of Lund")) == {
        "@type": "Organization",
        "name": "Port of Lund",
    }
    assert author(of_source(role="mayor")) == {"@type": "Person", "name": "Anna Berg", "jobTitle": "mayor"}
    assert author(of_source(anonymous=True)) is None
    assert author(of_source(kind="group")) is None


def test_what_an_article_says_itself_is_said_by_its_publisher():
    own = replace(FIRST, attribution=[], article=replace(FIRST.article, publisher="The Post", headline="Quay open"))
    draft = claim_review([own])["itemReviewed"]
    assert draft["author"] == {"@type": "Organization", "name": "The Post"}
    assert draft["firstAppearance"]["headline"] == "Quay open"
    assert "appearance" not in draft


async def test_the_command_names_all_articles_of_the_cluster_by_either_id(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, link=True)
    gone = made_claim("Rain fell", uri="https://c.example/1")
    ended = replace(gone, status=ClaimStatus.RETRACTED, revision=2)
    claims = [(claim.claim_id.encode(), encode(claim)) for claim in (LATER, FIRST, gone, ended)]
    await send(kafka, topics.claims, claims)
    standing = replace(example_standing(), members=[FIRST.claim_id, LATER.claim_id])
    await send(kafka, topics.standing, [(standing.cluster_id.encode(), orjson.dumps(standing))])
    for claim_id in (LATER.claim_id, standing.cluster_id):
        printed = claimwire(kafka, topics_prefix, "review", claim_id)
        assert printed.returncode == 0, printed.stderr.decode()
        assert orjson.loads(printed.stdout) == DRAFT
        assert b"reviewRating" in printed.stderr
    assert claimwire(kafka, topics_prefix, "review", gone.claim_id).returncode == 1
