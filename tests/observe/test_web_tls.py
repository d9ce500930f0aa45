"""The web port with TLS: encrypted, known readers without a token, and no file descriptors for half a handshake."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp
import pytest

from tests.security.certificates import KEY_PASSWORD, Authority
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.observe.scrape import Asker, scrape_all
from worker.observe.web import tls as web_tls
from worker.settings import Settings, SettingsError
from worker.streaming.watch.condition import Condition

TOKEN = "a-token.of~24_characters"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("web"), "newsroom")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("other"), "stranger")


@pytest.fixture
async def serve(authority):
    """Starts a server with TLS and settings; gives it and its address."""
    started = []

    async def start(**settings):
        (port,) = free_ports(1)
        settings = {"web_tls_cert_file": str(authority.sign("worker"))} | settings
        made = Observation(Settings(web_port=port, brokers="127.0.0.1:1", **settings), Condition(["ingest"]))
        made.watch.look = _no_broker
        await made.start()
        started.append(made)
        return made, f"https://127.0.0.1:{port}"

    yield start
    for made in started:
        await made.stop()


async def _no_broker():
    return None


def _client(authority, certificate=None):
    context = ssl.create_default_context(cafile=authority.path)
    if certificate:
        context.load_cert_chain(certificate)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context), cookie_jar=aiohttp.DummyCookieJar())


async def test_the_page_and_its_events_come_over_tls(serve, authority):
    made, address = await serve()
    async with _client(authority) as client:
        async with client.get(f"{address}/") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"]
        async with client.get(f"{address}/api/events") as answer:
            assert (await answer.content.readline()) == b"event: state\n"
        for _ in range(made.web.limits.in_all + 10):  # what is closed is given back
            async with client.get(f"{address}/health/live", headers={"Connection": "close"}) as answer:
                assert answer.status == 200


async def test_plain_http_and_old_tls_are_not_answered(serve, authority):
    _, address = await serve()
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.ClientError):
            await client.get(address.replace("https", "http"))
    old = ssl.create_default_context(cafile=authority.path)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=old)) as client:
        with pytest.raises(aiohttp.ClientError):
            await client.get(address)


async def test_a_known_certificate_stands_for_the_token_and_a_strange_one_for_nothing(serve, authority, stranger):
    _, address = await serve(web_tls_client_ca_file=str(authority.path), web_token=TOKEN)
    async with _client(authority, authority.sign("reader")) as client, client.get(f"{address}/api/state") as answer:
        assert answer.status == 200
    async with _client(authority) as client:
        async with client.get(f"{address}/api/state") as answer:
            assert answer.status == 401
        async with client.get(f"{address}/health/live") as answer:
            assert (await answer.json()).keys() == {"ok"}
        async with client.get(f"{address}/api/state", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert answer.status == 200
    for wrong in (stranger.sign("reader"), authority.sign("reader", expired=True, file="expired")):
        async with _client(authority, wrong) as client:
            with pytest.raises((aiohttp.ClientError, OSError)):
                await client.get(f"{address}/api/state")


async def test_renewed_files_are_used_for_the_next_connection_and_broken_ones_are_not(
    serve, authority, stranger, tmp_path, caplog
):
    certificate = tmp_path / "port.pem"
    certificate.write_bytes(authority.sign("worker").read_bytes())
    _, address = await serve(web_tls_cert_file=str(certificate))
    async with _client(authority) as client, client.get(f"{address}/health/live") as answer:
        assert answer.status == 200
    certificate.write_text("-----BEGIN CERTI", encoding="utf-8")  # as a copy that is not done yet
    for _ in range(2):
        async with _client(authority) as client, client.get(f"{address}/health/live") as answer:
            assert answer.status == 200
    told = [record for record in caplog.records if "are not used" in record.message]
    assert len(told) == 1
    assert str(certificate) in told[0].message
    certificate.write_bytes(stranger.sign("worker").read_bytes())
    async with _client(stranger) as client, client.get(f"{address}/health/live") as answer:
        assert answer.status == 200
    async with _client(authority) as client:
        with pytest.raises((aiohttp.ClientError, OSError)):
            await client.get(f"{address}/health/live")


async def test_authorities_of_readers_are_renewed_and_the_former_ones_forgotten(serve, authority, stranger, tmp_path):
    readers = tmp_path / "readers.pem"
    readers.write_bytes(authority.path.read_bytes())
    _, address = await serve(web_tls_client_ca_file=str(readers), web_token=TOKEN)
    async with _client(authority, authority.sign("reader")) as client, client.get(f"{address}/api/state") as answer:
        assert answer.status == 200
    readers.write_bytes(stranger.path.read_bytes())
    async with _client(authority, stranger.sign("reader")) as client, client.get(f"{address}/api/state") as answer:
        assert answer.status == 200
    async with _client(authority, authority.sign("reader")) as client:
        with pytest.raises((aiohttp.ClientError, OSError)):
            await client.get(f"{address}/api/state")


async def test_without_a_token_only_certificates_count(serve, authority):
    _, address = await serve(web_tls_client_ca_file=str(authority.path), web_host="0.0.0.0")  # noqa: S104
    async with _client(authority) as client, client.get(f"{address}/?token=") as answer:
        assert answer.status == 401
        assert "web_tls_client_ca_file" in await answer.text()


async def test_a_cookie_of_a_port_with_tls_is_sent_over_tls_alone(serve, authority):
    _, address = await serve(web_token=TOKEN)
    async with (
        _client(authority) as client,
        client.get(f"{address}/?token={TOKEN}", allow_redirects=False) as answer,
    ):
        assert "; Secure" in answer.headers["Set-Cookie"]


async def test_connections_that_begin_no_handshake_count_and_are_closed(serve, authority, monkeypatch):
    monkeypatch.setattr(web_tls, "_HANDSHAKE_S", 1.0)
    made, address = await serve()
    port = int(address.rpartition(":")[2])
    made.web.limits.in_all, made.web.limits.of_one = 8, 6
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
    for reader, _ in opened[6:]:
        assert await asyncio.wait_for(reader.read(), 10) == b""  # at once: there is no room
    for reader, _ in opened[:6]:
        assert await asyncio.wait_for(reader.read(), 10) == b""  # when the time for a handshake is over
    async with asyncio.timeout(10):
        while not made.web.limits.taken("127.0.0.1"):
            await asyncio.sleep(0.02)
    made.web.limits.given_back("127.0.0.1")
    async with _client(authority) as client, client.get(f"{address}/health/live") as answer:
        assert answer.status == 200
    for _, writer in opened:
        writer.close()


async def test_top_trusts_the_certificate_of_its_settings(serve, authority):
    _, address = await serve(web_token=TOKEN)
    own = Settings(web_tls_cert_file=str(authority.sign("worker")), web_token=TOKEN)
    (answered,) = await scrape_all([address], Asker.from_settings(own))
    assert not answered.error
    (refused,) = await scrape_all([address], Asker(TOKEN))
    assert "CERTIFICATE_VERIFY_FAILED" in refused.error


def test_a_key_with_a_password_is_opened(authority):
    file = str(authority.sign("worker", encrypted=True, file="closed"))
    assert web_tls.server_tls(Settings(web_tls_cert_file=file, web_tls_key_password=KEY_PASSWORD))
    with pytest.raises(SettingsError, match="expected a certificate and its key"):
        web_tls.server_tls(Settings(web_tls_cert_file=file, web_tls_key_password="another"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"web_tls_key_file": "k.pem"}, "only with web_tls_cert_file"),
        ({"web_tls_client_ca_file": "ca.pem"}, "only with web_tls_cert_file"),
        ({"web_tls_cert_file": "/nowhere.pem"}, "/nowhere.pem.*No such file"),
        ({"web_tls_cert_file": "CERT", "web_tls_client_ca_file": "/nowhere.pem"}, "web_tls_client_ca_file.*No such"),
        ({"web_tls_cert_file": "CERT", "web_tls_client_ca_file": "NO_PEM"}, "web_tls_client_ca_file.*another content"),
        ({"web_tls_cert_file": "NO_PEM"}, "web_tls_cert_file.*another content"),
        ({"web_tls_cert_file": "CA_ALONE"}, "web_tls_cert_file.*another content"),
    ],
)
def test_wrong_files_are_named_with_their_setting(authority, tmp_path, settings, words):
    (tmp_path / "no.pem").write_text("hello", encoding="utf-8")
    files = {
        "CERT": str(authority.sign("worker")),
        "NO_PEM": str(tmp_path / "no.pem"),
        "CA_ALONE": str(authority.path),
    }
    with pytest.raises(SettingsError, match=words):
        web_tls.server_tls(Settings(**{name: files.get(value, value) for name, value in settings.items()}))
