"""The arguments with which every client of Kafka in the program is made: where the brokers are, TLS and SASL."""

from __future__ import annotations

import logging
from typing import Any

from worker.brokers import Brokers
from worker.streaming.access import bootstrap, header_names, renewed
from worker.streaming.access.tls import tls_context
from worker.streaming.access.tokens import TokenProvider

__all__ = ["client_options", "connection_options"]


class _WithoutCredentials(logging.Filter):
    """aiokafka writes each request to its log at debug level, those with the password or the token too."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        return not any(type(each).__name__.startswith("SaslAuthenticate") for each in arguments)


logging.getLogger("aiokafka.conn").addFilter(_WithoutCredentials())
header_names.install()
bootstrap.install()
renewed.install()


def client_options(brokers: Brokers) -> dict[str, Any]:
    """Arguments for aiokafka's consumer, producer and admin client, and for its connection.

    Raises:
        BrokersError: a file cannot be used, or the settings do not go together.
    """
    brokers.check()
    return {"bootstrap_servers": brokers.addresses, **connection_options(brokers)}


def connection_options(brokers: Brokers) -> dict[str, Any]:
    """As `client_options`, without the addresses."""
    options: dict[str, Any] = {"security_protocol": brokers.protocol}
    if brokers.encrypted:
        options["ssl_context"] = tls_context(brokers.tls)
    if brokers.authenticated:
        sasl = brokers.sasl
        options["sasl_mechanism"] = sasl.mechanism
        if sasl.mechanism == "OAUTHBEARER":
            options["sasl_oauth_token_provider"] = TokenProvider.of(sasl.oauth)
        else:
            options["sasl_plain_username"] = sasl.username
            options["sasl_plain_password"] = sasl.password
    return options
