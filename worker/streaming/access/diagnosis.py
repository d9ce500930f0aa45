"""Why Kafka turned a client away, in one sentence that names the setting: asked anew, step by step.

aiokafka only says that it could not bootstrap. So each address is asked once more: for a connection, for TLS, for a
login and for the names of the brokers; where a step fails, the other kinds of connection are tried without them.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, NamedTuple

from aiokafka import errors
from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.protocol.admin import SaslHandShakeRequest
from aiokafka.protocol.metadata import MetadataRequest

from worker.brokers import Brokers, BrokersError
from worker.streaming.access.client_options import connection_options
from worker.streaming.access.renewed import create_conn
from worker.streaming.access.tokens import TokenError

__all__ = ["TurnedAway", "why_turned_away"]

_LIMIT_S = 4.0
_WHOLE_S = 15.0
_NO_ANSWER = "no answer from Kafka at"
_EXPIRED, _NO_AUTHORITY, _OTHER_NAME = {10}, {2, 18, 19, 20, 21}, {62, 64}
"""OpenSSL's codes (X509_V_ERR_...) for what is wrong with a certificate."""


class TurnedAway(NamedTuple):
    why: str
    reached: bool
    """Whether something answered; if not, Kafka may come yet."""

    def __str__(self) -> str:
        return self.why


async def why_turned_away(brokers: Brokers) -> TurnedAway | None:
    """None where the client gets in, at the first of the addresses that answers. Takes some seconds at most."""
    found: list[TurnedAway] = []
    try:
        async with asyncio.timeout(_WHOLE_S):
            for host, port, _ in collect_hosts(brokers.addresses, randomize=False):
                turned_away = await _at(brokers, host, port)
                if turned_away is None:
                    return None
                found.append(turned_away)
    except TimeoutError:
        found.append(TurnedAway(f"{_NO_ANSWER} {brokers} (nothing within {_WHOLE_S:g} s)", reached=False))
    return next((each for each in found if each.reached), found[0])


async def _at(brokers: Brokers, host: str, port: int) -> TurnedAway | None:
    why = await _why(brokers, host, port)
    return None if why is None else TurnedAway(why, reached=not why.startswith(_NO_ANSWER))


async def _why(brokers: Brokers, host: str, port: int) -> str | None:
    at = f"{host}:{port}"
    try:
        async with _connected(host, port, connection_options(brokers)) as connection:
            advertised = await _advertised(connection)
    except (BrokersError, TokenError) as wrong:
        return str(wrong)
    except (OSError, TimeoutError, EOFError, errors.KafkaError) as failed:
        return await _words(brokers, host, port, failed)
    except Exception as failed:  # noqa: BLE001 - what a server that is no Kafka makes of the client is any error
        return f"{at} does not answer as a Kafka does ({type(failed).__name__})"
    return await _unreachable(brokers, at, advertised)


@contextlib.asynccontextmanager
async def _connected(host: str, port: int, options: dict[str, Any]) -> AsyncIterator[AIOKafkaConnection]:
    async with asyncio.timeout(_LIMIT_S):
        connection = await create_conn(host, port, request_timeout_ms=int(_LIMIT_S * 1000), **options)
        try:
            yield connection
        finally:
            closed = connection.close()
            if closed is not None:
                await closed


async def _advertised(connection: AIOKafkaConnection) -> list[tuple[str, int]]:
    answer = await connection.send(MetadataRequest([]))
    return [(broker[1], broker[2]) for broker in answer.brokers]


async def _unreachable(brokers: Brokers, at: str, advertised: Iterable[tuple[str, int]]) -> str | None:
    """The first address answers; but clients go on to those that the brokers tell them."""
    for host, port in advertised:
        try:
            async with _connected(host, port, connection_options(brokers)):
                continue
        except (OSError, TimeoutError, EOFError, errors.KafkaError) as failed:
            why = await _words(brokers, host, port, failed)
            return f"{at} answers and says that a broker is at {host}:{port} (its advertised.listeners), but: {why}"
    return None


async def _words(brokers: Brokers, host: str, port: int, failed: BaseException) -> str:
    at = f"{host}:{port}"
    for each in _causes(failed):
        words = _of_certificate(brokers, at, each) or _of_login(brokers, at, each)
        if words:
            return words
    if not isinstance(failed, socket.gaierror | ConnectionRefusedError):
        other = await _other_kind(brokers, host, port)
        if other:
            return other
    reason = getattr(failed, "strerror", None) or str(failed) or f"nothing within {_LIMIT_S:g} s"
    return f"{_NO_ANSWER} {at} ({reason}): is it running there, and can this machine reach it?"


