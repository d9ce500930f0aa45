"""Search and filter over the latest claims, in a real browser."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.browser.page import Page
from tests.browser.told_page import told_page
from tests.link.relations.making import made_claim
from worker.contract.claim import Act, Entity

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PORT = Entity(name="Port of Lund", entity_id="wikidata:Q1", type="ORG", spans=[])


def said(text, source, act=Act.ASSERT, entities=()):
    return replace(made_claim(text, source=source, act=act, uri=f"https://{len(text)}.example/1"), entities=entities)


CLAIMS = [
    said("The ferry sank in the storm", "Anna Berg"),
    said("The northern quay was closed", "Anna Berg", entities=[PORT]),
    said("The quays were never shut", "Milan Dorr", act=Act.DENY, entities=[PORT]),
    said("The council should open the quay", "Ola Brix", act=Act.DEMAND),
]


@pytest.fixture
async def server(tmp_path):
    async with told_page(tmp_path) as (url, tell):
        tell(*CLAIMS)
        yield url, tell


@pytest.fixture
def shown(browser, server):
    """Runs what a test does with the page in a thread, since the page's server is in this one's loop."""
    page = Page(browser, server[0])

    async def run(steps):
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(steps, page, lambda *claims: loop.call_soon_threadsafe(server[1], *claims))

    return run


def listed(page):
    return [each.text for each in page.all("#claim-list .said")]


def field(page, name):
    return page.driver.find_element(By.CSS_SELECTOR, f'#filter [name="{name}"]')


def texts(*numbers):
    return [CLAIMS[number].content.text for number in numbers]


async def test_claims_are_found_by_source_entity_act_and_words(shown):
    def steps(page, _):
        page.open()
        page.until("all", lambda: listed(page) == texts(3, 2, 1, 0))
        field(page, "source").send_keys("berg")
        page.until("of the source", lambda: listed(page) == texts(1, 0))
        assert page.text("#filter-found") == "2 of the latest 4"
        field(page, "entity").send_keys("port lund")
        page.until("of the entity too", lambda: listed(page) == texts(1))
        page.all("#filter button")[0].send_keys(Keys.ENTER)
        page.until("all again", lambda: listed(page) == texts(3, 2, 1, 0))
        assert page.text("#filter-found") == ""
        Select(field(page, "act")).select_by_value("deny")
        page.until("of the act", lambda: listed(page) == texts(2))
        Select(field(page, "act")).select_by_value("")
        field(page, "words").send_keys("quay" + Keys.ENTER)
        page.until("with the word, whatever its ending", lambda: listed(page) == texts(3, 2, 1))
        page.until("the article of the newest", lambda: page.all("#article h3"))
        assert page.complaints() == []

    await shown(steps)


async def test_what_comes_later_is_shown_if_it_is_searched_for(shown):
    def steps(page, tell):
        page.open(path="/?words=quay&source=Dorr")
        page.until("the search of the address", lambda: listed(page) == texts(2))
        assert field(page, "words").get_attribute("value") == "quay"
        tell(said("The quay is open again", "Anna Berg"), said("The quay is still open", "Milan Dorr"))
        page.until("the one", lambda: listed(page) == ["The quay is still open", *texts(2)])
        assert page.text("#filter-found") == "2 of the latest 6"
        page.all("#follow")[0].send_keys(Keys.ENTER)
        tell(said("The quay is open for good", "Milan Dorr"))
        page.until("it is held back", lambda: page.text("#newer") == "Show 1 new claims")
        page.all("#filter button")[0].send_keys(Keys.ENTER)
        page.until("all", lambda: len(listed(page)) == 7)
        tell(said("The harbour froze", "Ida Lund"))
        page.until("held back as well", lambda: page.text("#newer") == "Show 1 new claims")
        assert page.script("return location.search") == ""

    await shown(steps)


async def test_a_search_that_finds_nothing_says_where_to_look(shown):
    def steps(page, tell):
        page.open()
        page.until("all", lambda: len(listed(page)) == 4)
        field(page, "words").send_keys("<script>window.broken=1</script>")
        page.until("none", lambda: "None of the latest claims" in page.text("#claims-none"))
        assert listed(page) == []
        assert "claimwire said" in page.text("#claims-none")
        assert page.script("return window.broken ?? null") is None
        field(page, "words").clear()
        field(page, "words").send_keys("snow")
        tell(said("Snow fell on Monday", "Ida Lund"))
        page.until("it came", lambda: listed(page) == ["Snow fell on Monday"])
        assert not page.all("#claims-none")[0].is_displayed()
        assert page.complaints() == []

    await shown(steps)


async def test_the_form_knows_all_acts(shown):
    def steps(page, _):
        page.open()
        options = [option.get_attribute("value") for option in Select(field(page, "act")).options]
        assert options == ["", *Act]

    await shown(steps)
