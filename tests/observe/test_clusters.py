"""What the web server says of clusters: who links, who does not, and how many may ask."""

from __future__ import annotations

import asyncio
import threading

import aiohttp
import pytest

from tests.browser.told_page import told_page, write_links
from tests.link.relations.making import made_claim
from worker.link.relations.clusters import cluster_id
from worker.link.view.reader import ClusterReader

QUAY = "The northern quay was closed"
CLAIMS = [
    made_claim(QUAY, source=source, uri=f"https://{n}.example/", day=f"2026-03-0{n + 1}", subject="the northern quay")
    for n, source in enumerate(("Anna Berg", "Berg", "Milan Dorr"))
]
CLUSTER = cluster_id(CLAIMS[0].claim_id)


@pytest.fixture
async def client(tmp_path):
    async with told_page(tmp_path) as (url, _), aiohttp.ClientSession(url) as made:
        yield made


async def asked(client, path):
    async with client.get(path) as answer:
        return answer.status, await answer.json()


async def test_a_cluster_is_found_by_its_id_and_by_those_of_its_claims(client, tmp_path):
    write_links(tmp_path, CLAIMS)
    status, found = await asked(
        client, f"/api/clusters?claims={CLAIMS[0].claim_id},{'0' * 32},what,{CLAIMS[2].claim_id}"
    )
    assert status == 200
    assert found["clusters"][CLAIMS[0].claim_id] == CLUSTER
    assert found["clusters"].keys() == {CLAIMS[0].claim_id, CLAIMS[2].claim_id}
    status, view = await asked(client, f"/api/clusters/{CLUSTER}")
    assert status == 200
    assert view["standing"]["cluster_id"] == CLUSTER
    assert {each["side"] for each in view["claims"]} == {"reports", "supports"}
    assert (await asked(client, f"/api/clusters/{CLAIMS[1].claim_id}"))[1]["standing"] == view["standing"]
    status, none = await asked(client, f"/api/clusters/{'0' * 32}")
    assert (status, none) == (404, {"error": "no claim or cluster of that id is linked with another"})
    assert (await asked(client, "/api/clusters/..%2f..%2fetc"))[0] == 404


async def test_without_a_file_of_links_it_says_who_has_one(client):
    status, found = await asked(client, f"/api/clusters/{CLUSTER}")
    assert status == 404
    assert "another worker links" in found["error"]
    assert await asked(client, f"/api/clusters?claims={CLAIMS[0].claim_id}") == (200, {"clusters": {}})


async def test_only_so_many_wait(client, tmp_path, monkeypatch):
    write_links(tmp_path, CLAIMS)
    may_look, looking = threading.Event(), threading.Event()

    def slow(reader, wanted):
        looking.set()
        may_look.wait(30)
        return looked_up(reader, wanted)

    looked_up = ClusterReader.cluster
    monkeypatch.setattr(ClusterReader, "cluster", slow)
    waiting = [asyncio.create_task(asked(client, f"/api/clusters/{CLUSTER}")) for _ in range(12)]
    refused, _ = await asyncio.wait(waiting, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    assert await asyncio.to_thread(looking.wait, 30)
    while len([task for task in waiting if task.done()]) < 4:
        await asyncio.sleep(0.01)
    may_look.set()
    answers = [status for status, _ in await asyncio.gather(*waiting)]
    assert refused
    assert sorted(answers) == [200] * 8 + [503] * 4
