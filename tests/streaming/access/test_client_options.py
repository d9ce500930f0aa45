"""Every client of Kafka in the program is made with the arguments of one file, and no log shows what they hold."""

from __future__ import annotations

import ast
import logging

import pytest
from aiokafka.protocol.admin import SaslAuthenticateRequest

from tests.paths import ROOT
from worker.brokers import Brokers, BrokersError, OAuth, Sasl, Tls
from worker.streaming.access.client_options import client_options

CLIENTS = {"AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient", "AIOKafkaClient", "create_conn"}
CANARY = "canary-7f3a"


def _clients_made_otherwise():
    for path in sorted((ROOT / "worker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CLIENTS:
                unpacked = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg is None]
                if not any("options" in each for each in unpacked):
                    yield f"{path.name}:{node.lineno}"


def test_every_client_takes_its_arguments_from_one_place():
    assert list(_clients_made_otherwise()) == []
    written = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "worker").rglob("*.py"))
        if '"bootstrap_servers"' in path.read_text(encoding="utf-8")
    ]
    assert written == ["worker/streaming/access/client_options.py"]


def test_plaintext_needs_no_more_than_the_addresses():
    assert client_options(Brokers("k:1")) == {"bootstrap_servers": "k:1", "security_protocol": "PLAINTEXT"}


def test_no_value_shows_a_secret_in_its_repr():
    shown = repr(
        Brokers(
            "k:1",
            "SASL_SSL",
            Tls(key_password=CANARY),
            Sasl(mechanism="PLAIN", username="u", password=CANARY, oauth=OAuth(client_secret=CANARY)),
        )
    )
    assert CANARY not in shown


def test_the_requests_with_credentials_stay_out_of_the_log(caplog):
    with caplog.at_level(logging.DEBUG, logger="aiokafka.conn"):
        log = logging.getLogger("aiokafka.conn")
        prepared = SaslAuthenticateRequest(b"\0u\0" + CANARY.encode()).prepare({36: (0, 1)})
        log.debug("Request to %s:%d %d: %s", "k", 1, 2, prepared)
        log.debug("Request to %s:%d %d: %s", "k", 1, 3, "another")
    assert [record.args[3] for record in caplog.records] == ["another"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "ssl_ca_file = {path}"), ("no certificate", "ssl_ca_file = {path}: no certificates in PEM")],
)
def test_a_file_of_authorities_that_is_none_is_named(tmp_path, content, says):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BrokersError) as raised:
        client_options(Brokers("k:1", "SSL", Tls(ca_file=str(path))))
    assert says.format(path=path) in str(raised.value)
