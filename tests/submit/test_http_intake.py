"""POST /articles: 202 means that Kafka has them, every other answer says what to do, and nothing is taken by halves."""

from __future__ import annotations

import asyncio
import gzip
import json
import time

import aiohttp
import aiohttp.web
import jsonschema
import pytest

from tests.paths import ROOT
from tests.running import Reader, RunningWorker, prepare, read_all
from tests.submit.submitted import article, uris
from worker.agents.articles_service import ArticlesService
from worker.contract.codec import decode_article
from worker.local.kafka import start_kafka
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.settings import Settings, SettingsError
from worker.streaming.observer import SILENT
from worker.streaming.watch.condition import Condition
from worker.submit.http_intake import ArticleIntake, IntakeLimits

TOKEN, READER = "a-token.of~24_characters", "a-token-of-readers-of-24"
JSON, LINES = "application/json", "application/x-ndjson"
_RESPONSES = json.loads((ROOT / "schemas" / "openapi.json").read_bytes())["paths"]["/articles"]["post"]["responses"]


@pytest.fixture
async def serve():
    """Starts web ports that take articles; gives a client of each."""
    ending = []

    async def start(broker, prefix, *, intake=None, **settings):
        (port,) = free_ports(1)
        made = Settings(
            web_port=port,
            web_articles=True,
            topic_prefix=prefix,
            brokers=broker.bootstrap if broker else "127.0.0.1:1",
            idempotent_producer=broker is None or broker.idempotent_producers,
            **settings,
        )
        observation = Observation(made, Condition([]))
        observation.watch.look = _no_look
        service = ArticlesService(made, SILENT, observation)
        if intake is not None:
            observation.web.more_routes[:] = intake.routes
        await observation.start()
        client = aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=aiohttp.DummyCookieJar())
        ending.extend([client.close, observation.stop, service.on_stop])
        client.observation = observation
        return client

    yield start
    for end in ending:
        await end()


async def _no_look():
    return None


