"""The page in a real browser, beside a real worker: what it shows is what the metrics say, and it stays usable."""

from __future__ import annotations

import asyncio
import os

import orjson
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.page import Page
from tests.observe.watched import WatchedWorker, article
from tests.paths import ROOT
from tests.running import prepare, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_PAPERS = [{"publisher": "The Example"}, {"publisher": "Harbour Post"}, {"publisher": "Valley Courier"}]
_POISON = (ROOT / "seeds" / "poison" / "truncated.bin").read_bytes()


@pytest.fixture(scope="module")
def worker(broker, tmp_path_factory):
    """With the seeds' articles done, one of them in another language, and one broken record."""
    prefix = f"page{os.getpid()}."
    topics = asyncio.run(prepare(broker, prefix))
    running = WatchedWorker(broker, prefix, tmp_path_factory.mktemp("page"), processes=1, breaker_least=1000)
    running.topics = topics
    running.start()
    try:
        running.until_ready()
        seeds = [orjson.loads(path.read_bytes()) for path in sorted((ROOT / "seeds" / "articles").glob("*.json"))]
        records = [(str(n).encode(), orjson.dumps(a)) for n, a in enumerate(seeds)]
        asyncio.run(send(broker, topics.raw, [*records, (b"https://broken.example/1", _POISON)]))

        def done():
            ingest = running.sum("claimwire_records_total", agent="ingest")
            extracted = running.sum("claimwire_records_total", agent="ingest", outcome="ok")
            return ingest == len(records) + 1 and running.sum("claimwire_records_total", agent="lifecycle") == extracted

        running.wait("the seeds are done", done, 180)
        yield running
    finally:
        running.stop()


@pytest.fixture
def page(browser, worker):
    return Page(browser, worker.url)


async def test_the_numbers_are_those_of_the_metrics(page, worker, broker):
    page.open()
    page.until("it is ready", lambda: page.text("#ready") == "Ready")
    page.until("read", lambda: page.number("#total-read") == worker.sum("claimwire_records_read_total", agent="ingest"))
    assert page.number("#total-ok") == worker.sum("claimwire_records_total", agent="ingest", outcome="ok")
    assert page.number("#total-dropped") == worker.sum("claimwire_records_total", agent="ingest", outcome="dropped") > 0
    assert page.number("#total-dead") == worker.sum("claimwire_records_total", outcome="dead") > 0
    assert page.number("#total-claims") == worker.sum("claimwire_claims_total") > 20
    assert page.number("#lag-partitions") == page.script(
        "return document.querySelectorAll('#lag-table tbody tr').length"
    )
    outcomes = page.text("#outcomes")
    assert "dead, not_json" in outcomes
    assert "dropped, language" in outcomes
    stages = page.text("#stages")
    assert "parse" in stages
    assert "attribution" in stages
    page.until("a window has passed", lambda: len(page.all("#charts svg path.line")) == 3)
    # live: what comes in shows without loading the page again
    read = page.number("#total-read")
    await send(broker, worker.topics.raw, [article(n) for n in range(5)])
    # a record that is read twice, as after a rebalance, counts twice: on the page as in the metrics
    page.until(
        "five more",
        lambda: read + 5 <= page.number("#total-read") == worker.sum("claimwire_records_read_total", agent="ingest"),
    )
    assert page.complaints() == []


async def test_charts_and_tiles_show_rates_over_the_window_that_they_name(page, worker):
    page.open()
    page.until("a window has passed", lambda: len(page.all("#charts svg path.line")) == 3)
    worker.wait("an answer", lambda: orjson.loads(worker.get("/api/history")[1])["window_s"] == 10, 60)
    assert [chart.text for chart in page.all("#charts .caption .quiet")] == ["mean of 10 s", "mean of 10 s", ""]
    assert page.text("#articles-over") == page.text("#claims-over") == "10 s"
    page.all('button[data-span="hour"]')[0].click()
    page.until("the hour", lambda: page.all("#charts .caption .quiet")[0].text == "mean of 60 s")
    page.all('button[data-span="minutes"]')[0].click()
    page.until("the minutes", lambda: page.all("#charts .caption .quiet")[0].text == "mean of 10 s")


_DRAWN = """
const [values, done] = arguments;
import("/page/chart.js").then(async ({ Chart }) => {
  const { rate } = await import("/page/dom.js");
  const chart = new Chart("Trial", "", rate);
  document.body.append(chart.element);
  chart.show(values.map((_, index) => 1000 + index), values, "mean of 10 s");
  const paths = [...chart.drawing.querySelectorAll("path.line")];
  const lines = paths.map((path) => path.getAttribute("d").split("L").length);
  done({ now: chart.now.textContent, lines, label: chart.drawing.getAttribute("aria-label") });
  chart.element.remove();
});
"""


