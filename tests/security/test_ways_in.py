"""Each way into a Kafka, right and wrong: TLS times SASL times rights. What is wrong is named with its setting."""

from __future__ import annotations

import asyncio
import shutil
import time
import uuid
from dataclasses import dataclass, field, replace

import pytest
from aiokafka.client import AIOKafkaClient
from click.testing import CliRunner

from tests.security.secured_kafka import MECHANISMS, PASSWORD, Acl
from worker.brokers import FileSecret
from worker.cli import main
from worker.observe import lag
from worker.observe.metrics import Metrics
from worker.streaming.access.client_options import client_options
from worker.streaming.access.diagnosis import why_turned_away
from worker.streaming.access.tls import tls_context
from worker.streaming.outcome import Output
from worker.streaming.publish.publisher import Publisher
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    # aiokafka closes a connection that was refused without waiting for its end
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WRONG = "of-somebody-else"
SECONDS = 20
"""A refusal must come within so many, also on a busy machine; on an idle one it takes less than one."""
LOGINS = [(listener, mechanism) for listener in ("SASL_PLAINTEXT", "SASL_SSL") for mechanism in MECHANISMS]
WAYS = [("PLAINTEXT", ""), ("SSL", ""), ("MTLS", ""), *LOGINS]


@pytest.fixture(scope="module")
def topic(secured):
    secured.create_topics("ways")
    users = ("worker", "ANONYMOUS")  # without a login everybody is ANONYMOUS
    secured.grant(*(Acl(user, operation, "topic", "ways") for user in users for operation in ("READ", "WRITE")))
    return "ways"


@pytest.mark.parametrize(("listener", "mechanism"), WAYS)
async def test_the_right_way_in_writes_and_reads(secured, topic, listener, mechanism):
    brokers, value = secured.brokers(listener, mechanism=mechanism), f"{listener} {mechanism}".encode()
    publisher = Publisher(brokers, idempotent=True, compression="none", client_id="test")
    await publisher.start()
    try:
        await publisher.publish([Output(topic, b"k", value, [], None)])
    finally:
        await publisher.stop()
    async with WindowReader(brokers, await fix_window(brokers, Selection(topic=topic))) as reader:
        assert value in [record.value async for record in reader]


async def test_a_client_goes_on_when_its_tokens_expire(secured, topic, monkeypatch):
    monkeypatch.setattr(secured.tokens, "life_s", 4.0)
    brokers = secured.brokers("SASL_SSL", mechanism="OAUTHBEARER")
    oauth = replace(brokers.sasl.oauth, scope="of-this-test")  # another provider than that of the other tests
    brokers = replace(brokers, sasl=replace(brokers.sasl, oauth=oauth))
    publisher = Publisher(brokers, idempotent=True, compression="none", client_id="test")
    await publisher.start()
    before, sent = secured.tokens.asked, []
    try:
        while secured.tokens.asked < before + 3:
            sent.append(f"{uuid.uuid4()}".encode())
            await publisher.publish([Output(topic, b"k", sent[-1], [], None)])
            await asyncio.sleep(0.2)  # no more records than need be
    finally:
        await publisher.stop()
    plain = secured.brokers("PLAINTEXT")
    async with WindowReader(plain, await fix_window(plain, Selection(topic=topic))) as reader:
        arrived = [record.value async for record in reader if record.value in set(sent)]
    assert arrived == sent


@dataclass(frozen=True)
class Wrong:
    """A way in with one thing wrong, and what the command must say about it."""

    name: str
    listener: str
    says: tuple[str, ...]
    mechanism: str = ""
    login: dict[str, str] = field(default_factory=dict)
    tls: dict[str, object] = field(default_factory=dict)
    protocol: str = ""
    client: str = ""


async def test_a_certificate_that_is_renewed_on_disk_is_that_of_the_next_connection(secured, topic, tmp_path):
    own = tmp_path / "own.pem"
    shutil.copy(secured.ours.sign("worker", file="soon-renewed"), own)
    brokers = secured.brokers("MTLS", tls={"cert_file": str(own), "key_password": ""})
    context = tls_context(brokers.tls)
    assert await why_turned_away(brokers) is None
    shutil.copy(secured.foreign.sign("worker", file="of-others"), own)
    assert "refuses the certificate" in str(await why_turned_away(brokers))
    own.write_text("half of it", encoding="utf-8")
    assert "refuses the certificate" in str(await why_turned_away(brokers))
    shutil.copy(secured.ours.sign("worker", file="renewed"), own)
    assert await why_turned_away(brokers) is None
    assert tls_context(brokers.tls) is context