async def send(client, body, kind=JSON, **headers):
    """Status, content and headers of the answer, which is as schemas/openapi.json says."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with client.post("/articles", data=data, headers=headers) as answer:
        content = await answer.json()
        described = _RESPONSES[str(answer.status)]
        jsonschema.validate(content, described["content"]["application/json"]["schema"])
        assert ("Retry-After" in answer.headers) == ("headers" in described)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.status, content, answer.headers


@pytest.mark.parametrize(
    ("body", "kind", "taken"),
    [
        (article("u1"), JSON, ["u1"]),
        ([article("u1"), article("u2")], JSON, ["u1", "u2"]),
        ({"articles": [article("u1"), article("u2")]}, "application/vnd.crawler+json", ["u1", "u2"]),
        (b'{"uri":"u1","body":"a"}\n\n{"url":"u2","text":"b"}\n', LINES, ["u1", "u2"]),
        (b"<rss><channel><item><link>u1</link><description>a</description></item></channel></rss>", "text/xml", ["u1"]),
        ({"specversion": "1.0", "data": article("u1")}, "application/cloudevents+json; charset=utf-8", ["u1"]),
    ],
    ids=["one", "array", "answer", "lines", "feed", "event"],
)
async def test_202_means_that_kafka_has_each_article_under_its_uri(broker, topics_prefix, serve, body, kind, taken):
    topics = await prepare(broker, topics_prefix)
    client = await serve(broker, topics_prefix)
    status, content, _ = await send(client, body, kind)
    assert (status, content) == (202, {"accepted": len(taken), "uris": taken})
    records = await read_all(broker, topics.raw)
    assert sorted(record.key.decode() for record in records) == taken
    assert sorted(decode_article(record.value).uri for record in records) == taken


async def test_an_article_is_published_as_it_stands_with_the_trace_of_its_request(broker, topics_prefix, serve):
    topics = await prepare(broker, topics_prefix)
    client = await serve(broker, topics_prefix)
    body = json.dumps(article("u1", of_my_own={"a": 1}), indent=3).encode()
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await send(client, gzip.compress(body), Content_Encoding="gzip", Traceparent=trace)
    (record,) = await read_all(broker, topics.raw)
    assert (record.value, dict(record.headers)["traceparent"]) == (body, trace.encode())


@pytest.mark.parametrize(
    ("body", "kind", "place", "reason"),
    [
        ([article("u1"), {"uri": "u2"}], JSON, "[1]", "bad_schema"),
        (b'{"uri":"u1","body":"a"}\n{broken\n', LINES, ":2", "not_json"),
        (b"{broken", JSON, "", "not_json"),
        (b'{"uri":"u1","body":"\xff"}', JSON, "", "bad_encoding"),
        (b"", JSON, "", "empty"),
        (b"\n \n", LINES, "", "empty"),
        ([], JSON, "[0]", "unknown_shape"),
        (7, JSON, "[0]", "unknown_shape"),
        ([1, article("u1")], JSON, "[0]", "unknown_shape"),
        (b"<opml></opml>", "application/xml", "", "unknown_shape"),
    ],
)
async def test_400_names_what_is_no_article_and_nothing_of_the_body_is_taken(
    broker, topics_prefix, serve, body, kind, place, reason
):
    topics = await prepare(broker, topics_prefix)
    client = await serve(broker, topics_prefix)
    status, content, _ = await send(client, body, kind)
    assert status == 400, content
    assert (content["count"], content["refused"][0]["place"], content["refused"][0]["reason"]) == (1, place, reason)
    assert await uris(broker, topics.raw) == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/html", ""]
)
async def test_415_for_what_a_page_in_a_browser_could_send_by_itself(serve, topics_prefix, kind):
    client = await serve(None, topics_prefix)
    status, content, _ = await send(client, article("u1"), kind)
    assert status == 415
    assert '{"uri": its address, "body": the page}' in content["error"]


async def test_413_for_a_body_and_for_an_article_that_is_too_large(broker, topics_prefix, serve):
    topics = await prepare(broker, topics_prefix)
    client = await serve(broker, topics_prefix, article_max_bytes=2000, in_flight_bytes=40_000)
    large = article("u1", "x" * 3000)
    status, content, _ = await send(client, large)
    assert (status, content["refused"][0]["reason"]) == (413, "too_large")
    status, content, _ = await send(client, article("u1", "x" * 11_000))
    assert status == 413
    assert "at most 10,000 bytes" in content["error"]
    packed = gzip.compress(json.dumps(article("u1", "x" * 5_000_000)).encode())
    assert len(packed) < 10_000
    status, content, _ = await send(client, packed, Content_Encoding="gzip")
    assert status == 413
    status, content, _ = await send(client, [article("u2", "x" * 1500) for _ in range(5)])
    assert (status, await uris(broker, topics.raw)) == (202, ["u2"] * 5)


class Standstill:
    """A publisher whose broker answers when it is let."""

    failing_since = None

    def __init__(self):
        self.asked, self.let = asyncio.Event(), asyncio.Event()

    async def publish(self, _):
        self.asked.set()
        await self.let.wait()

    async def stop(self):
        self.let.set()


class Heard:
    def __init__(self):
        self.statuses, self.bytes, self.articles = [], [], 0

    def answered(self, status):
        self.statuses.append(status)

    def taken(self, articles):
        self.articles += articles

    def in_flight(self, size):
        self.bytes.append(size)


async def test_429_while_as_much_as_is_allowed_waits_for_kafka(serve, topics_prefix):
    publisher, heard = Standstill(), Heard()
    limits = IntakeLimits(article_bytes=2000, in_flight_bytes=2000)
    client = await serve(None, topics_prefix, intake=ArticleIntake(publisher, "t", limits, heard))
    first = asyncio.create_task(send(client, article("u1", "x" * 1500)))
    await publisher.asked.wait()
    status, content, headers = await send(client, article("u2", "x" * 1500))
    assert (status, headers["Retry-After"]) == (429, "1")
    assert "wait for Kafka" in content["error"]
    publisher.let.set()
    assert (await first)[0] == 202
    assert (await send(client, article("u2", "x" * 1500)))[0] == 202
    assert max(heard.bytes) <= 2000
    assert heard.bytes[-1] == 0
    assert (heard.statuses, heard.articles) == ([429, 202, 202], 2)


async def test_503_when_kafka_does_not_acknowledge_in_time(serve, topics_prefix):
    heard = Heard()
    limits = IntakeLimits(article_bytes=2000, in_flight_bytes=2000, answer_s=0.2)
    client = await serve(None, topics_prefix, intake=ArticleIntake(Standstill(), "t", limits, heard))
    status, content, headers = await send(client, article("u1"))
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "has not acknowledged" in content["error"]
    assert heard.bytes[-1] == 0


async def test_408_for_a_body_that_does_not_come(serve, topics_prefix):
    limits = IntakeLimits(article_bytes=2000, in_flight_bytes=2000, body_s=0.3)
    client = await serve(None, topics_prefix, intake=ArticleIntake(Standstill(), "t", limits, Heard()))

    async def slowly():
        yield b'{"uri": '
        await asyncio.sleep(30)

    async with client.post("/articles", data=slowly(), headers={"Content-Type": JSON}) as answer:
        assert answer.status == 408
        assert "did not come within" in (await answer.json())["error"]


@pytest.mark.kafka
@pytest.mark.slow
async def test_503_while_the_broker_is_away_and_202_when_it_is_back(serve, topics_prefix):
    kafka = start_kafka()
    try:
        topics = await prepare(kafka, topics_prefix)
        client = await serve(kafka, topics_prefix, request_timeout_s=2.0)
        assert (await send(client, article("u1")))[0] == 202
        kafka.kill(1)
        answers = [await send(client, article(f"away{number}")) for number in range(3)]
        assert [status for status, _, _ in answers] == [503, 503, 503]
        assert all(headers["Retry-After"] == "5" for _, _, headers in answers)
        kafka.start(1)
        end = time.monotonic() + 60
        while (await send(client, article("u2")))[0] != 202:
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
        assert {"u1", "u2"} <= set(await uris(kafka, topics.raw))
    finally:
        kafka.stop()


async def test_503_where_no_broker_ever_answered(serve, topics_prefix):
    client = await serve(None, topics_prefix, request_timeout_s=1.0)
    assert (await send(client, article("u1")))[0] == 503


async def test_it_is_off_unless_it_is_switched_on():
    (port,) = free_ports(1)
    observation = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition([]))
    observation.watch.look = _no_look
    await observation.start()
    try:
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
            client.post("/articles", json=article("u1")) as answer,
        ):
            assert answer.status == 404
    finally:
        await observation.stop()


@pytest.mark.parametrize(
    ("settings", "token", "status"),
    [
        ({}, "", 503),
        ({"web_token": READER}, "", 401),
        ({"web_token": READER}, READER, 503),
        ({"web_articles_token": TOKEN}, "", 401),
        ({"web_articles_token": TOKEN}, TOKEN, 503),
        ({"web_articles_token": TOKEN, "web_token": READER}, READER, 401),
        ({"web_articles_token": TOKEN, "web_token": READER}, TOKEN, 503),
    ],
)
async def test_the_token_of_senders_is_asked_for(serve, topics_prefix, settings, token, status):
    """503: let in, and there is no broker."""
    client = await serve(None, topics_prefix, request_timeout_s=1.0, **settings)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert (await send(client, article("u1"), **headers))[0] == status


async def test_the_token_of_senders_opens_nothing_to_read(serve, topics_prefix):
    client = await serve(None, topics_prefix, web_articles_token=TOKEN, web_token=READER)
    async with client.get("/api/claims", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert answer.status == 401


async def test_neither_a_cookie_nor_a_token_in_the_address_lets_a_page_send(serve, topics_prefix):
    client = await serve(None, topics_prefix, web_token=READER)
    async with client.get(f"/?token={READER}", allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    async with client.get("/", headers={"Cookie": cookie}) as answer:
        assert answer.status == 200
    assert (await send(client, article("u1"), Cookie=cookie))[0] == 401
    async with client.post(f"/articles?token={READER}", json=article("u1")) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_is_refused_even_where_no_token_is_set(serve, topics_prefix, headers):
    client = await serve(None, topics_prefix)
    assert (await send(client, article("u1"), **headers))[0] == 403


async def test_a_foreign_host_is_refused(serve, topics_prefix):
    client = await serve(None, topics_prefix)
    async with client.post("/articles", json=article("u1"), headers={"Host": "rebound.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "settings",
    [{"web_host": "0.0.0.0", "web_open": True}, {"web_port": 0}],  # noqa: S104 - all interfaces
)
def test_it_is_not_opened_to_everybody_and_not_on_no_port(settings):
    with pytest.raises(SettingsError, match="web_articles"):
        Observation(Settings(web_articles=True, **settings), Condition([]))


async def test_metrics_count_answers_and_articles(broker, topics_prefix, serve):
    await prepare(broker, topics_prefix)
    client = await serve(broker, topics_prefix)
    await send(client, [article("u1"), article("u2")])
    await send(client, b"{broken")
    async with client.get("/metrics") as answer:
        lines = (await answer.text()).splitlines()
    assert 'claimwire_article_requests_total{status="202"} 1.0' in lines
    assert 'claimwire_article_requests_total{status="400"} 1.0' in lines
    assert 'claimwire_article_requests_total{status="429"} 0.0' in lines
    assert "claimwire_articles_taken_total 2.0" in lines
    assert "claimwire_article_requests_bytes 0.0" in lines


@pytest.mark.slow
async def test_a_worker_makes_claims_of_what_was_sent_to_its_web_port(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix)
    (port,) = free_ports(1)
    worker = RunningWorker(
        broker, topics_prefix, tmp_path, web_port=port, web_articles="true", processes=1, model="false"
    )
    worker.start()
    body = article("u1", "Mayor Anna Berg said on Friday that the bridge would reopen in May. She left the town hall.")
    try:
        async with aiohttp.ClientSession() as client:
            until = time.monotonic() + 60
            while True:
                try:
                    async with client.post(f"http://127.0.0.1:{port}/articles", json=body) as answer:
                        assert answer.status == 202
                        break
                except aiohttp.ClientConnectionError:
                    assert time.monotonic() < until, worker.log.read_text()
                    await asyncio.sleep(0.2)
        async with Reader(broker, topics.claims) as reader:
            await reader.until(lambda r: r.records[topics.claims])
    finally:
        assert worker.stop() == 0


class _Taken:
    failing_since = None

    async def publish(self, records):
        self.records = records

    async def stop(self):
        pass


async def test_a_header_in_another_charset_is_none_of_the_intakes_business():
    publisher = _Taken()
    intake = ArticleIntake(publisher, "t", IntakeLimits(article_bytes=10_000, in_flight_bytes=40_000), _Silent())
    app = aiohttp.web.Application()
    app.add_routes(intake.routes)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    try:
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        (address,) = runner.addresses
        reader, writer = await asyncio.open_connection(*address)
        body = json.dumps(article("u1")).encode()
        head = b"POST /articles HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
        writer.write(head + b"X-Sent-By: J\xf6rg\r\ntracestate: \xff\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = await reader.read()
        writer.close()
    finally:
        await runner.cleanup()
    assert answer.startswith(b"HTTP/1.1 202")
    assert [record.value for record in publisher.records] == [body]


class _Silent:
    def answered(self, status):
        pass

    def taken(self, articles):
        pass

    def in_flight(self, size):
        pass
