"""Who may read the web port, by which names, with which token."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from click.testing import CliRunner

from worker.cli import main
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.observe.scrape import Asker, scrape_all
from worker.settings import Settings, SettingsError, load_settings
from worker.streaming.watch.condition import Condition

TOKEN = "a-token.of~24_characters"
ALL = "0.0.0.0"  # noqa: S104 - all interfaces
PATHS = ["/", "/metrics", "/api/state", "/api/claims", "/api/dead", "/api/history", "/api/events", "/page/app.js"]


@pytest.fixture
async def serve():
    """Starts servers with settings; gives a client of each, without a cookie jar unless asked for."""
    started, clients = [], []

    async def start(*, jar=None, **settings):
        jar = aiohttp.DummyCookieJar() if jar is None else jar  # an empty jar is false
        (port,) = free_ports(1)
        made = Observation(Settings(web_port=port, brokers="127.0.0.1:1", **settings), Condition(["ingest"]))
        made.watch.look = _no_broker
        await made.start()
        started.append(made)
        clients.append(aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar))
        return clients[-1]

    yield start
    for client in clients:
        await client.close()
    for made in started:
        await made.stop()


async def _no_broker():
    return None


@pytest.mark.parametrize("host", [ALL, "::", "10.1.2.3", "worker.example", ""])
def test_a_port_that_others_can_reach_is_not_opened_without_a_token(host):
    with pytest.raises(SettingsError, match="web_token"):
        Observation(Settings(web_host=host), Condition([]))
    Observation(Settings(web_host=host, web_token=TOKEN), Condition([]))
    Observation(Settings(web_host=host, web_open=True), Condition([]))
    Observation(Settings(web_host=host, web_port=0), Condition([]))


def test_the_command_ends_with_2_and_says_which_setting_is_missing():
    ended = CliRunner().invoke(main, ["run"], env={"CLAIMWIRE_WEB_HOST": ALL})
    assert ended.exit_code == 2
    assert "set web_token or web_tls_client_ca_file, or web_open = true" in ended.output


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_token_nothing_is_shown(serve, path):
    client = await serve(web_token=TOKEN)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Cookie": f"claimwire={TOKEN}"}):
        async with client.get(path, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert TOKEN not in await answer.text()
    async with client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_a_probe_without_the_token_learns_only_whether_the_worker_is_well(serve, path):
    client = await serve(web_token=TOKEN)
    async with client.get(path) as answer:
        assert answer.status in (200, 503)
        assert (await answer.json()).keys() == {"ok"}
    async with client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert (await answer.json()).keys() == {"ok", "reason", "checks"}


async def test_a_browser_gives_the_token_once_and_has_a_cookie_from_then_on(serve):
    client = await serve(jar=aiohttp.CookieJar(unsafe=True), web_token=TOKEN)
    async with client.get(f"/?token={TOKEN}x") as answer:
        assert answer.status == 401
    async with client.get(f"/?token={TOKEN}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "./")
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert TOKEN not in cookie
    async with client.get("/api/state") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "//evil.example/%2f.."])
async def test_the_redirect_never_leads_to_another_host(serve, path):
    client = await serve(web_token=TOKEN)
    reader, writer = await _raw(client)
    writer.write(f"GET {path}?token={TOKEN} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    head = (await reader.read()).decode()
    writer.close()
    (there,) = [line.removeprefix("Location: ") for line in head.splitlines() if line.startswith("Location: ")]
    assert there.startswith("./")


async def _raw(client):
    return await asyncio.open_connection("127.0.0.1", client._base_url.port)


@pytest.mark.parametrize(
    ("bound", "given", "status"),
    [
        ("127.0.0.1", "evil.example", 403),
        ("127.0.0.1", "10.1.2.3:6066", 403),
        ("127.0.0.1", "claims.example", 200),
        ("127.0.0.1", "localhost:80", 200),
        ("127.0.0.1", "127.0.0.1.evil.example", 403),
        (ALL, "evil.example", 403),
        (ALL, "10.1.2.3:6066", 200),
        (ALL, "[::1]:6066", 200),
        (ALL, "CLAIMS.example:443", 200),
        (ALL, "claims.example.evil.example", 403),
        (ALL, "user@evil.example", 403),
    ],
)
async def test_a_host_that_is_not_the_workers_is_refused(serve, bound, given, status):
    client = await serve(web_host=bound, web_open=True, web_hosts="claims.example, other.example")
    async with client.get("/api/state", headers={"Host": given}) as answer:
        assert answer.status == status


@pytest.mark.parametrize("head", ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n"])
async def test_a_request_names_one_host(serve, head):
    reader, writer = await _raw(await serve())
    writer.write(head.encode())
    assert (await reader.read(64)).split()[1] == b"400"
    writer.close()


async def test_top_presents_the_token(serve):
    client = await serve(web_token=TOKEN)
    address = str(client._base_url)
    (refused,) = await scrape_all([address])
    assert refused.error == "HTTP 401"
    (answered,) = await scrape_all([address], Asker(TOKEN))
    assert not answered.error


def test_a_token_is_shown_by_no_command_and_by_no_error():
    shown = CliRunner().invoke(main, ["config"], env={"CLAIMWIRE_WEB_TOKEN": TOKEN})
    assert shown.exit_code == 0
    assert "web_token = (set, not shown)" in shown.output
    assert TOKEN not in shown.output
    with pytest.raises(SettingsError, match="at least 16") as raised:
        load_settings({"CLAIMWIRE_WEB_TOKEN": "short one"})
    assert "short one" not in str(raised.value)