@pytest.mark.parametrize(
    ("values", "now", "lines"),
    [
        ([None, None, None], "–", []),
        ([None, 4.0, 6.0, 5.0], "5.00", [3]),
        ([1.0, 2.0, None, None, 3.0, 4.0, 5.0], "5.00", [2, 3]),
        ([1.0, 2.0, None], "–", [2]),
        ([0.0, 0.0], "0", [2]),
    ],
)
async def test_a_chart_has_a_gap_where_nothing_was_measured(page, worker, values, now, lines):
    page.open()
    drawn = page.driver.execute_async_script(_DRAWN, values)
    assert (drawn["now"], drawn["lines"]) == (now, lines)
    assert drawn["label"].startswith("Trial: nothing was measured yet" if not lines else f"Trial: {now} now")


async def test_a_new_claim_appears_with_its_spans_marked(page, worker, broker):
    page.open()
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    body = "Nobody was hurt.\n\n😀 Harbour master Ida Brandt said that the quay would open on Friday."
    await send(broker, worker.topics.raw, [article("quay", headline="Quay", body=body)])
    page.until("the claim", lambda: "the quay would open on Friday" in page.text("#claim-list"))
    row = next(b for b in page.all("#claim-list button") if "the quay would open" in b.text)
    assert "Ida Brandt" in row.text
    # a click scrolls to what is out of sight, smoothly, and would meet what is there meanwhile
    page.script("arguments[0].scrollIntoView({behavior: 'instant', block: 'center'})", row)
    row.click()
    page.until("its article", lambda: page.text("#article h3") == "Quay")
    marks = {kind: [m.text for m in page.all(f"#article mark.{kind}")] for kind in ("source", "cue", "content")}
    assert marks["cue"] == ["said"]
    assert "Ida Brandt" in marks["source"][0]
    assert "the quay would open on Friday" in " ".join(marks["content"])
    cue = page.all("#article mark.cue")[0]
    page.script("arguments[0].focus()", cue)
    page.until("details", lambda: "Cue: assert" in page.text("#tip"))
    assert row.get_attribute("aria-current") == "true"
    assert page.all("#follow")[0].get_attribute("aria-pressed") == "false"


async def test_a_dead_letter_shows_its_reason(page, worker, broker):
    page.open()
    page.until("the first", lambda: "not_json" in page.text("#dead-list"))
    await send(broker, worker.topics.raw, [(b"https://broken.example/2", b"[]")])
    page.until("the second", lambda: "unknown_shape" in page.text("#dead-list"))
    newest = page.all("#dead-list details")[0]
    newest.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    facts = newest.find_element(By.TAG_NAME, "dl").text
    assert f"{worker.topics.raw}[" in facts
    assert "https://broken.example/2" in facts
    assert "broken.example" in facts
    assert "unknown_shape" in page.text("#dead-last")


async def test_the_keyboard_reaches_everything(page, worker):
    page.open()
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    for css in ("main", "header", "nav", "h1", "footer"):
        assert page.all(css), css
    page.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert page.driver.switch_to.active_element.text == "Skip to the claims"
    first = page.all("#claim-list button")[0]
    page.script("arguments[0].focus()", page.all('#claim-list button[tabindex="0"]')[0])
    page.driver.switch_to.active_element.send_keys(Keys.HOME)
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    chosen = page.driver.switch_to.active_element
    assert chosen.get_attribute("data-number") < first.get_attribute("data-number") or chosen != first
    assert chosen.get_attribute("aria-current") == "true"
    outline = page.script("return getComputedStyle(arguments[0]).outlineStyle", chosen)
    assert outline != "none"
    hour = page.all('button[data-span="hour"]')[0]
    hour.send_keys(Keys.ENTER)
    assert hour.get_attribute("aria-pressed") == "true"
    unnamed = page.script(
        "return [...document.querySelectorAll('button, a, section, nav')]"
        ".filter(e => !e.hidden && !e.textContent.trim() "
        "&& !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')).length"
    )
    assert unnamed == 0


