"""What a source has said and what was said about an entity, as the compacted topics have it."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from tests.link.relations.making import made_claim
from tests.running import claimwire, prepare, send
from worker.contract.claim import AttributionLink, ClaimStatus, Entity, QuoteType, Source
from worker.contract.codec import encode
from worker.contract.ids import entity_id
from worker.contract.relation import ClaimRelation, RelatedClaim, RelationKind
from worker.operate.claims_found import about_entity, said_by

LIBYA = Entity(name="Libya", entity_id="wikidata:Q1016", type="GPE", spans=[])
FIRST = replace(made_claim("The port was shut", source="Khalifa Haftar", day="2026-03-02"), entities=[LIBYA])
LATER = made_claim("The port was open", source="Haftar", uri="https://b.example/1", day="2026-03-05")
OTHER = replace(made_claim("Libya needed grain", source="UN experts", uri="https://c.example/1"), entities=[LIBYA])
OWN = replace(made_claim("Rain fell", uri="https://d.example/1"), attribution=[])
GONE = made_claim("The ferry sank", source="Haftar", uri="https://e.example/1", day="2026-03-01")
INSTEAD = replace(
    made_claim("The ferry was late", source="Haftar", uri="https://e.example/1", day="2026-03-01"),
    supersedes=GONE.claim_id,
)


@pytest.mark.parametrize(
    ("source", "claims"),
    [
        ("Haftar", [FIRST, LATER]),
        ("khalifa HAFTAR", [FIRST]),
        ("experts of the UN", []),
        ("UN experts", [OTHER]),
        ("d.example 1", [OWN]),
        ("", []),
        (" - ", []),
    ],
)
def test_a_source_is_found_by_all_words_of_its_name(source, claims):
    wants = said_by(source)
    assert [claim for claim in (FIRST, LATER, OTHER, OWN) if wants(claim)] == claims


def test_a_source_is_found_by_its_id_and_only_as_the_one_that_the_content_belongs_to():
    haftar, paper = entity_id("PERSON", "Haftar"), entity_id("ORG", "The Paper")
    links = [
        AttributionLink(
            source=Source(span=None, name=name, entity_id=known), cue=None, act=FIRST.act,
            quote_type=QuoteType.INDIRECT, confidence=0.9,
        )
        for name, known in (("The Paper", paper), ("Haftar", haftar))
    ]  # fmt: skip
    nested = replace(FIRST, attribution=links)
    assert said_by(haftar)(nested)
    assert not said_by(paper)(nested)
    assert not said_by("The Paper")(nested)


def test_an_entity_is_found_by_name_and_id():
    for entity in ("libya", "wikidata:Q1016"):
        assert [about_entity(entity)(claim) for claim in (FIRST, LATER, OTHER)] == [True, False, True]
    assert not about_entity("")(FIRST)


@pytest.fixture
async def asked(broker, topics_prefix):
    """Runs a command over topics that hold some history."""
    topics = await prepare(broker, topics_prefix, link=True)
    over = replace(GONE, status=ClaimStatus.SUPERSEDED, revision=2)
    forgotten = replace(FIRST, claim_id="f" * 32)
    gone = replace(OTHER, claim_id="a" * 32)
    retracted = replace(gone, status=ClaimStatus.RETRACTED, revision=2, entities=[])
    history = [FIRST, GONE, over, INSTEAD, LATER, OTHER, forgotten, gone, retracted]
    records = [(claim.claim_id.encode(), encode(claim)) for claim in history]
    await send(broker, topics.claims, [*records, (b"f" * 32, None), (b"x", b"no claim")])
    related = [
        RelatedClaim(claim_id=c.claim_id, uri=c.article.uri, text=c.content.text, published_at=c.article.published_at)
        for c in (LATER, FIRST)
    ]
    back = ClaimRelation(
        relation_id="r", relation=RelationKind.REVISES, a=related[0], b=related[1], confidence=0.9, reasons=[]
    )
    await send(broker, topics.relations, [(b"r", orjson.dumps(back)), (b"y", b"no relation"), (b"z", None)])
    return lambda *arguments: claimwire(broker, topics_prefix, *arguments)


async def test_what_a_source_said_is_printed_with_what_became_of_it(asked):
    done = asked("said", "haftar")
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode()
    order = [told.index(text) for text in ("The ferry sank", "The ferry was late\n", "The port was shut")]
    assert told.index("superseded, revision 2") > order[0]
    assert "the article now says: The ferry was late" in told
    assert "went back on it 2026-03-05: The port was open" in told
    assert "UN experts" not in told
    assert b"4 claims; 3 stand, 1 do not any more" in done.stderr
    assert b"1 records are no claims" in done.stderr


async def test_only_what_stands_is_printed_when_that_is_asked_for_and_events_as_they_are(asked):
    done = asked("said", "haftar", "--standing", "--json")
    claims = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [claim["content"]["text"] for claim in claims] == [
        "The ferry was late", "The port was shut", "The port was open",
    ]  # fmt: skip
    assert done.stdout.splitlines()[2] == encode(LATER)


async def test_what_was_said_about_an_entity_is_printed_also_where_it_was_taken_back(asked):
    done = asked("about", "Libya", "--json")
    found = [(claim["content"]["text"], claim["status"]) for claim in map(orjson.loads, done.stdout.splitlines())]
    assert sorted(found) == [
        ("Libya needed grain", "asserted"), ("Libya needed grain", "retracted"), ("The port was shut", "asserted"),
    ]  # fmt: skip


async def test_nothing_found_is_exit_code_1(asked):
    done = asked("said", "Nobody at all")
    assert (done.returncode, done.stdout) == (1, b"")