async def test_a_password_that_is_changed_on_disk_is_that_of_the_next_connection(secured, topic, tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    brokers = secured.brokers("SASL_SSL", mechanism="SCRAM-SHA-512", password=FileSecret.of(file))
    async with RenewedClient(brokers) as client:
        assert await client.gets_in()
        file.write_text(WRONG, encoding="utf-8")
        assert not await client.gets_in()
        assert "refuses the login" in str(await why_turned_away(brokers))
        file.write_text(PASSWORD, encoding="utf-8")
        assert await client.gets_in()


async def test_readiness_names_a_login_that_is_refused_later(secured, topic, monkeypatch, tmp_path):
    monkeypatch.setattr(lag, "_OUTAGE_S", 0.0)
    file = tmp_path / "password"
    file.write_text(PASSWORD, encoding="utf-8")
    brokers = secured.brokers("SASL_SSL", mechanism="SCRAM-SHA-512", password=FileSecret.of(file))
    watch = lag.LagWatch(brokers, {"ingest": "a-group"}, lag.Positions(), Metrics(), interval_s=0.1)
    file.write_text(WRONG, encoding="utf-8")
    looking = asyncio.create_task(watch.run())
    try:
        async with asyncio.timeout(60):
            while "sasl_password is wrong" not in watch.error:
                await asyncio.sleep(0.1)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


class RenewedClient:
    """A client whose connections are closed and made again."""

    def __init__(self, brokers):
        self._client = AIOKafkaClient(**client_options(brokers))

    async def __aenter__(self):
        await self._client.bootstrap()
        return self

    async def __aexit__(self, *_):
        await self._client.close()

    async def gets_in(self):
        (node,) = (broker.nodeId for broker in self._client.cluster.brokers())
        for connection in self._client._conns.values():
            connection.close()
        return await self._client.ready(node)


def _wrongs():
    for listener, mechanism in LOGINS:
        named = "oauth_client_secret" if mechanism == "OAUTHBEARER" else "sasl_password"
        yield Wrong("password", listener, (named,), mechanism, {"password": WRONG})
        yield Wrong(
            "user",
            listener,
            (named.replace("secret", "id").replace("password", "username"),),
            mechanism,
            {"user": "unknown"},
        )
    for listener, says in (
        ("EXPIRED", ("has expired",)),
        ("FOREIGN", ("not signed by ssl_ca_file",)),
        ("ELSEWHERE", ("another name", "ssl_check_host")),
    ):
        yield Wrong("certificate", listener, says)
    yield Wrong("no authority", "SSL", ("ssl_ca_file is not set",), tls={"ca_file": ""})
    yield Wrong("authority", "SASL_SSL", ("not signed by ssl_ca_file",), "PLAIN", tls={"ca_file": "FOREIGN"})
    yield Wrong("no certificate of its own", "MTLS", ("set ssl_cert_file",), tls={"cert_file": ""})
    yield Wrong(
        "foreign certificate of its own", "MTLS", ("refuses the certificate in ssl_cert_file",), client="foreign"
    )
    yield Wrong(
        "expired certificate of its own", "MTLS", ("refuses the certificate in ssl_cert_file",), client="expired"
    )
    yield Wrong("password of the key", "MTLS", ("ssl_key_password does not open it",), tls={"key_password": WRONG})
    yield Wrong("no password of the key", "MTLS", ("it needs ssl_key_password",), tls={"key_password": ""})
    yield Wrong("TLS to a plain port", "PLAINTEXT", ("set security_protocol = PLAINTEXT",), protocol="SSL")
    yield Wrong("plain to a TLS port", "SSL", ("speaks TLS: set security_protocol = SSL",), protocol="PLAINTEXT")
    yield Wrong(
        "no login", "SASL_PLAINTEXT", ("wants a login: set security_protocol = SASL_PLAIN",), protocol="PLAINTEXT"
    )
    yield Wrong("no login", "SASL_SSL", ("wants a login: set security_protocol = SASL_SSL",), protocol="SSL")
    yield Wrong(
        "login without TLS",
        "SASL_SSL",
        ("speaks TLS: set security_protocol = SASL_SSL",),
        "PLAIN",
        protocol="SASL_PLAINTEXT",
    )
    yield Wrong(
        "login with TLS", "SASL_PLAINTEXT", ("set security_protocol = SASL_PLAINTEXT",), "PLAIN", protocol="SASL_SSL"
    )
    yield Wrong(
        "a login too many",
        "PLAINTEXT",
        ("takes no login: set security_protocol = PLAINTEXT",),
        "PLAIN",
        protocol="SASL_PLAINTEXT",
    )


WRONGS = list(_wrongs())


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda w: "-".join(filter(None, (w.name, w.listener, w.mechanism))))
def test_a_wrong_way_in_is_named_with_its_setting(secured, topic, wrong, monkeypatch):
    for name, value in _settings(secured, wrong).items():
        monkeypatch.setenv(f"CLAIMWIRE_{name.upper()}", str(value))
    begun = time.monotonic()
    done = CliRunner(mix_stderr=False).invoke(main, ["topics"])
    assert time.monotonic() - begun < SECONDS
    assert done.exit_code in {1, 2}, done.output
    for words in wrong.says:
        assert words in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not any(secret in done.output + done.stderr for secret in (PASSWORD, WRONG))