async def test_it_fits_a_phone(page, worker):
    page.open(width=390, height=844, phone=True)
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    assert page.script("return document.documentElement.scrollWidth") <= 390
    widths = page.script(
        "return [...document.querySelectorAll('main > *')].map(e => Math.round(e.getBoundingClientRect().width))"
    )
    assert set(widths) - {0} == {390 - 2 * 12}  # one column, with the same margin on both sides
    small = page.script(
        "return [...document.querySelectorAll('#claim-list button, .switch button, #follow')]"
        ".filter(e => e.offsetHeight && e.offsetHeight < 28).length"
    )
    assert small == 0


async def test_it_loads_nothing_from_anywhere_but_its_worker(page, worker):
    page.open()
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    asked = page.script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert asked
    assert all(address.startswith(worker.url) for address in asked)


async def test_only_its_small_style_sheet_holds_up_the_first_paint(page, worker, figure):
    page.open()
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    resources = page.script(
        "return performance.getEntriesByType('resource')"
        ".map(e => ({name: e.name, blocking: e.renderBlockingStatus, size: e.decodedBodySize}))"
    )
    blocking = [resource for resource in resources if resource["blocking"] == "blocking"]
    assert [resource["name"] for resource in blocking] == [f"{worker.url}/page/style.css"]
    assert 0 < blocking[0]["size"] < 50_000
    painted = []  # shown and not judged: on a busy machine the clock says little of the page
    for _ in range(3):
        page.driver.refresh()
        page.until(
            "a paint", lambda: page.script("return performance.getEntriesByName('first-contentful-paint').length") == 1
        )
        painted.append(page.script("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    figure("first contentful paint, ms", painted)


async def test_without_articles_it_says_what_to_do(browser, broker, topics_prefix, tmp_path):
    await prepare(broker, topics_prefix)
    running = WatchedWorker(broker, topics_prefix, tmp_path, processes=1)
    running.start()
    try:
        page = Page(browser, running.url)
        running.wait("the server answers", lambda: running.get("/health/live")[0] == 200, 60)
        page.open()
        page.until(
            "the reason",
            lambda: page.all("#ready")[0].get_attribute("data-state") == "no" or running.get("/health/ready")[0] == 200,
        )
        running.until_ready()
        page.until("ready", lambda: page.all("#ready")[0].get_attribute("data-state") == "yes")
        page.until("a window has passed", lambda: page.text("#rate-articles") == page.text("#rate-claims") == "0")
        assert page.text("#latency") == page.text("#latency-half") == "–"
        assert "claimwire demo" in page.text("#claims-empty")
        assert "shows here" in page.text("#dead-empty")
    finally:
        running.stop()


async def test_it_says_that_its_worker_has_ended_and_when_it_is_back(page, worker, browser):
    page.open()
    page.until("claims", lambda: len(page.all("#claim-list li")) > 10)
    worker.stop()
    page.until("it is said", lambda: "does not answer" in page.text("#trouble"), 60)
    worker.start()
    worker.until_ready()
    page.until("it is back", lambda: page.all("#ready")[0].get_attribute("data-state") == "yes", 60)
    assert page.text("#trouble") == ""


@pytest.mark.skipif("CLAIMWIRE_TEST_SCREENSHOTS" not in os.environ, reason="writes docs/page-*.png anew when asked to")
async def test_screenshots_for_the_docs(page, worker, broker):
    sizes = {"light": (1400, 2000, False, False), "dark": (1400, 2000, True, False), "phone": (390, 1900, False, True)}
    before = worker.sum("claimwire_records_total", agent="ingest")
    for sent in range(30, 181, 30):  # in portions, so that the charts have something to show
        await send(broker, worker.topics.raw, [article(f"{sent}-{n}", **_PAPERS[n % 3]) for n in range(30)])
        worker.wait(
            "they are done",
            lambda: worker.sum("claimwire_records_total", agent="ingest") >= before + sent,  # noqa: B023
            180,
        )
    for name, (width, height, dark, phone) in sizes.items():
        await send(broker, worker.topics.raw, [(b"https://broken.example/3", b"")])
        page.open(width=width, height=height, dark=dark, phone=phone)
        page.until("claims", lambda: len(page.all("#claim-list li")) > 10 and page.all("#article mark"))
        page.until("charts", lambda: len(page.all("#charts svg path.line")) == 3)
        row = next(b for b in page.all("#claim-list button") if "bridge number" in b.text)
        page.script("arguments[0].click(); window.scrollTo(0, 0)", row)
        page.script("window.scrollTo({top: 0, behavior: 'instant'})")
        page.until("nothing moves", lambda: page.still() and page.script("return window.scrollY") == 0)
        page.driver.save_screenshot(str(ROOT / "docs" / f"page-{name}.png"))
