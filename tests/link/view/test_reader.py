"""A cluster as a page shows it: read beside the one who writes, with the standing that is published."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from tests.link.relations.making import made_claim
from worker.contract.claim import Act, Quantity, Span
from worker.link.live.database import LinkDatabase
from worker.link.live.stage import Kind, LiveLinks
from worker.link.view.reader import ClusterReader, NoLinksError

QUAY = "the northern quay"
PRINT = "\n\n".join(
    f"The harbour office counted {number} ships on its {number}. day, and none of them could use the {number}. berth."
    for number in range(3, 30)
)


def weeks(text, number):
    start = text.index(str(number))
    exact = text[start : text.index("weeks") + 5]
    return [Quantity(span=Span(start=start, end=start + len(exact), exact=exact), min=number, max=number, unit="weeks")]


def said(text, number=None, **fields):
    quantities = [] if number is None else weeks(text, number)
    return made_claim(text, subject=QUAY, predicate="close", quantities=quantities, **fields)


def in_print(claim, publisher, sha="print"):
    return replace(claim, article=replace(claim.article, publisher=publisher, text_sha256=sha))


LONG = "The northern quay was closed for 12 weeks"
FIRST = in_print(said(LONG, 12, source="Ida Brandt", uri="https://wire.example/1"), "Wire")
COPY = in_print(said(LONG, 12, source="Ida Brandt", uri="https://paper.example/9", day="2026-03-03"), "Paper")
AGREES = said(LONG, 12, source="Milan Dorr", uri="https://c.example/1", day="2026-03-03")
DISPUTES = said(
    "The northern quay was closed for 3 weeks",
    3,
    source="Anna Berg",
    uri="https://d.example/1",
    day="2026-03-04",
)
ALONE = made_claim("The ferry to Lund sank in the storm", uri="https://e.example/1")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "link.sqlite"


@pytest.fixture
def published(path):
    """By cluster the standing that was published, while the file is open for writing."""
    links = LiveLinks(path)
    links.begin()
    for uri in ("https://wire.example/1", "https://paper.example/9"):
        links.put_text(uri, "print", PRINT, 1)
    for claim in (FIRST, COPY, AGREES, DISPUTES, ALONE):
        links.put_claim(claim, 1)
    values = links.settle()
    links.database.set_note("written_ms", "1700000000000")
    links.commit()
    yield {key: body for (kind, key), body in values.items() if kind is Kind.STANDING}
    links.close()


def by_side(view):
    return {(each.side.value, each.claim_id) for each in view.claims}


def test_it_shows_each_claim_on_its_side_with_the_standing_that_is_published(path, published):
    with ClusterReader(path) as reader:
        clusters = reader.clusters_of([FIRST.claim_id, COPY.claim_id, DISPUTES.claim_id, ALONE.claim_id, "none"])
        assert clusters[FIRST.claim_id] == clusters[COPY.claim_id] != clusters[DISPUTES.claim_id]
        assert ALONE.claim_id not in clusters
        view = reader.cluster(clusters[FIRST.claim_id])
        assert {orjson.dumps(reader.cluster(key).standing) for key in published} == set(published.values())
    assert by_side(view) == {
        ("reports", FIRST.claim_id),
        ("reports", COPY.claim_id),
        ("supports", AGREES.claim_id),
        ("disputes", DISPUTES.claim_id),
    }
    assert view.as_of_ms == 1700000000000
    assert view.left_out == 0


def test_a_claim_leads_to_its_cluster(path, published):
    with ClusterReader(path) as reader:
        assert reader.cluster(COPY.claim_id) == reader.cluster(reader.clusters_of([FIRST.claim_id])[FIRST.claim_id])
        assert reader.cluster(ALONE.claim_id) is None
        assert reader.cluster("nothing of that id") is None


def test_the_print_of_a_copy_is_folded_under_the_text_that_it_copies(path, published):
    with ClusterReader(path) as reader:
        copies = {each.claim_id: each.copy_of for each in reader.cluster(FIRST.claim_id).claims}
    assert copies == {
        FIRST.claim_id: None,
        COPY.claim_id: FIRST.claim_id,
        AGREES.claim_id: None,
        DISPUTES.claim_id: None,
    }


def test_a_reason_has_the_words_of_the_claim_that_is_shown_first(path, published):
    with ClusterReader(path) as reader:
        shown = next(each for each in reader.cluster(FIRST.claim_id).claims if each.claim_id == DISPUTES.claim_id)
        other_way = next(each for each in reader.cluster(DISPUTES.claim_id).claims if each.claim_id == FIRST.claim_id)
    (clash,) = [each for each in shown.relation.reasons if not each.agrees and each.aspect == "quantity"]
    assert (clash.a, clash.b) == ("3 weeks", "12 weeks")
    (clash,) = [each for each in other_way.relation.reasons if not each.agrees and each.aspect == "quantity"]
    assert (clash.a, clash.b) == ("12 weeks", "3 weeks")


def test_numbers_of_one_thing_are_one_plot_in_the_unit_they_are_written_in(path, published):
    with ClusterReader(path) as reader:
        (plot,) = reader.cluster(FIRST.claim_id).plots
    assert plot.unit == "weeks"
    assert {(each.claim_id, each.side.value, each.min, each.max) for each in plot.numbers} == {
        (FIRST.claim_id, "reports", 12, 12),
        (AGREES.claim_id, "supports", 12, 12),
        (DISPUTES.claim_id, "disputes", 3, 3),
    }


def test_a_large_cluster_shows_so_many_and_says_how_many_are_left_out(path, monkeypatch):
    monkeypatch.setattr("worker.link.view.reader._MAX_CLAIMS", 3)
    links = LiveLinks(path)
    links.begin()
    told = [said(LONG, source="Ida Brandt", uri=f"https://n{n}.example/1") for n in range(6)]
    agree = [said(LONG, source=f"Milan {name}", uri=f"https://{name}.example/1") for name in ("Ader", "Brix", "Crane")]
    for claim in [*told, *agree, said(LONG, source="Ola Dunn", uri="https://dunn.example/1")]:
        links.put_claim(claim, 1)
    links.settle()
    links.commit()
    with ClusterReader(path) as reader:
        view = reader.cluster(told[0].claim_id)
    links.close()
    assert len([each for each in view.claims if each.side == "reports"]) == 3
    assert len([each for each in view.claims if each.side == "supports"]) <= 3
    assert view.left_out >= 3


def test_without_a_file_of_this_code_it_says_so(path):
    with pytest.raises(NoLinksError):
        ClusterReader(path)
    database = LinkDatabase(path)
    database.set_note("code", "other")
    database.close()
    with pytest.raises(NoLinksError):
        ClusterReader(path)


def test_a_demand_is_shown_as_what_it_is(path):
    links = LiveLinks(path)
    links.begin()
    demand = made_claim(
        "The port should open the northern quay", source="Milan Dorr", act=Act.DEMAND, subject="The port"
    )
    again = made_claim(
        "The port should open the northern quay",
        source="Dorr",
        act=Act.DEMAND,
        subject="The port",
        uri="https://z.example/",
    )
    for claim in (demand, again):
        links.put_claim(claim, 1)
    links.settle()
    links.commit()
    with ClusterReader(path) as reader:
        shown = reader.cluster(demand.claim_id).claims
    links.close()
    assert {each.act for each in shown} == {Act.DEMAND}
    assert {each.source for each in shown} == {"Milan Dorr", "Dorr"}
