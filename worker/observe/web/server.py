"""The worker's own web server: metrics, health, and the page with its data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import orjson
from aiohttp import web
from prometheus_client.exposition import choose_encoder

from worker.observe.health import Health, HealthReport
from worker.observe.metrics import Metrics
from worker.observe.page_state import PageState
from worker.observe.recent_claims import RecentClaims
from worker.observe.web.access import DETAILS_ALLOWED, WebAccess
from worker.observe.web.claim_filter import FilterError, claim_filter
from worker.observe.web.connections import HEADERS, ConnectionLimits, connection, connections
from worker.observe.web.tls import Handshake, PortTls

__all__ = ["WebServer"]

_PAGE = Path(__file__).parents[1] / "page"
_CLUSTER_PAGE = "cluster.html"
_CLAIMS_A_TICK = 40
_LISTENERS = 50
_LISTENER_RETRY_S = 30
_WRITE_S = 30.0
"""Seconds that a listening page may take to read what is sent, before its place is given to another."""
_BACKLOG = 16
"""Connections that are accepted at once; each is a file descriptor before it can be refused."""
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


class WebServer:
    """Serves /, /metrics, /health/live, /health/ready and /api/* until `stop`, which only read, and `more_routes`.

    `access` says who may read, `tls` how connections are encrypted (None: not), `limits` how many there may be.
    `refresh` brings the metrics up to date before they are read.
    """

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        state: PageState,
        recent: RecentClaims,
        *,
        refresh: Callable[[], None],
        access: WebAccess,
        tls: PortTls | None = None,
    ) -> None:
        self._metrics, self._health, self._state, self._recent = metrics, health, state, recent
        self._refresh, self._access, self._tls = refresh, access, tls
        self.limits = ConnectionLimits()
        self.more_routes: list[web.RouteDef] = []
        """Routes of other parts of the worker; set before `start`."""
        self._listening: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None
        self._ticked = asyncio.Condition()
        self._closing = asyncio.Event()
        self._state_now = b"{}"
        self.listeners = 0

    async def start(self, port: int) -> None:
        """Raises OSError: the address cannot be bound."""
        self._closing.clear()
        app = web.Application(middlewares=[self._access.middleware])
        app.on_response_prepare.append(_set_headers)
        app.router.add_get("/metrics", self._serve_metrics)
        app.router.add_get("/health/live", self._serve_live)
        app.router.add_get("/health/ready", self._serve_ready)
        app.router.add_get("/api/state", self._serve_state)
        app.router.add_get("/api/history", self._serve_history)
        app.router.add_get("/api/claims", self._serve_claims)
        app.router.add_get("/api/dead", self._serve_dead)
        app.router.add_get("/api/articles/{topic}/{partition}/{offset}", self._serve_article)
        app.router.add_get("/api/events", self._serve_events)
        app.router.add_get("/", self._serve_page)
        app.router.add_get("/{name:cluster}", self._serve_page)
        app.router.add_get("/page/{name}", self._serve_page)
        app.router.add_routes(self.more_routes)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        assert self._runner.server is not None  # noqa: S101 - setup has made it
        self._listening = await asyncio.get_running_loop().create_server(
            self._connections(self._runner.server), self._access.host, port, backlog=_BACKLOG
        )

    def _connections(self, server: web.Server) -> Callable[[], asyncio.Protocol]:
        tls = self._tls
        if tls is None:
            return connections(server, self.limits)
        return lambda: Handshake(tls, self.limits, partial(connection, server, self.limits))

    async def stop(self) -> None:
        self._closing.set()
        async with self._ticked:
            self._ticked.notify_all()
        if self._listening is not None:
            self._listening.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def tick(self) -> None:
        """Sends the new state to all listening pages. Call it once a second, after the state has taken its sample."""
        if self.listeners:
            self._state_now = orjson.dumps(self._state.as_json())
            async with self._ticked:
                self._ticked.notify_all()

    async def _serve_metrics(self, request: web.Request) -> web.Response:
        self._refresh()
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._metrics.registry), headers={"Content-Type": kind})

    async def _serve_live(self, request: web.Request) -> web.Response:
        return _health(self._health.live(), details=request[DETAILS_ALLOWED])

    async def _serve_ready(self, request: web.Request) -> web.Response:
        return _health(self._health.ready(), details=request[DETAILS_ALLOWED])

    async def _serve_state(self, _: web.Request) -> web.Response:
        self._refresh()
        return _json(self._state.as_json())

    async def _serve_history(self, request: web.Request) -> web.Response:
        return _json(self._state.history(hour=request.query.get("span") == "hour"))

    async def _serve_claims(self, request: web.Request) -> web.Response:
        after, max_claims = _number(request, "after", 0), min(_number(request, "most", 100), 500)
        try:
            wants = claim_filter(request.query)
        except FilterError as unknown:
            return _json({"error": str(unknown)}, 400)
        found = self._recent.claims_after(after, max_claims, wants)
        return _json({"seen": self._recent.claims_seen, "kept": self._recent.claims_kept, "claims": found})

    async def _serve_dead(self, request: web.Request) -> web.Response:
        letters = self._recent.dead_after(_number(request, "after", 0))
        return _json({"seen": self._recent.dead_seen, "dead": [asdict(letter) for letter in letters]})

    async def _serve_article(self, request: web.Request) -> web.Response:
        where = "/".join(request.match_info[name] for name in ("topic", "partition", "offset"))
        text = self._recent.article_text(where)
        if text is None:
            return _json({"error": f"the article of {where} is no longer kept here; it is in Kafka"}, 404)
        return _json({"text": text})

    async def _serve_page(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        path = _PAGE / (_CLUSTER_PAGE if name == "cluster" else name)
        if path.parent != _PAGE or path.suffix not in _KINDS or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=path.read_bytes(),
            content_type=_KINDS[path.suffix],
            charset="utf-8",
            headers={"Cache-Control": "no-cache"},
        )

    async def _serve_events(self, request: web.Request) -> web.StreamResponse:
        """Sends server-sent events: `state` every second, `claims` and `dead` when there are new ones."""
        if self.listeners >= _LISTENERS:
            raise web.HTTPServiceUnavailable(
                text=f"{_LISTENERS} pages listen already; a place is free when one of them is closed",
                headers={"Retry-After": str(_LISTENER_RETRY_S)},
            )
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        claims, dead = _number(request, "claims", self._recent.claims_seen), _number(request, "dead", 0)
        # after a restart of the worker the page's numbers are too high
        claims, dead = min(claims, self._recent.claims_seen), min(dead, self._recent.dead_seen)
        self.listeners += 1
        try:
            await response.prepare(request)
            await _send(response, "state", orjson.dumps(self._state.as_json()))
            while not self._closing.is_set():
                if self._recent.claims_seen > claims:
                    new = self._recent.claims_after(claims, _CLAIMS_A_TICK)
                    claims = self._recent.claims_seen
                    await _send(response, "claims", orjson.dumps({"seen": claims, "claims": new}))
                if self._recent.dead_seen > dead:
                    letters = [asdict(letter) for letter in self._recent.dead_after(dead)]
                    dead = self._recent.dead_seen
                    await _send(response, "dead", orjson.dumps({"seen": dead, "dead": letters}))
                async with self._ticked:
                    await self._ticked.wait()
                if self._closing.is_set():
                    break
                await _send(response, "state", self._state_now)
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()  # what was not read would be waited for again at the end of the answer
        except (ConnectionError, asyncio.CancelledError):
            pass  # the page has gone
        finally:
            self.listeners -= 1
        return response


async def _send(response: web.StreamResponse, name: str, data: bytes) -> None:
    """One event. Raises TimeoutError: the page does not read."""
    async with asyncio.timeout(_WRITE_S):
        await response.write(b"event: " + name.encode() + b"\ndata: " + data + b"\n\n")


async def _set_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _health(report: HealthReport, *, details: bool) -> web.Response:
    return _json(report.as_json() if details else {"ok": report.ok}, 200 if report.ok else 503)


def _number(request: web.Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return min(int(given), 2**53) if given.isdecimal() and len(given) < 17 else default
