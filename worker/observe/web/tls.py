"""TLS of the web port: its certificate, and the certificates by which it knows its readers."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from worker.brokers import secret_now
from worker.observe.web.connections import ConnectionLimits, address_of
from worker.settings import Settings, SettingsError
from worker.streaming.access.file_changes import FileChanges

__all__ = ["Handshake", "PortTls", "server_tls"]

log = logging.getLogger("claimwire.observe")

_HANDSHAKE_S = 10.0


class PortTls:
    """The context of the port for each connection, from the files of its settings as they are then."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError as `server_tls`."""
        self._settings = settings
        self._changes = FileChanges(
            settings.web_tls_cert_file, settings.web_tls_key_file, settings.web_tls_client_ca_file
        )
        self._context = _context(settings)

    def now(self) -> ssl.SSLContext:
        """While new files cannot be used (half of them is written, perhaps), what was read before."""
        if self._changes.any_since():
            try:
                self._context = _context(self._settings)
                log.info("The files of the settings web_tls_... are others now: new connections use them")
            except SettingsError as broken:
                log.warning("The files of the settings web_tls_... have changed, and are not used: %s", broken)
        return self._context


def server_tls(settings: Settings) -> PortTls | None:
    """How the port encrypts; None: it speaks plain HTTP.

    With `web_tls_client_ca_file` a reader may present a certificate, and one of another authority ends the connection;
    a reader without one is let in as far as the port's access says, so that probes work.

    Raises:
        SettingsError: a file is missing or is no certificate or key, or settings do not fit together.
    """
    if settings.web_tls_cert_file:
        return PortTls(settings)
    for name in ("web_tls_key_file", "web_tls_client_ca_file"):
        if value := getattr(settings, name):
            raise SettingsError(f"{name} = {value!r} is of use only with web_tls_cert_file")
    return None


def _context(settings: Settings) -> ssl.SSLContext:
    certificate, key, readers = (
        settings.web_tls_cert_file,
        settings.web_tls_key_file,
        settings.web_tls_client_ca_file,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # always with a password: without one OpenSSL asks for it on the terminal
        context.load_cert_chain(certificate, key or None, password=lambda: secret_now(settings.web_tls_key_password))
    except (OSError, ValueError) as wrong:  # ssl.SSLError among them
        raise SettingsError(
            f"web_tls_cert_file = {certificate!r}, web_tls_key_file = {key!r}: expected a certificate and its key in "
            f"PEM: {_why(wrong)}"
        ) from None
    if readers:
        try:
            context.load_verify_locations(readers)
        except (OSError, ValueError) as wrong:
            raise SettingsError(
                f"web_tls_client_ca_file = {readers!r}: expected certificates of authorities in PEM: {_why(wrong)}"
            ) from None
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def _why(wrong: Exception) -> str:
    """OpenSSL's words for a file of another form are its own macros; the reader is told what was expected instead."""
    return "another content" if isinstance(wrong, ssl.SSLError) else getattr(wrong, "strerror", None) or str(wrong)


class Handshake(asyncio.Protocol):
    """A connection until TLS is agreed on. It counts among the connections from the moment it is accepted.

    asyncio's own server tells a protocol of a connection after the handshake: those that never begin one would not
    count, and take all file descriptors.
    """

    def __init__(self, tls: PortTls, limits: ConnectionLimits, connection: Callable[[str], asyncio.Protocol]) -> None:
        """`connection`: makes the protocol of a connection whose address is counted already."""
        self._tls, self._limits, self._connection = tls, limits, connection
        self._agreeing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = address_of(transport)
        if not isinstance(transport, asyncio.Transport) or not self._limits.taken(address):
            transport.close()  # nothing can be said before TLS
            return
        self._agreeing = asyncio.get_running_loop().create_task(self._agree(transport, address))

    async def _agree(self, transport: asyncio.Transport, address: str) -> None:
        early = _Early()
        try:
            secure = await asyncio.get_running_loop().start_tls(
                transport, early, self._tls.now(), server_side=True, ssl_handshake_timeout=_HANDSHAKE_S
            )
        except (OSError, TimeoutError):  # ssl.SSLError among them
            secure = None
        if secure is None or early.lost:
            transport.abort()
            self._limits.given_back(address)
            return
        early.hand_over(secure, self._connection(address))


class _Early(asyncio.Protocol):
    """Keeps what comes with the end of the handshake, until the connection's own protocol takes it."""

    def __init__(self) -> None:
        self.lost = False
        self._received: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self._received.append(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.lost = True

    def hand_over(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        for data in self._received:
            protocol.data_received(data)