def _settings(secured, wrong):
    """The settings of one way in with what is wrong about it."""
    own = dict(wrong.tls)
    if own.get("ca_file") == "FOREIGN":
        own["ca_file"] = str(secured.foreign.path)
    if wrong.client == "foreign":
        own |= {"cert_file": str(secured.foreign.sign("worker", file="foreign-client"))}
    if wrong.client == "expired":
        own |= {"cert_file": str(secured.ours.sign("worker", expired=True, file="expired-client"))}
    brokers = secured.brokers(wrong.listener, mechanism=wrong.mechanism, tls=own, **wrong.login)
    protocol = wrong.protocol or brokers.protocol
    settings = {"brokers": brokers.addresses, "security_protocol": protocol}
    tls, sasl = brokers.tls, brokers.sasl
    if protocol.endswith("SSL"):
        ca_file = tls.ca_file or ("" if "ca_file" in wrong.tls else secured.ours.path)
        settings |= {"ssl_ca_file": ca_file, "ssl_cert_file": tls.cert_file, "ssl_key_password": tls.key_password}
    if protocol.startswith("SASL"):
        settings["sasl_mechanism"] = wrong.mechanism
        settings |= {"sasl_username": sasl.username or "worker", "sasl_password": sasl.password or "x"}
        if wrong.mechanism == "OAUTHBEARER":
            oauth = sasl.oauth
            settings |= {"oauth_token_url": oauth.token_url, "oauth_client_id": oauth.client_id}
            settings["oauth_client_secret"] = oauth.client_secret
    return settings


def test_another_name_can_be_let_pass(secured, topic, monkeypatch, tmp_path):
    wrong = next(each for each in WRONGS if each.listener == "ELSEWHERE")
    for name, value in (_settings(secured, wrong) | {"ssl_check_host": "false"}).items():
        monkeypatch.setenv(f"CLAIMWIRE_{name.upper()}", str(value))
    done = CliRunner(mix_stderr=False).invoke(main, ["dump", topic, str(tmp_path / "x.jsonl")])
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(("listener", "mechanism"), [way for way in WAYS if way[0] not in {"PLAINTEXT", "SSL"}])
def test_who_gets_in_without_a_right_is_told_which(secured, topic, listener, mechanism, monkeypatch, tmp_path):
    wrong = Wrong("rights", listener, (), mechanism, {"user": "nobody"})
    for name, value in _settings(secured, wrong).items():
        monkeypatch.setenv(f"CLAIMWIRE_{name.upper()}", str(value))
    done = CliRunner(mix_stderr=False).invoke(main, ["dump", topic, str(tmp_path / "x.jsonl")])
    assert done.exit_code == 1, done.output
    assert "READ on the topic ways" in done.stderr, done.stderr