def _causes(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    seen: set[int] = set()
    while each is not None and id(each) not in seen:  # the error that this one is the context of may be its own cause
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _of_certificate(brokers: Brokers, at: str, error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_theirs(brokers, at, error)
    if isinstance(error, ssl.SSLError) and "ALERT" in str(error.reason):
        alert = str(error.reason).partition("ALERT_")[2].replace("_", " ").lower()
        if brokers.tls.cert_file:
            return f"{at} refuses the certificate in ssl_cert_file = {brokers.tls.cert_file} ({alert})"
        if "certificate" in alert:
            return f"{at} asks for a certificate of the worker's own ({alert}): set ssl_cert_file and ssl_key_file"
        return f"{at} ends the TLS handshake ({alert})"
    return None


def _of_theirs(brokers: Brokers, at: str, error: ssl.SSLCertVerificationError) -> str:
    code, theirs = error.verify_code, f"the certificate of {at}"
    if code in _EXPIRED:
        return f"{theirs} has expired: the broker needs a new one (no setting of the worker makes it valid)"
    if code in _NO_AUTHORITY:
        ca_file = brokers.tls.ca_file
        trusted = f"ssl_ca_file = {ca_file}" if ca_file else "the system's authorities (ssl_ca_file is not set)"
        return f"{theirs} is not signed by {trusted}: set ssl_ca_file to the authority that signed it"
    if code in _OTHER_NAME:
        return (
            f"{theirs} is for another name ({error.verify_message.rstrip('.')}): write into brokers a name that is in "
            "the certificate (ssl_check_host = false would accept any)"
        )
    return f"{theirs} is not valid: {error.verify_message}"


def _of_login(brokers: Brokers, at: str, error: BaseException) -> str | None:
    sasl = brokers.sasl
    match error:
        case errors.UnsupportedSaslMechanismError():
            return f"{at} does not know sasl_mechanism = {sasl.mechanism}; {_offered(error)}"
        case errors.SaslAuthenticationFailed() | errors.AuthenticationFailedError():
            if sasl.mechanism == "OAUTHBEARER":
                return f"{at} refuses the token from {sasl.oauth.token_url or sasl.oauth.provider} (oauth_...)"
            return (
                f"{at} refuses the login: sasl_username = {sasl.username} or sasl_password is wrong ({sasl.mechanism})"
            )
        case errors.IllegalSaslStateError():
            wanted = "SSL" if brokers.encrypted else "PLAINTEXT"
            return f"{at} takes no login: set security_protocol = {wanted} or use its SASL port"
        case ValueError() if sasl.mechanism.startswith("SCRAM"):
            return f"{at} does not know the password of sasl_username = {sasl.username} itself: is it another Kafka?"
    return None


def _offered(error: BaseException) -> str:
    _, colon, names = str(error).rpartition("are: ")
    return f"it has {names}" if colon else "set one that it has"


async def _other_kind(brokers: Brokers, host: str, port: int) -> str | None:
    """What the port speaks, where that is not what `security_protocol` says. Sends no credentials."""
    at, protocol = f"{host}:{port}", brokers.protocol
    if not brokers.encrypted and await _speaks_tls(host, port):
        wanted = "SASL_SSL" if brokers.authenticated else "SSL or SASL_SSL"
        return f"{at} speaks TLS: set security_protocol = {wanted}, it is {protocol}"
    if brokers.encrypted and not await _speaks_tls(host, port):
        if await _answers(host, port, {"security_protocol": "PLAINTEXT"}):
            wanted = "SASL_PLAINTEXT" if brokers.authenticated else "PLAINTEXT or SASL_PLAINTEXT"
            return f"{at} does not speak TLS: set security_protocol = {wanted}, it is {protocol}, or use its TLS port"
        return None
    if not brokers.authenticated:
        offered = await _mechanisms(host, port, connection_options(brokers))
        if offered is not None:
            return (
                f"{at} wants a login: set security_protocol = SASL_{protocol}, sasl_mechanism "
                f"({', '.join(offered)}) and what it needs"
            )
    return None


async def _speaks_tls(host: str, port: int) -> bool:
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(_LIMIT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=anything)
    except (OSError, TimeoutError, EOFError):
        return False
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    return True


async def _answers(host: str, port: int, options: dict[str, Any]) -> bool:
    try:
        async with _connected(host, port, options):
            return True
    except (OSError, TimeoutError, EOFError, errors.KafkaError):
        return False


async def _mechanisms(host: str, port: int, options: dict[str, Any]) -> list[str] | None:
    """The SASL mechanisms of the port; None where it wants none."""
    try:
        async with _connected(host, port, options) as connection:
            answer = await connection.send(SaslHandShakeRequest(""))
    except (OSError, TimeoutError, EOFError, errors.KafkaError):
        return None
    return sorted(answer.enabled_mechanisms) or None
