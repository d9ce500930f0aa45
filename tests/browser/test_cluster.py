"""The page of a cluster in a real browser: sides, numbers on one scale, copies folded, hostile text shown."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.page import Page
from tests.browser.told_page import told_page, write_links
from tests.link.relations.making import made_claim
from tests.observe.watched import WatchedWorker, article
from tests.paths import ROOT
from tests.running import prepare, send
from worker.contract.claim import Quantity, Span
from worker.contract.review import Rating, Review
from worker.link.relations.clusters import cluster_id

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRINT = "\n\n".join(
    f"The harbour office counted {number} ships on its {number}. day, and none of them could use the {number}. berth."
    for number in range(3, 30)
)
HOSTILE = "<img src=x onerror='window.broken=1'><script>window.broken=2</script>"


def said(number, source, uri, day="2026-03-02", headline="Quay shut", publisher="Wire"):
    text = f"The northern quay was closed for {number} weeks"
    exact = f"{number} weeks"
    start = text.index(exact)
    amount = Quantity(span=Span(start=start, end=start + len(exact), exact=exact), min=number, max=number, unit="weeks")
    claim = made_claim(
        text, source=source, uri=uri, day=day, subject="the northern quay", predicate="close", quantities=[amount]
    )
    article = replace(claim.article, headline=headline, publisher=publisher, text_sha256="print")
    return replace(claim, article=article)


FIRST = said(12, "Ida Brandt", "https://wire.example/1")
COPY = said(12, "Ida Brandt", "https://paper.example/9", "2026-03-03", publisher="Paper")
AGREES = said(12, "Milan Dorr", "https://c.example/1", "2026-03-03", publisher=HOSTILE)
DISPUTES = said(3, "Anna Berg", "javascript:window.broken=3", "2026-03-04", headline=HOSTILE, publisher="Gazette")
DISPUTES = replace(
    DISPUTES,
    content=replace(DISPUTES.content, spans=[replace(DISPUTES.content.spans[0], exact=f"shut 3 weeks {HOSTILE}")]),
)
CLAIMS = [FIRST, COPY, AGREES, DISPUTES]
TEXTS = [(each.article.uri, "print", PRINT) for each in (FIRST, COPY)]
CLUSTER = cluster_id(FIRST.claim_id)


@pytest.fixture
async def server(tmp_path):
    write_links(tmp_path, CLAIMS, TEXTS)
    async with told_page(tmp_path) as (url, tell):
        yield url, tell


@pytest.fixture
def shown(browser, server):
    """Runs what a test does with the page in a thread, since the page's server is in this one's loop."""
    page = Page(browser, server[0])

    async def run(steps, *arguments):
        await asyncio.to_thread(steps, page, *arguments)

    return run


def open_cluster(page, wanted=CLUSTER, **size):
    page.open(path=f"/cluster?id={wanted}", **size)
    page.until("the cluster", lambda: page.all("#sides .told"))


async def test_claims_stand_side_by_side_with_sources_and_times(shown):
    def steps(page):
        open_cluster(page)
        assert page.text("h1") == "The northern quay was closed for 12 weeks"
        assert page.text("#counts").split("\n")[:2] == ["Assert it", "2 sources, 2 publishers"]
        sides = {s.get_attribute("class").split()[-1]: s for s in page.all("#sides > section")}
        assert list(sides) == ["reports", "supports", "disputes"]
        left = [side.rect["x"] for side in sides.values()]
        assert left == sorted(set(left)), "they are beside each other"
        assert "Ida Brandt" in sides["reports"].text
        assert "2 Mar 2026, 08:00 UTC" in sides["reports"].text
        assert "Milan Dorr" in sides["supports"].text
        assert "Anna Berg" in sides["disputes"].text
        why = sides["disputes"].find_element(By.CSS_SELECTOR, ".why summary")
        assert why.text.startswith("Why it disputes it · contradicts")
        why.send_keys(Keys.ENTER)
        reasons = sides["disputes"].find_element(By.CSS_SELECTOR, ".why ul").text
        assert "clashes: 3 weeks ↔ 12 weeks" in reasons
        assert page.complaints() == []

    await shown(steps)


async def test_copies_are_folded_and_open_by_keyboard(shown):
    def steps(page):
        open_cluster(page)
        assert len(page.all(".reports .told")) == 1
        assert "Paper" not in page.text(".side-of.reports")
        page.all(".reports .copies summary")[0].send_keys(Keys.ENTER)
        assert "Paper" in page.text(".side-of.reports .copies ul")
        assert page.text(".side-of.reports .copies summary") == "1 copy of this text"

    await shown(steps)


async def test_numbers_stand_on_one_scale(shown):
    def steps(page):
        open_cluster(page)
        rows = [row.text.split("\n") for row in page.all(".ranges tbody tr")]
        assert [" ".join(row) for row in rows] == [
            "Ida Brandt says so 12 weeks",
            "Milan Dorr supports it 12 weeks",
            "Anna Berg disputes it 3 weeks",
        ]
        assert page.text(".ranges caption") == "weeks"
        assert page.text(".ranges tfoot .axis").split("\n") == ["3", "12"]
        mine, his, hers = (mark.rect["x"] for mark in page.all(".track .mark"))
        assert hers < mine == his

    await shown(steps)


async def test_verdicts_stand_with_who_gave_them_and_about_which_wording(shown, tmp_path):
    review = Review(
        review_id="r1",
        claim="The northern quay was closed for 12 weeks",
        author=f"The Checkers {HOSTILE}",
        url="https://checks.example/quay",
        rating=Rating(words="Mostly true", value=4, worst=1, best=5),
        published_at="2026-03-09T00:00:00Z",
        claimant="Ida Brandt",
        quantities=FIRST.quantities,
    )
    unsafe = replace(review, review_id="r2", url="javascript:window.broken=4", rating=Rating(words="False"))
    write_links(tmp_path, [], reviews=[review, unsafe])

    def steps(page):
        open_cluster(page)
        shown, other = page.all("#verdict-list li")
        assert "Mostly true" in shown.text
        assert "75 %" in shown.text
        assert "Ida Brandt: The northern quay was closed for 12 weeks" in shown.text
        assert "9 Mar 2026" in shown.text
        assert "sure that it is about this claim" in shown.text
        assert HOSTILE in shown.text
        assert [a.get_attribute("href") for a in shown.find_elements(By.TAG_NAME, "a")] == [review.url]
        assert other.find_elements(By.TAG_NAME, "a") == []
        assert page.script("return window.broken ?? null") is None
        assert page.complaints() == []

    await shown(steps)


async def test_hostile_text_is_shown_and_does_nothing(shown):
    def steps(page):
        open_cluster(page)
        assert HOSTILE in page.text(".side-of.disputes")
        assert HOSTILE in page.text(".side-of.supports")
        assert page.script("return window.broken ?? null") is None
        assert page.all("main img, main script, main iframe") == []
        schemes = page.script("return [...document.querySelectorAll('main a')].map(a => a.protocol)")
        assert set(schemes) <= {"http:", "https:"}
        rels = page.script("return [...document.querySelectorAll('main a[target]')].map(a => a.rel)")
        assert rels
        assert all("noopener" in rel and "noreferrer" in rel for rel in rels)
        assert page.complaints() == []

    await shown(steps)


async def test_it_fits_a_phone(shown):
    def steps(page):
        open_cluster(page, width=390, height=844, phone=True)
        assert page.script("return document.documentElement.scrollWidth") <= 390
        assert len({round(side.rect["x"]) for side in page.all("#sides > section")}) == 1

    await shown(steps)


async def test_a_change_is_announced_and_shown_when_asked_for(shown, tmp_path):
    def steps(page):
        open_cluster(page)
        write_links(tmp_path, [], gone=[DISPUTES])
        page.script("window.scrollTo(0, 0)")
        page.until("it is said", page.all("#changed")[0].is_displayed)
        assert page.all("#sides .disputes")
        page.all("#changed button")[0].send_keys(Keys.ENTER)
        assert not page.all("#sides .disputes")
        assert not page.all("#changed")[0].is_displayed()

    await shown(steps)


async def test_an_earlier_claim_that_joins_takes_the_page_with_it(shown, tmp_path):
    earlier = said(12, "Ida Brandt", "https://early.example/1", "2026-03-01", publisher="Early")

    def steps(page):
        open_cluster(page)
        write_links(tmp_path, [earlier])
        page.until("it is said", page.all("#changed")[0].is_displayed)
        page.all("#changed button")[0].send_keys(Keys.ENTER)
        assert "Early" in page.text(".side-of.reports")
        assert page.script("return location.search") == f"?id={cluster_id(earlier.claim_id)}"

    await shown(steps)


async def test_what_is_not_there_is_said(shown):
    def steps(page):
        page.open(path=f"/cluster?id={'0' * 32}")
        page.until("the reason", lambda: "no claim or cluster of that id" in page.text("#trouble"))
        page.driver.get_log("browser")  # the browser notes each answer of 404 itself

    await shown(steps)


async def test_claims_that_are_linked_lead_to_their_cluster(shown, server):
    alone = made_claim("The ferry to Lund sank in the storm", uri="https://e.example/1")
    server[1](alone, *CLAIMS)

    def steps(page):
        page.open()
        page.until("links", lambda: len([a for a in page.all("#claim-list a.stands") if a.is_displayed()]) == 4)
        page.until("one beside the article", lambda: page.all("#article a.stands"))
        page.all("#claim-list button")[-2].send_keys(Keys.ENTER)  # the first of CLAIMS
        focused = page.all('#claim-list a.stands[tabindex="0"]')
        assert len(focused) == 1
        focused[0].send_keys(Keys.ENTER)
        page.until("the cluster", lambda: page.all("#sides .told"))
        assert page.script("return location.pathname + location.search") == f"/cluster?id={CLUSTER}"

    await shown(steps)


@pytest.mark.skipif("CLAIMWIRE_TEST_SCREENSHOTS" not in os.environ, reason="writes docs/page-cluster.png when asked to")
async def test_a_screenshot_for_the_docs(browser, tmp_path):
    told = [
        FIRST,
        COPY,
        said(12, "Milan Dorr", "https://courier.example/4", "2026-03-03", "Twelve weeks without a quay", "Courier"),
        said(14, "Ola Brix", "https://post.example/2", "2026-03-05", "Quay opens again", "Harbour Post"),
        said(3, "Anna Berg", "https://gazette.example/7", "2026-03-04", "Berg: it was three weeks", "Gazette"),
    ]
    review = Review(
        review_id="r1",
        claim="The northern quay was closed for 12 weeks",
        author="The Checkers",
        url="https://checks.example/quay",
        rating=Rating(words="Mostly true", value=4, worst=1, best=5),
        published_at="2026-03-09T00:00:00Z",
        claimant="Ida Brandt",
        quantities=FIRST.quantities,
    )
    write_links(tmp_path, told, TEXTS, reviews=[review])
    async with told_page(tmp_path) as (url, _):

        def steps():
            page = Page(browser, url)
            open_cluster(page, height=900)
            for summary in page.all(".side-of.reports summary, .side-of.disputes li:last-child summary"):
                summary.send_keys(Keys.ENTER)
            page.script("document.activeElement.blur(); window.scrollTo({top: 0, behavior: 'instant'})")
            page.until("nothing moves", lambda: page.still() and page.script("return window.scrollY") == 0)
            page.driver.save_screenshot(str(ROOT / "docs" / "page-cluster.png"))

        await asyncio.to_thread(steps)


@pytest.mark.kafka
async def test_from_an_article_to_its_cluster_beside_a_real_worker(browser, kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, link=True)
    running = WatchedWorker(kafka, topics_prefix, tmp_path, processes=1, model="false", link="true", audit_sample_s=0)
    running.start()
    try:
        await asyncio.to_thread(running.until_ready)
        bodies = {
            "The Gazette": "Mayor Anna Lind said the northern quay was closed.",
            "The Courier": "Harbour master Milan Dorr said the northern quay was closed.",
        }
        records = [article(name, publisher=name, headline="Quay", body=body) for name, body in bodies.items()]
        await send(kafka, topics.raw, records)
        page = Page(browser, running.url)

        def steps():
            page.open()
            page.until("links", lambda: len([a for a in page.all("#claim-list a.stands") if a.is_displayed()]) == 2, 60)
            page.all("#claim-list a.stands")[0].send_keys(Keys.ENTER)
            page.until("the cluster", lambda: len(page.all("#sides .told")) == 2)
            assert set(page.text("#counts .names").split(", ")) == {"Anna Lind", "Milan Dorr"}

        await asyncio.to_thread(steps)
    finally:
        running.stop()
