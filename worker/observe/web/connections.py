"""The connections of the web port: how many there may be, and how long one may take to ask."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable

from aiohttp import web

__all__ = ["HEADERS", "ConnectionLimits", "address_of", "connection", "connections"]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Server": "claimwire",  # else aiohttp names its version and Python's
}
"""Of every answer."""

_MAX_CONNECTIONS = 128
"""50 pages that listen, each with one more connection for what it asks, and the probes."""

_REQUEST_S = 20.0
"""Seconds from a connection, or from its last answer, until the next request has come whole. Longer than the 15 between
two scrapes of deploy/prometheus, which so need one connection.
"""
_MAX_LINE, _MAX_FIELDS, _READ_BYTES = 8190, 64, 64 * 1024
"""Bytes of the first line and of each header, number of headers, and bytes that are read ahead."""


class ConnectionLimits:
    """At most `in_all` connections at once, and `of_one` from one address.

    The default is a quarter of the file descriptors that the process may have, at most 128: the others are for Kafka,
    the extraction processes and files. One address gets half of them, so that a second one (a probe, an operator) can
    always connect.
    """

    def __init__(self, in_all: int | None = None, of_one: int | None = None) -> None:
        self.in_all = in_all or max(4, min(_MAX_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4))
        self.of_one = of_one or self.in_all // 2
        self._open: dict[str, int] = {}

    def taken(self, address: str) -> bool:
        """False: there is no room for one more. After True, `given_back` must be called once."""
        if sum(self._open.values()) >= self.in_all or self._open.get(address, 0) >= self.of_one:
            return False
        self._open[address] = self._open.get(address, 0) + 1
        return True

    def given_back(self, address: str) -> None:
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


def unavailable(text: str, retry_s: int) -> bytes:
    """A whole answer, 503."""
    headers = HEADERS | {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text.encode())),
        "Retry-After": str(retry_s),
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{lines}\r\n{text}".encode()


class _Connection(web.RequestHandler):
    """One connection. It is answered with 503 and closed where there is no room for it."""

    __slots__ = ("_address", "_limits")

    def __init__(self, server: web.Server, limits: ConnectionLimits, request_s: float, counted: str | None) -> None:
        """`counted`: the address under which the connection is counted already."""
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=request_s,  # counts from the connection on, and is not renewed by a part of a request
            lingering_time=1.0,  # the rest of a body that is answered before its end is not waited for
            access_log=None,  # type: ignore[arg-type]  # as AppRunner passes it
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
            max_headers=_MAX_FIELDS,
            read_bufsize=_READ_BYTES,
        )
        self._limits = limits
        self._address = counted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = address_of(transport)
        if self._address is not None or self._limits.taken(address):
            self._address = address
            super().connection_made(transport)
            return
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(unavailable("too many connections are open; try again", int(_REQUEST_S)))
        transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._address is not None:
            self._limits.given_back(self._address)
            self._address = None
            super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answers what is no HTTP, and an error of ours. The application's signals do not see these answers."""
        response = super().handle_error(request, status, exc, message)
        response.headers.update(HEADERS)
        return response


def address_of(transport: asyncio.BaseTransport) -> str:
    """The address of the other side, without the port."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def connection(
    server: web.Server, limits: ConnectionLimits, counted: str | None = None, request_s: float = _REQUEST_S
) -> asyncio.Protocol:
    """A connection of `server`. `counted`: the address under which it is counted already; else it counts itself."""
    return _Connection(server, limits, request_s, counted)


def connections(
    server: web.Server, limits: ConnectionLimits, request_s: float = _REQUEST_S
) -> Callable[[], asyncio.Protocol]:
    """What `loop.create_server` makes a connection of `server` with."""
    return lambda: connection(server, limits, request_s=request_s)
