"""Where a claim stands: who counts, who counts once, and what is left when evidence goes."""

from __future__ import annotations

from dataclasses import replace

from tests.link.relations.making import made_claim
from worker.contract.claim import AttributionLink, Quantity, QuoteType, Source, Span
from worker.contract.relation import RelationKind
from worker.link.relations.reading import reading_of
from worker.link.standing.stage import standing_of

TOLD = made_claim("The bridge would be shut for 12 weeks", uri="https://a.example/1", day="2026-03-02")
RETOLD = made_claim("The bridge will be shut for 12 weeks", uri="https://b.example/1", day="2026-03-04")
AGREED = made_claim("The bridge shuts for 12 weeks", source="Port of Lund", uri="https://c.example/1", day="2026-03-05")
DENIED = made_claim("The bridge will stay open", source="Milan Dorr", uri="https://d.example/1", day="2026-03-06")


def readings(*claims):
    return [reading_of(claim) for claim in claims]


def related(kind, *claims):
    return [(kind, reading) for reading in readings(*claims)]


def in_group(claim, group="g"):
    return replace(claim, article=replace(claim.article, group=group))


def own_voice(claim):
    return replace(claim, attribution=[])


def counted(text, number, unit, *, end=None, **more):
    claim = made_claim(text, **more)
    exact = str(number)
    span = Span(start=text.index(exact), end=text.index(exact) + len(exact), exact=exact)
    return replace(claim, quantities=[Quantity(span=span, min=number, max=end or number, unit=unit)])


def test_the_source_and_those_who_agree_with_it_assert_and_others_deny():
    found = standing_of(
        readings(RETOLD, TOLD),
        [*related(RelationKind.CORROBORATES, AGREED), *related(RelationKind.CONTRADICTS, DENIED)],
        {},
    )
    assert (found.text, found.source) == (TOLD.content.text, "Anna Berg")
    assert found.members == [TOLD.claim_id, RETOLD.claim_id]
    assert (found.asserts.sources, found.asserts.publishers) == (2, 3)
    assert found.asserts.names == ["Anna Berg", "Port of Lund"]
    assert (found.reports.sources, found.reports.publishers) == (1, 2)
    assert (found.denies.sources, found.denies.evidence) == (1, [DENIED.claim_id])
    assert (found.asserts.first_published_at, found.asserts.last_published_at) == (
        "2026-03-02T08:00:00Z",
        "2026-03-05T08:00:00Z",
    )


def test_a_claim_of_two_relations_counts_once():
    twice = related(RelationKind.CORROBORATES, AGREED, AGREED)
    assert standing_of(readings(TOLD), twice, {}).asserts.evidence == [TOLD.claim_id, AGREED.claim_id]


def test_short_and_full_forms_of_a_name_are_one_source():
    minister = made_claim("It is shut", source="Dorr", uri="https://e.example/1")
    found = standing_of(readings(TOLD), related(RelationKind.CONTRADICTS, DENIED, minister), {})
    assert (found.denies.sources, found.denies.publishers) == (1, 2)


def test_sources_that_nobody_names_are_one():
    nobody = Source(span=None, name=None)
    link = AttributionLink(source=nobody, cue=None, act=TOLD.act, quote_type=QuoteType.INDIRECT, confidence=0.5)
    unnamed = [replace(DENIED, claim_id=f"{i}", attribution=[link]) for i in range(3)]
    assert standing_of(readings(TOLD), related(RelationKind.TENSION, *unnamed), {}).tension.sources == 1


def test_copies_count_for_the_publisher_of_their_parent():
    first, second = in_group(TOLD), in_group(RETOLD)
    assert standing_of(readings(first, second), [], {"g": "Wire"}).reports.publishers == 1
    own = replace(AGREED, article=replace(AGREED.article, publisher="Wire"))
    both = standing_of(readings(first), related(RelationKind.CORROBORATES, own), {"g": "Wire"})
    assert both.asserts.publishers == 1
    assert standing_of(readings(first, second), [], {}).reports.publishers == 1


def test_what_copies_say_themselves_has_one_source():
    first, second = own_voice(in_group(TOLD)), own_voice(in_group(RETOLD))
    found = standing_of(readings(first, second), [], {"g": "Wire"})
    assert (found.source, found.asserts.sources, found.asserts.names) == ("Wire", 1, ["Wire"])
    apart = standing_of(readings(own_voice(TOLD)), related(RelationKind.CORROBORATES, own_voice(RETOLD)), {})
    assert apart.asserts.sources == 2


def test_an_article_without_a_publisher_counts_for_its_host():
    bare = replace(TOLD, article=replace(TOLD.article, publisher=None))
    again = replace(bare, claim_id="x", article=replace(bare.article, uri="https://a.example/2"))
    assert standing_of(readings(bare, again), [], {}).reports.publishers == 1


def test_numbers_of_a_side_are_a_range_in_one_unit():
    some = counted("Floods cut off 800 homes", 800, "homes", end=1200)
    more = counted("Floods cut off 1500 homes", 1500, "homes", source="Port of Lund", uri="https://c.example/2")
    far = counted("The flood is 3 kilometres wide", 3, "kilometres", source="Milan Dorr", uri="https://d.example/2")
    found = standing_of(readings(some), related(RelationKind.CORROBORATES, more, far), {})
    assert [(n.unit, n.min, n.max, n.claims) for n in found.asserts.numbers] == [
        ("homes", 800, 1500, 2),
        ("metre", 3000, 3000, 1),
    ]
    assert [(n.unit, n.min, n.max) for n in found.reports.numbers] == [("homes", 800, 1200)]


def test_an_open_number_leaves_its_range_open():
    least = counted("Floods cut off 800 homes", 800, "homes")
    (quantity,) = least.quantities
    least = replace(least, quantities=[replace(quantity, max=None)])
    (number,) = standing_of(readings(least), [], {}).asserts.numbers
    assert (number.min, number.max) == (800, None)


def test_a_source_that_goes_back_on_its_claim_revises_it():
    later = made_claim("The bridge would not be shut", uri="https://f.example/1", day="2026-03-09")
    found = standing_of(readings(TOLD), related(RelationKind.REVISES, later), {})
    assert found.revisions == [later.claim_id]
    assert found.denies.sources == 0
