"""Who may read the web port: the names it answers to, and the token that it asks for."""

from __future__ import annotations

import hmac
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from worker.settings import Settings, SettingsError

__all__ = ["WebAccess"]

_HEALTH = ("/health/live", "/health/ready")
DETAILS_ALLOWED = web.RequestKey("details_allowed", bool)
"""Of a request: it may read more than whether the worker is well."""


@dataclass(frozen=True, slots=True)
class WebAccess:
    """The rule of one web server.

    `host`: the address that it binds. `token`: empty, or what each reader must present. `certificates`: a reader may
    present a certificate, which TLS has checked, instead of the token. `names`: names, without port, that a request may
    give as its Host beside those that always count. Bound to a loopback address these are the loopback names; else they
    are every IP address, `host` and the machine's own name. A page of the open web that points a name of its own at the
    worker (DNS rebinding) has none of them.
    """

    host: str
    token: str = ""
    certificates: bool = False
    names: frozenset[str] = frozenset()
    sender_token: str = ""
    """What a sender of articles must present; empty: `token`."""

    @classmethod
    def from_settings(cls, settings: Settings) -> WebAccess:
        """Raises SettingsError: the port would be open beyond this machine, to everybody."""
        asks = settings.web_token or settings.web_tls_client_ca_file
        if not (is_loopback(settings.web_host) or asks or settings.web_open or not settings.web_port):
            raise SettingsError(
                f"web_host = {settings.web_host!r} lets other machines read the articles: set web_token or "
                "web_tls_client_ca_file, or web_open = true where only people who may read them can reach the port"
            )
        if settings.web_articles and not settings.web_port:
            raise SettingsError("web_articles = true takes articles on the web port, and web_port = 0 opens none")
        sender = settings.web_articles_token or settings.web_token
        if settings.web_articles and not (is_loopback(settings.web_host) or sender or settings.web_tls_client_ca_file):
            raise SettingsError(
                f"web_articles = true with web_host = {settings.web_host!r} lets everybody publish who reaches the "
                "port: set web_articles_token"
            )
        names = frozenset(name.strip().casefold() for name in settings.web_hosts.split(",") if name.strip())
        return cls(settings.web_host, settings.web_token, bool(settings.web_tls_client_ca_file), names, sender)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses a request with a foreign Host (403) or without token and certificate (401); health is answered in
        brief.
        """
        self._check_host(request)
        if request.method not in ("GET", "HEAD"):
            request[DETAILS_ALLOWED] = False
            self._check_sender(request)
            return await handler(request)
        request[DETAILS_ALLOWED] = self._may_read(request)
        if request[DETAILS_ALLOWED]:
            return self._with_cookie(request) or await handler(request)
        if request.path in _HEALTH:
            return await handler(request)
        ways = ["for a certificate of an authority in web_tls_client_ca_file"] if self.certificates else []
        if self.token:
            ways.append(
                "for its web_token: as the header `Authorization: Bearer TOKEN`, or once as ?token=TOKEN in a browser"
            )
        raise web.HTTPUnauthorized(
            text=f"this worker asks {', or '.join(ways)}", headers={"WWW-Authenticate": 'Bearer realm="claimwire"'}
        )

    def _check_sender(self, request: web.Request) -> None:
        """A request that is to change something comes from a program with the token, not from a page in a browser:
        neither the cookie nor the token in an address opens it, and where no token is set, no other site's page may
        use that the browser stands inside (401, 403).
        """
        site = request.headers.get("Sec-Fetch-Site", "none")
        origin = request.headers.get("Origin")
        if site not in ("none", "same-origin") or (origin is not None and _host_of(origin) != request.host):
            raise _refusal(web.HTTPForbidden, "a page of another site may not send articles")
        if self.certificates and request.get_extra_info("peercert"):
            return
        kind, _, presented = request.headers.get("Authorization", "").partition(" ")
        wanted = self.sender_token
        if not wanted and not self.certificates:
            return
        if not (wanted and kind.casefold() == "bearer" and _equal(presented.strip(), wanted)):
            raise _refusal(
                web.HTTPUnauthorized,
                "this worker asks who sends articles for its web_articles_token (where it has none, its web_token), as "
                "the header `Authorization: Bearer TOKEN`, or for a certificate of an authority that it knows",
                {"WWW-Authenticate": 'Bearer realm="claimwire"'},
            )

    def _may_read(self, request: web.Request) -> bool:
        if not (self.token or self.certificates):
            return True
        if self.certificates and request.get_extra_info("peercert"):  # TLS has checked it
            return True
        return bool(self.token) and self._has_token(request)

    def _check_host(self, request: web.Request) -> None:
        given = request.headers.getall("Host", [])
        if len(given) != 1:
            raise web.HTTPBadRequest(text="a request names one Host")
        try:
            name = URL.build(scheme="http", authority=given[0]).host or ""
        except ValueError:
            raise web.HTTPBadRequest(text="the Host is no name and no address") from None
        if not self._answers_to(name.casefold()):
            raise web.HTTPForbidden(
                text=f"this worker listens on {self.host}; ask it by that address, or add this name to web_hosts"
            )

    def _answers_to(self, name: str) -> bool:
        if name in self.names or is_loopback(name):
            return True
        if is_loopback(self.host):
            return False
        return _address(name) is not None or name in (self.host.casefold(), socket.gethostname().casefold())

    def _has_token(self, request: web.Request) -> bool:
        kind, _, presented = request.headers.get("Authorization", "").partition(" ")
        return (
            (kind.casefold() == "bearer" and _equal(presented.strip(), self.token))
            or _equal(request.query.get("token", ""), self.token)
            or _equal(request.cookies.get(self._cookie(request), ""), self._cookie_value())
        )

    def _with_cookie(self, request: web.Request) -> web.Response | None:
        """The answer to ?token=TOKEN: the cookie, and the same page without the token in its address."""
        if not self.token or "token" not in request.query:
            return None
        # relative: right behind a proxy that puts a path before it, and never another host
        here = "./" + quote(request.path.rpartition("/")[2])
        answer = web.Response(status=303, headers={"Location": here, "Cache-Control": "no-store"})
        # not Strict: a link in a chat or an alert opens the page
        answer.set_cookie(
            self._cookie(request), self._cookie_value(), httponly=True, secure=request.secure, samesite="Lax", path="/"
        )
        return answer

    def _cookie(self, request: web.Request) -> str:
        """Browsers send a cookie to all ports of a host: each worker there has a name of its own."""
        return f"claimwire_{request.url.port or 0}"

    def _cookie_value(self) -> str:
        """Derived from the token, so that other servers on the host do not get the token itself."""
        return hmac.digest(self.token.encode(), b"claimwire web cookie", "sha256").hex()


def _refusal(
    kind: type[web.HTTPClientError], error: str, headers: Mapping[str, str] | None = None
) -> web.HTTPClientError:
    return kind(text=json.dumps({"error": error}), content_type="application/json", headers=headers)


def _host_of(origin: str) -> str:
    """The host and port of an Origin; empty where it names none (`null`)."""
    return origin.partition("://")[2]


def _equal(presented: str, wanted: str) -> bool:
    """Takes as long whether the first or the last character differs."""
    return hmac.compare_digest(presented.encode("utf-8", "surrogateescape"), wanted.encode())


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name.strip("[]"))
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    address = _address(name)
    return address.is_loopback if address is not None else name.casefold() == "localhost"
